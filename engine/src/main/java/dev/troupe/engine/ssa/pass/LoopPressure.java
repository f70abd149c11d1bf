package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.LoopTree;
import java.util.Arrays;

/**
 * How many registers loops leave for values that come from outside. An estimate: it counts what the
 * header carries and what the loop itself uses from outside.
 */
final class LoopPressure {
  /** Registers of one class that a loop may fill before values from outside give way. */
  private static final int REGISTERS = 12;

  /** The same for variables that the loop itself advances, for they cannot wait in memory. */
  private static final int REGISTERS_WITHIN = 10;

  /** Values of one class that may be moved in front of one loop. */
  private static final int MOST = 6;

  private final SsaFunction function;
  private final LoopTree loops;
  // Of loops, integers at even places and floats behind them.
  private final int[] live;
  private final int[] taken;
  // The loop that used a value last.
  private final int[] lastUser;

  LoopPressure(ControlFlow flow, LoopTree loops) {
    this.function = flow.function();
    this.loops = loops;
    this.live = new int[loops.size() * 2];
    this.taken = new int[loops.size() * 2];
    this.lastUser = new int[function.valueCount()];
    Arrays.fill(lastUser, LoopTree.NONE);
    for (int loop = 0; loop < loops.size(); loop++) {
      int header = loops.header(loop);
      for (int p = 0; p < function.parameterCount(header); p++) {
        live[slot(loop, function.parameter(header, p))]++;
      }
    }
  }

  private int slot(int loop, int value) {
    return loop * 2 + (function.valueType(value).isInteger() ? 0 : 1);
  }

  /** Notes a use in {@code block}, which is in a loop. */
  void use(int value, int block) {
    int loop = loops.loop(block);
    if (lastUser[value] != loop) {
      lastUser[value] = loop;
      SsaOp op = function.definingOp(value, SsaOp.TRAP);
      if (op != SsaOp.ICONST
          && op != SsaOp.FCONST
          && op != SsaOp.VCONST
          && loops.depth(function.definingBlock(value)) < loops.depth(block)) {
        live[slot(loop, value)]++;
      }
    }
  }

  /**
   * Takes a register in the loops from that of {@code block} out to {@code outermost}; says whether
   * all of them had one.
   */
  boolean take(int value, int block, int outermost) {
    int end = loops.parent(outermost);
    for (int loop = loops.loop(block); loop != end; loop = loops.parent(loop)) {
      int slot = slot(loop, value);
      if (taken[slot] >= MOST || taken[slot] + live[slot] >= REGISTERS) {
        return false;
      }
    }
    for (int loop = loops.loop(block); loop != end; loop = loops.parent(loop)) {
      taken[slot(loop, value)]++;
    }
    return true;
  }

  // ---- for variables of loops themselves

  /** An estimate that has seen all uses in all loops. */
  static LoopPressure counted(ControlFlow flow, LoopTree loops) {
    LoopPressure pressure = new LoopPressure(flow, loops);
    SsaFunction function = flow.function();
    for (int n = 0; n < flow.size(); n++) {
      int block = flow.block(n);
      if (loops.loop(block) == LoopTree.NONE) {
        continue;
      }
      for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
        for (int k = 0; k < function.operandCount(i); k++) {
          pressure.use(function.operand(i, k), block);
        }
        for (int e = 0; e < function.edgeCount(i); e++) {
          int edge = function.edge(i, e);
          for (int k = 0; k < function.argumentCount(edge); k++) {
            pressure.use(function.argument(edge, k), block);
          }
        }
      }
    }
    pressure.sumUpNests();
    return pressure;
  }

  /** Lets a loop that others are in have as few registers as the fullest of them. */
  private void sumUpNests() {
    for (int loop = loops.size() - 1; loop >= 0; loop--) {
      int parent = loops.parent(loop);
      if (parent != LoopTree.NONE) {
        live[2 * parent] = Math.max(live[2 * parent], live[2 * loop]);
        live[2 * parent + 1] = Math.max(live[2 * parent + 1], live[2 * loop + 1]);
      }
    }
  }

  /**
   * Takes registers in {@code loop} and in all that are in it; says whether there were so many.
   * Whatever is taken anywhere in a nest is counted for the whole nest.
   */
  boolean takeWithin(int value, int loop, int count) {
    int outermost = loop;
    while (loops.parent(outermost) != LoopTree.NONE) {
      outermost = loops.parent(outermost);
    }
    int slot = slot(outermost, value);
    if (taken[slot] + count > MOST
        || taken[slot] + count + live[slot(loop, value)] > REGISTERS_WITHIN) {
      return false;
    }
    taken[slot] += count;
    return true;
  }
}
