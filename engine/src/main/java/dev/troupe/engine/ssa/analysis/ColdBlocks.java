package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.Likelihood;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;

/**
 * Blocks that next to never run: what was marked so, what ends in an unconditional trap, what is
 * entered along unlikely edges only, what leads to cold blocks only, and what a cold block
 * dominates; the entry never is.
 */
public final class ColdBlocks {
  private ColdBlocks() {}

  /** For every block whether it is cold; takes time linear in blocks and edges. */
  public static boolean[] of(ControlFlow flow, DominatorTree dominators) {
    SsaFunction function = flow.function();
    boolean[] cold = new boolean[function.blockCount()];
    for (int k = flow.size() - 1; k > 0; k--) {
      int block = flow.block(k);
      int terminator = function.terminator(block);
      cold[block] =
          function.isCold(block)
              || function.op(terminator) == SsaOp.TRAP
              || function.op(terminator).isThrow()
              || isUnlikely(flow, block)
              || leadsToColdOnly(function, terminator, cold);
    }
    for (int k = 1; k < flow.size(); k++) {
      int block = dominators.preorder(k);
      cold[block] |= cold[dominators.parent(block)];
    }
    return cold;
  }

  private static boolean isUnlikely(ControlFlow flow, int block) {
    SsaFunction function = flow.function();
    for (int k = 0; k < flow.incomingCount(block); k++) {
      int edge = flow.incoming(block, k);
      int terminator = function.sourceTerminator(edge);
      Likelihood unlikely =
          edge == function.edge(terminator, 0) ? Likelihood.UNLIKELY : Likelihood.LIKELY;
      if (function.op(terminator) != SsaOp.BR_IF || function.likelihood(terminator) != unlikely) {
        return false;
      }
    }
    return flow.incomingCount(block) > 0;
  }

  private static boolean leadsToColdOnly(SsaFunction function, int terminator, boolean[] cold) {
    int count = function.edgeCount(terminator);
    for (int n = 0; n < count; n++) {
      if (!cold[function.target(function.edge(terminator, n))]) {
        return false;
      }
    }
    return count > 0;
  }
}
