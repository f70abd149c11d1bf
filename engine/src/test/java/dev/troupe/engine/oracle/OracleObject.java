package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.StructType;

/**
 * A struct or an array.
 *
 * @param typeId of its type in the store
 * @param type the same written out
 * @param values fields or elements; packed ones without sign
 */
record OracleObject(int typeId, CompositeType type, long[] values) {
  boolean isStruct() {
    return type instanceof StructType;
  }

  static FieldType field(CompositeType type, int index) {
    return switch (type) {
      case StructType struct -> struct.fields().get(index);
      case ArrayType array -> array.element();
      case FuncType function -> throw new IllegalStateException("not in the heap: " + function);
    };
  }

  long get(int index, boolean signed) {
    long value = values[index];
    if (field(type, index).storage() instanceof PackedType packed && signed) {
      return packed == PackedType.I8 ? (byte) value : (short) value;
    }
    return value;
  }

  void set(int index, long value) {
    values[index] = stored(field(type, index), value);
  }

  /** What a field keeps of a value. */
  static long stored(FieldType field, long value) {
    if (field.storage() instanceof PackedType packed) {
      return value & (packed == PackedType.I8 ? 0xFF : 0xFFFF);
    }
    return value;
  }
}
