package dev.troupe.engine;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GcShape;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.ValType;
import java.util.List;

/** Reads and writes what structs and arrays hold. */
final class ObjectFields {
  private ObjectFields() {}

  static Value read(Store<?> store, long cell, FieldType field) {
    ValType type = field.storage().unpacked();
    boolean isWide = GcShape.bytes(field.storage()) > Long.BYTES;
    long high = isWide ? RawMemory.getLong(cell + Long.BYTES) : 0;
    return Values.of(store, type, GcShape.read(cell, field.storage()), high);
  }

  static void write(Store<?> store, long cell, FieldType field, Value value) {
    GcShape.write(cell, field.storage(), Values.low(store, value), Values.high(value));
  }

  static void requireMutable(FieldType field) {
    if (!field.mutable()) {
      throw new IllegalStateException("the field is constant");
    }
  }

  static void check(Store<?> store, List<FieldType> fields, List<Value> values) {
    if (fields.size() != values.size()) {
      throw new IllegalArgumentException(
          "expected " + fields.size() + " fields, got " + values.size());
    }
    for (int i = 0; i < values.size(); i++) {
      Values.check(store, fields.get(i).storage().unpacked(), values.get(i));
    }
  }
}
