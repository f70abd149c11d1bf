package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.WasmOp;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Conversions between number types (section 4.3.4). Written with exact decimal arithmetic rather
 * than with the tricks that a compiler uses.
 */
final class Conversions {
  private static final long NAN_32 = 0x7FC0_0000L;
  private static final long NAN_64 = 0x7FF8_0000_0000_0000L;

  private Conversions() {}

  static boolean isToInt(WasmOp op) {
    String name = op.mnemonic();
    return name.contains(".trunc_")
        || name.contains(".reinterpret_")
        || name.contains(".wrap_")
        || name.contains(".extend_");
  }

  static boolean isToFloat(WasmOp op) {
    String name = op.mnemonic();
    return name.contains(".convert_")
        || name.contains(".reinterpret_")
        || name.contains(".demote_")
        || name.contains(".promote_");
  }

  static long toInt(WasmOp op, long value) {
    return switch (op) {
      case I32_WRAP_I64, I32_REINTERPRET_F32 -> (int) value;
      case I64_EXTEND_I32_S -> (int) value;
      case I64_EXTEND_I32_U -> value & 0xFFFF_FFFFL;
      case I64_REINTERPRET_F64 -> value;
      default -> truncate(op, value);
    };
  }

  // The mnemonic says it all: i32.trunc_f64_u, i64.trunc_sat_f32_s, ...
  private static long truncate(WasmOp op, long value) {
    String name = op.mnemonic();
    boolean saturating = name.contains("trunc_sat");
    boolean signed = name.endsWith("_s");
    int bits = name.startsWith("i32") ? 32 : 64;
    double x =
        name.contains("f32") ? Float.intBitsToFloat((int) value) : Double.longBitsToDouble(value);
    if (Double.isNaN(x)) {
      if (saturating) {
        return 0;
      }
      throw new OracleTrap(TrapKind.INVALID_CONVERSION_TO_INTEGER);
    }
    BigInteger low = signed ? BigInteger.TWO.pow(bits - 1).negate() : BigInteger.ZERO;
    BigInteger high = BigInteger.TWO.pow(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
    BigInteger exact =
        Double.isInfinite(x)
            ? BigInteger.TWO.pow(200).multiply(BigInteger.valueOf((long) Math.signum(x)))
            : new BigDecimal(x).toBigInteger();
    BigInteger inside = exact.max(low).min(high);
    if (!saturating && !inside.equals(exact)) {
      throw new OracleTrap(TrapKind.INTEGER_OVERFLOW);
    }
    return bits == 32 ? inside.intValue() : inside.longValue();
  }

  static long toFloat(WasmOp op, long value) {
    return switch (op) {
      case F32_REINTERPRET_I32, F64_REINTERPRET_I64 -> value;
      case F32_DEMOTE_F64 -> {
        double x = Double.longBitsToDouble(value);
        yield Double.isNaN(x) ? NAN_32 : Float.floatToRawIntBits((float) x);
      }
      case F64_PROMOTE_F32 -> {
        float x = Float.intBitsToFloat((int) value);
        yield Float.isNaN(x) ? NAN_64 : Double.doubleToRawLongBits(x);
      }
      default -> convert(op, value);
    };
  }

  private static long convert(WasmOp op, long value) {
    String name = op.mnemonic();
    boolean from32 = name.contains("i32");
    BigInteger exact = BigInteger.valueOf(from32 ? (int) value : value);
    if (name.endsWith("_u") && exact.signum() < 0) {
      exact = exact.add(BigInteger.TWO.pow(from32 ? 32 : 64));
    }
    return name.startsWith("f32")
        ? Float.floatToRawIntBits(exact.floatValue())
        : Double.doubleToRawLongBits(exact.doubleValue());
  }
}
