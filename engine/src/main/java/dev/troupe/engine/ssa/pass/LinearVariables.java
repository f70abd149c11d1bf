package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.InductionVariables;
import dev.troupe.engine.ssa.analysis.LoopTree;

/**
 * Gives derived induction variables a parameter of the header of their own: the first value and the
 * step are computed in front of the loop, the addition stands where the loop goes back.
 */
final class LinearVariables {
  private static final int NONE = SsaFunction.NONE;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final InductionVariables variables;
  private final Preheaders preheaders;
  private final Forwarding forwarding;
  private final Inserter inserter;

  // Of the loop being worked on.
  private int loop;
  private int header;
  private int entryEdge;

  /** The analyses are those of the function as it is; {@code variables} does not see new ones. */
  LinearVariables(
      SsaFunction function, ControlFlow flow, LoopTree loops, InductionVariables variables) {
    this.function = function;
    this.flow = flow;
    this.dominators = DominatorTree.of(flow);
    this.loops = loops;
    this.variables = variables;
    this.preheaders = new Preheaders(flow, dominators, loops);
    this.forwarding = new Forwarding(function);
    this.inserter = new Inserter(function, function::result);
  }

  /**
   * Gives {@code value}, which is derived, a parameter. It stays, and nothing uses it any more.
   *
   * @param twin a value that has been replaced and is always the same, or NONE
   */
  void replace(int value, int twin) {
    if (twin != NONE) {
      forwarding.forward(value, forwarding.resolve(twin));
      return;
    }
    enter(loops.loop(function.definingBlock(value)));
    SsaType type = function.valueType(value);
    int first = first(value);
    int step = variables.hasConstantStep(value) ? NONE : step(value);
    int parameter = function.addParameter(header, type);
    function.addArgument(entryEdge, first);
    for (int e = 0; e < flow.incomingCount(header); e++) {
      int edge = flow.incoming(header, e);
      if (dominators.dominates(header, function.sourceBlock(edge))) {
        inserter.at(place(function.sourceTerminator(edge), value));
        int by = step == NONE ? inserter.constant(type, variables.constantStep(value)) : step;
        function.addArgument(edge, inserter.binary(SsaOp.IADD, type, parameter, by));
      }
    }
    forwarding.forward(value, parameter);
  }

  /** Lets all users see the parameters. */
  void finish() {
    forwarding.apply();
  }

  /** Goes on to another loop: what is computed from now on comes in front of it. */
  void enter(int next) {
    loop = next;
    header = loops.header(next);
    int end = function.terminator(preheaders.of(next));
    entryEdge = function.edge(end, 0);
    inserter.at(end);
  }

  /**
   * In front of the steps and the comparison at the end of a round, which become one instruction
   * with the branch; behind the last use of {@code value}.
   */
  private int place(int terminator, int value) {
    int place = terminator;
    for (int i = function.previous(place); i != NONE; i = function.previous(i)) {
      boolean isEnd =
          switch (function.op(i)) {
            case ICONST, ICMP -> true;
            case IADD, ISUB ->
                variables.isBasic(function.operand(i, 0))
                    && variables.next(function.operand(i, 0)) == function.result(i);
            default -> false;
          };
      if (!isEnd || uses(i, value)) {
        break;
      }
      place = i;
    }
    return place;
  }

  private boolean uses(int i, int value) {
    for (int k = 0; k < function.operandCount(i); k++) {
      if (function.operand(i, k) == value) {
        return true;
      }
    }
    return false;
  }

  // ---- in front of the loop

  /** What {@code value}, which is linear or stays the same, is in the first round. */
  int first(int value) {
    if (variables.isBasic(value) && function.definingBlock(value) == header) {
      return function.argument(entryEdge, function.definingPosition(value));
    }
    int i = function.definingInstruction(value);
    if (i == NONE || !loops.contains(loop, function.block(i))) {
      return value;
    }
    SsaOp op = function.op(i);
    SsaType type = function.valueType(value);
    return switch (op) {
      case ICONST -> inserter.constant(type, function.immediate(i));
      case IADD, ISUB, IMUL, SHL ->
          compute(op, type, first(function.operand(i, 0)), first(function.operand(i, 1)));
      default -> inserter.unary(op, type, first(function.operand(i, 0)));
    };
  }

  /** By how much {@code value}, which is linear, grows each time round. */
  private int step(int value) {
    SsaType type = function.valueType(value);
    if (variables.hasConstantStep(value)) {
      return inserter.constant(type, variables.constantStep(value));
    }
    if (function.isParameter(value)) {
      int by = variables.stepValue(value);
      return variables.isFalling(value)
          ? compute(SsaOp.ISUB, type, inserter.constant(type, 0), by)
          : by;
    }
    int i = function.definingInstruction(value);
    int a = function.operand(i, 0);
    return switch (function.op(i)) {
      case IADD, ISUB -> sum(function.op(i), type, a, function.operand(i, 1));
      case IMUL -> {
        int b = function.operand(i, 1);
        boolean isLeft = !variables.isInvariant(a, loop);
        yield compute(SsaOp.IMUL, type, step(isLeft ? a : b), first(isLeft ? b : a));
      }
      case SHL -> compute(SsaOp.SHL, type, step(a), first(function.operand(i, 1)));
      default -> inserter.unary(function.op(i), type, step(a));
    };
  }

  private int sum(SsaOp op, SsaType type, int a, int b) {
    if (variables.isInvariant(b, loop)) {
      return step(a);
    }
    int right = step(b);
    int left = variables.isInvariant(a, loop) ? inserter.constant(type, 0) : step(a);
    return compute(op, type, left, right);
  }

  /** A constant in front of the loop. */
  int number(SsaType type, long bits) {
    return inserter.constant(type, bits);
  }

  /** A sum, difference, product or shift in front of the loop; operands may be constants. */
  int compute(SsaOp op, SsaType type, int a, int b) {
    boolean known = isConstant(b);
    long right = known ? constant(b) : 0;
    if (isConstant(a)) {
      long left = constant(a);
      if (known) {
        return inserter.constant(type, fold(op, type, left, right));
      }
      if (left == 0 && op == SsaOp.IADD || left == 1 && op == SsaOp.IMUL) {
        return b;
      }
      if (left == 0 && op != SsaOp.ISUB) {
        return a;
      }
      if (op == SsaOp.IMUL || op == SsaOp.IADD) {
        return compute(op, type, b, a);
      }
    }
    if (known && (right == 0 && op != SsaOp.IMUL || right == 1 && op == SsaOp.IMUL)) {
      return a;
    }
    if (known && op == SsaOp.IMUL && right == 0) {
      return b;
    }
    if (known && op == SsaOp.IMUL && right > 0 && Long.bitCount(right) == 1) {
      int shift = inserter.constant(type, Long.numberOfTrailingZeros(right));
      return inserter.binary(SsaOp.SHL, type, a, shift);
    }
    return inserter.binary(op, type, a, b);
  }

  private static long fold(SsaOp op, SsaType type, long a, long b) {
    return switch (op) {
      case IADD -> a + b;
      case ISUB -> a - b;
      case IMUL -> a * b;
      case SHL -> a << (b & type.bits() - 1);
      default -> throw new IllegalStateException("no sum or product: " + op);
    };
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  private long constant(int value) {
    return function.immediate(function.definingInstruction(value));
  }
}
