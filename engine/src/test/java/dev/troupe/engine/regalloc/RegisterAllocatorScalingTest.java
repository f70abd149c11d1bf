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
            next,
            Operand.defineReuse(1),
            value,
            Operand.useRegister(),
            globals[(k * 7 + l) % globals.length],
            Operand.useAny());
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

  /** An interpreter loop: one header with 16 parameters, entered from every case. */
  private static TestFunction interpreter(int cases) {
    TestFunction f = new TestFunction();
    int[] state = new int[16];
    int[] initial = new int[state.length];
    for (int p = 0; p < state.length; p++) {
      initial[p] = f.vreg(RegisterClass.INTEGER, 8, p % 2 == 0);
      state[p] = f.integer();
    }
    f.block(1, new int[0], new int[] {1}, initial);
    for (int v : initial) {
      f.op(v, Operand.defineRegister());
    }
    f.op();
    int[] targets = new int[cases];
    for (int c = 0; c < cases; c++) {
      targets[c] = 2 + c;
    }
    f.block(100, state, targets, new int[0]);
    f.op(state[0], Operand.useRegister(), f.integer(), Operand.defineEarly());
    for (int c = 0; c < cases; c++) {
      int[] passed = state.clone();
      int changed = f.integer();
      passed[c % state.length] = changed;
      f.block(100f / cases, new int[0], new int[] {1}, passed);
      f.op(
          changed,
          Operand.defineReuse(1),
          state[c % 7],
          Operand.useRegister(),
          state[c % 5],
          Operand.useAny());
      f.op();
    }
    return f.finish();
  }

  @Test
  void aLoopWithThousandsOfBackEdgesStaysWithinTheBound() {
    Allocation small =
        RegisterAllocator.allocate(interpreter(2000), RandomFunctions.ENV, Effort.FULL);
    TestFunction function = interpreter(4000);
    Allocation large = RegisterAllocator.allocate(function, RandomFunctions.ENV, Effort.FULL);
    AllocationChecker.check(function, RandomFunctions.ENV, large);
    assertThat(large.statistics().workUnits())
        .isLessThan((long) (2.5 * small.statistics().workUnits()));
  }
}
