package dev.troupe.engine.runtime;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.ValType;
import java.util.List;

/**
 * How the objects of one type look.
 *
 * @param bytes size of a struct, or of an element of an array
 * @param isArray whether it has elements
 * @param offsets of the fields of a struct
 * @param references those of them that hold references
 * @param elementsAreReferences whether the elements of an array do
 * @param storage what fields hold, or elements
 */
@SuppressWarnings("ArrayRecordComponent") // read in the collector's loop; never compared
public record GcShape(
    int bytes,
    boolean isArray,
    int[] offsets,
    int[] references,
    boolean elementsAreReferences,
    List<FieldType> storage) {
  private static final int[] NONE = {};

  /**
   * The shape of the objects of a type.
   *
   * @throws IllegalArgumentException when it is a function type
   */
  static GcShape of(CompositeType type) {
    return switch (type) {
      case StructType struct -> struct(struct.fields());
      case ArrayType array -> {
        StorageType element = array.element().storage();
        yield new GcShape(
            bytes(element), true, NONE, NONE, isReference(element), List.of(array.element()));
      }
      case FuncType function -> throw new IllegalArgumentException("functions are no objects");
    };
  }

  private static GcShape struct(List<FieldType> fields) {
    int[] bytes = new int[fields.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes(fields.get(i).storage());
    }
    GcLayout.StructFields layout = new GcLayout.StructFields(bytes);
    int[] offsets = new int[bytes.length];
    IntList references = new IntList(4);
    for (int i = 0; i < bytes.length; i++) {
      offsets[i] = layout.offset(i);
      if (isReference(fields.get(i).storage())) {
        references.add(offsets[i]);
      }
    }
    return new GcShape(layout.bytes(), false, offsets, references.toArray(), false, fields);
  }

  /** References to functions count, too: to the collector they are no objects of the heap. */
  private static boolean isReference(StorageType storage) {
    return storage instanceof RefType;
  }

  /** Writes a value: two halves, of which the second counts for vectors only. */
  public static void write(long cell, StorageType storage, long low, long high) {
    switch (bytes(storage)) {
      case 1 -> RawMemory.putByte(cell, (byte) low);
      case 2 -> RawMemory.putShort(cell, (short) low);
      case 4 -> RawMemory.putInt(cell, (int) low);
      case 8 -> RawMemory.putLong(cell, low);
      default -> {
        RawMemory.putLong(cell, low);
        RawMemory.putLong(cell + Long.BYTES, high);
      }
    }
  }

  /** Reads the low half of a value; packed integers are zero-extended. */
  public static long read(long cell, StorageType storage) {
    return switch (bytes(storage)) {
      case 1 -> RawMemory.getByte(cell) & 0xFF;
      case 2 -> RawMemory.getShort(cell) & 0xFFFF;
      case 4 -> RawMemory.getInt(cell) & 0xFFFF_FFFFL;
      default -> RawMemory.getLong(cell);
    };
  }

  /** Size of what a field or an element holds. */
  public static int bytes(StorageType storage) {
    return switch (storage) {
      case PackedType packed ->
          switch (packed) {
            case I8 -> 1;
            case I16 -> 2;
          };
      case ValType value -> value.sizeBytes();
    };
  }
}
