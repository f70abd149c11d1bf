package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;

/**
 * Reassociates integer sums (and products, conjunctions, ...) that a loop carries from one
 * iteration to the next: in {@code s' = ((s + a) + b) + c} every iteration waits for three
 * additions of the one before, in {@code s' = ((a + b) + c) + s} for one. Unrolled loops that add
 * up an array look like this.
 */
public final class ShortenRecurrences {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_TERMS = 32;

  // How far to look for what a term is computed from.
  private static final int MOST_DEPTH = 8;
  private static final int MOST_STEPS = 256;

  private final SsaFunction function;
  private final int[] uses;
  private final IntList chain = new IntList(MOST_TERMS);
  private final int[] scratch = new int[2];
  private int steps;

  private ShortenRecurrences(SsaFunction function) {
    this.function = function;
    this.uses = LaneTree.countUses(function);
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    LoopTree loops = LoopTree.of(flow, dominators);
    if (loops.size() == 0) {
      return;
    }
    ShortenRecurrences pass = new ShortenRecurrences(function);
    for (int loop = 0; loop < loops.size(); loop++) {
      int header = loops.header(loop);
      for (int e = 0; e < flow.incomingCount(header); e++) {
        int edge = flow.incoming(header, e);
        if (dominators.dominates(header, function.sourceBlock(edge))) {
          for (int p = 0; p < function.parameterCount(header); p++) {
            pass.shorten(function.parameter(header, p), function.argument(edge, p));
          }
        }
      }
    }
  }

  private static boolean isAssociative(SsaOp op) {
    return switch (op) {
      case IADD, IMUL, IAND, IOR, IXOR -> true;
      default -> false;
    };
  }

  private void shorten(int parameter, int next) {
    int top = function.definingInstruction(next);
    if (top == NONE || !isAssociative(function.op(top))) {
      return;
    }
    chain.clear();
    chain.add(top);
    if (!reaches(parameter, function.op(top)) || chain.size() < 2 || !isIndependent(parameter)) {
      return;
    }
    // What is added first stands in for the sum with the parameter, which comes last now.
    int first = chain.get(chain.size() - 1);
    int sum = other(first, parameter);
    int previous = function.result(first);
    for (int k = chain.size() - 2; k > 0; k--) {
      int node = chain.get(k);
      function.setOperand(node, function.operand(node, 0) == previous ? 0 : 1, sum);
      sum = function.result(node);
      previous = sum;
    }
    scratch[0] = sum;
    scratch[1] = other(top, previous);
    int total =
        function.newInstruction(function.op(top), function.controllingType(top), scratch, 2);
    function.setWasmOffset(total, function.wasmOffset(top));
    function.addResults(total);
    function.insertBefore(total, top);
    function.setOperand(top, 0, function.result(total));
    function.setOperand(top, 1, parameter);
    function.remove(first);
  }

  /**
   * Follows operands of the same operation that have no other use, down to one that takes the
   * parameter. Constants are left where addresses and increments have them.
   */
  private boolean reaches(int parameter, SsaOp op) {
    while (chain.size() <= MOST_TERMS) {
      int node = chain.get(chain.size() - 1);
      int a = function.operand(node, 0);
      int b = function.operand(node, 1);
      if (isConstant(a) || isConstant(b) || a == b) {
        return false;
      }
      if (a == parameter || b == parameter) {
        return true;
      }
      int inner = link(a, op) != NONE ? link(a, op) : link(b, op);
      if (inner == NONE || link(a, op) != NONE && link(b, op) != NONE) {
        return false;
      }
      chain.add(inner);
    }
    return false;
  }

  /**
   * Whether no term is computed from the parameter: it would come late, and its sum later still.
   */
  private boolean isIndependent(int parameter) {
    int carried = parameter;
    steps = 0;
    for (int k = chain.size() - 1; k >= 0; k--) {
      int node = chain.get(k);
      int term = other(node, carried);
      if (dependsOn(term, parameter, 0)) {
        return false;
      }
      carried = function.result(node);
    }
    return true;
  }

  private boolean dependsOn(int value, int parameter, int depth) {
    if (value == parameter) {
      return true;
    }
    int definer = function.definingInstruction(value);
    if (definer == NONE) {
      return false;
    }
    if (depth == MOST_DEPTH || ++steps == MOST_STEPS) {
      return true;
    }
    for (int k = 0; k < function.operandCount(definer); k++) {
      if (dependsOn(function.operand(definer, k), parameter, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  /** The instruction behind {@code value} if it may be part of a chain. */
  private int link(int value, SsaOp op) {
    int definer = function.definingInstruction(value);
    boolean fits =
        definer != NONE && function.op(definer) == op && value < uses.length && uses[value] == 1;
    return fits ? definer : NONE;
  }

  private int other(int node, int operand) {
    return function.operand(node, function.operand(node, 0) == operand ? 1 : 0);
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }
}
