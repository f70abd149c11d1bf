package dev.troupe.engine.oracle;

import static dev.troupe.engine.oracle.Ints.bool;

import dev.troupe.engine.wasm.WasmOp;

/**
 * Floating-point instructions (section 4.3.3) on bit patterns. Every arithmetic NaN is the
 * canonical one, which the specification allows for all inputs only if those are canonical:
 * comparisons with other engines treat NaNs of arithmetic as one value.
 */
final class Floats {
  private static final int SIGN_32 = 1 << 31;
  private static final long SIGN_64 = 1L << 63;
  private static final int NAN_32 = 0x7FC0_0000;
  private static final long NAN_64 = 0x7FF8_0000_0000_0000L;

  private Floats() {}

  private static long bits(float value) {
    return Float.isNaN(value) ? NAN_32 : Float.floatToRawIntBits(value);
  }

  private static long bits(double value) {
    return Double.isNaN(value) ? NAN_64 : Double.doubleToRawLongBits(value);
  }

  static long unary(WasmOp op, int value) {
    float x = Float.intBitsToFloat(value);
    return switch (op) {
      case F32_ABS -> value & ~SIGN_32;
      case F32_NEG -> value ^ SIGN_32;
      case F32_CEIL -> bits((float) Math.ceil(x));
      case F32_FLOOR -> bits((float) Math.floor(x));
      case F32_TRUNC -> bits((float) truncate(x));
      case F32_NEAREST -> bits((float) Math.rint(x));
      case F32_SQRT -> bits((float) Math.sqrt(x));
      default -> throw new IllegalStateException("not a unary f32 instruction: " + op);
    };
  }

  static long unary(WasmOp op, long value) {
    double x = Double.longBitsToDouble(value);
    return switch (op) {
      case F64_ABS -> value & ~SIGN_64;
      case F64_NEG -> value ^ SIGN_64;
      case F64_CEIL -> bits(Math.ceil(x));
      case F64_FLOOR -> bits(Math.floor(x));
      case F64_TRUNC -> bits(truncate(x));
      case F64_NEAREST -> bits(Math.rint(x));
      case F64_SQRT -> bits(Math.sqrt(x));
      default -> throw new IllegalStateException("not a unary f64 instruction: " + op);
    };
  }

  private static double truncate(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  static long binary(WasmOp op, int left, int right) {
    float a = Float.intBitsToFloat(left);
    float b = Float.intBitsToFloat(right);
    return switch (op) {
      case F32_ADD -> bits(a + b);
      case F32_SUB -> bits(a - b);
      case F32_MUL -> bits(a * b);
      case F32_DIV -> bits(a / b);
      case F32_MIN -> bits(Math.min(a, b));
      case F32_MAX -> bits(Math.max(a, b));
      case F32_COPYSIGN -> left & ~SIGN_32 | right & SIGN_32;
      case F32_EQ -> bool(a == b);
      case F32_NE -> bool(a != b);
      case F32_LT -> bool(a < b);
      case F32_GT -> bool(a > b);
      case F32_LE -> bool(a <= b);
      case F32_GE -> bool(a >= b);
      default -> throw new IllegalStateException("not a binary f32 instruction: " + op);
    };
  }

  static long binary(WasmOp op, long left, long right) {
    double a = Double.longBitsToDouble(left);
    double b = Double.longBitsToDouble(right);
    return switch (op) {
      case F64_ADD -> bits(a + b);
      case F64_SUB -> bits(a - b);
      case F64_MUL -> bits(a * b);
      case F64_DIV -> bits(a / b);
      case F64_MIN -> bits(Math.min(a, b));
      case F64_MAX -> bits(Math.max(a, b));
      case F64_COPYSIGN -> left & ~SIGN_64 | right & SIGN_64;
      case F64_EQ -> bool(a == b);
      case F64_NE -> bool(a != b);
      case F64_LT -> bool(a < b);
      case F64_GT -> bool(a > b);
      case F64_LE -> bool(a <= b);
      case F64_GE -> bool(a >= b);
      default -> throw new IllegalStateException("not a binary f64 instruction: " + op);
    };
  }
}
