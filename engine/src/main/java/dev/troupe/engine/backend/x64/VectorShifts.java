package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.VectorOp;

/// Selection of shifts of all lanes by one amount. There are none of bytes, and without AVX-512 no
/// arithmetic one of 64 bits.
final class VectorShifts {
  private final VectorBuilder b;
  private final Lowering low;
  private final SsaFunction ssa;

  VectorShifts(VectorBuilder builder) {
    this.b = builder;
    this.low = builder.low;
    this.ssa = builder.ssa;
  }

  void shift(int i, VectorOp op) {
    int amount = ssa.operand(i, 1);
    if (low.isConstant(amount)) {
      int known = (int) low.constant(amount) & op.laneBytes() * 8 - 1;
      byConstant(i, op, known);
    } else {
      byNumber(i, op, amount);
    }
  }

  private void byConstant(int i, VectorOp op, int amount) {
    int result = b.result(i);
    int vector = b.use(i, 0);
    switch (op) {
      case I8X16_SHL -> {
        int shifted = b.unary(X64Op.PSLLW_I, amount, vector);
        b.binary(result, X64Op.PAND, shifted, b.literal(VectorBuilder.bytes(0xFF << amount)));
      }
      case I8X16_SHR_U -> {
        int shifted = b.unary(X64Op.PSRLW_I, amount, vector);
        b.binary(result, X64Op.PAND, shifted, b.literal(VectorBuilder.bytes(0xFF >> amount)));
      }
      case I8X16_SHR_S -> {
        int shifted = b.unary(X64Op.PSRLW_I, amount, vector);
        int kept = b.binary(X64Op.PAND, shifted, b.literal(VectorBuilder.bytes(0xFF >> amount)));
        Addr sign = b.literal(VectorBuilder.bytes(0x80 >> amount));
        extendSign(result, X64Op.PSUBB, kept, sign);
      }
      case I64X2_SHR_S -> {
        if (b.avx512) {
          b.out.row(X64Op.VPSRAQ_I, null, amount, result, vector);
        } else {
          int shifted = b.unary(X64Op.PSRLQ_I, amount, vector);
          extendSign(result, X64Op.PSUBQ, shifted, b.literal(Long.MIN_VALUE >>> amount));
        }
      }
      default -> b.unary(result, immediateRow(op), amount, vector);
    }
  }

  /// (x ^ sign) - sign copies the sign bit upwards.
  private void extendSign(int result, X64Op subtract, int x, Addr sign) {
    b.binary(result, subtract, b.binary(X64Op.PXOR, x, sign), sign);
  }

  private static X64Op immediateRow(VectorOp op) {
    return switch (op) {
      case I16X8_SHL -> X64Op.PSLLW_I;
      case I16X8_SHR_S -> X64Op.PSRAW_I;
      case I16X8_SHR_U -> X64Op.PSRLW_I;
      case I32X4_SHL -> X64Op.PSLLD_I;
      case I32X4_SHR_S -> X64Op.PSRAD_I;
      case I32X4_SHR_U -> X64Op.PSRLD_I;
      case I64X2_SHL -> X64Op.PSLLQ_I;
      case I64X2_SHR_U -> X64Op.PSRLQ_I;
      default -> throw new IllegalStateException(op + " is no shift by an immediate");
    };
  }

  private void byNumber(int i, VectorOp op, int amount) {
    int result = b.result(i);
    int vector = b.use(i, 0);
    int masked = b.out.newInteger();
    b.out.row(X64Op.AND32_MI, null, op.laneBytes() * 8 - 1, masked, low.use(amount));
    int count = b.unary(X64Op.MOVD_XR, 0, masked);
    switch (op) {
      case I8X16_SHL, I8X16_SHR_S, I8X16_SHR_U -> bytes(result, op, vector, count);
      case I64X2_SHR_S -> {
        if (b.avx512) {
          b.out.row(X64Op.VPSRAQ_X, null, 0, result, vector, count);
        } else {
          int sign = b.binary(X64Op.PSRLQ_X, b.constant(Long.MIN_VALUE), count);
          int shifted = b.binary(X64Op.PSRLQ_X, vector, count);
          b.binary(result, X64Op.PSUBQ, b.binary(X64Op.PXOR, shifted, sign), sign);
        }
      }
      default -> b.binary(result, registerRow(op), vector, count);
    }
  }

  /// Even and odd bytes apart, as words.
  private void bytes(int result, VectorOp op, int vector, int count) {
    Addr even = b.literal(VectorBuilder.words(0x00FF));
    Addr odd = b.literal(VectorBuilder.words(0xFF00));
    int evens;
    int odds;
    switch (op) {
      case I8X16_SHL -> {
        evens = b.binary(X64Op.PAND, b.binary(X64Op.PSLLW_X, vector, count), even);
        odds = b.binary(X64Op.PSLLW_X, b.binary(X64Op.PAND, vector, odd), count);
      }
      case I8X16_SHR_U -> {
        evens = b.binary(X64Op.PSRLW_X, b.binary(X64Op.PAND, vector, even), count);
        odds = b.binary(X64Op.PAND, b.binary(X64Op.PSRLW_X, vector, count), odd);
      }
      default -> {
        int high = b.binary(X64Op.PSRAW_X, b.unary(X64Op.PSLLW_I, 8, vector), count);
        evens = b.unary(X64Op.PSRLW_I, 8, high);
        odds = b.binary(X64Op.PAND, b.binary(X64Op.PSRAW_X, vector, count), odd);
      }
    }
    b.binary(result, X64Op.POR, evens, odds);
  }

  private static X64Op registerRow(VectorOp op) {
    return switch (op) {
      case I16X8_SHL -> X64Op.PSLLW_X;
      case I16X8_SHR_S -> X64Op.PSRAW_X;
      case I16X8_SHR_U -> X64Op.PSRLW_X;
      case I32X4_SHL -> X64Op.PSLLD_X;
      case I32X4_SHR_S -> X64Op.PSRAD_X;
      case I32X4_SHR_U -> X64Op.PSRLD_X;
      case I64X2_SHL -> X64Op.PSLLQ_X;
      case I64X2_SHR_U -> X64Op.PSRLQ_X;
      default -> throw new IllegalStateException(op + " is no shift by a register");
    };
  }
}
