package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;

/**
 * Orders blocks: the order of the program, in which loops are contiguous and dominators come first,
 * with cold blocks moved behind all others.
 *
 * <p>Cold is what was marked so, what ends in an unconditional trap, what leads to cold blocks
 * only, and what a cold block dominates; the entry never is. The last rule keeps dominators in
 * front of what they dominate.
 */
public final class BlockLayout {
  private BlockLayout() {}

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    markCold(function, flow);
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

  private static void markCold(SsaFunction function, ControlFlow flow) {
    for (int k = flow.size() - 1; k > 0; k--) {
      int block = flow.block(k);
      int terminator = function.terminator(block);
      if (function.op(terminator) == SsaOp.TRAP || leadsToColdOnly(function, terminator)) {
        function.setCold(block, true);
      }
    }
    function.setCold(function.entry(), false);
    DominatorTree dominators = DominatorTree.of(flow);
    for (int k = 1; k < flow.size(); k++) {
      int block = dominators.preorder(k);
      if (function.isCold(dominators.parent(block))) {
        function.setCold(block, true);
      }
    }
  }

  private static boolean leadsToColdOnly(SsaFunction function, int terminator) {
    int count = function.edgeCount(terminator);
    for (int n = 0; n < count; n++) {
      if (!function.isCold(function.target(function.edge(terminator, n)))) {
        return false;
      }
    }
    return count > 0;
  }
}
