package dev.troupe.engine;

import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.exec.CallTarget;
import dev.troupe.engine.runtime.exec.StoreExecution;
import dev.troupe.engine.runtime.exec.Trap;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.VecType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodType;

/**
 * A function prepared for many calls. Raw calls take and return 64-bit slots (an i32 in the low
 * half, floats as bits) and check only their number; functions of vectors take two slots for every
 * argument, by {@link #callHalves}; {@link #asMethodHandle} and {@link #as} give the function with
 * its Java types. Nothing is allocated per call.
 */
public final class TypedFunc {
  /** Not a number of parameters: some are vectors, which one slot cannot hold. */
  private static final int NOT_RAW = -1;

  private final CallTarget target;
  private final StoreExecution execution;
  private final FuncType type;
  private final int params;
  private final Store<?> store;

  TypedFunc(Store<?> store, CallTarget target) {
    this.store = store;
    this.target = target;
    this.execution = store.execution();
    this.type = target.function().type();
    this.params = type.params().contains(VecType.V128) ? NOT_RAW : type.paramCount();
  }

  /** The function's type. */
  public FuncType type() {
    return type;
  }

  /** Calls a function without parameters: the first result's slot; arbitrary without results. */
  public long callRaw() {
    checkParams(0);
    return run();
  }

  /** Calls a function of one parameter: the first result's slot; arbitrary without results. */
  public long callRaw(long a) {
    checkParams(1);
    long values = execution.values();
    RawMemory.putLong(values, a);
    return run();
  }

  /** Calls a function of two parameters: the first result's slot; arbitrary without results. */
  public long callRaw(long a, long b) {
    checkParams(2);
    long values = execution.values();
    RawMemory.putLong(values, a);
    RawMemory.putLong(values + StoreContext.VALUE_BYTES, b);
    return run();
  }

  /** Calls a function of three parameters: the first result's slot; arbitrary without results. */
  public long callRaw(long a, long b, long c) {
    checkParams(3);
    long values = execution.values();
    RawMemory.putLong(values, a);
    RawMemory.putLong(values + StoreContext.VALUE_BYTES, b);
    RawMemory.putLong(values + 2 * StoreContext.VALUE_BYTES, c);
    return run();
  }

  /** Calls a function of four parameters: the first result's slot; arbitrary without results. */
  public long callRaw(long a, long b, long c, long d) {
    checkParams(4);
    long values = execution.values();
    RawMemory.putLong(values, a);
    RawMemory.putLong(values + StoreContext.VALUE_BYTES, b);
    RawMemory.putLong(values + 2 * StoreContext.VALUE_BYTES, c);
    RawMemory.putLong(values + 3 * StoreContext.VALUE_BYTES, d);
    return run();
  }

  /**
   * Calls a function of any number of parameters, with two longs for each: the low half, and the
   * high half of a vector. The first result's low half; arbitrary without results.
   */
  public long callHalves(long... halves) {
    if (halves.length != 2 * type.paramCount()) {
      throw new IllegalArgumentException(
          "expected two halves for each of " + type.paramCount() + " arguments");
    }
    long values = execution.values();
    for (int i = 0; i < halves.length; i++) {
      RawMemory.putLong(values + (long) i * Long.BYTES, halves[i]);
    }
    return run();
  }

  /** High half of the vector that is result {@code index} of the last call. */
  public long resultHigh(int index) {
    if (index < 0 || index >= type.resultCount() || type.results().get(index) != VecType.V128) {
      throw new IndexOutOfBoundsException("result " + index + " of " + type + " is no vector");
    }
    return RawMemory.getLong(values() + (long) index * StoreContext.VALUE_BYTES + Long.BYTES);
  }

  /** Slot of result {@code index} of the last call; valid until the next use of the store. */
  public long result(int index) {
    if (index < 0 || index >= type.resultCount()) {
      throw new IndexOutOfBoundsException("result " + index + " of " + type);
    }
    return RawMemory.getLong(values() + (long) index * StoreContext.VALUE_BYTES);
  }

  /**
   * The function with Java types: int, long, float, double for numbers. At most four parameters and
   * one result.
   *
   * @throws IllegalArgumentException when the function's type has no such form
   */
  public MethodHandle asMethodHandle() {
    return TypedHandles.of(this);
  }

  /**
   * The function as an instance of a functional interface, for example {@code IntBinaryOperator}.
   *
   * @throws IllegalArgumentException when the interface's method does not fit the type
   */
  public <F> F as(Class<F> functionalInterface) {
    return MethodHandleProxies.asInterfaceInstance(functionalInterface, asMethodHandle());
  }

  /** The Java method type of {@link #asMethodHandle()}. */
  public MethodType methodType() {
    return TypedHandles.methodType(type);
  }

  /** The store that owns the function. */
  public Store<?> store() {
    return store;
  }

  private long values() {
    return execution.store().values();
  }

  private long run() {
    Trap trap = execution.call(target);
    if (trap != null) {
      throw TrapException.of(store, trap);
    }
    // Asked for again: host functions may have made the store enlarge its value area.
    return RawMemory.getLong(values());
  }

  private void checkParams(int count) {
    if (params == NOT_RAW) {
      throw new IllegalArgumentException("a function of vectors is called by halves: " + type);
    }
    if (count != params) {
      throw new IllegalArgumentException("expected " + params + " arguments, got " + count);
    }
  }
}
