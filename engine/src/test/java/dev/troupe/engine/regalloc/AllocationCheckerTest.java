package dev.troupe.engine.regalloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.regalloc.checker.AllocationChecker;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The checker rejects every damage that makes an execution read a wrong value. */
final class AllocationCheckerTest {
  private static final MachineEnv ENV = RandomFunctions.ENV;

  @Test
  void damageThatAnExecutionNoticesIsRejected() {
    Map<DamagedAllocations.Kind, Integer> noticed = new EnumMap<>(DamagedAllocations.Kind.class);
    for (long seed = 0; seed < 400; seed++) {
      TestFunction function = RandomFunctions.generate(seed, 2 + (int) (seed % 10), 12);
      Allocation right = RegisterAllocator.allocate(function, ENV, Effort.FULL);
      assertThat(simulate(function, right, seed)).as("seed %d", seed).isFalse();
      DamagedAllocations damaged = new DamagedAllocations(function, right);
      Random random = new Random(seed);
      for (DamagedAllocations.Kind kind : DamagedAllocations.Kind.values()) {
        for (int k = 0; k < 8; k++) {
          Allocation wrong = damaged.damage(kind, random);
          if (simulate(function, wrong, seed)) {
            noticed.merge(kind, 1, Integer::sum);
            assertThat(isAccepted(function, wrong)).as("seed %d, %s %d", seed, kind, k).isFalse();
          }
        }
      }
    }
    // The test has bite: every kind of damage was noticed by executions many times.
    assertThat(noticed.keySet()).containsExactly(DamagedAllocations.Kind.values());
    assertThat(noticed.values()).allMatch(count -> count > 50);
  }

  private static boolean simulate(RegallocFunction function, Allocation allocation, long seed) {
    for (int walk = 0; walk < 6; walk++) {
      if (new Simulator(function, allocation, seed * 31 + walk).readsWrongValue(40)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAccepted(RegallocFunction function, Allocation allocation) {
    try {
      AllocationChecker.check(function, ENV, allocation);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** v0 = fixed r1; v1 = v0 (reuse); v2, v3 early temporaries; return v1 in r0. */
  private static TestFunction small() {
    TestFunction f = new TestFunction();
    int v0 = f.integer();
    int v1 = f.integer();
    int v2 = f.integer();
    f.block(1, new int[0], new int[0], new int[0]);
    f.op(v0, Operand.defineFixed(1));
    f.op(v1, Operand.defineReuse(1), v0, Operand.useRegister(), v2, Operand.defineEarly());
    f.op(v1, Operand.useFixed(0), v1, Operand.lateUseRegister());
    return f.finish();
  }

  private static Allocation of(int[] operands, long calleeSaved) {
    return new Allocation(
        operands,
        new int[] {0, 0, 0, 1},
        new int[] {1},
        new int[] {0},
        new int[] {1},
        new int[0],
        0,
        -1,
        References.EMPTY,
        0xff,
        calleeSaved,
        new Allocation.Statistics(0, 0, 0, 0, 0, 1));
  }

  @Test
  void eachConstraintIsDemanded() {
    TestFunction f = small();
    AllocationChecker.check(f, ENV, of(new int[] {1, 1, 1, 2, 0, 1}, 0));
    assertRejected(f, of(new int[] {2, 1, 1, 2, 0, 1}, 0), "not the fixed register");
    assertRejected(f, of(new int[] {1, 3, 1, 2, 0, 1}, 0), "not where the reused operand is");
    assertRejected(f, of(new int[] {1, 1, 1, 1, 0, 1}, 0), "share");
    assertRejected(f, of(new int[] {1, 1, 1, 2, 1, 1}, 0), "not the fixed register");
    assertRejected(f, of(new int[] {1, 1, 1, 2, 0, 3}, 0), "holds []");
    assertRejected(f, of(new int[] {1, 1, 1, 32, 0, 1}, 0), "register of the other class");
    assertRejected(f, of(new int[] {1, 1, 1, 64, 0, 1}, 0), "no such slot");
    assertRejected(f, of(new int[] {1, 1, 1, 7, 0, 1}, 0), "callee-saved");
    AllocationChecker.check(f, ENV, of(new int[] {1, 1, 1, 7, 0, 1}, 1L << 7));
    assertRejected(f, of(new int[] {1, 1, 1, Location.NONE, 0, 1}, 0), "nowhere");
  }

  private static void assertRejected(TestFunction f, Allocation wrong, String why) {
    assertThatThrownBy(() -> AllocationChecker.check(f, ENV, wrong))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(why);
  }

  @Test
  void wideSlotsMayNotOverlapNarrowOnes() {
    TestFunction f = new TestFunction();
    int wide = f.vreg(RegisterClass.VECTOR, 16, false);
    int narrow = f.integer();
    f.block(1, new int[0], new int[0], new int[0]);
    f.op(wide, Operand.defineAny());
    f.op(narrow, Operand.defineAny());
    f.op(wide, Operand.useAny(), narrow, Operand.useAny());
    f.finish();
    int[] operands = {
      Location.ofSlot(0), Location.ofSlot(1), Location.ofSlot(0), Location.ofSlot(1)
    };
    AllocationChecker.check(f, ENV, inSlots(operands, new int[] {0, 16}));
    assertRejected(f, inSlots(operands, new int[] {0, 8}), "holds [0] instead");
    assertRejected(f, inSlots(operands, new int[] {8, 0}), "misaligned");
    assertRejected(f, inSlots(operands, new int[] {0, 32}), "slot 1 at offset 32");
  }

  private static Allocation inSlots(int[] operands, int[] offsets) {
    return new Allocation(
        operands,
        new int[4],
        new int[0],
        new int[0],
        new int[0],
        offsets,
        32,
        -1,
        References.EMPTY,
        0,
        0,
        new Allocation.Statistics(0, 0, 0, 0, 0, 0));
  }
}
