package dev.troupe.engine.oracle;

import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Expressions that are references to structs, arrays, small integers and functions. */
final class HeapExpressions {
  private static final RefType ANYREF = new RefType(true, AbstractHeapType.ANY);

  /** What casts start from. */
  private static final List<AbstractHeapType> TOPS =
      List.of(
          AbstractHeapType.ANY,
          AbstractHeapType.ANY,
          AbstractHeapType.EQ,
          AbstractHeapType.STRUCT,
          AbstractHeapType.ARRAY);

  private final GeneratedShape shape;
  private final HeapTypes heap;
  private final SplittableRandom random;
  private final BodyWriter w;
  private final Locals locals;
  private final Labels labels;
  private final ExpressionGenerator expressions;

  HeapExpressions(
      GeneratedShape shape,
      SplittableRandom random,
      BodyWriter writer,
      Locals locals,
      Labels labels,
      ExpressionGenerator expressions) {
    this.shape = shape;
    this.heap = shape.heap();
    this.random = random;
    this.w = writer;
    this.locals = locals;
    this.labels = labels;
    this.expressions = expressions;
  }

  /** A reference of the hierarchy below any, or to a type of the type section. */
  void reference(RefType type, int depth) {
    if (depth <= 0) {
      leaf(type);
      return;
    }
    switch (random.nextInt(12)) {
      case 0 -> leaf(type);
      case 1 -> {
        reference(type, depth - 1);
        if (locals.has(type)) {
          w.op(WasmOp.LOCAL_TEE, locals.pick(type));
        }
      }
      case 2 -> {
        reference(type, depth - 1);
        reference(type, depth - 1);
        expressions.value(NumType.I32, depth - 1);
        w.op(WasmOp.SELECT_TYPED).out.u32(1);
        ModuleWriter.type(w.out, type);
      }
      case 3 -> {
        expressions.value(NumType.I32, depth - 1);
        w.block(WasmOp.IF, type);
        labels.push(List.of(type));
        reference(type, depth - 1);
        w.op(WasmOp.ELSE);
        reference(type, depth - 1);
        labels.pop();
        w.op(WasmOp.END);
      }
      case 4 -> fieldOf(type, depth);
      case 5 -> castTo(type, depth);
      default -> made(type, depth);
    }
  }

  private void leaf(RefType type) {
    int global = shape.heapGlobals().lastIndexOf(type);
    if (global >= 0 && random.nextInt(4) == 0) {
      w.op(WasmOp.GLOBAL_GET, shape.firstHeapGlobal() + global);
    } else if (locals.has(type) && random.nextInt(4) > 0) {
      w.op(WasmOp.LOCAL_GET, locals.pick(type));
    } else if (type.heap() instanceof ConcreteHeapType concrete
        && heap.contains(concrete.typeIndex())
        && random.nextBoolean()) {
      if (!heap.isStruct(concrete.typeIndex())) {
        w.i32(1 + random.nextInt(9)).op(WasmOp.ARRAY_NEW_DEFAULT, concrete.typeIndex());
      } else {
        w.op(WasmOp.STRUCT_NEW_DEFAULT, concrete.typeIndex());
      }
    } else {
      nothing(type);
    }
  }

  private void nothing(RefType type) {
    heapType(w.op(WasmOp.REF_NULL), type.heap());
  }

  private static void heapType(BodyWriter w, HeapType type) {
    ModuleWriter.heapType(w.out, type);
  }

  private void made(RefType type, int depth) {
    switch (type.heap()) {
      case ConcreteHeapType concrete -> {
        int index = concrete.typeIndex();
        if (!heap.contains(index)) {
          function(index);
          return;
        }
        List<Integer> subtypes = new ArrayList<>();
        for (int i = heap.base(); i < heap.end(); i++) {
          if (heap.isSubtype(i, index)) {
            subtypes.add(i);
          }
        }
        allocated(subtypes.get(random.nextInt(subtypes.size())), depth);
      }
      case AbstractHeapType kind -> {
        switch (kind) {
          case ANY -> {
            if (random.nextInt(6) == 0) {
              expressions.value(RefType.EXTERNREF, depth - 1);
              w.op(WasmOp.ANY_CONVERT_EXTERN);
            } else {
              made(new RefType(true, AbstractHeapType.EQ), depth);
            }
          }
          case EQ -> {
            if (random.nextInt(3) == 0) {
              made(new RefType(true, AbstractHeapType.I31), depth);
            } else {
              allocated(heap.base() + random.nextInt(heap.types().size()), depth);
            }
          }
          case I31 -> {
            expressions.value(NumType.I32, depth - 1);
            w.op(WasmOp.REF_I31);
          }
          case STRUCT, ARRAY -> {
            int index = heap.base() + (kind == AbstractHeapType.STRUCT ? 0 : 1);
            for (int i = heap.base(); i < heap.end(); i++) {
              if (heap.isStruct(i) == (kind == AbstractHeapType.STRUCT) && random.nextBoolean()) {
                index = i;
              }
            }
            allocated(index, depth);
          }
          default -> nothing(type);
        }
      }
    }
  }

  /** A function with this type, or null when there is none. */
  void function(int typeIndex) {
    for (int f = 0; f < shape.functions().length; f++) {
      if (shape.functions()[f] == typeIndex) {
        w.op(WasmOp.REF_FUNC, f);
        return;
      }
    }
    nothing(HeapTypes.reference(typeIndex));
  }

  private void allocated(int index, int depth) {
    List<FieldType> fields = heap.fields(index);
    if (heap.isStruct(index)) {
      if (random.nextInt(4) == 0) {
        w.op(WasmOp.STRUCT_NEW_DEFAULT, index);
        return;
      }
      for (FieldType field : fields) {
        expressions.value(field.storage().unpacked(), depth - 1);
      }
      w.op(WasmOp.STRUCT_NEW, index);
      return;
    }
    StorageType element = fields.getFirst().storage();
    switch (random.nextInt(5)) {
      case 0 -> {
        expressions.value(element.unpacked(), depth - 1);
        length(depth);
        w.op(WasmOp.ARRAY_NEW, index);
      }
      case 1 -> {
        length(depth);
        w.op(WasmOp.ARRAY_NEW_DEFAULT, index);
      }
      case 2 -> {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
          expressions.value(element.unpacked(), depth - 1);
        }
        w.op(WasmOp.ARRAY_NEW_FIXED, index, count);
      }
      case 3 -> {
        if (element.equals(RefType.FUNCREF)) {
          w.i32(random.nextInt(2)).i32(1).op(WasmOp.ARRAY_NEW_ELEM, index, 1);
        } else {
          w.i32(3).op(WasmOp.ARRAY_NEW_DEFAULT, index);
        }
      }
      default -> {
        if (element instanceof RefType) {
          length(depth);
          w.op(WasmOp.ARRAY_NEW_DEFAULT, index);
        } else {
          w.i32(random.nextInt(9)).i32(1 + random.nextInt(16 / bytes(element)));
          w.op(WasmOp.ARRAY_NEW_DATA, index, random.nextInt(shape.dataSegments()));
        }
      }
    }
  }

  /** Bytes of a number, packed or not, or of a vector. */
  static int bytes(StorageType type) {
    return switch (type) {
      case PackedType packed -> packed == PackedType.I8 ? 1 : 2;
      case ValType value -> value.sizeBytes();
    };
  }

  private void length(int depth) {
    if (random.nextBoolean()) {
      w.i32(1 + random.nextInt(20));
    } else {
      expressions.value(NumType.I32, depth - 1);
      w.i32(15).op(WasmOp.I32_AND).i32(1).op(WasmOp.I32_ADD);
    }
  }

  /** A cast down that gives null where it does not hold; in a trapping module it may trap. */
  private void castTo(RefType target, int depth) {
    boolean isFunction =
        target.heap() instanceof ConcreteHeapType concrete && !heap.contains(concrete.typeIndex());
    AbstractHeapType top = TOPS.get(random.nextInt(TOPS.size()));
    if (isFunction) {
      top = AbstractHeapType.FUNC;
    } else if (target.heap() instanceof ConcreteHeapType concrete) {
      boolean wrong =
          top
              == (heap.isStruct(concrete.typeIndex())
                  ? AbstractHeapType.ARRAY
                  : AbstractHeapType.STRUCT);
      top = wrong ? AbstractHeapType.EQ : top;
    } else {
      top = AbstractHeapType.ANY;
    }
    RefType from = new RefType(true, top);
    if (shape.trapping() && random.nextInt(4) == 0) {
      expressions.value(from, depth - 1);
      heapType(w.op(random.nextBoolean() ? WasmOp.REF_CAST : WasmOp.REF_CAST_NULL), target.heap());
      return;
    }
    boolean acceptsNull = random.nextBoolean();
    w.block(WasmOp.BLOCK, target);
    labels.push(List.of(target));
    if (random.nextBoolean()) {
      expressions.value(from, depth - 1);
      branch(WasmOp.BR_ON_CAST, acceptsNull, top, target.heap());
    } else {
      w.block(WasmOp.BLOCK, from);
      labels.push(List.of(from));
      expressions.value(from, depth - 1);
      branch(WasmOp.BR_ON_CAST_FAIL, acceptsNull, top, target.heap());
      w.op(WasmOp.BR, 1);
      labels.pop();
      w.op(WasmOp.END);
    }
    w.op(WasmOp.DROP);
    nothing(target);
    labels.pop();
    w.op(WasmOp.END);
  }

  private void branch(WasmOp op, boolean acceptsNull, HeapType from, HeapType to) {
    w.op(op).out.u8(acceptsNull ? 3 : 1).u32(0);
    heapType(w, from);
    heapType(w, to);
  }

  private record Place(int index, int field) {}

  private List<Place> places(ValType type) {
    List<Place> places = new ArrayList<>();
    for (int i = heap.base(); i < heap.end(); i++) {
      List<FieldType> fields = heap.fields(i);
      for (int f = 0; f < fields.size(); f++) {
        if (fields.get(f).storage().unpacked().equals(type)) {
          places.add(new Place(i, f));
        }
      }
    }
    return places;
  }

  private void fieldOf(ValType type, int depth) {
    List<Place> places = places(type);
    if (places.isEmpty()) {
      expressions.value(type, 0);
      return;
    }
    Place place = places.get(random.nextInt(places.size()));
    read(place, type, depth);
  }

  /** The value at a place of some object, or another where there is no object. */
  private void read(Place place, ValType type, int depth) {
    RefType reference = HeapTypes.reference(place.index);
    int scratch = locals.scratchReference(place.index);
    boolean isArray = !heap.isStruct(place.index);
    if (isArray) {
      expressions.value(NumType.I32, depth - 1);
    }
    reference(reference, depth - 1);
    w.op(WasmOp.LOCAL_SET, scratch);
    if (isArray) {
      w.op(WasmOp.LOCAL_SET, locals.scratchAddress(false));
    }
    int form = random.nextInt(shape.trapping() ? 5 : 3);
    switch (form) {
      case 0 -> {
        w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.REF_IS_NULL).block(WasmOp.IF, type);
        expressions.leafOf(type);
        w.op(WasmOp.ELSE).op(WasmOp.LOCAL_GET, scratch);
        get(place, scratch);
        w.op(WasmOp.END);
      }
      case 1 -> {
        w.block(WasmOp.BLOCK, type).block(WasmOp.BLOCK).op(WasmOp.LOCAL_GET, scratch);
        w.op(WasmOp.BR_ON_NULL, 0);
        get(place, scratch);
        w.op(WasmOp.BR, 1).op(WasmOp.END);
        expressions.leafOf(type);
        w.op(WasmOp.END);
      }
      case 2 -> {
        w.block(WasmOp.BLOCK, type).block(WasmOp.BLOCK, reference.withNullable(false));
        w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.BR_ON_NON_NULL, 0);
        expressions.leafOf(type);
        w.op(WasmOp.BR, 1).op(WasmOp.END);
        get(place, scratch);
        w.op(WasmOp.END);
      }
      case 3 -> {
        w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.REF_AS_NON_NULL);
        get(place, scratch);
      }
      default -> {
        w.op(WasmOp.LOCAL_GET, scratch);
        get(place, scratch);
      }
    }
  }

  /** From a reference on the stack, which the scratch local has, too. */
  private void get(Place place, int scratch) {
    StorageType storage = heap.fields(place.index).get(place.field).storage();
    boolean packed = storage instanceof PackedType;
    boolean signed = random.nextBoolean();
    if (heap.isStruct(place.index)) {
      WasmOp op = !packed ? WasmOp.STRUCT_GET : signed ? WasmOp.STRUCT_GET_S : WasmOp.STRUCT_GET_U;
      w.op(op, place.index, place.field);
    } else {
      position(scratch);
      WasmOp op = !packed ? WasmOp.ARRAY_GET : signed ? WasmOp.ARRAY_GET_S : WasmOp.ARRAY_GET_U;
      w.op(op, place.index);
    }
  }

  /** An index into the array in the scratch local, from the scratch address. */
  private void position(int scratch) {
    w.op(WasmOp.LOCAL_GET, locals.scratchAddress(false));
    if (!shape.trapping() || random.nextInt(20) > 0) {
      w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.ARRAY_LEN).op(WasmOp.I32_REM_U);
    }
  }

  /** A number out of an object. */
  void number(NumType type, int depth) {
    if (type != NumType.I32 || random.nextBoolean()) {
      fieldOf(type, depth);
      return;
    }
    switch (random.nextInt(5)) {
      case 0 -> {
        reference(new RefType(true, AbstractHeapType.EQ), depth - 1);
        reference(new RefType(true, AbstractHeapType.EQ), depth - 1);
        w.op(WasmOp.REF_EQ);
      }
      case 1 -> {
        expressions.value(NumType.I32, depth - 1);
        w.op(WasmOp.REF_I31).op(random.nextBoolean() ? WasmOp.I31_GET_S : WasmOp.I31_GET_U);
      }
      case 2 -> {
        reference(ANYREF, depth - 1);
        w.op(WasmOp.REF_IS_NULL);
      }
      case 3 -> {
        int array = heap.base() + 1;
        allocated(array, depth - 1);
        w.op(WasmOp.ARRAY_LEN);
      }
      default -> {
        reference(ANYREF, depth - 1);
        HeapType wanted =
            random.nextBoolean()
                ? new ConcreteHeapType(heap.base() + random.nextInt(heap.types().size()))
                : TOPS.get(1 + random.nextInt(TOPS.size() - 1));
        heapType(w.op(random.nextBoolean() ? WasmOp.REF_TEST : WasmOp.REF_TEST_NULL), wanted);
      }
    }
  }

  /** Changes an object, a global or nothing. */
  void statement(int depth) {
    if (random.nextInt(4) == 0) {
      int global = random.nextInt(shape.heapGlobals().size());
      reference(shape.heapGlobals().get(global), depth);
      w.op(WasmOp.GLOBAL_SET, shape.firstHeapGlobal() + global);
      return;
    }
    int index = heap.base() + random.nextInt(heap.types().size());
    List<FieldType> fields = heap.fields(index);
    RefType type = HeapTypes.reference(index);
    int field = fields.isEmpty() ? 0 : random.nextInt(fields.size());
    if (random.nextInt(3) == 0 || fields.isEmpty() || !fields.get(field).mutable()) {
      reference(type, depth);
      w.op(WasmOp.LOCAL_SET, locals.pick(type));
      return;
    }
    int scratch = locals.scratchReference(index);
    reference(type, depth - 1);
    w.op(WasmOp.LOCAL_TEE, scratch).op(WasmOp.REF_IS_NULL).op(WasmOp.I32_EQZ).block(WasmOp.IF);
    labels.push(List.of());
    if (heap.isStruct(index)) {
      w.op(WasmOp.LOCAL_GET, scratch);
      expressions.value(fields.get(field).storage().unpacked(), depth - 1);
      w.op(WasmOp.STRUCT_SET, index, field);
    } else {
      change(index, fields.getFirst().storage(), scratch, depth);
    }
    labels.pop();
    w.op(WasmOp.END);
  }

  /** Changes the array in the scratch local, which is not null. */
  private void change(int index, StorageType element, int scratch, int depth) {
    RefType type = HeapTypes.reference(index);
    switch (random.nextInt(5)) {
      case 0 -> {
        w.op(WasmOp.LOCAL_GET, scratch).i32(0);
        expressions.value(element.unpacked(), depth - 1);
        w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.ARRAY_LEN).op(WasmOp.ARRAY_FILL, index);
      }
      case 1 -> copy(index, type, scratch);
      case 2 -> {
        if (element instanceof RefType) {
          if (element.equals(RefType.FUNCREF)) {
            w.op(WasmOp.LOCAL_GET, scratch).i32(0).i32(random.nextInt(3)).i32(1);
            w.op(WasmOp.ARRAY_INIT_ELEM, index, 1);
          }
        } else {
          w.op(WasmOp.LOCAL_GET, scratch).i32(0).i32(random.nextInt(9)).i32(1);
          w.op(WasmOp.ARRAY_INIT_DATA, index, random.nextInt(shape.dataSegments()));
        }
      }
      default -> {
        int address = locals.scratchAddress(false);
        expressions.value(NumType.I32, depth - 1);
        w.op(WasmOp.LOCAL_SET, address).op(WasmOp.LOCAL_GET, scratch);
        position(scratch);
        expressions.value(element.unpacked(), depth - 1);
        w.op(WasmOp.ARRAY_SET, index);
      }
    }
  }

  /** Within an array, over itself; or what fits of it into another. */
  private void copy(int index, RefType type, int scratch) {
    if (random.nextBoolean()) {
      int from = random.nextInt(2);
      w.op(WasmOp.LOCAL_GET, scratch).i32(1 - from).op(WasmOp.LOCAL_GET, scratch).i32(from);
      w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.ARRAY_LEN).i32(1).op(WasmOp.I32_SUB);
      w.op(WasmOp.ARRAY_COPY, index, index);
      return;
    }
    int other = locals.pick(type);
    w.op(WasmOp.LOCAL_GET, other).op(WasmOp.REF_IS_NULL).op(WasmOp.I32_EQZ).block(WasmOp.IF);
    w.op(WasmOp.LOCAL_GET, other).i32(0).op(WasmOp.LOCAL_GET, scratch).i32(0);
    w.op(WasmOp.LOCAL_GET, other).op(WasmOp.ARRAY_LEN);
    w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.ARRAY_LEN);
    w.op(WasmOp.LOCAL_GET, other).op(WasmOp.ARRAY_LEN);
    w.op(WasmOp.LOCAL_GET, scratch).op(WasmOp.ARRAY_LEN);
    w.op(WasmOp.I32_LT_U).op(WasmOp.SELECT).op(WasmOp.ARRAY_COPY, index, index);
    w.op(WasmOp.END);
  }
}
