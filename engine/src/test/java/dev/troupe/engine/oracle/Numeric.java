package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.WasmOp;

/** Numeric instructions (section 4.3) on values as longs; i32 results are sign-extended. */
final class Numeric {
  private Numeric() {}

  static long unary(WasmOp op, long value) {
    return switch (op.mnemonic().substring(0, 3)) {
      case "i32", "i64" ->
          Conversions.isToInt(op) ? Conversions.toInt(op, value) : intUnary(op, value);
      default -> Conversions.isToFloat(op) ? Conversions.toFloat(op, value) : floatUnary(op, value);
    };
  }

  static long binary(WasmOp op, long left, long right) {
    return switch (op.mnemonic().substring(0, 3)) {
      case "i32" -> Ints.binary(op, (int) left, (int) right);
      case "i64" -> Longs.binary(op, left, right);
      case "f32" -> Floats.binary(op, (int) left, (int) right);
      default -> Floats.binary(op, left, right);
    };
  }

  private static long intUnary(WasmOp op, long value) {
    int narrow = (int) value;
    return switch (op) {
      case I32_EQZ -> narrow == 0 ? 1 : 0;
      case I32_CLZ -> Integer.numberOfLeadingZeros(narrow);
      case I32_CTZ -> Integer.numberOfTrailingZeros(narrow);
      case I32_POPCNT -> Integer.bitCount(narrow);
      case I32_EXTEND8_S -> (byte) narrow;
      case I32_EXTEND16_S -> (short) narrow;
      case I64_EQZ -> value == 0 ? 1 : 0;
      case I64_CLZ -> Long.numberOfLeadingZeros(value);
      case I64_CTZ -> Long.numberOfTrailingZeros(value);
      case I64_POPCNT -> Long.bitCount(value);
      case I64_EXTEND8_S -> (byte) value;
      case I64_EXTEND16_S -> (short) value;
      case I64_EXTEND32_S -> narrow;
      default -> throw new IllegalStateException("not a unary integer instruction: " + op);
    };
  }

  private static long floatUnary(WasmOp op, long value) {
    return op.mnemonic().startsWith("f32")
        ? Floats.unary(op, (int) value)
        : Floats.unary(op, value);
  }
}
