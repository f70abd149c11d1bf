package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;

/**
 * Makes constants that are added to the index of a load or store part of its offset. The index is a
 * sum modulo 2^32 and the address is not, so the sum must provably not wrap around: compilers index
 * static arrays by {@code base + i * size} in 32 bits, and the bounds of {@code i} come from the
 * loop around it, from the conditions that led there, and from accesses before. The same goes for
 * sums of 64 bits that need no clamp; {@link FoldClamps} does the others.
 */
public final class FoldOffsets {
  private static final int NONE = SsaFunction.NONE;
  private static final long I32_MOST = 0xFFFF_FFFFL;

  /** Well below the guard behind a memory: larger offsets would need a check. */
  private static final long MOST_OFFSET = 1 << 24;

  private final SsaFunction function;
  private final UnsignedRanges ranges;

  private FoldOffsets(ControlFlow flow, DominatorTree dominators) {
    this.function = flow.function();
    this.ranges = UnsignedRanges.walking(flow, dominators, LoopTree.of(flow, dominators));
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    new FoldOffsets(flow, dominators).walk(dominators);
  }

  private void walk(DominatorTree dominators) {
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      ranges.enter(block);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        SsaOp op = function.op(i);
        if (op == SsaOp.LOAD || op == SsaOp.STORE || op.isAtomicAccess()) {
          fold(i);
        }
        ranges.visit(i);
      }
    }
  }

  private void fold(int access) {
    int index = function.operand(access, 0);
    int sum = function.definingInstruction(index);
    while (sum != NONE && function.op(sum) == SsaOp.IADD && isConstant(function.operand(sum, 1))) {
      int base = function.operand(sum, 0);
      long constant = function.immediate(function.definingInstruction(function.operand(sum, 1)));
      long before = function.offset(access);
      long offset = before + constant;
      if (wraps(base, constant) || before < 0 || offset < 0 || offset > MOST_OFFSET) {
        return;
      }
      function.setOperand(access, 0, base);
      function.setImmediate(access, offset);
      index = base;
      sum = function.definingInstruction(index);
    }
  }

  private boolean wraps(int base, long constant) {
    if (constant < 0) {
      return ranges.min(base) + constant < 0;
    }
    return function.valueType(base) == SsaType.I32
        ? ranges.max(base) + constant > I32_MOST
        : ranges.max(base) < 0 || ranges.max(base) + constant < 0;
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }
}
