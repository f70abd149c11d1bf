package dev.troupe.engine;

import dev.troupe.engine.runtime.TypeRegistry;
import dev.troupe.engine.runtime.VmException;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.List;

/** Between {@link Value}s and the raw form that guests and stores use: two longs. */
final class Values {
  private Values() {}

  /** The value of a raw form. */
  static Value of(Store<?> store, ValType type, long low, long high) {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> new Value.I32((int) low);
            case I64 -> new Value.I64(low);
            case F32 -> new Value.F32((int) low);
            case F64 -> new Value.F64(low);
          };
      case VecType vector -> new Value.V128(low, high);
      case RefType reference -> reference(store, reference, low);
    };
  }

  private static Value reference(Store<?> store, RefType type, long raw) {
    VmStore internal = store.internal();
    if (isFunction(store, type)) {
      return new Value.FuncRef(raw == 0 ? null : new Func(store, internal.functionOf(raw)));
    }
    if (isException(type)) {
      VmException exception = internal.exceptions().find(raw);
      return new Value.ExnRef(exception == null ? null : GuestException.of(store, exception));
    }
    return new Value.Extern(raw == 0 ? null : ExternRef.of(internal.externs().objectOf(raw)));
  }

  static boolean isException(RefType type) {
    return type.heap() == AbstractHeapType.EXN || type.heap() == AbstractHeapType.NO_EXN;
  }

  private static boolean isFunction(Store<?> store, RefType type) {
    return Subtyping.topOf(type.code(), types(store)) == AbstractHeapType.FUNC;
  }

  private static TypeRegistry types(Store<?> store) {
    return store.internal().engine().types();
  }

  /** The low half; narrow numbers are zero-extended. */
  static long low(Store<?> store, Value value) {
    return switch (value) {
      case Value.I32(int number) -> number & 0xFFFF_FFFFL;
      case Value.I64(long number) -> number;
      case Value.F32(int bits) -> bits & 0xFFFF_FFFFL;
      case Value.F64(long bits) -> bits;
      case Value.V128(long low, long high) -> low;
      case Value.FuncRef(Func func) -> func == null ? 0 : func.internal().reference();
      case Value.ExnRef(GuestException exception) ->
          exception == null ? 0 : store.internal().exceptions().referenceOf(exception.exception());
      case Value.Extern(ExternRef reference) ->
          reference == null ? 0 : store.internal().externs().referenceTo(reference.object());
    };
  }

  /** The high half: not zero for vectors only. */
  static long high(Value value) {
    return value instanceof Value.V128 vector ? vector.high() : 0;
  }

  /**
   * Refuses a value of another type (type indexes are the engine's), or a function of another
   * store.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static void check(Store<?> store, ValType wanted, Value value) {
    boolean matches =
        switch (wanted) {
          case NumType number -> number.equals(value.type());
          case VecType vector -> vector.equals(value.type());
          case RefType reference -> matches(store, reference, value);
        };
    if (!matches) {
      throw new IllegalArgumentException("expected " + wanted.text() + ", got " + value);
    }
    if (value instanceof Value.FuncRef(Func func)
        && func != null
        && func.internal().store() != store.internal()) {
      throw new IllegalArgumentException("the function belongs to another store");
    }
    if (value instanceof Value.ExnRef(GuestException exception)
        && exception != null
        && exception.exception().tag().store() != store.internal()) {
      throw new IllegalArgumentException("the exception belongs to another store");
    }
  }

  private static boolean matches(Store<?> store, RefType wanted, Value value) {
    return switch (value) {
      case Value.FuncRef(Func func) ->
          func == null
              ? wanted.nullable() && isFunction(store, wanted)
              : types(store).matches(func.internal().referenceType(), wanted);
      case Value.Extern(ExternRef reference) ->
          wanted.heap() == AbstractHeapType.EXTERN && (reference != null || wanted.nullable());
      case Value.ExnRef(GuestException exception) ->
          isException(wanted)
              && (exception == null ? wanted.nullable() : wanted.heap() == AbstractHeapType.EXN);
      case Value.I32 unused -> false;
      case Value.I64 unused -> false;
      case Value.F32 unused -> false;
      case Value.F64 unused -> false;
      case Value.V128 unused -> false;
    };
  }

  /** Checks and converts arguments: two longs each. */
  static long[] toRaw(Store<?> store, FuncType type, List<Value> arguments) {
    if (arguments.size() != type.paramCount()) {
      throw new IllegalArgumentException(
          "expected " + type.paramCount() + " arguments, got " + arguments.size());
    }
    long[] raw = new long[2 * arguments.size()];
    for (int i = 0; i < arguments.size(); i++) {
      Value value = arguments.get(i);
      check(store, type.params().get(i), value);
      raw[2 * i] = low(store, value);
      raw[2 * i + 1] = high(value);
    }
    return raw;
  }

  /** The results from two longs each. */
  static List<Value> fromRaw(Store<?> store, List<ValType> types, long[] raw) {
    List<Value> values = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      values.add(of(store, types.get(i), raw[2 * i], raw[2 * i + 1]));
    }
    return List.copyOf(values);
  }
}
