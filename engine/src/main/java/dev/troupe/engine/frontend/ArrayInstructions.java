package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.VectorOp;
import dev.troupe.engine.wasm.ArrayType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;

/** Arrays: objects with a length and elements of one type. Indexes and lengths are unsigned i32. */
final class ArrayInstructions {
  private static final SsaType I32 = SsaType.I32;
  private static final SsaType I64 = SsaType.I64;
  private static final SsaSignature MAKE =
      new SsaSignature(List.of(I32, I32, I64, I64), List.of(I64));
  private static final SsaSignature INITIALIZE =
      new SsaSignature(List.of(I64, I64, I32, I64, I64), List.of());
  private static final SsaSignature RAW = new SsaSignature(List.of(I64, I64, I64), List.of());
  private static final SsaSignature FILL_VECTORS =
      new SsaSignature(List.of(I64, I64, I64, I64, I64), List.of());

  private final TranslationState state;
  private final ValueStack stack;
  private final ObjectAllocation allocation;

  ArrayInstructions(TranslationState state, ObjectAllocation allocation) {
    this.state = state;
    this.stack = state.stack;
    this.allocation = allocation;
  }

  /** Translates an instruction if it is one of those. */
  boolean translate(WasmOp op, InstructionReader reader) {
    switch (op) {
      case ARRAY_NEW -> create(reader.index(), false);
      case ARRAY_NEW_DEFAULT -> create(reader.index(), true);
      case ARRAY_NEW_FIXED -> createFixed(reader.index(), reader.index2());
      case ARRAY_NEW_DATA -> createFrom(Builtin.ARRAY_NEW_DATA, reader.index(), reader.index2());
      case ARRAY_NEW_ELEM -> createFrom(Builtin.ARRAY_NEW_ELEM, reader.index(), reader.index2());
      case ARRAY_GET, ARRAY_GET_U -> get(reader.index(), false);
      case ARRAY_GET_S -> get(reader.index(), true);
      case ARRAY_SET -> set(reader.index());
      case ARRAY_LEN -> {
        int array = stack.pop();
        state.trapIfNull(array, TrapKind.NULL_ARRAY);
        stack.push(length(array));
      }
      case ARRAY_FILL -> fill(reader.index());
      case ARRAY_COPY -> copy(reader.index());
      case ARRAY_INIT_DATA -> initialize(Builtin.ARRAY_INIT_DATA, reader.index2());
      case ARRAY_INIT_ELEM -> initialize(Builtin.ARRAY_INIT_ELEM, reader.index2());
      default -> {
        return false;
      }
    }
    return true;
  }

  private StorageType element(int type) {
    return ((ArrayType) state.context.module().types().get(type).composite()).element().storage();
  }

  private MemoryAccess access(int type) {
    return StructInstructions.access(state, element(type), false);
  }

  /** Elements of one kind and size: an array has one type only. */
  private int region(int type) {
    return Region.of(Region.Kind.ELEMENT, access(type).ordinal() * 8 + carried(type).ordinal());
  }

  private SsaType carried(int type) {
    return StructInstructions.carried(state, element(type));
  }

  /** An array that is there has one length for ever. */
  private int length(int array) {
    return state.builder.fieldLoad(
        I32, MemoryAccess.INT32_U, Region.INSTANCE, array, GcLayout.LENGTH);
  }

  // ---- new ones

  /** An array with its length, elements to be written. */
  private int array(int type, int length) {
    int log = Integer.numberOfTrailingZeros(access(type).bytes());
    int bytes = scaled(state.widen(length), log);
    int whole = state.add(bytes, state.i64(GcLayout.ELEMENTS + GcLayout.ALIGNMENT - 1));
    int rounded = state.builder.binary(SsaOp.IAND, I64, whole, state.i64(-GcLayout.ALIGNMENT));
    int array = allocation.object(type, rounded);
    state.builder.fieldStore(
        I32,
        MemoryAccess.INT32_U,
        ObjectAllocation.fieldRegion(GcLayout.LENGTH),
        array,
        length,
        GcLayout.LENGTH);
    return array;
  }

  private int scaled(int value, int log) {
    return log == 0 ? value : state.builder.binary(SsaOp.SHL, I64, value, state.i64(log));
  }

  private void create(int type, boolean isDefault) {
    int length = stack.pop();
    int value = isDefault ? StructInstructions.zero(state, carried(type)) : stack.pop();
    int array = array(type, length);
    write(type, array, state.i64(0), value, state.widen(length));
    stack.push(array);
  }

  private void createFixed(int type, int count) {
    int[] values = new int[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = stack.pop();
    }
    int array = array(type, state.i32(count));
    for (int i = 0; i < count; i++) {
      store(type, array, state.i64(i), values[i]);
    }
    stack.push(array);
  }

  private void createFrom(Builtin builtin, int type, int segment) {
    int length = state.widen(stack.pop());
    int source = state.widen(stack.pop());
    int call =
        state.builder.callBuiltin(
            builtin, MAKE, state.i32(type), state.i32(segment), source, length);
    stack.push(state.builder.unary(SsaOp.BITS_TO_REF, SsaType.REF, state.function.result(call)));
  }

  // ---- single elements

  private void store(int type, int array, int index, int value) {
    state.builder.elementStore(
        carried(type), access(type), region(type), array, index, value, GcLayout.ELEMENTS);
  }

  /** The index as i64; traps when the array is null or has no such element. */
  private int checked(int array, int index) {
    state.trapIfNull(array, TrapKind.NULL_ARRAY);
    int index64 = state.widen(index);
    int length = state.widen(length(array));
    state.builder.trapIf(
        state.compare(IntCondition.UGE, index64, length), TrapKind.ARRAY_OUT_OF_BOUNDS);
    return state.tunables().spectre()
        ? state.builder.binary(SsaOp.SPECTRE_GUARD, I64, index64, length)
        : index64;
  }

  private void get(int type, boolean signed) {
    int index = stack.pop();
    int array = stack.pop();
    int safe = checked(array, index);
    MemoryAccess access = StructInstructions.access(state, element(type), signed);
    stack.push(
        state.builder.elementLoad(
            carried(type), access, region(type), array, safe, GcLayout.ELEMENTS));
  }

  private void set(int type) {
    int value = stack.pop();
    int index = stack.pop();
    int array = stack.pop();
    store(type, array, checked(array, index), value);
  }

  // ---- many elements

  /** Traps when a range leaves the array. All are i64 below 2^32. */
  private void checkRange(int array, int index, int count) {
    int end = state.add(index, count);
    int length = state.widen(length(array));
    state.builder.trapIf(
        state.compare(IntCondition.UGT, end, length), TrapKind.ARRAY_OUT_OF_BOUNDS);
  }

  private int elementAddress(int array, int index, int log) {
    int address = state.builder.unary(SsaOp.REF_ADDRESS, I64, array);
    return state.add(state.add(address, scaled(index, log)), state.i64(GcLayout.ELEMENTS));
  }

  /** Writes copies of a value to elements that are inside. */
  private void write(int type, int array, int index, int value, int count) {
    int log = Integer.numberOfTrailingZeros(access(type).bytes());
    if (carried(type) == SsaType.V128) {
      state.builder.callBuiltin(
          Builtin.ARRAY_FILL_VECTORS,
          FILL_VECTORS,
          state.builder.unary(SsaOp.REF_ADDRESS, I64, array),
          index,
          lane(value, 0),
          lane(value, 1),
          count);
      return;
    }
    int pattern = pattern(carried(type), access(type).bytes(), value);
    state.builder.callBuiltin(
        Builtin.PATTERN_FILL, RAW, elementAddress(array, index, log), pattern, scaled(count, log));
  }

  private int lane(int vector, int lane) {
    return state.builder.vector(VectorOp.I64X2_EXTRACT_LANE, lane, vector);
  }

  /** The bits of a value, repeated until they are 64. */
  private int pattern(SsaType type, int bytes, int value) {
    int bits =
        switch (type) {
          case I64 -> value;
          case REF -> state.builder.unary(SsaOp.REF_ADDRESS, I64, value);
          case F64 -> state.builder.unary(SsaOp.BITCAST, I64, value);
          case F32 -> state.widen(state.builder.unary(SsaOp.BITCAST, I32, value));
          case I32 -> state.widen(value);
          case V128 -> throw new IllegalStateException("a vector is more than 64 bits");
        };
    if (bytes == Long.BYTES) {
      return bits;
    }
    long ones =
        bytes == 4 ? 0x1_0000_0001L : bytes == 2 ? 0x1_0001_0001_0001L : 0x101_0101_0101_0101L;
    int low =
        bytes == 4
            ? bits
            : state.builder.binary(SsaOp.IAND, I64, bits, state.i64((1L << 8 * bytes) - 1));
    return state.builder.binary(SsaOp.IMUL, I64, low, state.i64(ones));
  }

  private void fill(int type) {
    int count = state.widen(stack.pop());
    int value = stack.pop();
    int index = state.widen(stack.pop());
    int array = stack.pop();
    state.trapIfNull(array, TrapKind.NULL_ARRAY);
    checkRange(array, index, count);
    write(type, array, index, value, count);
  }

  private void copy(int type) {
    int count = state.widen(stack.pop());
    int from = state.widen(stack.pop());
    int source = stack.pop();
    int to = state.widen(stack.pop());
    int target = stack.pop();
    state.trapIfNull(target, TrapKind.NULL_ARRAY);
    state.trapIfNull(source, TrapKind.NULL_ARRAY);
    checkRange(target, to, count);
    checkRange(source, from, count);
    int log = Integer.numberOfTrailingZeros(access(type).bytes());
    int bytes = scaled(count, log);
    state.builder.callBuiltin(
        Builtin.MEMORY_COPY,
        RAW,
        elementAddress(target, to, log),
        elementAddress(source, from, log),
        bytes);
  }

  private void initialize(Builtin builtin, int segment) {
    int count = state.widen(stack.pop());
    int from = state.widen(stack.pop());
    int index = state.widen(stack.pop());
    int array = stack.pop();
    state.trapIfNull(array, TrapKind.NULL_ARRAY);
    checkRange(array, index, count);
    state.builder.callBuiltin(
        builtin,
        INITIALIZE,
        state.builder.unary(SsaOp.REF_ADDRESS, I64, array),
        index,
        state.i32(segment),
        from,
        count);
  }
}
