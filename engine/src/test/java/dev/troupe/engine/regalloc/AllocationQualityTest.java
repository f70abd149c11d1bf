package dev.troupe.engine.regalloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.regalloc.checker.AllocationChecker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the allocator is for: where values stay in registers and where spill code goes. */
final class AllocationQualityTest {
  private static final MachineEnv ENV = RandomFunctions.ENV;
  private static final int[] NONE = {};
  private static final long CALL = 0x3f | 0x1fL << 32;

  private static Allocation allocate(TestFunction function) {
    Allocation allocation = RegisterAllocator.allocate(function, ENV, Effort.FULL);
    AllocationChecker.check(function, ENV, allocation);
    return allocation;
  }

  /** Moves in a block as {@code "v3 r1 -> slot 0"}. */
  private static List<String> moves(TestFunction function, Allocation allocation, int block) {
    List<String> list = new ArrayList<>();
    int first = allocation.firstMove(function.firstInstruction(block));
    int end = allocation.firstMove(function.firstInstruction(block + 1));
    for (int m = first; m < end; m++) {
      list.add(
          "v"
              + allocation.moveVreg(m)
              + " "
              + Location.describe(allocation.moveSource(m))
              + " -> "
              + Location.describe(allocation.moveDestination(m)));
    }
    return list;
  }

  /** The example in the Javadoc of {@link RegallocFunction}. */
  @Test
  void theWorkedExampleNeedsOneConstantAndNoMoves() {
    TestFunction f = new TestFunction();
    int n = f.integer();
    int zero = f.vreg(RegisterClass.INTEGER, 8, true);
    int i = f.integer();
    int s = f.integer();
    int sum = f.integer();
    int less = f.integer();
    f.block(1, NONE, new int[] {1}, new int[] {n, zero});
    f.op(n, Operand.defineFixed(7));
    int constant = f.op(zero, Operand.defineRegister());
    f.op();
    f.block(10, new int[] {i, s}, new int[] {2, 3}, NONE);
    f.op(sum, Operand.defineReuse(1), s, Operand.useRegister(), i, Operand.useAny());
    f.op(less, Operand.defineReuse(1), i, Operand.useRegister());
    f.op();
    f.block(9, NONE, new int[] {1}, new int[] {less, sum});
    f.op();
    f.block(1, NONE, NONE, NONE);
    f.op(sum, Operand.useFixed(0));
    f.finish();
    Allocation allocation = allocate(f);
    assertThat(moves(f, allocation, 0)).containsExactly("v1 rematerialize -> r0");
    assertThat(allocation.moveCount()).isEqualTo(1);
    assertThat(allocation.operandLocation(f.firstOperand(constant))).isEqualTo(Location.NONE);
    assertThat(allocation.slotCount()).isZero();
  }

  /** Twelve values live across a loop that itself uses seven of eight registers. */
  @Test
  void valuesThatALoopDoesNotUseAreSpilledOutsideOfIt() {
    TestFunction f = new TestFunction();
    int[] outside = new int[5];
    int[] inside = new int[7];
    f.block(1, NONE, new int[] {1}, NONE);
    for (int k = 0; k < outside.length; k++) {
      outside[k] = f.integer();
      f.op(outside[k], Operand.defineRegister());
    }
    for (int k = 0; k < inside.length; k++) {
      inside[k] = f.integer();
      f.op(inside[k], Operand.defineRegister());
    }
    f.op();
    f.block(1000, NONE, new int[] {2, 3}, NONE);
    for (int k = 0; k + 1 < inside.length; k++) {
      f.op(inside[k], Operand.useRegister(), inside[k + 1], Operand.useRegister());
    }
    f.op();
    f.block(999, NONE, new int[] {1}, NONE);
    f.op();
    f.block(1, NONE, NONE, NONE);
    for (int v : outside) {
      f.op(v, Operand.useRegister());
    }
    f.op();
    f.finish();
    Allocation allocation = allocate(f);
    assertThat(moves(f, allocation, 1)).isEmpty();
    assertThat(moves(f, allocation, 2)).isEmpty();
    assertThat(moves(f, allocation, 0)).isNotEmpty().allMatch(move -> move.contains("slot"));
    // Eight registers, seven of them for the loop: at least four of the five come back from slots.
    assertThat(moves(f, allocation, 3))
        .filteredOn(move -> move.contains("slot"))
        .hasSizeBetween(4, 5);
    assertThat(allocation.slotCount()).isBetween(1, 5);
  }

  @Test
  void valuesAcrossCallsGoToCalleeSavedRegisters() {
    TestFunction f = new TestFunction();
    int a = f.integer();
    int b = f.integer();
    f.block(1, NONE, NONE, NONE);
    f.op(a, Operand.defineRegister());
    f.op(b, Operand.defineRegister());
    for (int k = 0; k < 4; k++) {
      f.instruction(CALL, false, a, Operand.useFixed(1), b, Operand.useFixed(2));
    }
    f.op(a, Operand.useRegister(), b, Operand.useRegister());
    f.finish();
    Allocation allocation = allocate(f);
    assertThat(allocation.slotCount()).isZero();
    assertThat(allocation.usedCalleeSaved()).isEqualTo(1L << 6 | 1L << 7);
  }

  /** A call in a cold block must not cost the hot loop around it anything. */
  @Test
  void aCallInAColdBlockLeavesTheHotPathAlone() {
    TestFunction f = new TestFunction();
    int[] live = new int[6];
    f.block(1, NONE, new int[] {1}, NONE);
    for (int k = 0; k < live.length; k++) {
      live[k] = f.integer();
      f.op(live[k], Operand.defineRegister());
    }
    f.op();
    f.block(1000, NONE, new int[] {2, 3}, NONE);
    for (int v : live) {
      f.op(v, Operand.useRegister());
    }
    f.op();
    f.block(1, NONE, new int[] {4}, NONE);
    f.instruction(CALL, false);
    f.op();
    f.block(999, NONE, new int[] {4}, NONE);
    f.op();
    f.block(1000, NONE, new int[] {5, 6}, NONE);
    f.op();
    f.block(999, NONE, new int[] {1}, NONE);
    f.op();
    f.block(1, NONE, NONE, NONE);
    f.op();
    f.finish();
    Allocation allocation = allocate(f);
    for (int hot : new int[] {1, 3, 4, 5}) {
      assertThat(moves(f, allocation, hot)).as("block %d", hot).isEmpty();
    }
    assertThat(moves(f, allocation, 2)).isNotEmpty();
  }

  /** Six values go around a loop, four never change: only the latter have no store to pay for. */
  @Test
  void aLoopStoresNothingIfMemoryOperandsAreEnough() {
    TestFunction f = new TestFunction();
    int[] fixed = new int[4];
    int[] initial = new int[6];
    int[] state = new int[6];
    int[] next = new int[6];
    f.block(1, NONE, new int[] {1}, initial);
    for (int k = 0; k < fixed.length; k++) {
      fixed[k] = f.integer();
      f.op(fixed[k], Operand.defineRegister());
    }
    for (int k = 0; k < initial.length; k++) {
      initial[k] = f.integer();
      state[k] = f.integer();
      next[k] = f.integer();
      f.op(initial[k], Operand.defineRegister());
    }
    f.op();
    f.block(1000, state, new int[] {2, 3}, NONE);
    for (int k = 0; k < state.length; k++) {
      f.op(
          next[k],
          Operand.defineReuse(1),
          state[k],
          Operand.useRegister(),
          fixed[k % fixed.length],
          Operand.useAny());
    }
    f.op();
    f.block(999, NONE, new int[] {1}, next);
    f.op();
    f.block(1, NONE, NONE, NONE);
    f.op(next[0], Operand.useFixed(0));
    f.finish();
    Allocation allocation = allocate(f);
    assertThat(moves(f, allocation, 1)).isEmpty();
    assertThat(moves(f, allocation, 2)).isEmpty();
    assertThat(allocation.slotCount()).isBetween(2, fixed.length);
  }

  @Test
  void constantsAreMadeAgainInsteadOfSpilled() {
    TestFunction f = new TestFunction();
    int[] constants = new int[20];
    f.block(1, NONE, NONE, NONE);
    for (int k = 0; k < constants.length; k++) {
      constants[k] = f.vreg(RegisterClass.INTEGER, 8, true);
      f.op(constants[k], Operand.defineRegister());
    }
    for (int round = 0; round < 2; round++) {
      for (int v : constants) {
        f.op(v, Operand.useRegister());
      }
    }
    f.finish();
    Allocation allocation = allocate(f);
    assertThat(allocation.slotCount()).isZero();
    assertThat(moves(f, allocation, 0)).allMatch(move -> move.contains("rematerialize -> r"));
  }

  /** A spilled value is stored once, however often it comes and goes. */
  @Test
  void aSpilledValueIsStoredOnce() {
    TestFunction f = new TestFunction();
    int[] live = new int[5];
    f.block(1, NONE, NONE, NONE);
    for (int k = 0; k < live.length; k++) {
      live[k] = f.integer();
      f.op(live[k], Operand.defineRegister());
    }
    for (int round = 0; round < 5; round++) {
      f.instruction(CALL, false);
      for (int v : live) {
        f.op(v, Operand.useRegister());
        f.op(v, Operand.useRegister());
      }
    }
    f.finish();
    Allocation allocation = allocate(f);
    List<String> stores =
        moves(f, allocation, 0).stream().filter(move -> move.contains("-> slot")).toList();
    assertThat(stores).hasSize(3).doesNotHaveDuplicates();
    long loads =
        moves(f, allocation, 0).stream().filter(move -> move.contains(" slot ")).count()
            - stores.size();
    assertThat(loads).isEqualTo(15);
  }

  @Test
  void argumentsThatChangePlacesPassThroughAFreeRegister() {
    TestFunction f = new TestFunction();
    int a = f.integer();
    int b = f.integer();
    int c = f.integer();
    f.block(1, NONE, NONE, NONE);
    f.op(a, Operand.defineFixed(1), b, Operand.defineFixed(2), c, Operand.defineFixed(3));
    f.instruction(
        CALL, false, a, Operand.useFixed(2), b, Operand.useFixed(3), c, Operand.useFixed(1));
    f.finish();
    Allocation allocation = allocate(f);
    assertThat(allocation.moveCount()).isEqualTo(4);
    assertThat(allocation.slotCount()).isZero();
  }

  @Test
  void brokenRulesAreNamed() {
    TestFunction f = new TestFunction();
    int v = f.integer();
    f.block(1, NONE, NONE, NONE);
    f.op(v, Operand.useRegister());
    f.finish();
    assertThatThrownBy(() -> allocate(f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("used but never defined");
    TestFunction twice = new TestFunction();
    int w = twice.integer();
    twice.block(1, NONE, NONE, NONE);
    twice.op(w, Operand.defineRegister());
    twice.op(w, Operand.defineRegister());
    twice.finish();
    assertThatThrownBy(() -> allocate(twice)).hasMessageContaining("defined twice");
    TestFunction greedy = new TestFunction();
    greedy.block(1, NONE, NONE, NONE);
    int[] pairs = new int[18];
    for (int k = 0; k < 9; k++) {
      pairs[2 * k] = greedy.integer();
      pairs[2 * k + 1] = Operand.defineRegister();
    }
    greedy.op(pairs);
    greedy.op();
    greedy.finish();
    assertThatThrownBy(() -> allocate(greedy))
        .hasMessageContaining("needs more registers than there are");
  }
}
