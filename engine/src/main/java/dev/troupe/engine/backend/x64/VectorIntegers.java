package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.VectorOp;

/// Selection of operations on vectors of integers that take more than one instruction.
final class VectorIntegers {
  /// Number of bits set in 0 to 15.
  private static final long POPULATION_LOW = 0x0302_0201_0201_0100L;

  private static final long POPULATION_HIGH = 0x0403_0302_0302_0201L;

  /// `vpternlog` of (c, a, b): c ? a : b.
  private static final int TERNARY_SELECT = 0xCA;

  /// The selector of `pshufd` for lanes 2, 3, 2, 3.
  private static final int HIGH_HALF = 0b11_10_11_10;

  private final VectorBuilder b;
  private final Lowering low;
  private final SsaFunction ssa;

  VectorIntegers(VectorBuilder builder) {
    this.b = builder;
    this.low = builder.low;
    this.ssa = builder.ssa;
  }

  // ---- one operand

  /// Selects the operation if it is one on integers; says whether it is.
  boolean unary(int i, VectorOp op) {
    switch (op) {
      case V128_NOT -> b.binary(b.result(i), X64Op.PXOR, b.use(i, 0), b.ones());
      case I8X16_NEG -> negate(i, X64Op.PSUBB);
      case I16X8_NEG -> negate(i, X64Op.PSUBW);
      case I32X4_NEG -> negate(i, X64Op.PSUBD);
      case I64X2_NEG -> negate(i, X64Op.PSUBQ);
      case I64X2_ABS -> absolute64(i);
      case I8X16_POPCNT -> population(i);
      case I16X8_EXTADD_PAIRWISE_I8X16_S -> {
        int ones = b.constant(VectorBuilder.bytes(1));
        b.binary(b.result(i), X64Op.PMADDUBSW, ones, b.use(i, 0));
      }
      case I16X8_EXTADD_PAIRWISE_I8X16_U ->
          b.binary(b.result(i), X64Op.PMADDUBSW, b.use(i, 0), b.literal(VectorBuilder.bytes(1)));
      case I32X4_EXTADD_PAIRWISE_I16X8_S ->
          b.binary(b.result(i), X64Op.PMADDWD, b.use(i, 0), b.literal(VectorBuilder.words(1)));
      case I32X4_EXTADD_PAIRWISE_I16X8_U -> {
        // As signed numbers, less 2^15 each.
        Addr bias = b.literal(VectorBuilder.words(0x8000));
        int signed = b.binary(X64Op.PXOR, b.use(i, 0), bias);
        int sums = b.binary(X64Op.PMADDWD, signed, b.literal(VectorBuilder.words(1)));
        b.binary(b.result(i), X64Op.PADDD, sums, b.literal(VectorBuilder.twice(0x1_0000)));
      }
      case I16X8_EXTEND_HIGH_I8X16_S, I32X4_EXTEND_HIGH_I16X8_S, I64X2_EXTEND_HIGH_I32X4_S ->
          extendHighSigned(b.result(i), op.laneBytes() / 2, b.use(i, 0));
      case I16X8_EXTEND_HIGH_I8X16_U, I32X4_EXTEND_HIGH_I16X8_U, I64X2_EXTEND_HIGH_I32X4_U ->
          b.binary(b.result(i), unpackHigh(op.laneBytes() / 2), b.use(i, 0), b.zero());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void negate(int i, X64Op subtract) {
    int result = b.result(i);
    b.binary(result, subtract, b.zero(), b.use(i, 0));
  }

  private void absolute64(int i) {
    if (b.avx512) {
      b.out.row(X64Op.VPABSQ, null, 0, b.result(i), b.use(i, 0));
      return;
    }
    int vector = b.use(i, 0);
    int negative = b.binary(X64Op.PCMPGTQ, b.zero(), vector);
    int flipped = b.binary(X64Op.PXOR, vector, negative);
    b.binary(b.result(i), X64Op.PSUBQ, flipped, negative);
  }

  /// Half a byte at a time, by a table.
  private void population(int i) {
    int vector = b.use(i, 0);
    Addr mask = b.literal(VectorBuilder.bytes(0x0F));
    int table = b.constant(POPULATION_LOW, POPULATION_HIGH);
    int lower = b.binary(X64Op.PAND, vector, mask);
    int upper = b.binary(X64Op.PAND, b.unary(X64Op.PSRLW_I, 4, vector), mask);
    int countLower = b.binary(X64Op.PSHUFB, table, lower);
    int countUpper = b.binary(X64Op.PSHUFB, table, upper);
    b.binary(b.result(i), X64Op.PADDB, countLower, countUpper);
  }

  private static X64Op unpackHigh(int bytes) {
    return switch (bytes) {
      case 1 -> X64Op.PUNPCKHBW;
      case 2 -> X64Op.PUNPCKHWD;
      default -> X64Op.PUNPCKHDQ;
    };
  }

  private int extendHighSigned(int result, int bytes, int vector) {
    switch (bytes) {
      case 1 -> b.unary(result, X64Op.PSRAW_I, 8, b.binary(X64Op.PUNPCKHBW, vector, vector));
      case 2 -> b.unary(result, X64Op.PSRAD_I, 16, b.binary(X64Op.PUNPCKHWD, vector, vector));
      default -> b.unary(result, X64Op.PMOVSXDQ, 0, b.unary(X64Op.PSHUFD, HIGH_HALF, vector));
    }
    return result;
  }

  // ---- two operands

  /// Selects the operation if it is one on integers; says whether it is.
  boolean binary(int i, VectorOp op) {
    switch (op) {
      case V128_ANDNOT -> b.binary(b.result(i), X64Op.PANDN, b.use(i, 1), b.use(i, 0));
      case I64X2_MUL -> multiply64(i);
      case I16X8_Q15MULR_SAT_S -> {
        // Only -1 times -1 is too large, and comes out as -1.
        int product = b.binary(X64Op.PMULHRSW, b.use(i, 0), b.use(i, 1));
        int wrong = b.binary(X64Op.PCMPEQW, product, b.literal(VectorBuilder.words(0x8000)));
        b.binary(b.result(i), X64Op.PXOR, product, wrong);
      }
      case I8X16_SWIZZLE -> swizzle(i);
      case I16X8_RELAXED_DOT_I8X16_I7X16_S -> dot(b.result(i), b.use(i, 0), b.use(i, 1));
      default -> {
        return multiplyExtended(i, op) || compare(i, op);
      }
    }
    return true;
  }

  /// Products of the halves, of which the highest does not count.
  private void multiply64(int i) {
    if (b.avx512) {
      b.out.row(X64Op.VPMULLQ, null, 0, b.result(i), b.use(i, 0), b.use(i, 1));
      return;
    }
    int x = b.use(i, 0);
    int y = b.use(i, 1);
    int upperX = b.binary(X64Op.PMULUDQ, b.unary(X64Op.PSRLQ_I, 32, x), y);
    int upperY = b.binary(X64Op.PMULUDQ, b.unary(X64Op.PSRLQ_I, 32, y), x);
    int upper = b.unary(X64Op.PSLLQ_I, 32, b.binary(X64Op.PADDQ, upperX, upperY));
    int lower = b.binary(X64Op.PMULUDQ, x, y);
    b.binary(b.result(i), X64Op.PADDQ, lower, upper);
  }

  /// `pshufb` takes four bits and the sign: indexes of 16 and more get the sign.
  private void swizzle(int i) {
    int constant = low.definer(ssa.operand(i, 1), SsaOp.VCONST);
    if (constant != NONE) {
      long lower = signOutside(ssa.vectorLow(constant));
      long upper = signOutside(ssa.vectorHigh(constant));
      b.binary(b.result(i), X64Op.PSHUFB, b.use(i, 0), b.literal(lower, upper));
      return;
    }
    Addr bias = b.literal(VectorBuilder.bytes(0x70));
    int indexes = b.binary(X64Op.PADDUSB, b.use(i, 1), bias);
    b.binary(b.result(i), X64Op.PSHUFB, b.use(i, 0), indexes);
  }

  private static long signOutside(long indexes) {
    long large = indexes | indexes << 1 & VectorBuilder.bytes(0xFE);
    large |= indexes << 2 & VectorBuilder.bytes(0xFC);
    large |= indexes << 3 & VectorBuilder.bytes(0xF8);
    return indexes | large & VectorBuilder.bytes(0x80);
  }

  // Products of lanes twice as wide.

  private boolean multiplyExtended(int i, VectorOp op) {
    switch (op) {
      case I16X8_EXTMUL_LOW_I8X16_S -> lowBytes(i, X64Op.PMOVSXBW);
      case I16X8_EXTMUL_LOW_I8X16_U -> lowBytes(i, X64Op.PMOVZXBW);
      case I16X8_EXTMUL_HIGH_I8X16_S -> {
        int x = extendHighSigned(b.fresh(), 1, b.use(i, 0));
        int y = extendHighSigned(b.fresh(), 1, b.use(i, 1));
        b.binary(b.result(i), X64Op.PMULLW, x, y);
      }
      case I16X8_EXTMUL_HIGH_I8X16_U -> {
        int zero = b.zero();
        int x = b.binary(X64Op.PUNPCKHBW, b.use(i, 0), zero);
        int y = b.binary(X64Op.PUNPCKHBW, b.use(i, 1), zero);
        b.binary(b.result(i), X64Op.PMULLW, x, y);
      }
      case I32X4_EXTMUL_LOW_I16X8_S -> words(i, X64Op.PMULHW, X64Op.PUNPCKLWD);
      case I32X4_EXTMUL_LOW_I16X8_U -> words(i, X64Op.PMULHUW, X64Op.PUNPCKLWD);
      case I32X4_EXTMUL_HIGH_I16X8_S -> words(i, X64Op.PMULHW, X64Op.PUNPCKHWD);
      case I32X4_EXTMUL_HIGH_I16X8_U -> words(i, X64Op.PMULHUW, X64Op.PUNPCKHWD);
      case I64X2_EXTMUL_LOW_I32X4_S -> doubleWords(i, X64Op.PMULDQ, 0b01_01_00_00);
      case I64X2_EXTMUL_LOW_I32X4_U -> doubleWords(i, X64Op.PMULUDQ, 0b01_01_00_00);
      case I64X2_EXTMUL_HIGH_I32X4_S -> doubleWords(i, X64Op.PMULDQ, 0b11_11_10_10);
      case I64X2_EXTMUL_HIGH_I32X4_U -> doubleWords(i, X64Op.PMULUDQ, 0b11_11_10_10);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void lowBytes(int i, X64Op extend) {
    int x = b.unary(extend, 0, b.use(i, 0));
    int y = b.unary(extend, 0, b.use(i, 1));
    b.binary(b.result(i), X64Op.PMULLW, x, y);
  }

  private void words(int i, X64Op highHalf, X64Op unpack) {
    int x = b.use(i, 0);
    int y = b.use(i, 1);
    int lower = b.binary(X64Op.PMULLW, x, y);
    int upper = b.binary(highHalf, x, y);
    b.binary(b.result(i), unpack, lower, upper);
  }

  private void doubleWords(int i, X64Op multiply, int selector) {
    int x = b.unary(X64Op.PSHUFD, selector, b.use(i, 0));
    int y = b.unary(X64Op.PSHUFD, selector, b.use(i, 1));
    b.binary(b.result(i), multiply, x, y);
  }

  /// Sums of two products each, signed and saturating. In the relaxed form the second operand may
  /// be taken as unsigned, which is what the hardware multiplies.
  private int dot(int result, int x, int y) {
    if (!low.context.tunables().relaxedSimdDeterministic()) {
      return b.binary(result, X64Op.PMADDUBSW, y, x);
    }
    int lowerX = b.unary(X64Op.PMOVSXBW, 0, x);
    int lowerY = b.unary(X64Op.PMOVSXBW, 0, y);
    int lower = b.binary(X64Op.PMADDWD, lowerX, lowerY);
    int upperX = extendHighSigned(b.fresh(), 1, x);
    int upperY = extendHighSigned(b.fresh(), 1, y);
    int upper = b.binary(X64Op.PMADDWD, upperX, upperY);
    return b.binary(result, X64Op.PACKSSDW, lower, upper);
  }

  // Comparisons: equal and signed greater are what the hardware has.

  private boolean compare(int i, VectorOp op) {
    switch (op) {
      case I8X16_NE -> inverted(i, X64Op.PCMPEQB, false);
      case I16X8_NE -> inverted(i, X64Op.PCMPEQW, false);
      case I32X4_NE -> inverted(i, X64Op.PCMPEQD, false);
      case I64X2_NE -> inverted(i, X64Op.PCMPEQQ, false);
      case I8X16_LT_S -> swapped(i, X64Op.PCMPGTB);
      case I16X8_LT_S -> swapped(i, X64Op.PCMPGTW);
      case I32X4_LT_S -> swapped(i, X64Op.PCMPGTD);
      case I64X2_LT_S -> swapped(i, X64Op.PCMPGTQ);
      case I64X2_GE_S -> inverted(i, X64Op.PCMPGTQ, true);
      case I64X2_LE_S -> inverted(i, X64Op.PCMPGTQ, false);
      case I8X16_GE_S -> extremum(i, X64Op.PMAXSB, X64Op.PCMPEQB, false);
      case I16X8_GE_S -> extremum(i, X64Op.PMAXSW, X64Op.PCMPEQW, false);
      case I32X4_GE_S -> extremum(i, X64Op.PMAXSD, X64Op.PCMPEQD, false);
      case I8X16_LE_S -> extremum(i, X64Op.PMINSB, X64Op.PCMPEQB, false);
      case I16X8_LE_S -> extremum(i, X64Op.PMINSW, X64Op.PCMPEQW, false);
      case I32X4_LE_S -> extremum(i, X64Op.PMINSD, X64Op.PCMPEQD, false);
      case I8X16_GE_U -> extremum(i, X64Op.PMAXUB, X64Op.PCMPEQB, false);
      case I16X8_GE_U -> extremum(i, X64Op.PMAXUW, X64Op.PCMPEQW, false);
      case I32X4_GE_U -> extremum(i, X64Op.PMAXUD, X64Op.PCMPEQD, false);
      case I8X16_LE_U -> extremum(i, X64Op.PMINUB, X64Op.PCMPEQB, false);
      case I16X8_LE_U -> extremum(i, X64Op.PMINUW, X64Op.PCMPEQW, false);
      case I32X4_LE_U -> extremum(i, X64Op.PMINUD, X64Op.PCMPEQD, false);
      case I8X16_GT_U -> extremum(i, X64Op.PMINUB, X64Op.PCMPEQB, true);
      case I16X8_GT_U -> extremum(i, X64Op.PMINUW, X64Op.PCMPEQW, true);
      case I32X4_GT_U -> extremum(i, X64Op.PMINUD, X64Op.PCMPEQD, true);
      case I8X16_LT_U -> extremum(i, X64Op.PMAXUB, X64Op.PCMPEQB, true);
      case I16X8_LT_U -> extremum(i, X64Op.PMAXUW, X64Op.PCMPEQW, true);
      case I32X4_LT_U -> extremum(i, X64Op.PMAXUD, X64Op.PCMPEQD, true);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void swapped(int i, X64Op greater) {
    b.binaryValue(i, b.result(i), greater, ssa.operand(i, 1), ssa.operand(i, 0));
  }

  private void inverted(int i, X64Op row, boolean swap) {
    int compared = b.fresh();
    int first = ssa.operand(i, swap ? 1 : 0);
    b.binaryValue(i, compared, row, first, ssa.operand(i, swap ? 0 : 1));
    b.binary(b.result(i), X64Op.PXOR, compared, b.ones());
  }

  /// The first operand is the minimum or maximum of both, or is not.
  private void extremum(int i, X64Op row, X64Op equal, boolean invert) {
    int first = b.use(i, 0);
    int extreme = b.binary(row, first, b.use(i, 1));
    if (invert) {
      int same = b.binary(equal, extreme, first);
      b.binary(b.result(i), X64Op.PXOR, same, b.ones());
    } else {
      b.binary(b.result(i), equal, extreme, first);
    }
  }

  // ---- three operands

  /// Selects the operation if it is one on integers; says whether it is.
  boolean ternary(int i, VectorOp op) {
    switch (op) {
      case V128_BITSELECT, I16X8_RELAXED_LANESELECT -> select(i);
      case I8X16_RELAXED_LANESELECT -> laneSelect(i, X64Op.PBLENDVB);
      case I32X4_RELAXED_LANESELECT -> laneSelect(i, X64Op.BLENDVPS);
      case I64X2_RELAXED_LANESELECT -> laneSelect(i, X64Op.BLENDVPD);
      case I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S -> {
        int products = dot(b.fresh(), b.use(i, 0), b.use(i, 1));
        int sums = b.binary(X64Op.PMADDWD, products, b.literal(VectorBuilder.words(1)));
        b.binary(b.result(i), X64Op.PADDD, sums, b.use(i, 2));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void laneSelect(int i, X64Op blend) {
    if (b.avx512) {
      select(i);
    } else {
      b.blend(b.result(i), blend, b.use(i, 1), b.use(i, 0), b.use(i, 2));
    }
  }

  private void select(int i) {
    int ones = b.use(i, 0);
    int zeros = b.use(i, 1);
    int mask = b.use(i, 2);
    if (b.avx512) {
      b.out.row(X64Op.VPTERNLOGD, null, TERNARY_SELECT, b.result(i), mask, ones, zeros);
      return;
    }
    int chosen = b.binary(X64Op.PAND, ones, mask);
    int other = b.binary(X64Op.PANDN, mask, zeros);
    b.binary(b.result(i), X64Op.POR, chosen, other);
  }
}
