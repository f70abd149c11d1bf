package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/** What the direction of a branch says about the operands of its condition. */
final class RangeConditions {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_DEPTH = 4;
  private static final long I32_MOST = 0xFFFF_FFFFL;

  private final SsaFunction function;
  private final UnsignedRanges ranges;

  RangeConditions(SsaFunction function, UnsignedRanges ranges) {
    this.function = function;
    this.ranges = ranges;
  }

  /** Narrows what is known by control having taken {@code edge}. */
  void taken(int edge) {
    int terminator = function.sourceTerminator(edge);
    int position = edge - function.edge(terminator, 0);
    SsaOp op = function.op(terminator);
    if (op == SsaOp.BR_IF) {
      holds(function.operand(terminator, 0), position == 0, MOST_DEPTH);
    } else if (op == SsaOp.BR_TABLE) {
      int last = function.edgeCount(terminator) - 1;
      int index = function.operand(terminator, 0);
      if (position < last) {
        narrow(index, position, position, MOST_DEPTH);
      } else {
        narrow(index, last, I32_MOST, MOST_DEPTH);
      }
    }
  }

  /** {@code value}, an i32, is not zero or is zero. */
  private void holds(int value, boolean isTrue, int depth) {
    int definer = function.definingInstruction(value);
    SsaOp op = function.definingOp(value, SsaOp.TRAP);
    if (op == SsaOp.ICMP) {
      IntCondition condition = function.intCondition(definer);
      compared(
          isTrue ? condition : condition.inverse(),
          function.controllingType(definer),
          function.operand(definer, 0),
          function.operand(definer, 1),
          depth);
    }
    if (depth > 0 && op == (isTrue ? SsaOp.IAND : SsaOp.IOR)) {
      for (int k = 0; k < 2; k++) {
        // A conjunction of any bits has a bit only if both sides have one; likewise for `or`.
        holds(function.operand(definer, k), isTrue, depth - 1);
      }
    }
    if (isTrue) {
      narrow(value, 1, I32_MOST, depth);
    } else {
      narrow(value, 0, 0, depth);
    }
  }

  private void compared(IntCondition condition, SsaType type, int a, int b, int depth) {
    // The walk may not have come to a constant in a loop whose start it looks at.
    ranges.anticipateConstant(a);
    ranges.anticipateConstant(b);
    below(condition, type, a, b, depth);
    below(condition.swapped(), type, b, a, depth);
  }

  /** What {@code a condition b} says about {@code a}. */
  private void below(IntCondition condition, SsaType type, int a, int b, int depth) {
    long top = type == SsaType.I32 ? I32_MOST : UnsignedRanges.MOST;
    long signedTop = type == SsaType.I32 ? Integer.MAX_VALUE : UnsignedRanges.MOST;
    long least = ranges.min(b);
    long most = ranges.max(b);
    boolean isPositive = most >= 0 && most <= signedTop;
    boolean startsPositive = ranges.max(a) >= 0 && ranges.max(a) <= signedTop;
    switch (condition) {
      case EQ -> {
        if (most >= 0) {
          narrow(a, least, most, depth);
        }
      }
      case NE -> {
        if (least == most && ranges.min(a) == least) {
          narrow(a, least + 1, ranges.max(a), depth);
        } else if (least == most && ranges.max(a) == most) {
          narrow(a, ranges.min(a), most - 1, depth);
        }
      }
      case ULT -> {
        if (most > 0) {
          narrow(a, 0, most - 1, depth);
        }
      }
      case ULE -> {
        if (most >= 0) {
          narrow(a, 0, most, depth);
        }
      }
      case UGT -> narrow(a, least + 1, top, depth);
      case UGE -> narrow(a, least, top, depth);
      case SLT, SLE -> {
        // Below a number without sign, and not negative itself.
        if (isPositive && startsPositive) {
          narrow(a, 0, condition == IntCondition.SLT ? most - 1 : most, depth);
        }
      }
      case SGT, SGE -> {
        if (isPositive && type == SsaType.I32) {
          narrow(a, condition == IntCondition.SGT ? least + 1 : least, signedTop, depth);
        }
      }
    }
  }

  /** {@code value} is between the two numbers; carries this over to what it is made of. */
  private void narrow(int value, long least, long most, int depth) {
    if (least > most || !ranges.narrow(value, least, most) || depth == 0) {
      return;
    }
    int definer = function.definingInstruction(value);
    if (definer == NONE) {
      return;
    }
    long from = ranges.min(value);
    long to = ranges.max(value);
    switch (function.op(definer)) {
      case UEXTEND -> narrow(function.operand(definer, 0), from, to, depth - 1);
      case SEXTEND -> {
        if (to <= Integer.MAX_VALUE) {
          narrow(function.operand(definer, 0), from, to, depth - 1);
        }
      }
      case IADD -> {
        int constant = function.definingInstruction(function.operand(definer, 1));
        boolean isKnown =
            constant != NONE
                && function.op(constant) == SsaOp.ICONST
                && function.controllingType(definer) == SsaType.I32;
        if (isKnown) {
          long start = from - function.immediate(constant) & I32_MOST;
          long end = to - function.immediate(constant) & I32_MOST;
          if (start <= end && end - start == to - from) {
            narrow(function.operand(definer, 0), start, end, depth - 1);
          }
        }
      }
      default -> {}
    }
  }
}
