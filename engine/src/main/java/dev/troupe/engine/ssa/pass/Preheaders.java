package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import java.util.Arrays;

/**
 * Blocks that control goes through exactly when it comes to a loop from outside, made where there
 * is none.
 */
final class Preheaders {
  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final int[] preheader;
  // Of blocks made here, whose ids start at firstNew: the loop around them.
  private final int firstNew;
  private final IntList around = new IntList();

  /** The analyses stay those of the function before blocks were made. */
  Preheaders(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    this.function = flow.function();
    this.flow = flow;
    this.dominators = dominators;
    this.loops = loops;
    this.preheader = new int[loops.size()];
    this.firstNew = function.blockCount();
    Arrays.fill(preheader, SsaFunction.NONE);
  }

  /** The preheader of {@code loop}, whose header is not the entry; it has one edge. */
  int of(int loop) {
    if (preheader[loop] == SsaFunction.NONE) {
      preheader[loop] = find(loop);
    }
    return preheader[loop];
  }

  /** Innermost loop around {@code block}, which may be new. */
  int loopAround(int block) {
    return block < firstNew ? loops.loop(block) : around.get(block - firstNew);
  }

  private int find(int loop) {
    int header = loops.header(loop);
    IntList entries = new IntList(2);
    for (int k = 0; k < flow.incomingCount(header); k++) {
      int edge = flow.incoming(header, k);
      if (!dominators.dominates(header, function.sourceBlock(edge))) {
        entries.add(edge);
      }
    }
    int terminator = function.sourceTerminator(entries.get(0));
    return entries.size() == 1 && function.op(terminator) == SsaOp.BR
        ? function.block(terminator)
        : make(loop, header, entries);
  }

  private int make(int loop, int header, IntList entries) {
    int block = function.newBlock();
    function.insertBlockAfter(block, function.previousBlock(header));
    function.setCold(block, function.isCold(header));
    around.add(loops.parent(loop));
    boolean isOnly = entries.size() == 1;
    int[] arguments = new int[function.parameterCount(header)];
    for (int p = 0; p < arguments.length; p++) {
      arguments[p] =
          isOnly
              ? function.argument(entries.get(0), p)
              : function.addParameter(block, function.valueType(function.parameter(header, p)));
    }
    for (int e = 0; e < entries.size(); e++) {
      function.setTarget(entries.get(e), block);
      if (isOnly) {
        function.clearArguments(entries.get(e));
      }
    }
    SsaBuilder builder = new SsaBuilder(function);
    builder.continueBlock(block);
    builder.setWasmOffset(function.wasmOffset(function.sourceTerminator(entries.get(0))));
    builder.br(header, arguments, arguments.length);
    return block;
  }
}
