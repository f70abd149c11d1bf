package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.ColdBlocks;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;

/**
 * Orders blocks: the order of the program, in which loops are contiguous and dominators come first,
 * with {@linkplain ColdBlocks cold blocks} moved behind all others. Since what a cold block
 * dominates is cold, dominators stay in front of what they dominate.
 */
public final class BlockLayout {
  private BlockLayout() {}

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    boolean[] cold = ColdBlocks.of(flow, DominatorTree.of(flow));
    for (int k = 0; k < flow.size(); k++) {
      function.setCold(flow.block(k), cold[flow.block(k)]);
    }
    int[] order = new int[flow.size()];
    int length = 0;
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      if (!function.isCold(b)) {
        order[length++] = b;
      }
    }
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      if (function.isCold(b)) {
        order[length++] = b;
      }
    }
    function.setLayout(order, length);
  }
}
