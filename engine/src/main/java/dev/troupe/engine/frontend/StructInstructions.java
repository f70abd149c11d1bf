package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.PackedType;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Structs: objects with fields. */
final class StructInstructions {
  /** With more fields than this, zeros are not stored singly. */
  private static final int MOST_STORES = 16;

  private static final SsaSignature FILL =
      new SsaSignature(List.of(SsaType.I64, SsaType.I64, SsaType.I64), List.of());

  private final TranslationState state;
  private final ValueStack stack;
  private final ObjectAllocation allocation;
  private final Map<Integer, GcLayout.StructFields> layouts = new HashMap<>();

  StructInstructions(TranslationState state, ObjectAllocation allocation) {
    this.state = state;
    this.stack = state.stack;
    this.allocation = allocation;
  }

  /** Translates an instruction if it is one of those. */
  boolean translate(WasmOp op, InstructionReader reader) {
    switch (op) {
      case STRUCT_NEW -> create(reader.index(), false);
      case STRUCT_NEW_DEFAULT -> create(reader.index(), true);
      case STRUCT_GET, STRUCT_GET_U -> get(reader.index(), reader.index2(), false);
      case STRUCT_GET_S -> get(reader.index(), reader.index2(), true);
      case STRUCT_SET -> set(reader.index(), reader.index2());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** How values of a storage type are carried. */
  static SsaType carried(TranslationState state, StorageType storage) {
    return state.context.type(storage.unpacked());
  }

  /** The access that moves all of a storage type. */
  static MemoryAccess access(TranslationState state, StorageType storage, boolean signed) {
    return switch (storage) {
      case PackedType packed ->
          switch (packed) {
            case I8 -> signed ? MemoryAccess.INT8_S : MemoryAccess.INT8_U;
            case I16 -> signed ? MemoryAccess.INT16_S : MemoryAccess.INT16_U;
          };
      case ValType value -> MemoryAccess.whole(state.context.type(value));
    };
  }

  /** Zero or null of a carried type. */
  static int zero(TranslationState state, SsaType type) {
    return switch (type) {
      case I32, I64, REF -> state.builder.iconst(type, 0);
      case F32, F64 -> state.builder.fconst(type, 0);
      case V128 -> state.builder.vconst(0, 0);
    };
  }

  private StructType type(int index) {
    return (StructType) state.context.module().types().get(index).composite();
  }

  private GcLayout.StructFields layout(int index) {
    return layouts.computeIfAbsent(
        index, _ -> new GcLayout.StructFields(fieldBytes(type(index).fields())));
  }

  private int[] fieldBytes(List<FieldType> fields) {
    int[] bytes = new int[fields.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = access(state, fields.get(i).storage(), false).bytes();
    }
    return bytes;
  }

  private void create(int index, boolean isDefault) {
    List<FieldType> fields = type(index).fields();
    GcLayout.StructFields layout = layout(index);
    if (isDefault && fields.size() > MOST_STORES) {
      createZero(index, layout);
      return;
    }
    int[] values = new int[fields.size()];
    for (int i = fields.size() - 1; i >= 0; i--) {
      values[i] = isDefault ? zero(state, carried(state, fields.get(i).storage())) : stack.pop();
    }
    int object = allocation.object(index, state.i64(layout.bytes()));
    for (int i = 0; i < values.length; i++) {
      store(object, layout.offset(i), fields.get(i).storage(), values[i]);
    }
    stack.push(object);
  }

  /** Large structs are filled by a routine: two bytes of a body may mean thousands of fields. */
  private void createZero(int index, GcLayout.StructFields layout) {
    int object = allocation.object(index, state.i64(layout.bytes()));
    int address = state.builder.unary(SsaOp.REF_ADDRESS, SsaType.I64, object);
    state.builder.callBuiltin(
        Builtin.PATTERN_FILL,
        FILL,
        state.add(address, state.i64(GcLayout.FIELDS)),
        state.i64(0),
        state.i64(layout.bytes() - GcLayout.FIELDS));
    stack.push(object);
  }

  private void store(int object, int offset, StorageType storage, int value) {
    state.builder.fieldStore(
        carried(state, storage),
        access(state, storage, false),
        ObjectAllocation.fieldRegion(offset),
        object,
        value,
        offset);
  }

  private void get(int index, int field, boolean signed) {
    StorageType storage = type(index).fields().get(field).storage();
    int offset = layout(index).offset(field);
    int object = stack.pop();
    state.trapIfNull(object, TrapKind.NULL_STRUCTURE);
    stack.push(
        state.builder.fieldLoad(
            carried(state, storage),
            access(state, storage, signed),
            ObjectAllocation.fieldRegion(offset),
            object,
            offset));
  }

  private void set(int index, int field) {
    int value = stack.pop();
    int object = stack.pop();
    state.trapIfNull(object, TrapKind.NULL_STRUCTURE);
    store(object, layout(index).offset(field), type(index).fields().get(field).storage(), value);
  }
}
