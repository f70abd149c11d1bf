package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/// Selection of floating-point operations.
final class FloatLowering {
  private static final long SIGN64 = Long.MIN_VALUE;
  private static final long SIGN32 = 0x8000_0000L;
  private static final int ROUND_QUIET = 8;

  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;

  FloatLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
  }

  /// A fresh register with a constant.
  int constant(SsaType type, long bits) {
    int vreg = out.rematerializable(out.newVector());
    if (bits == 0) {
      out.add(MachPseudo.VECTOR_ZERO, 0);
      out.define(vreg);
    } else {
      X64Op row = type == SsaType.F64 ? X64Op.MOVSD_RM : X64Op.MOVSS_RM;
      out.row(row, Addr.literal(out.literals.scalar(type.bytes(), bits)), 0, vreg);
    }
    return vreg;
  }

  // ---- arithmetic

  void binary(int i, SsaOp op) {
    boolean twice = ssa.controllingType(i) == SsaType.F64;
    int a = ssa.operand(i, 0);
    int b = ssa.operand(i, 1);
    int result = low.definition(ssa.result(i));
    if (op == SsaOp.FCOPYSIGN) {
      copySign(twice, result, a, b);
    } else if (op == SsaOp.FMIN || op == SsaOp.FMAX) {
      int left = low.use(a);
      int right = low.use(b);
      out.add(MachPseudo.MINIMUM_MAXIMUM, (twice ? 1 : 0) | (op == SsaOp.FMAX ? 2 : 0));
      out.operand(result, Operand.defineReuse(1));
      out.use(left);
      out.use(right);
    } else {
      X64Op row =
          switch (op) {
            case FADD -> twice ? X64Op.ADDSD : X64Op.ADDSS;
            case FSUB -> twice ? X64Op.SUBSD : X64Op.SUBSS;
            case FMUL -> twice ? X64Op.MULSD : X64Op.MULSS;
            default -> twice ? X64Op.DIVSD : X64Op.DIVSS;
          };
      boolean swap =
          op.isCommutative() && !low.memory().canFold(b, i, row) && low.memory().canFold(a, i, row);
      low.twoAddress(row, result, swap ? b : a, swap ? a : b, i);
    }
  }

  private Addr mask(boolean twice, boolean sign) {
    if (twice) {
      long mask = sign ? SIGN64 : ~SIGN64;
      return Addr.literal(out.literals.vector(mask, mask));
    }
    long half = sign ? SIGN32 : SIGN32 - 1;
    long mask = half << 32 | half;
    return Addr.literal(out.literals.vector(mask, mask));
  }

  private void copySign(boolean twice, int result, int a, int b) {
    int magnitude = out.newVector();
    int sign = out.newVector();
    X64Op and = twice ? X64Op.ANDPD : X64Op.ANDPS;
    out.row(and, mask(twice, false), 0, magnitude, low.use(a));
    out.row(and, mask(twice, true), 0, sign, low.use(b));
    out.row(twice ? X64Op.ORPD : X64Op.ORPS, null, 0, result, magnitude, sign);
  }

  void unary(int i, SsaOp op) {
    boolean twice =
        op != SsaOp.PROMOTE && op != SsaOp.DEMOTE && ssa.controllingType(i) == SsaType.F64;
    int source = low.use(ssa.operand(i, 0));
    switch (op) {
      case FABS ->
          out.row(
              twice ? X64Op.ANDPD : X64Op.ANDPS,
              mask(twice, false),
              0,
              low.definition(ssa.result(i)),
              source);
      case FNEG ->
          out.row(
              twice ? X64Op.XORPD : X64Op.XORPS,
              mask(twice, true),
              0,
              low.definition(ssa.result(i)),
              source);
      case FSQRT -> unaryArithmetic(i, twice ? X64Op.SQRTSD : X64Op.SQRTSS, 0, source);
      case PROMOTE -> unaryArithmetic(i, X64Op.CVTSS2SD, 0, source);
      case DEMOTE -> unaryArithmetic(i, X64Op.CVTSD2SS, 0, source);
      default -> {
        X64Op row = twice ? X64Op.ROUNDSD : X64Op.ROUNDSS;
        unaryArithmetic(i, row, roundingMode(op) | ROUND_QUIET, source);
      }
    }
  }

  /// These rows keep the upper lanes of their result register; taking the source for it avoids a
  /// dependency on whatever wrote that register last.
  private void unaryArithmetic(int i, X64Op row, int imm, int source) {
    int result = low.definition(ssa.result(i));
    out.row(row, null, imm, result, source, source);
  }

  private static int roundingMode(SsaOp op) {
    return switch (op) {
      case FFLOOR -> 1;
      case FCEIL -> 2;
      case FTRUNC -> 3;
      default -> 0;
    };
  }

  // ---- conversions

  void convert(int i, SsaOp op) {
    int operand = ssa.operand(i, 0);
    int result = low.definition(ssa.result(i));
    SsaType to = ssa.controllingType(i);
    SsaType from = ssa.valueType(operand);
    switch (op) {
      case SITOF -> fromInteger(to, result, low.use(operand), from == SsaType.I64);
      case UITOF -> {
        if (from == SsaType.I32) {
          fromInteger(to, result, low.useExtended(operand), true);
        } else {
          int source = low.use(operand);
          out.add(MachPseudo.CONVERT_FROM_U64, to == SsaType.F64 ? 1 : 0);
          out.define(result);
          out.use(source);
        }
      }
      case BITCAST -> bitcast(i, from, to, result, operand);
      default -> toInteger(op, from, to, result, operand);
    }
  }

  private void fromInteger(SsaType to, int result, int source, boolean wide) {
    X64Op row =
        to == SsaType.F64
            ? wide ? X64Op.CVTSI2SD_64 : X64Op.CVTSI2SD_32
            : wide ? X64Op.CVTSI2SS_64 : X64Op.CVTSI2SS_32;
    out.add(MachPseudo.CONVERT_FROM_INTEGER, row.ordinal());
    out.define(result);
    out.use(source);
  }

  private void bitcast(int i, SsaType from, SsaType to, int result, int operand) {
    if (to.isInteger() && from.isFloat()) {
      int source = low.use(operand);
      out.row(to == SsaType.I64 ? X64Op.MOVQ_RX : X64Op.MOVD_RX, null, 0, result, source);
    } else if (to.isFloat() && from.isInteger()) {
      low.unaryRow(to == SsaType.F64 ? X64Op.MOVQ_XR : X64Op.MOVD_XR, result, operand, i);
    } else {
      out.row(to.isFloat() ? X64Op.MOVAPS_RM : X64Op.MOV64_RM, null, 0, result, low.use(operand));
    }
  }

  private void toInteger(SsaOp op, SsaType from, SsaType to, int result, int operand) {
    boolean unsigned = op == SsaOp.FTOUI || op == SsaOp.FTOUI_SAT;
    boolean saturating = op == SsaOp.FTOSI_SAT || op == SsaOp.FTOUI_SAT;
    int flags =
        (from == SsaType.F64 ? FloatToInteger.DOUBLE : 0)
            | (to == SsaType.I64 ? FloatToInteger.WIDE : 0)
            | (unsigned ? FloatToInteger.UNSIGNED : 0)
            | (saturating ? FloatToInteger.SATURATING : 0);
    int source = low.use(operand);
    out.add(MachPseudo.CONVERT_TO_INTEGER, flags);
    out.define(result);
    out.use(source);
  }
}
