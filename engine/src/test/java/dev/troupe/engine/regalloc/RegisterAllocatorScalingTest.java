package dev.troupe.engine.regalloc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.regalloc.checker.AllocationChecker;
import org.junit.jupiter.api.Test;

/** Work grows about linearly: counted in steps, not in time. */
final class RegisterAllocatorScalingTest {
  /** Loops of fifty instructions with values that live across many of them. */
  private static TestFunction longFunction(int instructions) {
    TestFunction f = new TestFunction();
    int loops = instructions / 60;
    int none = 0;
    int[] globals = new int[12];
    for (int g = 0; g < globals.length; g++) {
      globals[g] = f.integer();
    }
    int carried = f.integer();
    int block = 0;
    f.block(1, new int[none], new int[] {1}, new int[] {carried});
    for (int g = 0; g < globals.length; g++) {
      f.op(globals[g], Operand.defineRegister());
    }
    f.op(carried, Operand.defineRegister());
    f.op();
    block++;
    for (int l = 0; l < loops; l++) {
      int parameter = f.integer();
      f.block(10, new int[] {parameter}, new int[] {block + 1, block + 2}, new int[none]);
      int value = parameter;
      for (int k = 0; k < 50; k++) {
        int next = f.integer();
        f.op(
            next, Operand.defineReuse(1), value, Operand.useRegister(),
            globals[(k * 7 + l) % globals.length], Operand.useAny());
        if (k % 25 == 24) {
          f.instruction(0x3f, false, next, Operand.useFixed(1));
        }
        value = next;
      }
      f.op();
      f.block(9, new int[none], new int[] {block}, new int[] {value});
      f.op();
      f.block(1, new int[none], new int[] {block + 3}, new int[] {value});
      f.op();
      block += 3;
    }
    int last = f.integer();
    f.block(1, new int[] {last}, new int[none], new int[none]);
    f.op(last, Operand.useFixed(0));
    return f.finish();
  }

  @Test
  void twiceTheInstructionsTakeAtMostTwoAndAHalfTimesTheWork() {
    for (Effort effort : Effort.values()) {
      TestFunction small = longFunction(50_000);
      TestFunction large = longFunction(100_000);
      Allocation ofSmall = RegisterAllocator.allocate(small, RandomFunctions.ENV, effort);
      Allocation ofLarge = RegisterAllocator.allocate(large, RandomFunctions.ENV, effort);
      AllocationChecker.check(small, RandomFunctions.ENV, ofSmall);
      assertThat(large.vregCount()).isGreaterThan(50_000);
      assertThat(ofLarge.statistics().workUnits())
          .as(effort + ", work for 50,000 instructions: " + ofSmall.statistics())
          .isLessThan((long) (2.5 * ofSmall.statistics().workUnits()));
    }
  }

  @Test
  void manyLongLivedValuesStayWithinTheBound() {
    long[] work = new long[2];
    for (int k = 0; k < 2; k++) {
      TestFunction function = RandomFunctions.generate(7, 100 << k, 100);
      work[k] =
          RegisterAllocator.allocate(function, RandomFunctions.ENV, Effort.FULL)
              .statistics().workUnits() * 1000 / function.instructionCount();
    }
    assertThat(work[1]).isLessThan(work[0] * 5 / 2);
  }
}
