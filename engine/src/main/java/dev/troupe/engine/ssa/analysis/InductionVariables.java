package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which values of loops advance by the same amount each time round. A <em>basic</em> induction
 * variable is a parameter of the header that every edge back passes on with one value added, which
 * the loop does not change. A <em>derived</em> one is computed from basic ones by sums, by products
 * with what the loop does not change, and by conversions that keep it linear (Aho, Lam, Sethi and
 * Ullman, "Compilers", section 9.1.6; Muchnick, "Advanced Compiler Design and Implementation",
 * chapter 14).
 *
 * <p>All arithmetic is modulo 2 to the number of bits, and so is what is said here: an i32 that
 * wraps around still advances by its step. Only an extension to i64 asks for a range that rules
 * wrapping out.
 *
 * <p>A value belongs to the innermost loop around its definition. Takes time linear in the size of
 * the function; ranges are computed when an extension first asks for them.
 */
public final class InductionVariables {
  private static final int NONE = SsaFunction.NONE;
  private static final long I32_MOST = 0xFFFF_FFFFL;

  private enum Kind {
    /** Anything. */
    OTHER,
    /** The same in all iterations. */
    INVARIANT,
    /** Advances by a step that the loop does not change. */
    LINEAR
  }

  private static final Kind[] KINDS = Kind.values();

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final byte[] kind;
  // Of linear values: whether the step is a constant, and that.
  private final boolean[] hasConstantStep;
  private final long[] constantStep;
  // Of basic variables: the sum or difference that goes back.
  private final int[] advance;
  private @Nullable UnsignedRanges ranges;

  private InductionVariables(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    this.flow = flow;
    this.function = flow.function();
    this.dominators = dominators;
    this.loops = loops;
    int count = function.valueCount();
    this.kind = new byte[count];
    this.hasConstantStep = new boolean[count];
    this.constantStep = new long[count];
    this.advance = new int[count];
    Arrays.fill(advance, NONE);
  }

  /** The variables of {@code flow}'s function as it is now. */
  public static InductionVariables of(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    InductionVariables variables = new InductionVariables(flow, dominators, loops);
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      if (loops.loop(block) != LoopTree.NONE) {
        variables.visit(block);
      }
    }
    return variables;
  }

  // ---- what is known

  /** Whether {@code value} is a parameter of a header that advances by what its loop keeps. */
  public boolean isBasic(int value) {
    return value < advance.length && advance[value] != NONE;
  }

  /** The value that each edge back passes to a basic variable: it plus or minus its step. */
  public int next(int basic) {
    return advance[basic];
  }

  /** What is added to a basic variable each time round, or subtracted from it. */
  public int stepValue(int basic) {
    int sum = function.definingInstruction(advance[basic]);
    int left = function.operand(sum, 0);
    return left == basic ? function.operand(sum, 1) : left;
  }

  /** Whether the step of a basic variable is subtracted. */
  public boolean isFalling(int basic) {
    return function.definingOp(advance[basic], SsaOp.TRAP) == SsaOp.ISUB;
  }

  /** Whether {@code value}, an integer, advances by the same amount in all rounds of its loop. */
  public boolean isLinear(int value) {
    return value < kind.length && KINDS[kind[value]] == Kind.LINEAR;
  }

  /** Whether {@code value} is the same in all rounds of {@code loop}, as far as can be seen. */
  public boolean isInvariant(int value, int loop) {
    if (isConstant(value)) {
      return true;
    }
    int block = function.definingBlock(value);
    return value < kind.length && loops.loop(block) == loop
        ? KINDS[kind[value]] == Kind.INVARIANT
        : !loops.contains(loop, block);
  }

  /** Whether a linear value advances by a constant. */
  public boolean hasConstantStep(int value) {
    return hasConstantStep[value];
  }

  /** By how much a linear value advances; of an i32, extended with its sign. */
  public long constantStep(int value) {
    return constantStep[value];
  }

  /**
   * How often {@code loop} goes back to its start, if that is the same whenever it is entered and
   * known; otherwise negative.
   */
  public long repeats(int loop) {
    return ranges().repeats(loop);
  }

  /** The ranges of all values, as they were when they were first asked for. */
  public UnsignedRanges ranges() {
    if (ranges == null) {
      ranges = UnsignedRanges.of(flow, dominators, loops);
    }
    return ranges;
  }

  // ---- finding them

  private void visit(int block) {
    int loop = loops.loop(block);
    if (loops.header(loop) == block) {
      for (int p = 0; p < function.parameterCount(block); p++) {
        visitParameter(loop, block, p);
      }
    }
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      if (function.resultCount(i) == 1 && function.valueType(function.result(i)).isInteger()) {
        visitInstruction(i, loop);
      }
    }
  }

  private void visitParameter(int loop, int header, int position) {
    int parameter = function.parameter(header, position);
    int next = NONE;
    for (int e = 0; e < flow.incomingCount(header); e++) {
      int edge = flow.incoming(header, e);
      if (dominators.dominates(header, function.sourceBlock(edge))) {
        int argument = function.argument(edge, position);
        if (next != NONE && next != argument) {
          return;
        }
        next = argument;
      }
    }
    int sum = next == NONE ? NONE : function.definingInstruction(next);
    if (sum == NONE || !function.valueType(parameter).isInteger()) {
      return;
    }
    SsaOp op = function.op(sum);
    if (op != SsaOp.IADD && op != SsaOp.ISUB) {
      return;
    }
    boolean isLeft = function.operand(sum, 0) == parameter;
    int other = function.operand(sum, isLeft ? 1 : 0);
    if (!isLeft && (op == SsaOp.ISUB || function.operand(sum, 1) != parameter)
        || !isConstant(other) && loops.contains(loop, function.definingBlock(other))) {
      return;
    }
    advance[parameter] = next;
    long constant = isConstant(other) ? constant(other) : 0;
    linear(parameter, isConstant(other), op == SsaOp.ISUB ? -constant : constant);
  }

  private void linear(int value, boolean isConstantStep, long step) {
    kind[value] = (byte) Kind.LINEAR.ordinal();
    hasConstantStep[value] = isConstantStep;
    constantStep[value] = function.valueType(value) == SsaType.I32 ? (int) step : step;
  }

  private void visitInstruction(int i, int loop) {
    int result = function.result(i);
    int first = function.operandCount(i) > 0 ? function.operand(i, 0) : NONE;
    int second = function.operandCount(i) > 1 ? function.operand(i, 1) : NONE;
    switch (function.op(i)) {
      case IADD -> sum(result, first, second, loop, 1);
      case ISUB -> sum(result, first, second, loop, -1);
      case IMUL -> product(result, first, second, loop);
      case SHL -> {
        if (isInvariant(second, loop)) {
          shifted(result, first, second, loop);
        }
      }
      case WRAP -> keep(result, first, loop);
      case UEXTEND, SEXTEND -> {
        boolean isLinear = kindOf(first, loop) == Kind.LINEAR;
        if (!isLinear || doesNotWrap(first, function.op(i) == SsaOp.SEXTEND)) {
          keep(result, first, loop);
        }
      }
      default -> {}
    }
  }

  private Kind kindOf(int value, int loop) {
    if (isInvariant(value, loop)) {
      return Kind.INVARIANT;
    }
    return isLinear(value) && loops.loop(function.definingBlock(value)) == loop
        ? Kind.LINEAR
        : Kind.OTHER;
  }

  private void invariant(int value) {
    kind[value] = (byte) Kind.INVARIANT.ordinal();
  }

  private void sum(int result, int a, int b, int loop, int sign) {
    Kind left = kindOf(a, loop);
    Kind right = kindOf(b, loop);
    if (left == Kind.INVARIANT && right == Kind.INVARIANT) {
      invariant(result);
    } else if (left != Kind.OTHER && right != Kind.OTHER) {
      boolean constant = stepIsConstant(a, left) && stepIsConstant(b, right);
      linear(result, constant, stepOf(a, left) + sign * stepOf(b, right));
    }
  }

  private boolean stepIsConstant(int value, Kind its) {
    return its == Kind.INVARIANT || hasConstantStep[value];
  }

  private long stepOf(int value, Kind its) {
    return its == Kind.INVARIANT ? 0 : constantStep[value];
  }

  private void product(int result, int a, int b, int loop) {
    Kind left = kindOf(a, loop);
    Kind right = kindOf(b, loop);
    if (left == Kind.INVARIANT && right == Kind.INVARIANT) {
      invariant(result);
    } else if (left == Kind.LINEAR && right == Kind.INVARIANT) {
      scaled(result, a, b);
    } else if (left == Kind.INVARIANT && right == Kind.LINEAR) {
      scaled(result, b, a);
    }
  }

  private void scaled(int result, int variable, int factor) {
    boolean constant = hasConstantStep[variable] && isConstant(factor);
    linear(result, constant, constant ? constantStep[variable] * constant(factor) : 0);
  }

  private void shifted(int result, int value, int amount, int loop) {
    Kind its = kindOf(value, loop);
    if (its == Kind.INVARIANT) {
      invariant(result);
    } else if (its == Kind.LINEAR) {
      boolean constant = hasConstantStep[value] && isConstant(amount);
      long bits = function.valueType(result).bits() - 1L;
      linear(result, constant, constant ? constantStep[value] << (constant(amount) & bits) : 0);
    }
  }

  private void keep(int result, int value, int loop) {
    Kind its = kindOf(value, loop);
    if (its == Kind.INVARIANT) {
      invariant(result);
    } else if (its == Kind.LINEAR) {
      linear(result, hasConstantStep[value], constantStep[value]);
    }
  }

  /**
   * Whether a variable may be extended first and advanced then. The range of a basic one holds in
   * all rounds; that of a derived one only in those that compute it.
   */
  private boolean doesNotWrap(int value, boolean isSigned) {
    if (!isBasic(value) || !hasConstantStep[value]) {
      return false;
    }
    long most = ranges().max(value);
    long least = ranges().min(value);
    long step = constantStep[value];
    long ceiling = isSigned ? Integer.MAX_VALUE : I32_MOST;
    return most <= ceiling && (step > 0 ? most + step <= ceiling : least + step >= 0);
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  private long constant(int value) {
    return function.immediate(function.definingInstruction(value));
  }

  // ---- printing

  /** One line for each loop and each of its variables, in the order of the function. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int loop = 0; loop < loops.size(); loop++) {
      text.append("loop block").append(loops.header(loop));
      long times = repeats(loop);
      text.append(times < 0 ? "\n" : ", goes back " + times + " times\n");
      for (int value = 0; value < kind.length; value++) {
        if (isLinear(value) && loops.loop(function.definingBlock(value)) == loop) {
          describe(value, text);
        }
      }
    }
    return text.toString();
  }

  private void describe(int value, StringBuilder text) {
    text.append("  v").append(value).append(isBasic(value) ? ": basic, by " : ": derived, by ");
    if (hasConstantStep[value]) {
      text.append(constantStep[value]);
    } else if (isBasic(value)) {
      text.append(isFalling(value) ? "-v" : "v").append(stepValue(value));
    } else {
      text.append("what the loop keeps");
    }
    text.append('\n');
  }
}
