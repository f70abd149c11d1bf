package dev.troupe.engine;

import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.VmFunction;
import dev.troupe.engine.runtime.exec.CallTarget;
import dev.troupe.engine.runtime.exec.Trap;
import dev.troupe.engine.wasm.FuncType;
import java.util.List;

/** A function: a guest's, or the host's. */
public final class Func implements Extern {
  private final Store<?> store;
  private final VmFunction internal;

  Func(Store<?> store, VmFunction internal) {
    this.store = store;
    this.internal = internal;
  }

  /** A function made by the host, {@linkplain Linker#func inline}. */
  public static <T> Func create(Store<T> store, FuncType type, HostFunction<T> body) {
    return new Func(
        store, store.internal().newHostFunction(type, HostBodies.inline(store, type, body)));
  }

  @Override
  public FuncType type() {
    return internal.type();
  }

  @Override
  public VmFunction internal() {
    return internal;
  }

  /** The store that owns it. */
  public Store<?> store() {
    return store;
  }

  /**
   * Calls it on this thread, which waits as long as it takes. Must not be called from an inline
   * host function of the same store.
   *
   * @return its results
   * @throws TrapException when it traps
   * @throws IllegalArgumentException when arguments do not fit the type
   */
  public List<Value> call(Value... arguments) {
    return call(List.of(arguments));
  }

  /** {@link #call(Value...)} with a list. */
  public List<Value> call(List<Value> arguments) {
    FuncType type = internal.type();
    long[] raw = Values.toRaw(store, type, arguments);
    CallTarget target = CallTarget.of(internal);
    long values = store.execution().values();
    for (int i = 0; i < raw.length; i += 2) {
      long value = values + (long) (i / 2) * StoreContext.VALUE_BYTES;
      RawMemory.putLong(value, raw[i]);
      RawMemory.putLong(value + Long.BYTES, raw[i + 1]);
    }
    Trap trap = store.execution().call(target);
    if (trap != null) {
      throw TrapException.of(store, trap);
    }
    // Host functions may have made the store enlarge its value area.
    values = store.internal().values();
    long[] results = new long[2 * type.resultCount()];
    for (int i = 0; i < results.length; i += 2) {
      long value = values + (long) (i / 2) * StoreContext.VALUE_BYTES;
      results[i] = RawMemory.getLong(value);
      results[i + 1] = RawMemory.getLong(value + Long.BYTES);
    }
    return Values.fromRaw(store, type.results(), results);
  }

  /** A faster way to call it again and again: no boxing, no allocation, arguments unchecked. */
  public TypedFunc typed() {
    return new TypedFunc(store, CallTarget.of(internal));
  }

  /**
   * Prepares a call for a scheduler: nothing has run yet.
   *
   * @throws IllegalArgumentException when arguments do not fit the type
   */
  public Invocation start(Value... arguments) {
    return start(List.of(arguments));
  }

  /** {@link #start(Value...)} with a list. */
  public Invocation start(List<Value> arguments) {
    long[] raw = Values.toRaw(store, internal.type(), arguments);
    return new Invocation(store, CallTarget.of(internal), raw);
  }
}
