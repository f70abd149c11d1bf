package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/**
 * Bounds of induction variables: parameters of a loop header that grow by the same constant each
 * time round. A test of one of them that every iteration makes, and whose failure leaves the loop,
 * bounds the number of iterations, and that bounds all of them.
 */
final class InductionBounds {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_TESTS = 16;
  private static final long UNKNOWN = Long.MAX_VALUE;
  private static final long I32_MOST = 0xFFFF_FFFFL;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final UnsignedRanges ranges;

  // How much more often a loop is taken to go round than its test says.
  private final int moreRepeats;

  // Of the induction variable being looked at: its first values, and those of the bound.
  private long startLow;
  private long startHigh;
  private long boundLow;
  private long boundHigh;
  // Whether the number of iterations found last is not only a bound.
  private boolean isExact;

  InductionBounds(
      ControlFlow flow,
      DominatorTree dominators,
      LoopTree loops,
      UnsignedRanges ranges,
      int moreRepeats) {
    this.moreRepeats = moreRepeats;
    this.flow = flow;
    this.function = flow.function();
    this.dominators = dominators;
    this.loops = loops;
    this.ranges = ranges;
  }

  /** Sets the ranges of the parameters of a header; all blocks before it have theirs. */
  void bound(int loop) {
    int header = loops.header(loop);
    int latch = latch(header);
    if (latch == NONE) {
      return;
    }
    isExact = false;
    long repeats = repeats(loop, header, latch);
    if (isExact && latch == header) {
      ranges.setRepeats(loop, repeats);
    }
    for (int p = 0; p < function.parameterCount(header); p++) {
      int parameter = function.parameter(header, p);
      if (!function.valueType(parameter).isInteger() || !start(header, p)) {
        continue;
      }
      long step = step(header, p);
      if (step == 0 || !advance(parameter, repeats, step)) {
        joinBackEdges(header, p);
      }
    }
  }

  /** The block that all edges back to the header come through last, or NONE. */
  private int latch(int header) {
    int latch = NONE;
    for (int e = 0; e < flow.incomingCount(header); e++) {
      int source = function.sourceBlock(flow.incoming(header, e));
      if (dominators.dominates(header, source)) {
        latch = latch == NONE ? source : latch;
        while (!dominators.dominates(latch, source)) {
          latch = dominators.parent(latch);
        }
      } else if (flow.number(source) >= flow.number(header)) {
        return NONE;
      }
    }
    return latch;
  }

  private boolean isBack(int header, int edge) {
    return dominators.dominates(header, function.sourceBlock(edge));
  }

  /** Takes together the arguments of the edges that enter the loop; says whether they are known. */
  private boolean start(int header, int position) {
    startLow = Long.MAX_VALUE;
    startHigh = -1;
    for (int e = 0; e < flow.incomingCount(header); e++) {
      int edge = flow.incoming(header, e);
      if (!isBack(header, edge)) {
        int argument = function.argument(edge, position);
        if (!ranges.isBounded(argument)) {
          return false;
        }
        startLow = Math.min(startLow, ranges.min(argument));
        startHigh = Math.max(startHigh, ranges.max(argument));
      }
    }
    return startHigh >= 0;
  }

  /** By how much the parameter grows on every edge back, or 0 if that is not one constant. */
  private long step(int header, int position) {
    int parameter = function.parameter(header, position);
    long step = 0;
    for (int e = 0; e < flow.incomingCount(header); e++) {
      int edge = flow.incoming(header, e);
      if (isBack(header, edge)) {
        long each = distance(function.argument(edge, position), parameter);
        if (each == 0 || step != 0 && each != step || Math.abs(each) > Integer.MAX_VALUE) {
          return 0;
        }
        step = each;
      }
    }
    return step;
  }

  /** The constant c in {@code value = from + c}, or 0 if it has no such form. */
  private long distance(int value, int from) {
    int sum = function.definingInstruction(value);
    return sum != NONE
            && function.op(sum) == SsaOp.IADD
            && function.operand(sum, 0) == from
            && isConstant(function.operand(sum, 1))
        ? function.immediate(function.definingInstruction(function.operand(sum, 1)))
        : 0;
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  /** Range of a parameter that grows by {@code step} at most {@code repeats} times, if known. */
  private boolean advance(int parameter, long repeats, long step) {
    long ceiling = function.valueType(parameter) == SsaType.I32 ? I32_MOST : UnsignedRanges.MOST;
    long limit = ceiling / Math.abs(step) - moreRepeats;
    if (repeats > limit) {
      return false;
    }
    long way = (repeats + moreRepeats) * step;
    long least = startLow + Math.min(0, way);
    long most = startHigh + Math.max(0, way);
    if (least < 0 || most > ceiling) {
      return false;
    }
    ranges.set(parameter, least, most);
    return true;
  }

  /** The first values, and what the conditions for going round again leave of the others. */
  private void joinBackEdges(int header, int position) {
    int parameter = function.parameter(header, position);
    long least = startLow;
    long most = startHigh;
    for (int e = 0; e < flow.incomingCount(header); e++) {
      int edge = flow.incoming(header, e);
      if (isBack(header, edge)) {
        int argument = function.argument(edge, position);
        if (argument == parameter) {
          continue;
        }
        ranges.anticipate(argument);
        int start = ranges.follow(edge, header);
        boolean isBounded = ranges.isBounded(argument);
        least = Math.min(least, ranges.min(argument));
        most = Math.max(most, ranges.max(argument));
        ranges.forget(start);
        if (!isBounded) {
          return;
        }
      }
    }
    ranges.set(parameter, least, most);
  }

  // ---- number of iterations

  /** A bound for how often an edge back to the header is taken, or UNKNOWN. */
  private long repeats(int loop, int header, int latch) {
    long repeats = UNKNOWN;
    int block = latch;
    for (int tests = 0; tests < MOST_TESTS; tests++) {
      int terminator = function.terminator(block);
      if (function.op(terminator) == SsaOp.BR_IF) {
        boolean staysIfTrue = staysIn(loop, terminator, 0);
        if (staysIfTrue != staysIn(loop, terminator, 1)) {
          repeats =
              Math.min(repeats, repeats(header, function.operand(terminator, 0), staysIfTrue));
        }
      }
      if (block == header) {
        break;
      }
      block = dominators.parent(block);
    }
    return repeats;
  }

  private boolean staysIn(int loop, int terminator, int position) {
    return loops.contains(loop, function.target(function.edge(terminator, position)));
  }

  private long repeats(int header, int condition, boolean staysIfTrue) {
    int compare = function.definingInstruction(condition);
    if (compare != NONE && function.op(compare) == SsaOp.ICMP) {
      IntCondition stays = function.intCondition(compare);
      stays = staysIfTrue ? stays : stays.inverse();
      int left = function.operand(compare, 0);
      int right = function.operand(compare, 1);
      SsaType type = function.controllingType(compare);
      return Math.min(
          repeats(header, left, stays, right, type),
          repeats(header, right, stays.swapped(), left, type));
    }
    IntCondition stays = staysIfTrue ? IntCondition.NE : IntCondition.EQ;
    return repeats(header, condition, stays, NONE, SsaType.I32);
  }

  /** Where the loop goes on while {@code tested stays bound}; NONE as bound is zero. */
  private long repeats(int header, int tested, IntCondition stays, int bound, SsaType type) {
    int variable = variable(header, tested);
    if (variable == NONE || bound != NONE && !isOutside(header, bound)) {
      return UNKNOWN;
    }
    if (bound != NONE && isConstant(bound)) {
      ranges.anticipate(bound);
    }
    int position = function.definingPosition(variable);
    long step = step(header, position);
    long ahead = tested == variable ? 0 : distance(tested, variable);
    if (step == 0
        || Math.abs(ahead) > Integer.MAX_VALUE
        || !start(header, position)
        || bound != NONE && !ranges.isBounded(bound)) {
      return UNKNOWN;
    }
    boundLow = bound == NONE ? 0 : ranges.min(bound);
    boundHigh = bound == NONE ? 0 : ranges.max(bound);
    long repeats =
        switch (stays) {
          case NE -> untilEqual(step, ahead, type);
          case SLT, SLE, SGT, SGE ->
              toSigned(type) ? ordered(stays, step, ahead, type, true) : UNKNOWN;
          case ULT, ULE, UGT, UGE -> ordered(stays, step, ahead, type, false);
          case EQ -> UNKNOWN;
        };
    isExact |= repeats != UNKNOWN && startLow == startHigh && boundLow == boundHigh;
    return repeats;
  }

  /** The parameter of the header that {@code value} is, or is a constant away from; or NONE. */
  private int variable(int header, int value) {
    int base = value;
    int sum = function.definingInstruction(value);
    if (sum != NONE && function.op(sum) == SsaOp.IADD && isConstant(function.operand(sum, 1))) {
      base = function.operand(sum, 0);
    }
    return function.isParameter(base) && function.definingBlock(base) == header ? base : NONE;
  }

  /**
   * Whether {@code value} is the same in all iterations; no if its definition has just been removed
   * and the name of its replacement is not known here.
   */
  private boolean isOutside(int header, int value) {
    int block = function.definingBlock(value);
    return isConstant(value)
        || block != NONE && block != header && dominators.dominates(block, header);
  }

  /** Reads the two ranges as signed numbers; says whether neither straddles the sign. */
  private boolean toSigned(SsaType type) {
    if (type == SsaType.I64) {
      return true;
    }
    if (startLow <= Integer.MAX_VALUE && startHigh > Integer.MAX_VALUE) {
      return false;
    }
    startLow = signed(startLow);
    startHigh = signed(startHigh);
    if (boundLow <= Integer.MAX_VALUE && boundHigh > Integer.MAX_VALUE) {
      boundLow = Integer.MIN_VALUE;
      boundHigh = Integer.MAX_VALUE;
    } else {
      boundLow = signed(boundLow);
      boundHigh = signed(boundHigh);
    }
    return true;
  }

  private static long signed(long unsigned) {
    return (int) unsigned;
  }

  /** Tests by order: they fail at the latest when the last possible bound is reached. */
  private long ordered(IntCondition stays, long step, long ahead, SsaType type, boolean isSigned) {
    boolean up =
        switch (stays) {
          case SLT, SLE, ULT, ULE -> true;
          case SGT, SGE, UGT, UGE, EQ, NE -> false;
        };
    if (up != step > 0) {
      return UNKNOWN;
    }
    boolean inclusive =
        switch (stays) {
          case SLE, SGE, ULE, UGE -> true;
          case SLT, SGT, ULT, UGT, EQ, NE -> false;
        };
    long way = up ? boundHigh - (startLow + ahead) : startHigh + ahead - boundLow;
    long size = Math.abs(step);
    long repeats = Math.max(0, Math.ceilDiv(inclusive ? way + 1 : way, size));
    // No tested value may wrap around.
    long floor = !isSigned ? 0 : type == SsaType.I32 ? Integer.MIN_VALUE : -UnsignedRanges.MOST;
    long ceiling =
        type == SsaType.I64 ? UnsignedRanges.MOST : isSigned ? Integer.MAX_VALUE : I32_MOST;
    if (repeats > (ceiling - floor) / size) {
      return UNKNOWN;
    }
    long last = repeats * step;
    boolean fits =
        startLow + ahead + Math.min(0, last) >= floor
            && startHigh + ahead + Math.max(0, last) <= ceiling;
    return fits ? repeats : UNKNOWN;
  }

  /** Tests for inequality: they fail when the bound is hit. */
  private long untilEqual(long step, long ahead, SsaType type) {
    long mask = type == SsaType.I32 ? I32_MOST : -1;
    if (startLow == startHigh && boundLow == boundHigh) {
      long way = step > 0 ? boundLow - startLow - ahead : startLow + ahead - boundLow;
      way &= mask;
      return way >= 0 && way % Math.abs(step) == 0 ? way / Math.abs(step) : UNKNOWN;
    }
    if (step == 1 && startLow + ahead >= 0 && startHigh + ahead <= boundLow) {
      return boundHigh - startLow - ahead;
    }
    if (step == -1 && startHigh + ahead <= I32_MOST && startLow + ahead >= boundHigh) {
      return startHigh + ahead - boundLow;
    }
    return UNKNOWN;
  }
}
