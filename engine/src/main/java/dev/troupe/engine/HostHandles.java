package dev.troupe.engine;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/** Host functions from method handles: the WebAssembly type follows from the Java type. */
final class HostHandles {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private HostHandles() {}

  private static boolean hasCaller(MethodType type) {
    return type.parameterCount() > 0 && type.parameterType(0) == Caller.class;
  }

  /** The WebAssembly type of a handle whose first parameter may be a {@link Caller}. */
  static FuncType funcType(MethodType type) {
    List<ValType> params = new ArrayList<>();
    for (int i = hasCaller(type) ? 1 : 0; i < type.parameterCount(); i++) {
      params.add(valType(type.parameterType(i)));
    }
    List<ValType> results =
        type.returnType() == void.class ? List.of() : List.of(valType(type.returnType()));
    return FuncType.of(params, results);
  }

  private static ValType valType(Class<?> type) {
    if (type == int.class) {
      return NumType.I32;
    }
    if (type == long.class) {
      return NumType.I64;
    }
    if (type == float.class) {
      return NumType.F32;
    }
    if (type == double.class) {
      return NumType.F64;
    }
    if (type == Func.class) {
      return RefType.FUNCREF;
    }
    if (type == Object.class) {
      return RefType.EXTERNREF;
    }
    throw new IllegalArgumentException(
        "no WebAssembly type for "
            + type.getName()
            + ": use int, long, float, double, Func, Object");
  }

  /** The handle as a host function: arguments are read, the result is set without boxing. */
  static <T> HostFunction<T> adapt(MethodHandle target) {
    MethodType type = target.type();
    MethodHandle withCaller =
        hasCaller(type) ? target : MethodHandles.dropArguments(target, 0, Caller.class);
    MethodHandle filtered = withCaller;
    int params = withCaller.type().parameterCount() - 1;
    MethodHandle[] getters = new MethodHandle[params];
    for (int i = 0; i < params; i++) {
      getters[i] = getter(withCaller.type().parameterType(i + 1), i);
    }
    filtered = MethodHandles.filterArguments(filtered, 1, getters);
    // (Caller, HostCall x params) result, to (HostCall, Caller) result.
    int[] order = new int[params + 1];
    for (int i = 1; i <= params; i++) {
      order[i] = 1;
    }
    MethodHandle joined =
        MethodHandles.permuteArguments(
            filtered,
            MethodType.methodType(type.returnType(), Caller.class, HostCall.class),
            order);
    MethodHandle complete = returning(joined, type.returnType());
    return (caller, call) -> invoke(complete, caller, call);
  }

  private static void invoke(MethodHandle handle, Caller<?> caller, HostCall call)
      throws Exception {
    try {
      handle.invokeExact(caller, call);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable other) {
      throw new IllegalStateException(other);
    }
  }

  /** (Caller, HostCall) result, to (Caller, HostCall) void. */
  private static MethodHandle returning(MethodHandle joined, Class<?> result) {
    if (result == void.class) {
      return joined;
    }
    MethodHandle setter = method(setterName(result), MethodType.methodType(void.class, result));
    // collect: setter(HostCall, joined(Caller, HostCall2)) with both HostCalls the same.
    MethodHandle collected = MethodHandles.collectArguments(setter, 1, joined);
    return MethodHandles.permuteArguments(
        collected, MethodType.methodType(void.class, Caller.class, HostCall.class), 1, 0, 1);
  }

  private static MethodHandle getter(Class<?> type, int index) {
    MethodHandle getter = method(getterName(type), MethodType.methodType(type, int.class));
    return MethodHandles.insertArguments(getter, 1, index);
  }

  private static String getterName(Class<?> type) {
    if (type == int.class) {
      return "i32";
    }
    if (type == long.class) {
      return "i64";
    }
    if (type == float.class) {
      return "f32";
    }
    if (type == double.class) {
      return "f64";
    }
    return type == Func.class ? "func" : "extern";
  }

  private static String setterName(Class<?> type) {
    if (type == int.class) {
      return "returnI32";
    }
    if (type == long.class) {
      return "returnI64";
    }
    if (type == float.class) {
      return "returnF32";
    }
    if (type == double.class) {
      return "returnF64";
    }
    return type == Func.class ? "returnFunc" : "returnExtern";
  }

  private static MethodHandle method(String name, MethodType type) {
    try {
      return LOOKUP.findVirtual(HostCall.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " is missing", e);
    }
  }
}
