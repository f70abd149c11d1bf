package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.ControlFlow;

/** Takes blocks out of the layout that the entry does not reach. */
public final class RemoveUnreachableBlocks {
  private RemoveUnreachableBlocks() {}

  /** Runs the pass. */
  public static void run(SsaFunction function) {
    run(function, ControlFlow.of(function));
  }

  static void run(SsaFunction function, ControlFlow flow) {
    int block = function.entry();
    while (block != SsaFunction.NONE) {
      int next = function.nextBlock(block);
      if (!flow.isReachable(block)) {
        function.removeBlock(block);
      }
      block = next;
    }
  }
}
