package dev.troupe.engine.regalloc.checker;

import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.MachineEnv;
import dev.troupe.engine.regalloc.RegallocFunction;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Proves that an allocation computes what the function says.
 *
 * <p>It executes the allocated code on symbols: every register and every 8-byte cell of the spill
 * area holds a set of virtual registers. States at the entry of a block are met (intersected) over
 * its predecessors until nothing changes; then one pass over all instructions demands that each use
 * finds its virtual register where the allocation says, that constraints hold, that clobbers and
 * definitions destroy nothing that is still read, and that moves write only where they may.
 */
public final class AllocationChecker {
  private final RegallocFunction function;
  private final SymbolicState state;
  private final InstructionCheck instructions;
  private final SymbolicState.@Nullable Snapshot[] entry;

  private AllocationChecker(RegallocFunction function, MachineEnv env, Allocation allocation) {
    this.function = function;
    int cells = InstructionCheck.FIRST_MEMORY_CELL + (allocation.spillAreaBytes() + 7) / 8;
    state = new SymbolicState(cells, 2 * function.vregCount());
    instructions = new InstructionCheck(function, env, allocation, state);
    entry = new SymbolicState.Snapshot[function.blockCount()];
  }

  /**
   * Returns normally if {@code allocation} is right.
   *
   * @throws IllegalStateException naming the instruction, the operand and what was found instead
   */
  public static void check(RegallocFunction function, MachineEnv env, Allocation allocation) {
    new AllocationChecker(function, env, allocation).run();
  }

  private void run() {
    instructions.checkFrame();
    ArrayDeque<Integer> work = new ArrayDeque<>();
    boolean[] queued = new boolean[function.blockCount()];
    entry[0] = state.snapshot();
    work.add(0);
    while (!work.isEmpty()) {
      int block = work.remove();
      queued[block] = false;
      execute(block, false);
      SymbolicState.Snapshot out = state.snapshot();
      for (int s = 0; s < function.successorCount(block); s++) {
        int successor = function.successor(block, s);
        if (flow(block, successor, out) && !queued[successor]) {
          queued[successor] = true;
          work.add(successor);
        }
      }
    }
    for (int block = 0; block < function.blockCount(); block++) {
      execute(block, true);
    }
    instructions.checkUsedRegisters();
  }

  private void execute(int block, boolean demand) {
    state.restore(entry[block]);
    for (int i = function.firstInstruction(block); i < function.firstInstruction(block + 1); i++) {
      instructions.execute(i, demand);
    }
  }

  /** Carries the state over the edge; true if the successor's entry state changed. */
  private boolean flow(int block, int successor, SymbolicState.Snapshot out) {
    state.restore(out);
    int parameters = function.parameterCount(successor);
    if (parameters > 0) {
      passParameters(block, successor, parameters);
    }
    SymbolicState.Snapshot before = entry[successor];
    SymbolicState.Snapshot after = before == null ? state.snapshot() : state.meet(before);
    if (after == null) {
      return false;
    }
    entry[successor] = after;
    return true;
  }

  /** All arguments are read before any parameter is written: a loop may pass its own parameters. */
  private void passParameters(int block, int successor, int parameters) {
    int values = function.vregCount();
    if (function.successorCount(block) > 1) {
      for (int p = 0; p < parameters; p++) {
        int parameter = function.parameter(successor, p);
        state.forget(parameter);
        state.forget(parameter + values);
        instructions.arrive(function.arrival(successor, p), parameter);
      }
      return;
    }
    int[][] low = new int[parameters][];
    int[][] high = new int[parameters][];
    for (int p = 0; p < parameters; p++) {
      int argument = function.branchArgument(block, p);
      low[p] = state.cellsOf(argument);
      high[p] = state.cellsOf(argument + values);
    }
    for (int p = 0; p < parameters; p++) {
      state.forget(function.parameter(successor, p));
      state.forget(function.parameter(successor, p) + values);
    }
    for (int p = 0; p < parameters; p++) {
      state.addTo(low[p], function.parameter(successor, p));
      state.addTo(high[p], function.parameter(successor, p) + values);
    }
  }
}
