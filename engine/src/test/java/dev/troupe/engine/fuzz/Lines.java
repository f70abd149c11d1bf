package dev.troupe.engine.fuzz;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.List;
import java.util.zip.CRC32;

/**
 * How subjects write down what they see. Integers are decimal, floats are their bits in hex, every
 * NaN is {@code nan}, references are {@code null} or {@code ref}.
 */
final class Lines {
  /** What a call is that ends with an exception which nobody catches. */
  static final String THROWN = "exception";

  private Lines() {}

  static String returned(List<ValType> types, long[] values) {
    StringBuilder out = new StringBuilder("=");
    for (int i = 0; i < values.length; i++) {
      out.append(' ').append(value(types.get(i), values[i]));
    }
    return out.toString();
  }

  static String trapped(TrapKind kind) {
    return "trap " + kind;
  }

  static String value(ValType type, long bits) {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> Integer.toString((int) bits);
            case I64 -> Long.toString(bits);
            case F32 ->
                Float.isNaN(Float.intBitsToFloat((int) bits))
                    ? "nan"
                    : Integer.toHexString((int) bits);
            case F64 ->
                Double.isNaN(Double.longBitsToDouble(bits)) ? "nan" : Long.toHexString(bits);
          };
      case VecType unused ->
          Long.toHexString(VectorHandles.high(bits))
              + ":"
              + Long.toHexString(VectorHandles.low(bits));
      case RefType unused -> bits == 0 ? "null" : "ref";
    };
  }

  static String memory(String name, byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return " " + name + "=" + bytes.length + ":" + crc.getValue();
  }

  static String global(String name, ValType type, long bits) {
    return " " + name + "=" + value(type, bits);
  }

  static String table(String name, String nulls) {
    return " " + name + "=" + nulls;
  }

  /** A line in which traps are told apart as V8's messages do. */
  static String rough(String line) {
    if (!line.startsWith("trap ")) {
      return line;
    }
    int end = line.indexOf(' ', 5);
    String kind = line.substring(5, end < 0 ? line.length() : end);
    String rest = end < 0 ? "" : line.substring(end);
    return "trap " + rough(TrapKind.valueOf(kind)) + rest;
  }

  private static String rough(TrapKind kind) {
    return switch (kind) {
      case TABLE_OUT_OF_BOUNDS, UNDEFINED_ELEMENT -> "table";
      case UNINITIALIZED_ELEMENT, INDIRECT_CALL_TYPE_MISMATCH -> "callee";
      case INTEGER_OVERFLOW, INVALID_CONVERSION_TO_INTEGER -> "range";
      case INTEGER_DIVIDE_BY_ZERO -> "zero";
      // An access may be both; V8 looks at the bounds first.
      case MEMORY_OUT_OF_BOUNDS, UNALIGNED_ATOMIC -> "memory";
      case NULL_REFERENCE, NULL_EXCEPTION, NULL_FUNCTION, NULL_I31, NULL_STRUCTURE, NULL_ARRAY ->
          "null";
      case CAST_FAILURE -> "cast";
      case ARRAY_OUT_OF_BOUNDS -> "array";
      case UNREACHABLE -> "unreachable";
      case STACK_OVERFLOW -> "stack";
      default -> kind.toString();
    };
  }
}
