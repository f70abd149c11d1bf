package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.Likelihood;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;

/**
 * Turns branches around next to nothing into selections: where both ways meet again at once, what
 * little they compute is computed always, and the values that differ are selected. A branch that
 * goes either way as it pleases costs twenty cycles every other time. A selection costs one, but
 * what follows has to wait for the condition, which a predicted branch spares it.
 *
 * <p>So branches stay that the module says are likely or not, those around cold code, and
 * comparisons for equality, which seldom hold; tests of a single bit may be anything. So does what
 * keeps a running minimum or maximum.
 *
 * <p>Integers are selected by any condition, floats by a comparison of floats of their type, which
 * is a minimum, a maximum or a mask with the same bits in all cases, NaN and zeros included. By
 * other conditions floats and vectors would be selected by a branch again.
 */
public final class IfConversion {
  private static final int NONE = SsaFunction.NONE;

  /** Operations of both ways together, without constants, and values that differ. */
  private static final int MOST_OPERATIONS = 2;

  private static final int MOST_SELECTIONS = 2;

  private final SsaFunction function;
  private final ControlFlow flow;
  private int operations;
  // The edges at the ends of the two ways of the block looked at last.
  private int first;
  private int second;

  IfConversion(SsaFunction function) {
    this.function = function;
    this.flow = ControlFlow.of(function);
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    IfConversion pass = new IfConversion(function);
    for (int k = 0; k < pass.flow.size(); k++) {
      pass.visit(pass.flow.block(k));
    }
    RemoveUnreachableBlocks.run(function);
  }

  private void visit(int block) {
    if (isConvertible(block)) {
      convert(block, function.terminator(block), first, second);
    }
  }

  /** Whether the pass will turn the branch of {@code block} into selections. */
  boolean isConvertible(int block) {
    int branch = function.terminator(block);
    if (function.op(branch) != SsaOp.BR_IF
        || function.likelihood(branch) != Likelihood.UNKNOWN
        || function.isCold(block)
        || isEquality(function.operand(branch, 0))) {
      return false;
    }
    operations = 0;
    first = lastEdge(function.edge(branch, 0));
    second = lastEdge(function.edge(branch, 1));
    return first != NONE
        && second != NONE
        && first != second
        && function.target(first) == function.target(second)
        && function.target(first) != block
        && operations <= MOST_OPERATIONS
        && isWorthwhile(function.operand(branch, 0));
  }

  private boolean isEquality(int condition) {
    SsaOp op = function.definingOp(condition, SsaOp.TRAP);
    int compare = function.definingInstruction(condition);
    if (op == SsaOp.FCMP) {
      FloatCondition asked = function.floatCondition(compare);
      return asked == FloatCondition.EQ || asked == FloatCondition.NE;
    }
    if (op != SsaOp.ICMP) {
      return false;
    }
    IntCondition how = function.intCondition(compare);
    return (how == IntCondition.EQ || how == IntCondition.NE)
        && !isBit(function.operand(compare, 0))
        && !isBit(function.operand(compare, 1));
  }

  private boolean isBit(int value) {
    if (function.definingOp(value, SsaOp.TRAP) != SsaOp.IAND) {
      return false;
    }
    int mask = function.operand(function.definingInstruction(value), 1);
    return function.definingOp(mask, SsaOp.TRAP) == SsaOp.ICONST
        && Long.bitCount(function.immediate(function.definingInstruction(mask))) == 1;
  }

  /** The edge at the end of one way: the given one, or that of the block it leads to; or NONE. */
  private int lastEdge(int edge) {
    int block = function.target(edge);
    int terminator = function.terminator(block);
    if (flow.incomingCount(block) != 1 || function.op(terminator) != SsaOp.BR) {
      return edge;
    }
    if (function.isCold(block) || function.parameterCount(block) > 0) {
      return NONE;
    }
    for (int i = function.firstInstruction(block); i != terminator; i = function.next(i)) {
      if (!mayHoist(i)) {
        return NONE;
      }
      operations += isConstant(function.op(i)) ? 0 : 1;
      if (operations > MOST_OPERATIONS) {
        return NONE;
      }
    }
    return function.edge(terminator, 0);
  }

  private boolean mayHoist(int i) {
    SsaOp op = function.op(i);
    return op.isPure()
        && !op.mayTrap()
        && op.costCycles() <= 1
        && function.resultCount(i) == 1
        && (isConstant(op) || function.valueType(function.result(i)).isInteger() || isSign(op));
  }

  private static boolean isConstant(SsaOp op) {
    return op == SsaOp.ICONST || op == SsaOp.FCONST;
  }

  private static boolean isSign(SsaOp op) {
    return op == SsaOp.FNEG || op == SsaOp.FABS;
  }

  private boolean isWorthwhile(int condition) {
    int selections = 0;
    for (int k = 0; k < function.argumentCount(first); k++) {
      int ifTrue = function.argument(first, k);
      int ifFalse = function.argument(second, k);
      if (ifTrue != ifFalse) {
        selections++;
        if (!isSelectable(condition, function.valueType(ifTrue))
            || isRunning(condition, ifTrue)
            || isRunning(condition, ifFalse)) {
          return false;
        }
      }
    }
    return selections > 0 && selections <= MOST_SELECTIONS;
  }

  /**
   * Whether a value that goes around a loop stays as it is or not by a comparison with itself: a
   * running minimum or maximum, which changes the less the longer it runs.
   */
  private boolean isRunning(int condition, int value) {
    SsaOp op = function.definingOp(condition, SsaOp.TRAP);
    if (!function.isParameter(value) || op != SsaOp.ICMP && op != SsaOp.FCMP) {
      return false;
    }
    int compare = function.definingInstruction(condition);
    return (function.operand(compare, 0) == value || function.operand(compare, 1) == value)
        && isHeader(function.definingBlock(value));
  }

  /** Whether control comes back to {@code block}: arriving edges are ordered by their source. */
  private boolean isHeader(int block) {
    int count = flow.incomingCount(block);
    return count > 0
        && flow.number(function.sourceBlock(flow.incoming(block, count - 1))) >= flow.number(block);
  }

  /** Whether a value of this type can be selected without a branch. */
  private boolean isSelectable(int condition, SsaType type) {
    return type.isInteger()
        || type.isFloat()
            && function.definingOp(condition, SsaOp.TRAP) == SsaOp.FCMP
            && function.controllingType(function.definingInstruction(condition)) == type;
  }

  private void convert(int block, int branch, int first, int second) {
    int join = function.target(first);
    int condition = function.operand(branch, 0);
    hoist(first, block, branch);
    hoist(second, block, branch);
    int[] arguments = new int[function.argumentCount(first)];
    for (int k = 0; k < arguments.length; k++) {
      int ifTrue = function.argument(first, k);
      int ifFalse = function.argument(second, k);
      arguments[k] = ifTrue == ifFalse ? ifTrue : select(branch, condition, ifTrue, ifFalse);
    }
    function.keepOnlyEdge(branch, 0);
    int edge = function.edge(branch, 0);
    function.setTarget(edge, join);
    function.clearArguments(edge);
    for (int argument : arguments) {
      function.addArgument(edge, argument);
    }
  }

  private void hoist(int lastEdge, int block, int branch) {
    int from = function.sourceBlock(lastEdge);
    if (from == block) {
      return;
    }
    int i = function.firstInstruction(from);
    while (i != function.terminator(from)) {
      int next = function.next(i);
      function.remove(i);
      function.insertBefore(i, branch);
      i = next;
    }
  }

  private int select(int place, int condition, int ifTrue, int ifFalse) {
    SsaType type = function.valueType(ifTrue);
    int select =
        function.newInstruction(SsaOp.SELECT, type, new int[] {condition, ifTrue, ifFalse}, 3);
    function.setWasmOffset(select, function.wasmOffset(place));
    function.addResults(select);
    function.insertBefore(select, place);
    return function.result(select);
  }
}
