package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.Likelihood;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;

/**
 * How likely each edge is taken when its block ends: what the module says about it, else by
 * heuristics of Ball and Larus ("Branch Prediction for Free", PLDI 1993), combined by the rule of
 * Dempster and Shafer as Wu and Larus do ("Static Branch Frequency and Program Profile Analysis",
 * MICRO 1994). The probabilities of the edges of one block sum up to 1.
 */
final class BranchPrediction {
  /** That an edge into code that next to never runs is taken. */
  private static final float COLD = 1 / 1024f;

  /** That a branch between going on in a loop and leaving it goes on. */
  private static final float STAYS_IN_LOOP = 0.9f;

  /** That a branch around a loop enters it. */
  private static final float ENTERS_LOOP = 0.75f;

  /** That two numbers differ. */
  private static final float DIFFERS = 0.66f;

  /** That two floats differ. */
  private static final float FLOAT_DIFFERS = 0.9f;

  /** That a number is not negative, and not zero where only that is asked. */
  private static final float NOT_NEGATIVE = 0.7f;

  /** That a block which returns is avoided. */
  private static final float AVOIDS_RETURN = 0.6f;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final LoopTree loops;
  private final boolean[] cold;

  BranchPrediction(ControlFlow flow, LoopTree loops, boolean[] cold) {
    this.function = flow.function();
    this.flow = flow;
    this.loops = loops;
    this.cold = cold;
  }

  /**
   * Writes the probability of every edge of {@code block} to {@code probability}, indexed by edge.
   */
  void predict(int block, float[] probability) {
    int terminator = function.terminator(block);
    int count = function.edgeCount(terminator);
    if (count == 1) {
      probability[function.edge(terminator, 0)] = 1;
    } else if (count == 2 && function.op(terminator) == SsaOp.BR_IF) {
      float first = branch(block, terminator);
      probability[function.edge(terminator, 0)] = first;
      probability[function.edge(terminator, 1)] = 1 - first;
    } else if (count > 0) {
      table(terminator, count, probability);
    }
  }

  /** Every index is as likely as any other, but for those that lead to cold blocks. */
  private void table(int terminator, int count, float[] probability) {
    float sum = 0;
    for (int n = 0; n < count; n++) {
      sum += isCold(function.edge(terminator, n)) ? COLD : 1;
    }
    for (int n = 0; n < count; n++) {
      int edge = function.edge(terminator, n);
      probability[edge] = (isCold(edge) ? COLD : 1) / sum;
    }
  }

  private boolean isCold(int edge) {
    return cold[function.target(edge)];
  }

  private float branch(int block, int terminator) {
    int first = function.edge(terminator, 0);
    int second = function.edge(terminator, 1);
    if (isCold(first) != isCold(second)) {
      return isCold(first) ? COLD : 1 - COLD;
    }
    Likelihood said = function.likelihood(terminator);
    if (said != Likelihood.UNKNOWN) {
      return said == Likelihood.LIKELY ? 1 - COLD : COLD;
    }
    int firstTarget = function.target(first);
    int secondTarget = function.target(second);
    if (firstTarget == secondTarget) {
      return 0.5f;
    }
    int loop = loops.loop(block);
    boolean firstStays = loop == LoopTree.NONE || loops.contains(loop, firstTarget);
    boolean secondStays = loop == LoopTree.NONE || loops.contains(loop, secondTarget);
    float likely = 0.5f;
    if (firstStays != secondStays) {
      likely = firstStays ? STAYS_IN_LOOP : 1 - STAYS_IN_LOOP;
    } else {
      boolean firstEnters = enters(firstTarget, loop);
      if (firstEnters != enters(secondTarget, loop)) {
        likely = firstEnters ? ENTERS_LOOP : 1 - ENTERS_LOOP;
      }
    }
    boolean firstReturns = returns(firstTarget);
    if (firstReturns != returns(secondTarget)) {
      likely = combine(likely, firstReturns ? 1 - AVOIDS_RETURN : AVOIDS_RETURN);
    }
    return combine(likely, condition(function.operand(terminator, 0)));
  }

  /** Whether {@code block} starts a loop directly inside of {@code loop}, or only leads to it. */
  private boolean enters(int block, int loop) {
    int header = block;
    int terminator = function.terminator(block);
    if (!loops.isHeader(block) && function.edgeCount(terminator) == 1) {
      header = function.target(function.edge(terminator, 0));
    }
    return loops.isHeader(header)
        && loops.loop(header) != loop
        && loops.parent(loops.loop(header)) == loop
        && flow.number(header) >= flow.number(block);
  }

  private boolean returns(int block) {
    return function.op(function.terminator(block)) == SsaOp.RETURN;
  }

  /** Probability that {@code value} is not zero. */
  private float condition(int value) {
    int definer = function.definingInstruction(value);
    if (definer == SsaFunction.NONE) {
      return 0.5f;
    }
    SsaOp op = function.op(definer);
    if (op == SsaOp.ICMP) {
      return comparison(function.intCondition(definer), function.operand(definer, 1));
    }
    if (op == SsaOp.FCMP) {
      FloatCondition condition = function.floatCondition(definer);
      return switch (condition) {
        case EQ -> 1 - FLOAT_DIFFERS;
        case NE -> FLOAT_DIFFERS;
        case LT, GT, LE, GE -> 0.5f;
      };
    }
    return 0.5f;
  }

  private float comparison(IntCondition condition, int right) {
    boolean zero = isConstant(right, 0);
    return switch (condition) {
      case EQ -> 1 - DIFFERS;
      case NE -> DIFFERS;
      case SLT -> zero || isConstant(right, 1) ? 1 - NOT_NEGATIVE : 0.5f;
      case SLE -> zero || isConstant(right, -1) ? 1 - NOT_NEGATIVE : 0.5f;
      case SGT -> zero || isConstant(right, -1) ? NOT_NEGATIVE : 0.5f;
      case SGE -> zero || isConstant(right, 1) ? NOT_NEGATIVE : 0.5f;
      case ULT, UGE, UGT, ULE -> 0.5f;
    };
  }

  private boolean isConstant(int value, long constant) {
    int definer = function.definingInstruction(value);
    return definer != SsaFunction.NONE
        && function.op(definer) == SsaOp.ICONST
        && function.immediate(definer) == constant;
  }

  /** Two independent pieces of evidence for one outcome. */
  private static float combine(float a, float b) {
    float both = a * b;
    return both / (both + (1 - a) * (1 - b));
  }
}
