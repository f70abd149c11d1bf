package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.ControlFlow;

/**
 * Puts a block onto every edge that leaves a block with several edges and arrives at a block with
 * several, so that the moves of an edge have a place of their own.
 */
public final class SplitCriticalEdges {
  private SplitCriticalEdges() {}

  /** Runs the pass. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    SsaBuilder builder = new SsaBuilder(function);
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      int terminator = function.terminator(block);
      int count = function.edgeCount(terminator);
      for (int n = count - 1; n >= 0 && count > 1; n--) {
        int edge = function.edge(terminator, n);
        if (flow.incomingCount(function.target(edge)) > 1) {
          split(function, builder, block, terminator, edge);
        }
      }
    }
  }

  private static void split(
      SsaFunction function, SsaBuilder builder, int block, int terminator, int edge) {
    int target = function.target(edge);
    int middle = function.newBlock();
    function.insertBlockAfter(middle, block);
    function.setCold(middle, function.isCold(block) || function.isCold(target));
    int[] arguments = new int[function.argumentCount(edge)];
    for (int k = 0; k < arguments.length; k++) {
      arguments[k] = function.argument(edge, k);
    }
    builder.continueBlock(middle);
    builder.setWasmOffset(function.wasmOffset(terminator));
    builder.br(target, arguments, arguments.length);
    function.setTarget(edge, middle);
    function.clearArguments(edge);
  }
}
