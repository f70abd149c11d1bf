package dev.troupe.engine.differential;

import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;

/** What the host functions of generated modules compute: a pure function of the arguments. */
public final class HostBodies {
  private HostBodies() {}

  /** Results that depend on the arguments, in which every NaN is the same. */
  public static long[] call(FuncType type, long[] arguments) {
    long hash = 0x9E37_79B9_7F4A_7C15L;
    for (int i = 0; i < arguments.length; i++) {
      hash = (hash ^ argument(type.params().get(i), arguments[i])) * 0xBF58_476D_1CE4_E5B9L;
      hash ^= hash >>> 29;
    }
    long[] results = new long[type.resultCount()];
    for (int i = 0; i < results.length; i++) {
      hash = hash * 0x94D0_49BB_1331_11EBL + i;
      results[i] = result(type.results().get(i), hash ^ hash >>> 31);
    }
    return results;
  }

  private static long argument(ValType type, long bits) {
    if (type == NumType.F32) {
      return Float.floatToIntBits(Float.intBitsToFloat((int) bits));
    }
    if (type == NumType.F64) {
      return Double.doubleToLongBits(Double.longBitsToDouble(bits));
    }
    return type == VecType.V128 ? VectorHandles.low(bits) ^ 3 * VectorHandles.high(bits) : bits;
  }

  // Floats come from small integers: their bits are never those of a NaN.
  private static long result(ValType type, long hash) {
    if (type == VecType.V128) {
      return VectorHandles.of(hash, hash * 3);
    }
    return switch ((NumType) type) {
      case I32 -> (int) hash;
      case I64 -> hash;
      case F32 -> Float.floatToRawIntBits((int) hash >> 8);
      case F64 -> Double.doubleToRawLongBits(hash >> 12);
    };
  }
}
