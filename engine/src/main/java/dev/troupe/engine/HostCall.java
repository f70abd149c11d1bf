package dev.troupe.engine;

import dev.troupe.engine.runtime.HostSlots;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import org.jspecify.annotations.Nullable;

/**
 * Arguments and results of one call of a host function. Reading an argument with the accessor of
 * another type gives its bits. Valid until the call has ended.
 */
public final class HostCall {
  private final Store<?> store;
  private final FuncType type;
  private final HostSlots slots;

  HostCall(Store<?> store, FuncType type, HostSlots slots) {
    this.store = store;
    this.type = type;
    this.slots = slots;
  }

  /** The function's type. */
  public FuncType type() {
    return type;
  }

  /** Argument {@code index}, an i32. */
  public int i32(int index) {
    return (int) slots.low(index);
  }

  /** Argument {@code index}, an i64. */
  public long i64(int index) {
    return slots.low(index);
  }

  /** Argument {@code index}, an f32. */
  public float f32(int index) {
    return Float.intBitsToFloat((int) slots.low(index));
  }

  /** Argument {@code index}, an f64. */
  public double f64(int index) {
    return Double.longBitsToDouble(slots.low(index));
  }

  /** Argument {@code index}, an externref: the host object, or null. */
  public @Nullable Object extern(int index) {
    long handle = slots.low(index);
    return handle == 0 ? null : Values.externOf(store, handle);
  }

  /** Argument {@code index}, a funcref: the function, or null. */
  public @Nullable Func func(int index) {
    long reference = slots.low(index);
    return reference == 0 ? null : new Func(store, store.internal().functionOf(reference));
  }

  /** Argument {@code index} of any type. */
  public Value value(int index) {
    return Values.of(store, type.params().get(index), slots.low(index), slots.high(index));
  }

  /** Sets the first result, an i32. */
  public void returnI32(int value) {
    slots.set(0, value & 0xFFFF_FFFFL, 0);
  }

  /** Sets the first result, an i64. */
  public void returnI64(long value) {
    slots.set(0, value, 0);
  }

  /** Sets the first result, an f32. */
  public void returnF32(float value) {
    slots.set(0, Float.floatToRawIntBits(value) & 0xFFFF_FFFFL, 0);
  }

  /** Sets the first result, an f64. */
  public void returnF64(double value) {
    slots.set(0, Double.doubleToRawLongBits(value), 0);
  }

  /**
   * Sets the first result, an externref.
   *
   * @throws IllegalArgumentException when the result has another type, or it is a guest's object of
   *     another store
   */
  public void returnExtern(@Nullable Object object) {
    result(0, new Value.Extern(object == null ? null : ExternRef.of(object)));
  }

  /**
   * Sets the first result, a funcref.
   *
   * @throws IllegalArgumentException when the result has another type, or it is a function of
   *     another store
   */
  public void returnFunc(@Nullable Func func) {
    result(0, new Value.FuncRef(func));
  }

  /**
   * Sets result {@code index}. All arguments must have been read: results take their places.
   *
   * @throws IllegalArgumentException when the value has the wrong type
   */
  public void result(int index, Value value) {
    Values.check(store, type.results().get(index), value);
    if (type.results().get(index) instanceof RefType) {
      slots.setReference(index, Values.low(store, value));
    } else {
      slots.set(index, Values.low(store, value), Values.high(value));
    }
  }
}
