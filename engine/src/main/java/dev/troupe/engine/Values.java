package dev.troupe.engine;

import dev.troupe.engine.contract.GcLayout;
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
import org.jspecify.annotations.Nullable;

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
    if (Subtyping.topOf(type.code(), types(store)) == AbstractHeapType.ANY) {
      return new Value.Any(raw == 0 ? null : AnyRef.of(store, raw));
    }
    return new Value.Extern(raw == 0 ? null : ExternRef.of(externOf(store, raw)));
  }

  /** The object of an external reference that is not null. */
  static Object externOf(Store<?> store, long raw) {
    return GcLayout.isHost(raw) ? store.internal().externs().objectOf(raw) : AnyRef.of(store, raw);
  }

  /** The raw form of an external reference. */
  static long externRaw(Store<?> store, ExternRef reference) {
    return externRaw(store, reference.object());
  }

  /** The raw form of an external reference to an object. */
  static long externRaw(Store<?> store, Object object) {
    return object instanceof AnyRef any
        ? AnyRef.raw(store, any)
        : store.internal().externs().referenceTo(object);
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
      case Value.Extern(ExternRef reference) -> reference == null ? 0 : externRaw(store, reference);
      case Value.Any(AnyRef reference) -> AnyRef.raw(store, reference);
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

  private static boolean isAny(Store<?> store, RefType wanted, @Nullable AnyRef reference) {
    if (Subtyping.topOf(wanted.code(), types(store)) != AbstractHeapType.ANY) {
      return false;
    }
    return switch (reference) {
      case null -> wanted.nullable();
      case AnyRef.I31 _ -> matches(store, AbstractHeapType.I31, wanted);
      case AnyRef.Host _ -> wanted.heap() == AbstractHeapType.ANY;
      case AnyRef.Heap object ->
          object.handle().isOf(store.internal().handles())
              && types(store).matches(AnyRef.typeOf(object), wanted);
    };
  }

  private static boolean matches(Store<?> store, AbstractHeapType actual, RefType wanted) {
    return types(store).matches(new RefType(false, actual), wanted);
  }

  /** Whether a value is a null reference that stands for that of any other type of objects. */
  private static boolean isNullFor(Store<?> store, RefType wanted, Value value) {
    boolean isNull =
        value instanceof Value.FuncRef(Func func) && func == null
            || value instanceof Value.Extern(ExternRef reference) && reference == null;
    return isNull
        && wanted.nullable()
        && Subtyping.topOf(wanted.code(), types(store)) == AbstractHeapType.ANY;
  }

  private static boolean matches(Store<?> store, RefType wanted, Value value) {
    if (isNullFor(store, wanted, value)) {
      return true;
    }
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
      case Value.Any(AnyRef reference) -> isAny(store, wanted, reference);
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
