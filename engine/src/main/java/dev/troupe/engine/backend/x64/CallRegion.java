package dev.troupe.engine.backend.x64;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.BlockFrequency;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;

/// The part of a function in which it calls: what the nearest block outside of loops dominates that
/// dominates all calls. Ways through the function that avoid it need no callee-saved register, no
/// stack check and no copy of the instance pointer, so these are made where the region starts and
/// undone where it is left (shrink-wrapping, Chow, "Minimizing Register Usage Penalty at Procedure
/// Calls", PLDI 1988, with one region).
///
/// So that the allocator finds it worthwhile, values that enter the region get a register of their
/// own in it, and so do those that are passed on to the blocks behind it.
final class CallRegion {
  /// Where nearly every run comes through the region there is nothing to gain.
  private static final float MOST_RUNS = 0.95f;

  private final SsaFunction function;
  private final DominatorTree dominators;
  private final int start;
  private final int firstCall;
  private final boolean[] usedBehind;

  private CallRegion(
      ControlFlow flow, DominatorTree dominators, int start, int firstCall, ValueFacts facts) {
    this.function = flow.function();
    this.dominators = dominators;
    this.start = start;
    this.firstCall = firstCall;
    this.usedBehind = new boolean[start == SsaFunction.NONE ? 0 : function.valueCount()];
    if (start != SsaFunction.NONE) {
      markUsesBehind(flow, facts);
    }
  }

  /// The region of a function; it has no block if it would be all of it, or nothing.
  static CallRegion of(
      ControlFlow flow,
      DominatorTree dominators,
      LoopTree loops,
      BlockFrequency frequency,
      ValueFacts facts) {
    SsaFunction function = flow.function();
    int start = SsaFunction.NONE;
    int firstCall = SsaFunction.NONE;
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      int call = firstCall(function, block);
      if (call == SsaFunction.NONE) {
        continue;
      }
      firstCall = start == SsaFunction.NONE ? call : firstCall;
      start = start == SsaFunction.NONE ? block : common(dominators, start, block);
      if (start == function.entry()) {
        break;
      }
    }
    while (start != SsaFunction.NONE && loops.loop(start) != LoopTree.NONE) {
      start = dominators.parent(loops.header(loops.loop(start)));
    }
    boolean pays =
        start != SsaFunction.NONE
            && start != function.entry()
            && frequency.frequency(start) < MOST_RUNS;
    boolean inStart = pays && function.block(firstCall) == start;
    return new CallRegion(
        flow,
        dominators,
        pays ? start : SsaFunction.NONE,
        inStart ? firstCall : SsaFunction.NONE,
        facts);
  }

  private static int firstCall(SsaFunction function, int block) {
    for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
      SsaOp op = function.op(i);
      if (op.isCall() && !op.isTailCall()) {
        return i;
      }
    }
    return SsaFunction.NONE;
  }

  private static int common(DominatorTree dominators, int a, int b) {
    int above = a;
    while (!dominators.dominates(above, b)) {
      above = dominators.parent(above);
    }
    return above;
  }

  /// Blocks behind the region are reached from it and also by ways around it.
  private void markUsesBehind(ControlFlow flow, ValueFacts facts) {
    boolean[] behind = new boolean[function.blockCount()];
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      if (contains(block)) {
        continue;
      }
      for (int n = 0; n < flow.incomingCount(block) && !behind[block]; n++) {
        int source = function.sourceBlock(flow.incoming(block, n));
        behind[block] = contains(source) || behind[source];
      }
      if (behind[block]) {
        markUses(block, facts);
      }
    }
  }

  private void markUses(int block, ValueFacts facts) {
    for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
      for (int k = 0; k < function.operandCount(i); k++) {
        usedBehind[facts.root(function.operand(i, k))] = true;
      }
    }
    int terminator = function.terminator(block);
    for (int n = 0; n < function.edgeCount(terminator); n++) {
      int edge = function.edge(terminator, n);
      for (int k = 0; k < function.argumentCount(edge); k++) {
        usedBehind[facts.root(function.argument(edge, k))] = true;
      }
    }
  }

  /// The first call of the block that starts the region, or NONE: until then values need no
  /// register that calls keep.
  int firstCall() {
    return firstCall;
  }

  /// The block that starts the region, or NONE.
  int start() {
    return start;
  }

  /// Whether a block lies in the region.
  boolean contains(int block) {
    return start != SsaFunction.NONE && dominators.dominates(start, block);
  }

  /// Whether a value comes from outside of the region and is wanted in it at most.
  boolean enters(int root) {
    return !usedBehind[root] && !contains(function.definingBlock(root));
  }
}
