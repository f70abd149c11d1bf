package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;

/** Rules that need to know how large values can be, or which of their bits can be set. */
final class RangeRules extends RewriteRules {
  private static final long I32_MOST = 0xFFFF_FFFFL;

  private final UnsignedRanges ranges;

  RangeRules(SsaFunction function, Inserter inserter, UseCounts uses, UnsignedRanges ranges) {
    super(function, inserter, uses);
    this.ranges = ranges;
  }

  /** Rules for what no rule by shape applies to. */
  int apply(int i, SsaOp op) {
    return switch (op) {
      case ICMP -> function.controllingType(i) == SsaType.REF ? NONE : compare(i);
      case IAND -> mask(i);
      case IOR, IXOR -> disjoint(i);
      case SSHR -> isNotNegative(operand(i, 0)) ? becomeUnsigned(i, SsaOp.USHR) : NONE;
      case USHR, SHL -> knownOperands(i);
      case SEXTEND ->
          isNotNegative(operand(i, 0))
              ? become(i, SsaOp.UEXTEND, SsaType.I64, operand(i, 0))
              : NONE;
      case EXTEND8_S -> isBelow(operand(i, 0), 1L << 7) ? operand(i, 0) : NONE;
      case EXTEND16_S -> isBelow(operand(i, 0), 1L << 15) ? operand(i, 0) : NONE;
      case EXTEND32_S -> isBelow(operand(i, 0), 1L << 31) ? operand(i, 0) : NONE;
      case SDIV, SREM -> signedDivision(i, op);
      case UDIV, UREM -> division(i, op);
      case SELECT -> decidedSelect(i);
      default -> NONE;
    };
  }

  private boolean isNotNegative(int value) {
    int sign = function.valueType(value).bits() - 1;
    return (ranges.possibleBits(value) >>> sign & 1) == 0;
  }

  /** Whether {@code value} is certainly less than {@code limit}, without sign. */
  private boolean isBelow(int value, long limit) {
    return ranges.max(value) >= 0 && ranges.max(value) < limit;
  }

  private int becomeUnsigned(int i, SsaOp op) {
    return become(i, op, function.controllingType(i), operand(i, 0), operand(i, 1));
  }

  // ---- bits

  private int mask(int i) {
    int a = operand(i, 0);
    int b = operand(i, 1);
    long left = ranges.possibleBits(a);
    if ((left & ranges.possibleBits(b)) == 0) {
      return toConstant(i, 0);
    }
    return isConstant(b) && (left & ~constant(b)) == 0 ? a : NONE;
  }

  /** Where no bit is in both operands, there is no carry; sums can be part of an address. */
  private int disjoint(int i) {
    int a = operand(i, 0);
    int b = operand(i, 1);
    boolean shared = (ranges.possibleBits(a) & ranges.possibleBits(b)) != 0;
    return shared ? NONE : become(i, SsaOp.IADD, function.controllingType(i), a, b);
  }

  private int knownOperands(int i) {
    return ranges.possibleBits(operand(i, 0)) == 0 ? toConstant(i, 0) : NONE;
  }

  private int decidedSelect(int i) {
    int condition = operand(i, 0);
    if (ranges.min(condition) > 0) {
      return operand(i, 1);
    }
    return ranges.max(condition) == 0 ? operand(i, 2) : NONE;
  }

  // ---- divisions

  private int signedDivision(int i, SsaOp op) {
    return isNotNegative(operand(i, 0)) && isNotNegative(operand(i, 1))
        ? becomeUnsigned(i, op == SsaOp.SDIV ? SsaOp.UDIV : SsaOp.UREM)
        : NONE;
  }

  private int division(int i, SsaOp op) {
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (isBelow(a, ranges.min(b))) {
      return op == SsaOp.UDIV ? toConstant(i, 0) : a;
    }
    boolean narrow =
        function.controllingType(i) == SsaType.I64
            && isBelow(a, I32_MOST + 1)
            && isBelow(b, I32_MOST + 1);
    if (!narrow) {
      return NONE;
    }
    // Dividing half as many bits takes less than half the time on many processors.
    inserter.at(i);
    int dividend = inserter.unary(SsaOp.WRAP, SsaType.I32, a);
    int divisor = inserter.unary(SsaOp.WRAP, SsaType.I32, b);
    return become(
        i, SsaOp.UEXTEND, SsaType.I64, inserter.binary(op, SsaType.I32, dividend, divisor));
  }

  // ---- comparisons

  private int compare(int i) {
    SsaType type = function.controllingType(i);
    IntCondition condition = function.intCondition(i);
    int a = operand(i, 0);
    int b = operand(i, 1);
    boolean isEquality = condition == IntCondition.EQ || condition == IntCondition.NE;
    if (isEquality && differ(a, b)) {
      return toConstant(i, condition == IntCondition.NE ? 1 : 0);
    }
    if (holds(condition, type, a, b)) {
      return toConstant(i, 1);
    }
    return holds(condition.inverse(), type, a, b) ? toConstant(i, 0) : NONE;
  }

  /** Whether some bit is certainly set in one constant and clear in the other value. */
  private boolean differ(int a, int b) {
    return isConstant(b)
        && (constant(b) & ones(function.valueType(b)) & ~ranges.possibleBits(a)) != 0;
  }

  private boolean holds(IntCondition condition, SsaType type, int a, int b) {
    return switch (condition) {
      case EQ ->
          ranges.max(a) >= 0
              && ranges.max(a) == ranges.min(a)
              && ranges.max(a) == ranges.min(b)
              && ranges.max(a) == ranges.max(b);
      case NE -> isBelow(a, ranges.min(b)) || isBelow(b, ranges.min(a));
      case ULT -> isBelow(a, ranges.min(b));
      case ULE -> isBelow(a, ranges.min(b) + 1);
      case UGT -> isBelow(b, ranges.min(a));
      case UGE -> isBelow(b, ranges.min(a) + 1);
      case SLT -> signedMost(type, a) < signedLeast(type, b);
      case SLE -> signedMost(type, a) <= signedLeast(type, b);
      case SGT -> signedLeast(type, a) > signedMost(type, b);
      case SGE -> signedLeast(type, a) >= signedMost(type, b);
    };
  }

  private long signedLeast(SsaType type, int value) {
    if (isConstant(value)) {
      return constant(value);
    }
    if (isNotNegative(value)) {
      return ranges.min(value);
    }
    if (type == SsaType.I64) {
      return Long.MIN_VALUE;
    }
    return ranges.min(value) > Integer.MAX_VALUE ? (int) ranges.min(value) : Integer.MIN_VALUE;
  }

  private long signedMost(SsaType type, int value) {
    if (isConstant(value)) {
      return constant(value);
    }
    if (isNotNegative(value)) {
      return ranges.max(value) >= 0 ? ranges.max(value) : Long.MAX_VALUE;
    }
    if (type == SsaType.I64) {
      return Long.MAX_VALUE;
    }
    return ranges.min(value) > Integer.MAX_VALUE ? (int) ranges.max(value) : Integer.MAX_VALUE;
  }
}
