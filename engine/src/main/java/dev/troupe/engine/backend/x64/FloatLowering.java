package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/// Selection of floating-point operations. With AVX the forms with a result register of their own
/// are taken; without it the two-address ones.
final class FloatLowering {
  private static final long SIGN64 = Long.MIN_VALUE;
  private static final long SIGN32 = 0x8000_0000L;
  private static final int ROUND_QUIET = 8;

  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;
  private final boolean avx;

  FloatLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.avx = low.context.has(X64Feature.AVX);
  }

  private X64Op pick(X64Op sse, X64Op withAvx) {
    return avx ? withAvx : sse;
  }

  private static X64Op pick(boolean twice, X64Op single, X64Op twiceOp) {
    return twice ? twiceOp : single;
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
      X64Op row = avx ? arithmeticAvx(op, twice) : arithmeticSse(op, twice);
      boolean swap =
          op.isCommutative() && !low.memory().canFold(b, i, row) && low.memory().canFold(a, i, row);
      if (avx) {
        threeAddress(row, result, swap ? b : a, swap ? a : b, i);
      } else {
        low.twoAddress(row, result, swap ? b : a, swap ? a : b, i);
      }
    }
  }

  private static X64Op arithmeticSse(SsaOp op, boolean twice) {
    return switch (op) {
      case FADD -> pick(twice, X64Op.ADDSS, X64Op.ADDSD);
      case FSUB -> pick(twice, X64Op.SUBSS, X64Op.SUBSD);
      case FMUL -> pick(twice, X64Op.MULSS, X64Op.MULSD);
      default -> pick(twice, X64Op.DIVSS, X64Op.DIVSD);
    };
  }

  private static X64Op arithmeticAvx(SsaOp op, boolean twice) {
    return switch (op) {
      case FADD -> pick(twice, X64Op.VADDSS, X64Op.VADDSD);
      case FSUB -> pick(twice, X64Op.VSUBSS, X64Op.VSUBSD);
      case FMUL -> pick(twice, X64Op.VMULSS, X64Op.VMULSD);
      default -> pick(twice, X64Op.VDIVSS, X64Op.VDIVSD);
    };
  }

  /// result = first op second, where second may be a load that happens here.
  private void threeAddress(X64Op row, int result, int first, int second, int user) {
    Addr address = low.memory().operand(second, user, row);
    int left = low.use(first);
    if (address != null) {
      out.row(row, address, 0, result, left);
    } else {
      out.row(row, null, 0, result, left, low.use(second));
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
    X64Op and = twice ? pick(X64Op.ANDPD, X64Op.VANDPD) : pick(X64Op.ANDPS, X64Op.VANDPS);
    out.row(and, mask(twice, false), 0, magnitude, low.use(a));
    out.row(and, mask(twice, true), 0, sign, low.use(b));
    X64Op or = twice ? pick(X64Op.ORPD, X64Op.VORPD) : pick(X64Op.ORPS, X64Op.VORPS);
    out.row(or, null, 0, result, magnitude, sign);
  }

  void unary(int i, SsaOp op) {
    boolean twice =
        op != SsaOp.PROMOTE && op != SsaOp.DEMOTE && ssa.controllingType(i) == SsaType.F64;
    int source = low.use(ssa.operand(i, 0));
    switch (op) {
      case FABS -> {
        X64Op and = twice ? pick(X64Op.ANDPD, X64Op.VANDPD) : pick(X64Op.ANDPS, X64Op.VANDPS);
        out.row(and, mask(twice, false), 0, low.definition(ssa.result(i)), source);
      }
      case FNEG -> {
        X64Op xor = twice ? pick(X64Op.XORPD, X64Op.VXORPD) : pick(X64Op.XORPS, X64Op.VXORPS);
        out.row(xor, mask(twice, true), 0, low.definition(ssa.result(i)), source);
      }
      case FSQRT -> {
        X64Op single = pick(X64Op.SQRTSS, X64Op.VSQRTSS);
        X64Op dbl = pick(X64Op.SQRTSD, X64Op.VSQRTSD);
        unaryArithmetic(i, pick(twice, single, dbl), 0, source);
      }
      case PROMOTE -> unaryArithmetic(i, pick(X64Op.CVTSS2SD, X64Op.VCVTSS2SD), 0, source);
      case DEMOTE -> unaryArithmetic(i, pick(X64Op.CVTSD2SS, X64Op.VCVTSD2SS), 0, source);
      default -> {
        X64Op single = pick(X64Op.ROUNDSS, X64Op.VROUNDSS);
        X64Op dbl = pick(X64Op.ROUNDSD, X64Op.VROUNDSD);
        unaryArithmetic(i, pick(twice, single, dbl), roundingMode(op) | ROUND_QUIET, source);
      }
    }
  }

  /// These rows keep the upper lanes of their first source; taking the source for it avoids a
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
      case SITOF -> fromInteger(to, result, operand, from == SsaType.I64, i);
      case UITOF -> {
        if (from == SsaType.I32) {
          fromRegister(to, result, low.useExtended(operand), true);
        } else {
          int source = low.use(operand);
          out.add(MachPseudo.CONVERT_FROM_U64, to == SsaType.F64 ? 1 : 0);
          out.define(result);
          out.use(source);
          out.operand(out.newInteger(), Operand.defineEarly());
        }
      }
      case BITCAST -> bitcast(i, from, to, result, operand);
      default -> toInteger(op, from, to, result, operand);
    }
  }

  private void fromInteger(SsaType to, int result, int operand, boolean wide, int user) {
    if (!avx) {
      fromRegister(to, result, low.use(operand), wide);
      return;
    }
    X64Op row = conversionAvx(to, wide);
    Addr address = low.memory().operand(operand, user, row);
    if (address != null) {
      out.row(row, address, 0, result, low.vectorZero());
    } else {
      fromRegister(to, result, low.use(operand), wide);
    }
  }

  /// The upper lanes come from a register of zeros, so that nothing depends on what wrote the
  /// result's register last.
  private void fromRegister(SsaType to, int result, int source, boolean wide) {
    if (avx) {
      out.row(conversionAvx(to, wide), null, 0, result, low.vectorZero(), source);
      return;
    }
    X64Op row =
        to == SsaType.F64
            ? pick(wide, X64Op.CVTSI2SD_32, X64Op.CVTSI2SD_64)
            : pick(wide, X64Op.CVTSI2SS_32, X64Op.CVTSI2SS_64);
    out.add(MachPseudo.CONVERT_FROM_INTEGER, row.ordinal());
    out.define(result);
    out.use(source);
  }

  private static X64Op conversionAvx(SsaType to, boolean wide) {
    return to == SsaType.F64
        ? pick(wide, X64Op.VCVTSI2SD_32, X64Op.VCVTSI2SD_64)
        : pick(wide, X64Op.VCVTSI2SS_32, X64Op.VCVTSI2SS_64);
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
    if (unsigned) {
      int temporary = to == SsaType.I64 ? out.newVector() : out.newInteger();
      out.operand(temporary, Operand.defineEarly());
    }
  }
}
