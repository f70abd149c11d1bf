package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.InductionVariables;
import dev.troupe.engine.ssa.analysis.LoopTree;

/**
 * Linear-function test replacement: a counter that is only counted and compared goes, if another
 * variable of the loop can be compared in its place (Cooper, Simpson and Vick, "Operator Strength
 * Reduction", TOPLAS 23(5), 2001).
 *
 * <p>Where the counter is {@code p} and the other one {@code q = k p + c}, {@code q} reaches {@code
 * k n + c} whenever {@code p} reaches {@code n}; it must not be there at another time, for
 * arithmetic wraps around. That is so if {@code k} is odd, if the ranges of {@code p} and {@code n}
 * leave the bits that {@code k} shifts out, or if it is known how often the loop goes round.
 *
 * <p>A counter that is compared with zero stays: its step sets the flags that the branch takes.
 */
public final class LinearTests {
  private static final int NONE = SsaFunction.NONE;

  /** Edges to a header, its parameters, and instructions up to a comparison that are looked at. */
  private static final int MOST_STEPS = 64;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final InductionVariables variables;
  private final UseCounts uses;
  private final LinearVariables maker;
  private boolean isChanged;

  // Of the comparison being looked at.
  private int loop;
  private int counter;
  private int tested;
  private int bound;

  private LinearTests(SsaFunction function, ControlFlow flow, LoopTree loops) {
    this.function = function;
    this.flow = flow;
    this.dominators = DominatorTree.of(flow);
    this.loops = loops;
    this.variables = InductionVariables.of(flow, dominators, loops);
    this.uses = UseCounts.of(function);
    this.maker = new LinearVariables(function, flow, loops, variables);
  }

  /** Runs the pass. All blocks of the layout are reachable, and nothing is unused. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    LoopTree loops = LoopTree.of(flow, DominatorTree.of(flow));
    if (loops.size() == 0) {
      return;
    }
    LinearTests pass = new LinearTests(function, flow, loops);
    for (int k = 0; k < flow.size(); k++) {
      pass.visit(flow.block(k));
    }
    if (pass.isChanged) {
      DeadCode.run(function);
    }
  }

  private void visit(int block) {
    loop = loops.loop(block);
    int branch = function.terminator(block);
    if (loop == LoopTree.NONE
        || function.op(branch) != SsaOp.BR_IF
        || loops.header(loop) == function.entry()
        || function.definingOp(function.operand(branch, 0), SsaOp.TRAP) != SsaOp.ICMP) {
      return;
    }
    int compare = function.definingInstruction(function.operand(branch, 0));
    if (function.block(compare) == block
        && uses.of(function.result(compare)) == 1
        && (finds(compare, 0) || finds(compare, 1))) {
      replace(compare, branch);
    }
  }

  /** Whether one side is a variable that nothing else needs, and the other stays the same. */
  private boolean finds(int compare, int side) {
    tested = function.operand(compare, side);
    bound = function.operand(compare, 1 - side);
    counter = counterOf(tested);
    return counter != NONE
        && variables.hasConstantStep(counter)
        && variables.constantStep(counter) != 0
        && (isConstant(bound) || !loops.contains(loop, function.definingBlock(bound)))
        && !(isConstant(bound) && constant(bound) == 0)
        && isOnlyCounted();
  }

  /** The basic variable of the loop that {@code value} is, or becomes; or NONE. */
  private int counterOf(int value) {
    int sum = function.definingInstruction(value);
    int basic = sum == NONE || function.operandCount(sum) == 0 ? value : function.operand(sum, 0);
    boolean fits =
        variables.isBasic(basic)
            && function.definingBlock(basic) == loops.header(loop)
            && (basic == value || variables.next(basic) == value);
    return fits ? basic : NONE;
  }

  private boolean isOnlyCounted() {
    int backEdges = 0;
    int header = loops.header(loop);
    if (flow.incomingCount(header) > MOST_STEPS) {
      return false;
    }
    for (int e = 0; e < flow.incomingCount(header); e++) {
      backEdges +=
          dominators.dominates(header, function.sourceBlock(flow.incoming(header, e))) ? 1 : 0;
    }
    int next = variables.next(counter);
    return uses.of(counter) == (tested == counter ? 2 : 1)
        && uses.of(next) == backEdges + (tested == next ? 1 : 0);
  }

  private void replace(int compare, int branch) {
    int header = loops.header(loop);
    // Before anything changes: what they say stays true.
    variables.ranges();
    int count = Math.min(MOST_STEPS, function.parameterCount(header));
    for (int p = 0; p < count; p++) {
      int other = function.parameter(header, p);
      if (other != counter
          && variables.isBasic(other)
          && variables.hasConstantStep(other)
          && function.valueType(other) == function.valueType(counter)
          && isThere(other, compare)
          && replace(compare, branch, other)) {
        isChanged = true;
        return;
      }
    }
  }

  /** Whether what takes the place of the tested value is computed before the comparison. */
  private boolean isThere(int other, int compare) {
    if (tested == counter) {
      return true;
    }
    int sum = function.definingInstruction(variables.next(other));
    int block = function.block(sum);
    if (block != function.block(compare)) {
      return dominators.dominates(block, function.block(compare));
    }
    int i = sum;
    for (int steps = 0; steps < MOST_STEPS && i != NONE && i != compare; steps++) {
      i = function.next(i);
    }
    return i == compare;
  }

  private boolean replace(int compare, int branch, int other) {
    long step = variables.constantStep(counter);
    long otherStep = variables.constantStep(other);
    SsaType type = function.valueType(counter);
    IntCondition condition = function.intCondition(compare);
    boolean isEquality = condition == IntCondition.EQ || condition == IntCondition.NE;
    int bits = type.bits();
    int end;
    if (isEquality && otherStep % step == 0 && isOneToOne(otherStep / step, bits)) {
      maker.enter(loop);
      int factor = maker.number(type, otherStep / step);
      int way = maker.compute(SsaOp.ISUB, type, maker.first(bound), maker.first(counter));
      int distance = maker.compute(SsaOp.IMUL, type, way, factor);
      end = maker.compute(SsaOp.IADD, type, maker.first(other), distance);
    } else {
      long rounds = loops.header(loop) == function.block(compare) ? variables.repeats(loop) : -1;
      if (rounds < 0 || rounds >= 1L << Math.min(40, bits - zeros(otherStep)) || otherStep == 0) {
        return false;
      }
      boolean staysIfTrue = loops.contains(loop, function.target(function.edge(branch, 0)));
      condition = staysIfTrue ? IntCondition.NE : IntCondition.EQ;
      maker.enter(loop);
      int way = maker.number(type, otherStep * (tested == counter ? rounds : rounds + 1));
      end = maker.compute(SsaOp.IADD, type, maker.first(other), way);
    }
    int now = tested == counter ? other : variables.next(other);
    function.replaceWith(compare, SsaOp.ICMP, type, now, end);
    function.setDetail(compare, condition.ordinal());
    return true;
  }

  /** Whether {@code factor} times a distance between counter and bound is zero for none but 0. */
  private boolean isOneToOne(long factor, int bits) {
    int lost = zeros(factor);
    if (lost == 0) {
      return true;
    }
    long most = variables.ranges().max(tested);
    long furthest = variables.ranges().max(bound);
    return most >= 0
        && furthest >= 0
        && lost < bits
        && Math.max(most, furthest) >>> bits - lost == 0;
  }

  private static int zeros(long number) {
    return Long.numberOfTrailingZeros(number);
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  private long constant(int value) {
    return function.immediate(function.definingInstruction(value));
  }
}
