package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.VectorOp;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The operations on vectors that are one instruction on the operands in their order.
final class VectorRows {
  private static final Map<VectorOp, X64Op> BINARY = new EnumMap<>(VectorOp.class);
  private static final Map<VectorOp, X64Op> UNARY = new EnumMap<>(VectorOp.class);

  static {
    sums();
    extrema();
    products();
    comparisons();
    floats();
    UNARY.put(VectorOp.I8X16_ABS, X64Op.PABSB);
    UNARY.put(VectorOp.I16X8_ABS, X64Op.PABSW);
    UNARY.put(VectorOp.I32X4_ABS, X64Op.PABSD);
    UNARY.put(VectorOp.I16X8_EXTEND_LOW_I8X16_S, X64Op.PMOVSXBW);
    UNARY.put(VectorOp.I16X8_EXTEND_LOW_I8X16_U, X64Op.PMOVZXBW);
    UNARY.put(VectorOp.I32X4_EXTEND_LOW_I16X8_S, X64Op.PMOVSXWD);
    UNARY.put(VectorOp.I32X4_EXTEND_LOW_I16X8_U, X64Op.PMOVZXWD);
    UNARY.put(VectorOp.I64X2_EXTEND_LOW_I32X4_S, X64Op.PMOVSXDQ);
    UNARY.put(VectorOp.I64X2_EXTEND_LOW_I32X4_U, X64Op.PMOVZXDQ);
    UNARY.put(VectorOp.F32X4_SQRT, X64Op.SQRTPS);
    UNARY.put(VectorOp.F64X2_SQRT, X64Op.SQRTPD);
    UNARY.put(VectorOp.F32X4_CONVERT_I32X4_S, X64Op.CVTDQ2PS);
    UNARY.put(VectorOp.F64X2_CONVERT_LOW_I32X4_S, X64Op.CVTDQ2PD);
    UNARY.put(VectorOp.F32X4_DEMOTE_F64X2_ZERO, X64Op.CVTPD2PS);
    UNARY.put(VectorOp.F64X2_PROMOTE_LOW_F32X4, X64Op.CVTPS2PD);
    UNARY.put(VectorOp.I32X4_RELAXED_TRUNC_F32X4_S, X64Op.CVTTPS2DQ);
    UNARY.put(VectorOp.I32X4_RELAXED_TRUNC_F64X2_S_ZERO, X64Op.CVTTPD2DQ);
  }

  private VectorRows() {}

  private static void sums() {
    BINARY.put(VectorOp.I8X16_ADD, X64Op.PADDB);
    BINARY.put(VectorOp.I16X8_ADD, X64Op.PADDW);
    BINARY.put(VectorOp.I32X4_ADD, X64Op.PADDD);
    BINARY.put(VectorOp.I64X2_ADD, X64Op.PADDQ);
    BINARY.put(VectorOp.I8X16_SUB, X64Op.PSUBB);
    BINARY.put(VectorOp.I16X8_SUB, X64Op.PSUBW);
    BINARY.put(VectorOp.I32X4_SUB, X64Op.PSUBD);
    BINARY.put(VectorOp.I64X2_SUB, X64Op.PSUBQ);
    BINARY.put(VectorOp.I8X16_ADD_SAT_S, X64Op.PADDSB);
    BINARY.put(VectorOp.I8X16_ADD_SAT_U, X64Op.PADDUSB);
    BINARY.put(VectorOp.I16X8_ADD_SAT_S, X64Op.PADDSW);
    BINARY.put(VectorOp.I16X8_ADD_SAT_U, X64Op.PADDUSW);
    BINARY.put(VectorOp.I8X16_SUB_SAT_S, X64Op.PSUBSB);
    BINARY.put(VectorOp.I8X16_SUB_SAT_U, X64Op.PSUBUSB);
    BINARY.put(VectorOp.I16X8_SUB_SAT_S, X64Op.PSUBSW);
    BINARY.put(VectorOp.I16X8_SUB_SAT_U, X64Op.PSUBUSW);
    BINARY.put(VectorOp.I8X16_AVGR_U, X64Op.PAVGB);
    BINARY.put(VectorOp.I16X8_AVGR_U, X64Op.PAVGW);
    BINARY.put(VectorOp.V128_AND, X64Op.PAND);
    BINARY.put(VectorOp.V128_OR, X64Op.POR);
    BINARY.put(VectorOp.V128_XOR, X64Op.PXOR);
  }

  private static void extrema() {
    BINARY.put(VectorOp.I8X16_MIN_S, X64Op.PMINSB);
    BINARY.put(VectorOp.I8X16_MIN_U, X64Op.PMINUB);
    BINARY.put(VectorOp.I8X16_MAX_S, X64Op.PMAXSB);
    BINARY.put(VectorOp.I8X16_MAX_U, X64Op.PMAXUB);
    BINARY.put(VectorOp.I16X8_MIN_S, X64Op.PMINSW);
    BINARY.put(VectorOp.I16X8_MIN_U, X64Op.PMINUW);
    BINARY.put(VectorOp.I16X8_MAX_S, X64Op.PMAXSW);
    BINARY.put(VectorOp.I16X8_MAX_U, X64Op.PMAXUW);
    BINARY.put(VectorOp.I32X4_MIN_S, X64Op.PMINSD);
    BINARY.put(VectorOp.I32X4_MIN_U, X64Op.PMINUD);
    BINARY.put(VectorOp.I32X4_MAX_S, X64Op.PMAXSD);
    BINARY.put(VectorOp.I32X4_MAX_U, X64Op.PMAXUD);
  }

  private static void products() {
    BINARY.put(VectorOp.I16X8_MUL, X64Op.PMULLW);
    BINARY.put(VectorOp.I32X4_MUL, X64Op.PMULLD);
    BINARY.put(VectorOp.I32X4_DOT_I16X8_S, X64Op.PMADDWD);
    BINARY.put(VectorOp.I16X8_RELAXED_Q15MULR_S, X64Op.PMULHRSW);
    BINARY.put(VectorOp.I8X16_NARROW_I16X8_S, X64Op.PACKSSWB);
    BINARY.put(VectorOp.I8X16_NARROW_I16X8_U, X64Op.PACKUSWB);
    BINARY.put(VectorOp.I16X8_NARROW_I32X4_S, X64Op.PACKSSDW);
    BINARY.put(VectorOp.I16X8_NARROW_I32X4_U, X64Op.PACKUSDW);
    BINARY.put(VectorOp.I8X16_RELAXED_SWIZZLE, X64Op.PSHUFB);
  }

  private static void comparisons() {
    BINARY.put(VectorOp.I8X16_EQ, X64Op.PCMPEQB);
    BINARY.put(VectorOp.I16X8_EQ, X64Op.PCMPEQW);
    BINARY.put(VectorOp.I32X4_EQ, X64Op.PCMPEQD);
    BINARY.put(VectorOp.I64X2_EQ, X64Op.PCMPEQQ);
    BINARY.put(VectorOp.I8X16_GT_S, X64Op.PCMPGTB);
    BINARY.put(VectorOp.I16X8_GT_S, X64Op.PCMPGTW);
    BINARY.put(VectorOp.I32X4_GT_S, X64Op.PCMPGTD);
    BINARY.put(VectorOp.I64X2_GT_S, X64Op.PCMPGTQ);
  }

  private static void floats() {
    BINARY.put(VectorOp.F32X4_ADD, X64Op.ADDPS);
    BINARY.put(VectorOp.F32X4_SUB, X64Op.SUBPS);
    BINARY.put(VectorOp.F32X4_MUL, X64Op.MULPS);
    BINARY.put(VectorOp.F32X4_DIV, X64Op.DIVPS);
    BINARY.put(VectorOp.F64X2_ADD, X64Op.ADDPD);
    BINARY.put(VectorOp.F64X2_SUB, X64Op.SUBPD);
    BINARY.put(VectorOp.F64X2_MUL, X64Op.MULPD);
    BINARY.put(VectorOp.F64X2_DIV, X64Op.DIVPD);
    BINARY.put(VectorOp.F32X4_RELAXED_MIN, X64Op.MINPS);
    BINARY.put(VectorOp.F32X4_RELAXED_MAX, X64Op.MAXPS);
    BINARY.put(VectorOp.F64X2_RELAXED_MIN, X64Op.MINPD);
    BINARY.put(VectorOp.F64X2_RELAXED_MAX, X64Op.MAXPD);
  }

  /// The legacy row of an operation on two vectors, or null.
  static @Nullable X64Op binary(VectorOp op) {
    return BINARY.get(op);
  }

  /// The legacy row of an operation on one vector, or null.
  static @Nullable X64Op unary(VectorOp op) {
    return UNARY.get(op);
  }
}
