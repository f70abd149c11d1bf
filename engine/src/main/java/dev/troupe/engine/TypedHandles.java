package dev.troupe.engine;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Builds method handles with Java types over {@link TypedFunc}'s raw calls. */
final class TypedHandles {
  static final int MAX_PARAMS = 4;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodHandle INT_TO_SLOT =
      find(TypedHandles.class, "slotOfInt", long.class, int.class);
  private static final MethodHandle FLOAT_TO_SLOT =
      find(TypedHandles.class, "slotOfFloat", long.class, float.class);
  private static final MethodHandle DOUBLE_TO_SLOT =
      find(Double.class, "doubleToRawLongBits", long.class, double.class);
  private static final MethodHandle SLOT_TO_INT =
      find(TypedHandles.class, "intOfSlot", int.class, long.class);
  private static final MethodHandle SLOT_TO_FLOAT =
      find(TypedHandles.class, "floatOfSlot", float.class, long.class);
  private static final MethodHandle SLOT_TO_DOUBLE =
      find(Double.class, "longBitsToDouble", double.class, long.class);

  private TypedHandles() {}

  static long slotOfInt(int value) {
    return value & 0xFFFF_FFFFL;
  }

  static int intOfSlot(long slot) {
    return (int) slot;
  }

  static long slotOfFloat(float value) {
    return Float.floatToRawIntBits(value) & 0xFFFF_FFFFL;
  }

  static float floatOfSlot(long slot) {
    return Float.intBitsToFloat((int) slot);
  }

  static MethodType methodType(FuncType type) {
    if (type.paramCount() > MAX_PARAMS || type.resultCount() > 1) {
      throw new IllegalArgumentException(
          "no Java method type for " + type + ": use callRaw or Func.call");
    }
    Class<?> result = type.resultCount() == 0 ? void.class : javaType(type.results().getFirst());
    Class<?>[] params = new Class<?>[type.paramCount()];
    for (int i = 0; i < params.length; i++) {
      params[i] = javaType(type.params().get(i));
    }
    return MethodType.methodType(result, params);
  }

  static MethodHandle of(TypedFunc function) {
    MethodType wanted = methodType(function.type());
    Class<?>[] slots = new Class<?>[wanted.parameterCount()];
    MethodHandle[] filters = new MethodHandle[slots.length];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = long.class;
      filters[i] = toSlot(wanted.parameterType(i));
    }
    try {
      MethodHandle raw =
          LOOKUP
              .findVirtual(TypedFunc.class, "callRaw", MethodType.methodType(long.class, slots))
              .bindTo(function);
      MethodHandle typed = MethodHandles.filterArguments(raw, 0, filters);
      if (wanted.returnType() == void.class) {
        return typed.asType(wanted);
      }
      return wanted.returnType() == long.class
          ? typed
          : MethodHandles.filterReturnValue(typed, ofSlot(wanted.returnType()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("callRaw is missing", e);
    }
  }

  private static MethodHandle toSlot(Class<?> type) {
    if (type == int.class) {
      return INT_TO_SLOT;
    }
    if (type == float.class) {
      return FLOAT_TO_SLOT;
    }
    return type == double.class ? DOUBLE_TO_SLOT : MethodHandles.identity(long.class);
  }

  private static MethodHandle ofSlot(Class<?> type) {
    if (type == int.class) {
      return SLOT_TO_INT;
    }
    return type == float.class ? SLOT_TO_FLOAT : SLOT_TO_DOUBLE;
  }

  private static Class<?> javaType(ValType type) {
    if (type instanceof NumType number) {
      return switch (number) {
        case I32 -> int.class;
        case I64 -> long.class;
        case F32 -> float.class;
        case F64 -> double.class;
      };
    }
    throw new IllegalArgumentException("no Java type for " + type.text() + ": use Func.call");
  }

  private static MethodHandle find(
      Class<?> owner, String name, Class<?> result, Class<?> parameter) {
    try {
      return LOOKUP.findStatic(owner, name, MethodType.methodType(result, parameter));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " is missing", e);
    }
  }
}
