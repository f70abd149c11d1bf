package dev.troupe.engine;

import dev.troupe.engine.runtime.VmGlobal;
import dev.troupe.engine.wasm.GlobalType;

/** A global variable or constant. */
public final class Global implements Extern {
  private final Store<?> store;
  private final VmGlobal internal;

  Global(Store<?> store, VmGlobal internal) {
    this.store = store;
    this.internal = internal;
  }

  /** A global made by the host, to be imported. */
  public static Global create(Store<?> store, GlobalType type, Value initial) {
    Values.check(store, type.type(), initial);
    return new Global(
        store, store.internal().newGlobal(type, Values.low(store, initial), Values.high(initial)));
  }

  @Override
  public GlobalType type() {
    return internal.type();
  }

  @Override
  public VmGlobal internal() {
    return internal;
  }

  /** Its value. */
  public Value get() {
    return Values.of(store, internal.type().type(), internal.low(), internal.high());
  }

  /**
   * Changes its value.
   *
   * @throws IllegalStateException when it is a constant
   */
  public void set(Value value) {
    if (!internal.type().mutable()) {
      throw new IllegalStateException("the global is constant");
    }
    Values.check(store, internal.type().type(), value);
    internal.set(Values.low(store, value), Values.high(value));
  }
}
