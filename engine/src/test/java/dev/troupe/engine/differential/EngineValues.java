package dev.troupe.engine.differential;

import dev.troupe.engine.Value;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;

/** The engine's values as the oracle's longs, and back. */
public final class EngineValues {
  private EngineValues() {}

  /** A number or vector. */
  public static Value value(ValType type, long bits) {
    if (type == VecType.V128) {
      return new Value.V128(VectorHandles.low(bits), VectorHandles.high(bits));
    }
    return switch ((NumType) type) {
      case I32 -> new Value.I32((int) bits);
      case I64 -> new Value.I64(bits);
      case F32 -> new Value.F32((int) bits);
      case F64 -> new Value.F64(bits);
    };
  }

  /** What the oracle has; 1 for any reference that is not null. */
  public static long bits(Value value) {
    return switch (value) {
      case Value.I32 i -> i.value();
      case Value.I64 i -> i.value();
      case Value.F32 f -> f.bits();
      case Value.F64 f -> f.bits();
      case Value.V128 v -> VectorHandles.of(v.low(), v.high());
      case Value.FuncRef f -> f.func() == null ? 0 : 1;
      case Value.ExnRef e -> e.exception() == null ? 0 : 1;
      case Value.Any a -> a.reference() == null ? 0 : 1;
      case Value.Extern e -> e.reference() == null ? 0 : 1;
    };
  }
}
