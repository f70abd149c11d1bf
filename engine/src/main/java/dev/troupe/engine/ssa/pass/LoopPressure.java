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
}
