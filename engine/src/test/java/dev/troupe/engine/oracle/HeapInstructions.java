package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;
import java.util.Deque;

/** Structs, arrays, small integers, casts, calls of references. */
final class HeapInstructions {
  private static final long LONGEST = 10_000_000;

  private final Interpreter frame;

  HeapInstructions(Interpreter frame) {
    this.frame = frame;
  }

  private OracleStore store() {
    return frame.instance.store;
  }

  private CompositeType type(int index) {
    return frame.instance.module.compositeType(index);
  }

  void execute(CodeArray.Instruction i) {
    switch (i.op) {
      case REF_NULL -> frame.push(0);
      case REF_EQ -> {
        long second = frame.pop();
        frame.push(frame.pop() == second ? 1 : 0);
      }
      case REF_AS_NON_NULL -> frame.push(notNull(frame.pop(), TrapKind.NULL_REFERENCE));
      case CALL_REF, RETURN_CALL_REF -> {
        long callee = notNull(frame.pop(), TrapKind.NULL_FUNCTION);
        frame.callReference(callee, i.op == WasmOp.RETURN_CALL_REF);
      }
      case REF_TEST, REF_TEST_NULL -> {
        frame.push(isOf(frame.pop(), i, i.op == WasmOp.REF_TEST_NULL) ? 1 : 0);
      }
      case REF_CAST, REF_CAST_NULL -> {
        long reference = frame.pop();
        if (!isOf(reference, i, i.op == WasmOp.REF_CAST_NULL)) {
          throw new OracleTrap(TrapKind.CAST_FAILURE);
        }
        frame.push(reference);
      }
      case BR_ON_CAST, BR_ON_CAST_FAIL -> {
        long reference = frame.pop();
        frame.push(reference);
        if (isOf(reference, i, (i.index2 & 2) != 0) == (i.op == WasmOp.BR_ON_CAST)) {
          frame.branch(i.index);
        }
      }
      // A reference of the host is the same number on both sides.
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case REF_I31 -> frame.push(OracleStore.small(frame.popInt()));
      case I31_GET_S, I31_GET_U -> {
        long reference = notNull(frame.pop(), TrapKind.NULL_I31);
        frame.push(OracleStore.smallValue(reference, i.op == WasmOp.I31_GET_S));
      }
      case STRUCT_NEW, STRUCT_NEW_DEFAULT -> {
        int count = ((StructType) type(i.index)).fields().size();
        boolean isDefault = i.op == WasmOp.STRUCT_NEW_DEFAULT;
        frame.push(made(i.index, isDefault ? new long[count] : popped(count)));
      }
      case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> {
        OracleObject struct = object(TrapKind.NULL_STRUCTURE);
        frame.push(struct.get(i.index2, i.op == WasmOp.STRUCT_GET_S));
      }
      case STRUCT_SET -> {
        long value = frame.pop();
        object(TrapKind.NULL_STRUCTURE).set(i.index2, value);
      }
      default -> array(i);
    }
  }

  private static long notNull(long reference, TrapKind otherwise) {
    if (reference == 0) {
      throw new OracleTrap(otherwise);
    }
    return reference;
  }

  private OracleObject object(TrapKind otherwise) {
    return store().object(notNull(frame.pop(), otherwise));
  }

  private boolean isOf(long reference, CodeArray.Instruction i, boolean orNull) {
    return reference == 0 ? orNull : store().is(reference, i.heap, frame.instance.module);
  }

  private long[] popped(int count) {
    long[] values = new long[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = frame.pop();
    }
    return values;
  }

  private static long[] filled(long count, long value) {
    if (count > LONGEST) {
      throw new OracleTrap(TrapKind.LIMIT_EXCEEDED);
    }
    long[] values = new long[(int) count];
    Arrays.fill(values, value);
    return values;
  }

  private long made(int type, long[] values) {
    return made(frame.instance, type, values);
  }

  private static long made(OracleInstance instance, int type, long[] values) {
    CompositeType composite = instance.module.compositeType(type);
    for (int i = 0; i < values.length; i++) {
      values[i] = OracleObject.stored(OracleObject.field(composite, i), values[i]);
    }
    int id = instance.store.types().id(instance.module, type);
    return instance.store.add(new OracleObject(id, composite, values));
  }

  // ---- arrays

  private void array(CodeArray.Instruction i) {
    switch (i.op) {
      case ARRAY_NEW -> {
        long count = frame.popUnsigned();
        frame.push(made(i.index, filled(count, frame.pop())));
      }
      case ARRAY_NEW_DEFAULT -> frame.push(made(i.index, filled(frame.popUnsigned(), 0)));
      case ARRAY_NEW_FIXED -> frame.push(made(i.index, popped(i.index2)));
      case ARRAY_NEW_DATA -> {
        long count = frame.popUnsigned();
        frame.push(made(i.index, data(i, frame.popUnsigned(), count)));
      }
      case ARRAY_NEW_ELEM -> {
        long count = frame.popUnsigned();
        frame.push(made(i.index, elements(i, frame.popUnsigned(), count)));
      }
      case ARRAY_LEN -> frame.push(object(TrapKind.NULL_ARRAY).values().length);
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
        long index = frame.popUnsigned();
        OracleObject array = object(TrapKind.NULL_ARRAY);
        check(array, index, 1);
        frame.push(array.get((int) index, i.op == WasmOp.ARRAY_GET_S));
      }
      case ARRAY_SET -> {
        long value = frame.pop();
        long index = frame.popUnsigned();
        OracleObject array = object(TrapKind.NULL_ARRAY);
        check(array, index, 1);
        array.set((int) index, value);
      }
      case ARRAY_FILL -> {
        long count = frame.popUnsigned();
        long value = frame.pop();
        long index = frame.popUnsigned();
        OracleObject array = object(TrapKind.NULL_ARRAY);
        check(array, index, count);
        for (long k = index; k < index + count; k++) {
          array.set((int) k, value);
        }
      }
      case ARRAY_COPY -> copy();
      case ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> init(i);
      default -> throw new IllegalStateException("oracle does not know " + i.op);
    }
  }

  private static void check(OracleObject array, long index, long count) {
    if (index + count > array.values().length) {
      throw new OracleTrap(TrapKind.ARRAY_OUT_OF_BOUNDS);
    }
  }

  private void copy() {
    long count = frame.popUnsigned();
    long from = frame.popUnsigned();
    long source = frame.pop();
    long to = frame.popUnsigned();
    OracleObject target = object(TrapKind.NULL_ARRAY);
    OracleObject origin = store().object(notNull(source, TrapKind.NULL_ARRAY));
    check(target, to, count);
    check(origin, from, count);
    System.arraycopy(origin.values(), (int) from, target.values(), (int) to, (int) count);
  }

  private void init(CodeArray.Instruction i) {
    long count = frame.popUnsigned();
    long from = frame.popUnsigned();
    long to = frame.popUnsigned();
    OracleObject target = object(TrapKind.NULL_ARRAY);
    check(target, to, count);
    long[] values =
        i.op == WasmOp.ARRAY_INIT_DATA ? data(i, from, count) : elements(i, from, count);
    System.arraycopy(values, 0, target.values(), (int) to, (int) count);
  }

  private long[] elements(CodeArray.Instruction i, long from, long count) {
    long[] segment = frame.instance.elements(i.index2);
    if (from + count > segment.length) {
      throw new OracleTrap(TrapKind.TABLE_OUT_OF_BOUNDS);
    }
    return Arrays.copyOfRange(segment, (int) from, (int) (from + count));
  }

  private long[] data(CodeArray.Instruction i, long from, long count) {
    byte[] segment = frame.instance.data(i.index2);
    StorageType storage = OracleObject.field(type(i.index), 0).storage();
    int bytes = bytes(storage);
    if (from + count * bytes > segment.length) {
      throw new OracleTrap(TrapKind.MEMORY_OUT_OF_BOUNDS);
    }
    long[] values = new long[(int) count];
    for (int k = 0; k < values.length; k++) {
      int at = (int) from + k * bytes;
      values[k] =
          storage == VecType.V128
              ? VectorHandles.of(littleEndian(segment, at, 8), littleEndian(segment, at + 8, 8))
              : bytes == 4 ? (int) littleEndian(segment, at, 4) : littleEndian(segment, at, bytes);
    }
    return values;
  }

  private static int bytes(StorageType storage) {
    return switch (storage) {
      case PackedType packed -> packed == PackedType.I8 ? 1 : 2;
      case NumType number -> number == NumType.I32 || number == NumType.F32 ? 4 : 8;
      case VecType unused -> 16;
      case RefType unused -> throw new IllegalStateException("references are not data");
    };
  }

  private static long littleEndian(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xFF;
    }
    return value;
  }

  // ---- constants

  /** An object of a constant expression, whose operands are on the stack. */
  static long constant(OracleInstance instance, ConstExpr.Aggregate made, Deque<Long> stack) {
    CompositeType type = instance.module.compositeType(made.type());
    int count =
        switch (made.op()) {
          case STRUCT_NEW, STRUCT_NEW_DEFAULT -> ((StructType) type).fields().size();
          case ARRAY_NEW_FIXED -> made.count();
          default -> stack.pop().intValue();
        };
    long[] values = new long[count];
    switch (made.op()) {
      case STRUCT_NEW, ARRAY_NEW_FIXED -> {
        for (int i = count - 1; i >= 0; i--) {
          values[i] = stack.pop();
        }
      }
      case ARRAY_NEW -> Arrays.fill(values, stack.pop());
      default -> {}
    }
    return made(instance, made.type(), values);
  }
}
