package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The structs and arrays of a generated module: they stand behind its function types, in recursion
 * groups, and refer to each other and to function types. Every field can be null or zero. The first
 * is a struct and the second an array, each with a number inside.
 *
 * @param base index of the first
 * @param types in order
 * @param groups how many types each recursion group has
 */
record HeapTypes(int base, List<SubType> types, List<Integer> groups) {
  /** Of a module without. */
  static final HeapTypes NONE = new HeapTypes(0, List.of(), List.of());

  private static final List<AbstractHeapType> REFERENCES =
      List.of(
          AbstractHeapType.ANY,
          AbstractHeapType.EQ,
          AbstractHeapType.I31,
          AbstractHeapType.STRUCT,
          AbstractHeapType.ARRAY,
          AbstractHeapType.FUNC,
          AbstractHeapType.EXTERN);

  /**
   * Some types.
   *
   * @param base how many function types stand before them
   * @param vectors whether fields may be vectors
   */
  static HeapTypes random(int base, boolean vectors, SplittableRandom random) {
    List<SubType> types = new ArrayList<>();
    List<Integer> groups = new ArrayList<>();
    for (int count = 2 + random.nextInt(6); types.size() < count; ) {
      int size = Math.min(1 + random.nextInt(3), count - types.size());
      groups.add(size);
      int end = base + types.size() + size;
      for (int i = 0; i < size; i++) {
        types.add(type(types, base, end, vectors, random));
      }
    }
    return new HeapTypes(base, List.copyOf(types), List.copyOf(groups));
  }

  private static SubType type(
      List<SubType> before, int base, int end, boolean vectors, SplittableRandom random) {
    boolean struct = before.isEmpty() || before.size() > 1 && random.nextInt(3) > 0;
    int supertype = SubType.NO_SUPERTYPE;
    if (random.nextInt(3) > 0) {
      for (int i = 0; i < before.size(); i++) {
        SubType candidate = before.get(i);
        boolean same = candidate.composite() instanceof StructType == struct;
        if (same && !candidate.isFinal() && random.nextInt(3) > 0) {
          supertype = base + i;
        }
      }
    }
    boolean isFinal = before.size() > 1 && random.nextInt(4) == 0;
    if (!struct) {
      FieldType element =
          supertype >= 0
              ? ((ArrayType) before.get(supertype - base).composite()).element()
              : before.size() == 1 ? number(random) : field(base, end, vectors, random);
      return new SubType(isFinal, supertype, new ArrayType(element));
    }
    List<FieldType> fields = new ArrayList<>();
    if (supertype >= 0) {
      fields.addAll(((StructType) before.get(supertype - base).composite()).fields());
    }
    if (before.isEmpty()) {
      fields.add(number(random));
    }
    for (int n = random.nextInt(4); n > 0; n--) {
      fields.add(field(base, end, vectors, random));
    }
    return new SubType(isFinal, supertype, new StructType(fields));
  }

  private static FieldType number(SplittableRandom random) {
    return new FieldType(NumType.values()[random.nextInt(4)], true);
  }

  private static FieldType field(int base, int end, boolean vectors, SplittableRandom random) {
    StorageType storage =
        switch (random.nextInt(12)) {
          case 0 -> PackedType.I8;
          case 1 -> PackedType.I16;
          case 2 -> vectors ? VecType.V128 : NumType.I64;
          case 3, 4, 5 -> reference(base + random.nextInt(end - base));
          case 6 -> reference(random.nextInt(base));
          case 7 -> new RefType(true, REFERENCES.get(random.nextInt(REFERENCES.size())));
          default -> NumType.values()[random.nextInt(4)];
        };
    return new FieldType(storage, random.nextInt(4) > 0);
  }

  /** A nullable reference to a type. */
  static RefType reference(int index) {
    return new RefType(true, new ConcreteHeapType(index));
  }

  boolean isEmpty() {
    return types.isEmpty();
  }

  int end() {
    return base + types.size();
  }

  boolean contains(int index) {
    return index >= base && index < end();
  }

  boolean isStruct(int index) {
    return types.get(index - base).composite() instanceof StructType;
  }

  /** Fields of a struct, or the one element of an array. */
  List<FieldType> fields(int index) {
    return switch (types.get(index - base).composite()) {
      case StructType struct -> struct.fields();
      case ArrayType array -> List.of(array.element());
      default -> throw new IllegalStateException("neither struct nor array: " + index);
    };
  }

  boolean isSubtype(int index, int wanted) {
    for (int i = index; i >= 0; i = types.get(i - base).supertype()) {
      if (i == wanted) {
        return true;
      }
    }
    return false;
  }

  /** The entries of the type section, as many as there are groups. */
  void write(ByteWriter w) {
    int at = 0;
    for (int size : groups) {
      if (size > 1) {
        w.u8(0x4E).u32(size);
      }
      types.subList(at, at + size).forEach(type -> ModuleWriter.type(w, type));
      at += size;
    }
  }
}
