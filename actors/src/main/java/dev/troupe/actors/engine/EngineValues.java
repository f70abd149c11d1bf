package dev.troupe.actors.engine;

import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.actors.port.WasmType;
import dev.troupe.actors.port.WasmValue;
import dev.troupe.engine.Extern;
import dev.troupe.engine.GuestException;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Tag;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.exec.WasmFrame;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Translates between the types of the engine and those of the port. */
final class EngineValues {
  private EngineValues() {}

  static List<WasmType> types(List<ValType> types) {
    List<WasmType> translated = new ArrayList<>(types.size());
    for (ValType type : types) {
      translated.add(type(type));
    }
    return translated;
  }

  private static WasmType type(ValType type) {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> WasmType.I32;
            case I64 -> WasmType.I64;
            case F32 -> WasmType.F32;
            case F64 -> WasmType.F64;
          };
      case VecType _ -> WasmType.V128;
      case RefType reference ->
          reference.heap() == AbstractHeapType.FUNC ? WasmType.FUNCREF : WasmType.EXTERNREF;
    };
  }

  static List<Value> toEngine(List<WasmValue> values) {
    List<Value> translated = new ArrayList<>(values.size());
    for (WasmValue value : values) {
      translated.add(
          switch (value) {
            case WasmValue.I32 number -> Value.i32(number.value());
            case WasmValue.I64 number -> Value.i64(number.value());
            case WasmValue.F32 number -> Value.f32(number.value());
            case WasmValue.F64 number -> Value.f64(number.value());
          });
    }
    return translated;
  }

  static List<WasmValue> toPort(List<Value> values) {
    List<WasmValue> translated = new ArrayList<>(values.size());
    for (Value value : values) {
      translated.add(
          switch (value) {
            case Value.I32 number -> new WasmValue.I32(number.value());
            case Value.I64 number -> new WasmValue.I64(number.value());
            case Value.F32 number -> new WasmValue.F32(number.asF32());
            case Value.F64 number -> new WasmValue.F64(number.asF64());
            case Value.V128 _, Value.FuncRef _, Value.Extern _, Value.ExnRef _, Value.Any _ ->
                throw new IllegalStateException("a result that is no number was let through");
          });
    }
    return translated;
  }

  /** A trap before there was an instance. */
  static GuestTrap trap(TrapException trap) {
    return new GuestTrap(reason(trap.kind()), trap.text(), frames(trap));
  }

  /** A trap, or an exception that left the instance. */
  static GuestTrap trap(TrapException trap, Instance instance) {
    return trap instanceof GuestException exception
        ? new GuestTrap(
            reason(trap.kind()),
            trap.text(),
            frames(trap),
            OptionalInt.empty(),
            thrown(exception, instance))
        : trap(trap);
  }

  private static GuestTrap.Thrown thrown(GuestException exception, Instance instance) {
    Tag tag = exception.tag();
    String name = "";
    for (Map.Entry<String, Extern> export : instance.exports().entrySet()) {
      if (tag.equals(export.getValue())) {
        name = export.getKey();
        break;
      }
    }
    boolean numbers = tag.type().function().params().stream().allMatch(NumType.class::isInstance);
    return new GuestTrap.Thrown(
        instance.indexOf(tag), name, numbers ? toPort(exception.values()) : null);
  }

  static List<GuestTrap.Frame> frames(TrapException trap) {
    List<GuestTrap.Frame> frames = new ArrayList<>();
    for (WasmFrame frame : trap.frames()) {
      String name = frame.function();
      frames.add(
          new GuestTrap.Frame(frame.functionIndex(), name == null ? "" : name, frame.wasmOffset()));
    }
    return frames;
  }

  private static TrapReason reason(TrapKind kind) {
    return switch (kind) {
      case STACK_OVERFLOW -> TrapReason.STACK_OVERFLOW;
      case MEMORY_OUT_OF_BOUNDS -> TrapReason.MEMORY_OUT_OF_BOUNDS;
      case ARRAY_OUT_OF_BOUNDS -> TrapReason.ARRAY_OUT_OF_BOUNDS;
      case UNALIGNED_ATOMIC -> TrapReason.HEAP_MISALIGNED;
      case TABLE_OUT_OF_BOUNDS -> TrapReason.TABLE_OUT_OF_BOUNDS;
      case UNDEFINED_ELEMENT -> TrapReason.UNDEFINED_ELEMENT;
      case UNINITIALIZED_ELEMENT -> TrapReason.INDIRECT_CALL_TO_NULL;
      case INDIRECT_CALL_TYPE_MISMATCH -> TrapReason.BAD_SIGNATURE;
      case INTEGER_OVERFLOW -> TrapReason.INTEGER_OVERFLOW;
      case INTEGER_DIVIDE_BY_ZERO -> TrapReason.INTEGER_DIVISION_BY_ZERO;
      case INVALID_CONVERSION_TO_INTEGER -> TrapReason.BAD_CONVERSION_TO_INTEGER;
      case UNREACHABLE -> TrapReason.UNREACHABLE;
      case NULL_REFERENCE -> TrapReason.NULL_REFERENCE;
      case NULL_STRUCTURE -> TrapReason.NULL_STRUCTURE;
      case NULL_ARRAY -> TrapReason.NULL_ARRAY;
      case NULL_FUNCTION -> TrapReason.NULL_FUNCTION;
      case NULL_I31 -> TrapReason.NULL_I31;
      case NULL_EXCEPTION -> TrapReason.NULL_EXCEPTION;
      case UNCAUGHT_EXCEPTION -> TrapReason.UNCAUGHT_EXCEPTION;
      case CAST_FAILURE -> TrapReason.CAST_FAILURE;
      case OUT_OF_FUEL -> TrapReason.OUT_OF_FUEL;
      case DEADLINE_EXCEEDED -> TrapReason.DEADLINE_EXCEEDED;
      case CANCELLED -> TrapReason.CANCELLED;
      case LIMIT_EXCEEDED -> TrapReason.MEMORY_LIMIT;
      case HOST_ERROR, UNKNOWN_IMPORT -> TrapReason.HOST_ERROR;
      case WAIT_ON_UNSHARED_MEMORY -> TrapReason.ATOMIC_WAIT_NON_SHARED_MEMORY;
      case TOO_MANY_WAITERS -> TrapReason.TOO_MANY_WAITERS;
    };
  }
}
