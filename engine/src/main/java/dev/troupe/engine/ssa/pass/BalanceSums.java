package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;

/**
 * Reassociates integer sums in loops so that what comes late is added last. In a round of SHA-256,
 * {@code ((h + f(e)) + g(e)) + k[i] + w[i]} makes the next round wait for four additions behind
 * {@code f(e)}; {@code ((k[i] + w[i]) + h) + g(e) + f(e)} for one.
 *
 * <p>When a value is ready is estimated in cycles from the beginning of an iteration. What comes
 * from outside the loop or depends on nothing but counters is ready at once, addresses and loads
 * included: the processor runs ahead of the slow values there. The terms of a sum are combined like
 * the symbols of a Huffman code, the two that are ready first before the others, which gives the
 * least time for the whole (M. C. Golumbic, "Combinatorial Merging", 1976).
 */
public final class BalanceSums {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_TERMS = 16;

  /** How far to look for the use of a value; farther away it is taken for another's. */
  private static final int MOST_STEPS = 100;

  private final SsaFunction function;
  private final LoopTree loops;
  private final UseCounts uses;
  private final Inserter inserter;

  /** By value: cycles from the beginning of an iteration of its innermost loop. */
  private final int[] ready;

  private final int[] terms = new int[MOST_TERMS];
  private final int[] times = new int[MOST_TERMS];
  private int count;

  private BalanceSums(SsaFunction function, LoopTree loops) {
    this.function = function;
    this.loops = loops;
    this.uses = UseCounts.of(function);
    this.inserter = new Inserter(function, function::result);
    this.ready = new int[function.valueCount()];
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    LoopTree loops = LoopTree.of(flow, DominatorTree.of(flow));
    if (loops.size() == 0) {
      return;
    }
    BalanceSums pass = new BalanceSums(function, loops);
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      if (loops.loop(block) != LoopTree.NONE) {
        pass.visit(block, flow);
      }
    }
  }

  private void visit(int block, ControlFlow flow) {
    for (int p = 0; p < function.parameterCount(block); p++) {
      ready[function.parameter(block, p)] = isCounter(block, p, flow) ? 0 : 1;
    }
    int i = function.firstInstruction(block);
    while (i != NONE) {
      int next = function.next(i);
      if (function.resultCount(i) > 0) {
        int time = time(i, block);
        if (isAssociative(function.op(i)) && time > 0 && isRoot(i)) {
          time = balance(i, block, time);
        }
        for (int r = 0; r < function.resultCount(i); r++) {
          ready[function.result(i) + r] = time;
        }
      }
      i = next;
    }
  }

  /** Whether all edges back carry the parameter of a header plus a constant. */
  private boolean isCounter(int block, int position, ControlFlow flow) {
    if (!loops.isHeader(block)) {
      return false;
    }
    int parameter = function.parameter(block, position);
    for (int e = 0; e < flow.incomingCount(block); e++) {
      int edge = flow.incoming(block, e);
      int next = function.argument(edge, position);
      int step = function.definingInstruction(next);
      boolean counts =
          !loops.contains(loops.loop(block), function.sourceBlock(edge))
              || step != NONE
                  && function.op(step) == SsaOp.IADD
                  && function.operand(step, 0) == parameter
                  && isConstant(function.operand(step, 1));
      if (!counts) {
        return false;
      }
    }
    return true;
  }

  private int time(int instruction, int block) {
    int latest = 0;
    for (int k = 0; k < function.operandCount(instruction); k++) {
      latest = Math.max(latest, readyIn(function.operand(instruction, k), block));
    }
    return latest == 0 ? 0 : latest + function.op(instruction).costCycles();
  }

  /** When {@code value} is ready for {@code block}; at once if it comes from another loop. */
  private int readyIn(int value, int block) {
    boolean isNew = value >= ready.length;
    boolean isHere = !isNew && loops.loop(function.definingBlock(value)) == loops.loop(block);
    return isHere ? ready[value] : 0;
  }

  private static boolean isAssociative(SsaOp op) {
    return switch (op) {
      case IADD, IAND, IOR, IXOR -> true;
      default -> false;
    };
  }

  /** Whether the result is not itself a term of a longer sum. */
  private boolean isRoot(int instruction) {
    int result = function.result(instruction);
    int user = uses.of(result) == 1 ? function.next(instruction) : NONE;
    for (int steps = 0; user != NONE && steps < MOST_STEPS; steps++) {
      for (int k = 0; k < function.operandCount(user); k++) {
        if (function.operand(user, k) == result) {
          return function.op(user) != function.op(instruction);
        }
      }
      user = function.next(user);
    }
    return true;
  }

  /** Builds the sum anew if that makes it ready before {@code time}; says when it is ready. */
  private int balance(int root, int block, int time) {
    count = 0;
    if (!collect(root, function.op(root), block) || count < 3) {
      return time;
    }
    int best = merge(false, root);
    if (best < time) {
      count = 0;
      collect(root, function.op(root), block);
      merge(true, root);
      return best;
    }
    return time;
  }

  /** Collects the terms; false if there are too many, or constants, which have places of theirs. */
  private boolean collect(int node, SsaOp op, int block) {
    for (int k = 0; k < 2; k++) {
      int operand = function.operand(node, k);
      int inner = function.definingInstruction(operand);
      boolean isLink =
          inner != NONE
              && function.op(inner) == op
              && uses.of(operand) == 1
              && operand < ready.length
              && function.definingBlock(operand) == block;
      if (isLink) {
        if (!collect(inner, op, block)) {
          return false;
        }
      } else {
        if (isConstant(operand) || count == MOST_TERMS) {
          return false;
        }
        terms[count] = operand;
        times[count++] = readyIn(operand, block);
      }
    }
    return true;
  }

  /**
   * Combines the two terms that are ready first until two are left, which {@code root} combines.
   * Only computes when that is, unless {@code build} is set.
   */
  private int merge(boolean build, int root) {
    SsaOp op = function.op(root);
    SsaType type = function.controllingType(root);
    inserter.at(root);
    while (count > 2) {
      sortFirstTwo();
      if (build) {
        terms[0] = inserter.binary(op, type, terms[0], terms[1]);
      }
      times[0] = after(times[0], times[1]);
      count--;
      terms[1] = terms[count];
      times[1] = times[count];
    }
    if (build) {
      function.setOperand(root, 0, terms[0]);
      function.setOperand(root, 1, terms[1]);
    }
    return after(times[0], times[1]);
  }

  private static int after(int a, int b) {
    int latest = Math.max(a, b);
    return latest == 0 ? 0 : latest + 1;
  }

  /** Brings the two terms that are ready first to the front, earlier ones before equal ones. */
  private void sortFirstTwo() {
    for (int k = 0; k < 2; k++) {
      int first = k;
      for (int n = k + 1; n < count; n++) {
        first = times[n] < times[first] ? n : first;
      }
      int term = terms[first];
      int time = times[first];
      terms[first] = terms[k];
      times[first] = times[k];
      terms[k] = term;
      times[k] = time;
    }
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }
}
