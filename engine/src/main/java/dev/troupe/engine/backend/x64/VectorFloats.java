package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.VectorOp;

/// Selection of operations on vectors of floats that take more than one instruction, and of
/// conversions.
final class VectorFloats {
  private static final long SIGNS_32 = 0x8000_0000_8000_0000L;
  private static final long SIGNS_64 = Long.MIN_VALUE;
  private static final int ROUND_QUIET = 8;

  /// 2^31 and 2^16 as floats, 2^52 as a double and its upper half.
  private static final int FLOAT_2_31 = 0x4F00_0000;

  private static final int FLOAT_2_16 = 0x4780_0000;
  private static final long DOUBLE_2_52 = 0x4330_0000_0000_0000L;

  /// `cmpps` predicates.
  private static final int EQUAL = 0;

  private static final int LESS = 1;
  private static final int LESS_EQUAL = 2;
  private static final int UNORDERED = 3;
  private static final int NOT_EQUAL = 4;

  /// Bits of a float below the one that makes a NaN quiet start so far from the left.
  private static final int QUIET_PREFIX_32 = 10;

  private static final int QUIET_PREFIX_64 = 13;

  private final VectorBuilder b;
  private final SsaFunction ssa;

  VectorFloats(VectorBuilder builder) {
    this.b = builder;
    this.ssa = builder.ssa;
  }

  private static X64Op pick(VectorOp op, X64Op single, X64Op twice) {
    return op.laneBytes() == 4 ? single : twice;
  }

  // ---- one operand

  void unary(int i, VectorOp op) {
    boolean single = op.laneBytes() == 4;
    switch (op) {
      case F32X4_ABS, F64X2_ABS -> {
        Addr mask = b.literal(single ? ~SIGNS_32 : ~SIGNS_64);
        b.binary(b.result(i), pick(op, X64Op.ANDPS, X64Op.ANDPD), b.use(i, 0), mask);
      }
      case F32X4_NEG, F64X2_NEG -> {
        Addr mask = b.literal(single ? SIGNS_32 : SIGNS_64);
        b.binary(b.result(i), pick(op, X64Op.XORPS, X64Op.XORPD), b.use(i, 0), mask);
      }
      case F32X4_NEAREST, F64X2_NEAREST -> round(i, op, 0);
      case F32X4_FLOOR, F64X2_FLOOR -> round(i, op, 1);
      case F32X4_CEIL, F64X2_CEIL -> round(i, op, 2);
      case F32X4_TRUNC, F64X2_TRUNC -> round(i, op, 3);
      case F32X4_CONVERT_I32X4_U -> convertUnsigned(i);
      case F64X2_CONVERT_LOW_I32X4_U -> convertLowUnsigned(i);
      case I32X4_TRUNC_SAT_F32X4_S -> truncateSigned(i);
      case I32X4_TRUNC_SAT_F32X4_U, I32X4_RELAXED_TRUNC_F32X4_U -> truncateUnsigned(i);
      case I32X4_TRUNC_SAT_F64X2_S_ZERO -> truncateDoublesSigned(i);
      case I32X4_TRUNC_SAT_F64X2_U_ZERO, I32X4_RELAXED_TRUNC_F64X2_U_ZERO ->
          truncateDoublesUnsigned(i);
      default -> throw new IllegalStateException("no selection of " + op);
    }
  }

  private void round(int i, VectorOp op, int mode) {
    X64Op row = pick(op, X64Op.ROUNDPS, X64Op.ROUNDPD);
    b.unaryValue(i, b.result(i), row, mode | ROUND_QUIET, 0);
  }

  /// Both halves of 16 bits are exact; so is the product, and the sum rounds once.
  private void convertUnsigned(int i) {
    if (b.avx512) {
      b.out.row(X64Op.VCVTUDQ2PS, null, 0, b.result(i), b.use(i, 0));
      return;
    }
    int vector = b.use(i, 0);
    int lower = b.binary(X64Op.PAND, vector, b.literal(VectorBuilder.twice(0xFFFF)));
    int upper = b.unary(X64Op.CVTDQ2PS, 0, b.unary(X64Op.PSRLD_I, 16, vector));
    Addr scale = b.literal(VectorBuilder.twice(FLOAT_2_16));
    int scaled = b.binary(X64Op.MULPS, upper, scale);
    b.binary(b.result(i), X64Op.ADDPS, scaled, b.unary(X64Op.CVTDQ2PS, 0, lower));
  }

  /// A number below the exponent of 2^52 is 2^52 plus the number.
  private void convertLowUnsigned(int i) {
    if (b.avx512) {
      b.out.row(X64Op.VCVTUDQ2PD, null, 0, b.result(i), b.use(i, 0));
      return;
    }
    Addr exponent = b.literal(VectorBuilder.twice(DOUBLE_2_52 >>> 32));
    int biased = b.binary(X64Op.PUNPCKLDQ, b.use(i, 0), exponent);
    b.binary(b.result(i), X64Op.SUBPD, biased, b.literal(DOUBLE_2_52));
  }

  /// `cvttps2dq` gives 0x80000000 for all that does not fit. NaN becomes 0 before; where the number
  /// was too large, all bits are inverted afterwards.
  private void truncateSigned(int i) {
    int vector = b.use(i, 0);
    int number = b.binary(b.fresh(), X64Op.CMPPS, EQUAL, vector, vector);
    int known = b.binary(X64Op.ANDPS, vector, number);
    int limit = b.constant(VectorBuilder.twice(FLOAT_2_31));
    int large = b.binary(b.fresh(), X64Op.CMPPS, LESS_EQUAL, limit, known);
    int truncated = b.unary(X64Op.CVTTPS2DQ, 0, known);
    b.binary(b.result(i), X64Op.PXOR, truncated, large);
  }

  /// Below 2^31 the signed conversion is right. From there on it gives 0x80000000, to which the
  /// rest is added: that of the number less 2^31, at most 0x7FFFFFFF, at least 0.
  private void truncateUnsigned(int i) {
    int zero = b.zero();
    int positive = b.binary(X64Op.MAXPS, b.use(i, 0), zero);
    if (b.avx512) {
      b.out.row(X64Op.VCVTTPS2UDQ, null, 0, b.result(i), positive);
      return;
    }
    int limit = b.constant(VectorBuilder.twice(FLOAT_2_31));
    int lower = b.unary(X64Op.CVTTPS2DQ, 0, positive);
    int rest = b.binary(X64Op.SUBPS, positive, limit);
    int large = b.binary(b.fresh(), X64Op.CMPPS, LESS_EQUAL, limit, rest);
    int upper = b.unary(X64Op.CVTTPS2DQ, 0, rest);
    int saturated = b.binary(X64Op.PXOR, upper, large);
    int bounded = b.binary(X64Op.PMAXSD, saturated, b.zero());
    b.binary(b.result(i), X64Op.PADDD, lower, bounded);
  }

  /// NaN becomes 0 by a minimum with 0, which takes its second operand then.
  private void truncateDoublesSigned(int i) {
    int vector = b.use(i, 0);
    int number = b.binary(b.fresh(), X64Op.CMPPD, EQUAL, vector, vector);
    Addr most = b.literal(Double.doubleToRawLongBits(Integer.MAX_VALUE));
    int limit = b.binary(X64Op.ANDPD, number, most);
    int bounded = b.binary(X64Op.MINPD, vector, limit);
    b.unary(b.result(i), X64Op.CVTTPD2DQ, 0, bounded);
  }

  /// Rounded and added to 2^52, a number is in the low half of the double.
  private void truncateDoublesUnsigned(int i) {
    int positive = b.binary(X64Op.MAXPD, b.use(i, 0), b.zero());
    if (b.avx512) {
      b.out.row(X64Op.VCVTTPD2UDQ, null, 0, b.result(i), positive);
      return;
    }
    Addr most = b.literal(Double.doubleToRawLongBits(0xFFFF_FFFFL));
    int bounded = b.binary(X64Op.MINPD, positive, most);
    int truncated = b.unary(X64Op.ROUNDPD, 3 | ROUND_QUIET, bounded);
    int biased = b.binary(X64Op.ADDPD, truncated, b.literal(DOUBLE_2_52));
    b.binary(b.result(i), X64Op.SHUFPS, 0b10_00_10_00, biased, b.zero());
  }

  // ---- two operands

  void binary(int i, VectorOp op) {
    switch (op) {
      case F32X4_MIN, F64X2_MIN -> minimum(i, op);
      case F32X4_MAX, F64X2_MAX -> maximum(i, op);
      // The hardware's minimum takes its second operand where the first is not smaller.
      case F32X4_PMIN -> swapped(i, X64Op.MINPS);
      case F64X2_PMIN -> swapped(i, X64Op.MINPD);
      case F32X4_PMAX -> swapped(i, X64Op.MAXPS);
      case F64X2_PMAX -> swapped(i, X64Op.MAXPD);
      case F32X4_EQ, F64X2_EQ -> compare(i, op, EQUAL, false);
      case F32X4_NE, F64X2_NE -> compare(i, op, NOT_EQUAL, false);
      case F32X4_LT, F64X2_LT -> compare(i, op, LESS, false);
      case F32X4_LE, F64X2_LE -> compare(i, op, LESS_EQUAL, false);
      case F32X4_GT, F64X2_GT -> compare(i, op, LESS, true);
      case F32X4_GE, F64X2_GE -> compare(i, op, LESS_EQUAL, true);
      default -> throw new IllegalStateException("no selection of " + op);
    }
  }

  private void swapped(int i, X64Op row) {
    b.binary(b.result(i), row, b.use(i, 1), b.use(i, 0));
  }

  private void compare(int i, VectorOp op, int predicate, boolean swap) {
    int first = b.use(i, swap ? 1 : 0);
    int second = b.use(i, swap ? 0 : 1);
    X64Op row = pick(op, X64Op.CMPPS, X64Op.CMPPD);
    b.binary(b.result(i), row, predicate, first, second);
  }

  /// The hardware's minimum in both orders differs where zeros have two signs or one is NaN: both
  /// together are then -0 or a NaN.
  private void minimum(int i, VectorOp op) {
    X64Op min = pick(op, X64Op.MINPS, X64Op.MINPD);
    int x = b.use(i, 0);
    int y = b.use(i, 1);
    int forth = b.binary(min, x, y);
    int back = b.binary(min, y, x);
    int either = b.binary(pick(op, X64Op.ORPS, X64Op.ORPD), forth, back);
    canonical(i, op, either, either);
  }

  /// As [#minimum]; where they differ in the sign alone, -0 less -0 is +0.
  private void maximum(int i, VectorOp op) {
    X64Op max = pick(op, X64Op.MAXPS, X64Op.MAXPD);
    int x = b.use(i, 0);
    int y = b.use(i, 1);
    int forth = b.binary(max, x, y);
    int back = b.binary(max, y, x);
    int difference = b.binary(pick(op, X64Op.XORPS, X64Op.XORPD), forth, back);
    int either = b.binary(pick(op, X64Op.ORPS, X64Op.ORPD), forth, difference);
    int positive = b.binary(pick(op, X64Op.SUBPS, X64Op.SUBPD), either, difference);
    canonical(i, op, either, positive);
  }

  /// The value, with the bits of NaNs that a canonical one has: all of the exponent, and of the
  /// rest the highest only.
  private void canonical(int i, VectorOp op, int tested, int value) {
    X64Op compare = pick(op, X64Op.CMPPS, X64Op.CMPPD);
    int isNan = b.binary(b.fresh(), compare, UNORDERED, tested, tested);
    int quiet = b.binary(pick(op, X64Op.ORPS, X64Op.ORPD), value, isNan);
    int prefix = op.laneBytes() == 4 ? QUIET_PREFIX_32 : QUIET_PREFIX_64;
    int payload = b.unary(pick(op, X64Op.PSRLD_I, X64Op.PSRLQ_I), prefix, isNan);
    b.binary(b.result(i), pick(op, X64Op.ANDNPS, X64Op.ANDNPD), payload, quiet);
  }

  // ---- three operands

  void ternary(int i, VectorOp op) {
    boolean negated = op == VectorOp.F32X4_RELAXED_NMADD || op == VectorOp.F64X2_RELAXED_NMADD;
    boolean single = op.laneBytes() == 4;
    if (b.fma && !b.low.context.tunables().relaxedSimdDeterministic()) {
      X64Op add = pick(op, X64Op.VFMADD231PS, X64Op.VFMADD231PD);
      X64Op subtract = pick(op, X64Op.VFNMADD231PS, X64Op.VFNMADD231PD);
      X64Op row = negated ? subtract : add;
      Addr factor = b.operand(ssa.operand(i, 1), i, row);
      int sum = b.use(i, 2);
      if (factor != null) {
        b.out.row(row, factor, 0, b.result(i), sum, b.use(i, 0));
      } else {
        b.out.row(row, null, 0, b.result(i), sum, b.use(i, 0), b.use(i, 1));
      }
      return;
    }
    int product = b.binary(single ? X64Op.MULPS : X64Op.MULPD, b.use(i, 0), b.use(i, 1));
    if (negated) {
      b.binary(b.result(i), single ? X64Op.SUBPS : X64Op.SUBPD, b.use(i, 2), product);
    } else {
      b.binary(b.result(i), single ? X64Op.ADDPS : X64Op.ADDPD, product, b.use(i, 2));
    }
  }
}
