package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;

/**
 * Gives predecessors their own copy of a small block that returns, where that makes the block
 * smaller: an argument is constant, and an operation on it is computed here or has no effect, or a
 * selection by it is decided. Such a way to the end of the function then has an operation and a
 * jump less, and no other way has more.
 *
 * <p>A block that returns is in no loop and dominates nothing, so no value of it is used elsewhere.
 * Without anything to fold, a copy would only trade a jump for the longer way out of the function;
 * such blocks stay single, and so do large ones, those with many predecessors, and cold code.
 */
public final class TailDuplication {
  private static final int NONE = SsaFunction.NONE;

  /** Instructions of the block, without its return and constants. */
  private static final int MOST_COPIED = 3;

  private static final int MOST_CONSTANTS = 4;
  private static final int MOST_PREDECESSORS = 4;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final BlockCopier copier;
  private final GrowthAllowance allowance;
  // Of values of the block looked at: whether they are constant in a copy.
  private final boolean[] isFolded;
  private int budget;

  private TailDuplication(SsaFunction function) {
    this.function = function;
    this.flow = ControlFlow.of(function);
    this.copier = new BlockCopier(function);
    this.allowance = new GrowthAllowance(function);
    this.isFolded = new boolean[function.valueCount()];
    this.budget = 16 + GrowthAllowance.count(function) / 10;
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    if (hasCandidate(function)) {
      new TailDuplication(function).run();
    }
  }

  private static boolean hasCandidate(SsaFunction function) {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      if (isCandidate(function, b)) {
        return true;
      }
    }
    return false;
  }

  private void run() {
    boolean changed = false;
    for (int k = 1; k < flow.size(); k++) {
      int block = flow.block(k);
      int count = flow.incomingCount(block);
      if (count > 1 && count <= MOST_PREDECESSORS && isCandidate(function, block)) {
        changed |= visit(block, count);
      }
    }
    if (changed) {
      copier.finish();
    }
  }

  /** Whether {@code block} returns what it makes of its parameters by a few simple operations. */
  private static boolean isCandidate(SsaFunction function, int block) {
    int end = function.terminator(block);
    if (function.op(end) != SsaOp.RETURN
        || block == function.entry()
        || function.parameterCount(block) == 0
        || function.isCold(block)) {
      return false;
    }
    int size = 0;
    int constants = 0;
    for (int i = function.firstInstruction(block); i != end; i = function.next(i)) {
      SsaOp op = function.op(i);
      boolean isConstant = op == SsaOp.ICONST || op == SsaOp.FCONST;
      size += isConstant ? 0 : 1;
      constants += isConstant ? 1 : 0;
      if (!op.isPure()
          || op.mayTrap()
          || function.resultCount(i) != 1
          || size > MOST_COPIED
          || constants > MOST_CONSTANTS) {
        return false;
      }
    }
    return size > 0;
  }

  /** The last edge that is left has the block for itself: what folds in a copy folds there. */
  private boolean visit(int block, int count) {
    int left = count;
    for (int k = 0; k < count && left > 1; k++) {
      int edge = flow.incoming(block, k);
      int size = sizeOfCopy(block, edge);
      if (size != NONE && size <= budget && allowance.isLeft()) {
        budget -= size;
        left--;
        function.setTarget(edge, copier.copy(block, NONE));
      }
    }
    return left < count;
  }

  /** Instructions of a copy for {@code edge} with its return, or NONE if it should have none. */
  private int sizeOfCopy(int block, int edge) {
    int source = function.sourceBlock(edge);
    if (function.op(function.sourceTerminator(edge)) != SsaOp.BR || function.isCold(source)) {
      return NONE;
    }
    for (int p = 0; p < function.parameterCount(block); p++) {
      isFolded[function.parameter(block, p)] =
          isConstant(function.argument(edge, p)) && varies(block, p);
    }
    int end = function.terminator(block);
    int size = 1;
    boolean isSmaller = false;
    for (int i = function.firstInstruction(block); i != end; i = function.next(i)) {
      boolean goes = goes(i, block, edge);
      isSmaller |= goes;
      size += goes || isConstant(function.result(i)) ? 0 : 1;
    }
    return isSmaller ? size : NONE;
  }

  /** Whether the copy does without {@code i}; notes whether the result is a constant there. */
  private boolean goes(int i, int block, int edge) {
    int result = function.result(i);
    isFolded[result] = folds(i);
    if (isFolded[result]) {
      return true;
    }
    SsaOp op = function.op(i);
    return switch (op) {
      case SELECT -> isDecided(i, block, edge);
      case IADD, IOR, IXOR -> is(i, 0, 0, block, edge) || is(i, 1, 0, block, edge);
      case ISUB, SHL, SSHR, USHR, ROTL, ROTR -> is(i, 1, 0, block, edge);
      case IAND, IMUL -> isNothingOrAll(i, block, edge, op == SsaOp.IAND ? -1 : 1);
      default -> false;
    };
  }

  /** Whether {@link ConstantFolding} will fold an operation on integers, which it does not yet. */
  private boolean folds(int i) {
    SsaOp op = function.op(i);
    if (op == SsaOp.SPECTRE_GUARD
        || op == SsaOp.INDEX_CLAMP
        || !function.valueType(function.result(i)).isInteger()) {
      return false;
    }
    boolean isNew = false;
    for (int k = 0; k < function.operandCount(i); k++) {
      int value = function.operand(i, k);
      if (!isFolded[value] && !isConstant(value)) {
        return false;
      }
      isNew |= isFolded[value];
    }
    return isNew;
  }

  private boolean isDecided(int i, int block, int edge) {
    int constant = passedConstant(function.operand(i, 0), block, edge);
    if (constant == NONE) {
      return false;
    }
    int chosen = function.operand(i, function.immediate(constant) != 0 ? 1 : 2);
    isFolded[function.result(i)] = isFolded[chosen] || isConstant(chosen);
    return true;
  }

  /** An operand of zero makes zero, one of {@code neutral} makes the other operand. */
  private boolean isNothingOrAll(int i, int block, int edge, long neutral) {
    if (is(i, 0, 0, block, edge) || is(i, 1, 0, block, edge)) {
      isFolded[function.result(i)] = true;
      return true;
    }
    return is(i, 0, neutral, block, edge) || is(i, 1, neutral, block, edge);
  }

  private boolean is(int i, int position, long bits, int block, int edge) {
    int constant = passedConstant(function.operand(i, position), block, edge);
    return constant != NONE && function.immediate(constant) == bits;
  }

  /** The constant that {@code edge} passes for {@code value}, a parameter of the block; or NONE. */
  private int passedConstant(int value, int block, int edge) {
    return isFolded[value] && function.isParameter(value) && function.definingBlock(value) == block
        ? function.definingInstruction(function.argument(edge, function.definingPosition(value)))
        : NONE;
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST
        && function.valueType(value) != SsaType.REF;
  }

  /** Whether a parameter is not the same value on all ways, for which it needs no copies. */
  private boolean varies(int block, int position) {
    int first = function.argument(flow.incoming(block, 0), position);
    for (int k = 1; k < flow.incomingCount(block); k++) {
      if (function.argument(flow.incoming(block, k), position) != first) {
        return true;
      }
    }
    return false;
  }
}
