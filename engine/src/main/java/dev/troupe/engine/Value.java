package dev.troupe.engine;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import org.jspecify.annotations.Nullable;

/** A WebAssembly value. Floats are kept as bits, so that NaN payloads survive. */
public sealed interface Value {
  /** The nullable type of references to exceptions. */
  RefType EXNREF = new RefType(true, AbstractHeapType.EXN);

  /** Its type; references have the nullable abstract type of their kind. */
  ValType type();

  /** A 32-bit integer. */
  record I32(int value) implements Value {
    @Override
    public ValType type() {
      return NumType.I32;
    }
  }

  /** A 64-bit integer. */
  record I64(long value) implements Value {
    @Override
    public ValType type() {
      return NumType.I64;
    }
  }

  /** A 32-bit float, as its bits. */
  record F32(int bits) implements Value {
    @Override
    public ValType type() {
      return NumType.F32;
    }
  }

  /** A 64-bit float, as its bits. */
  record F64(long bits) implements Value {
    @Override
    public ValType type() {
      return NumType.F64;
    }
  }

  /** A vector of 128 bits. */
  record V128(long low, long high) implements Value {
    @Override
    public ValType type() {
      return VecType.V128;
    }
  }

  /** A reference to a function, or null. */
  record FuncRef(@Nullable Func func) implements Value {
    @Override
    public ValType type() {
      return RefType.FUNCREF;
    }
  }

  /** A reference to a struct, an array, a small integer or an object of the host, or null. */
  record Any(@Nullable AnyRef reference) implements Value {
    @Override
    public ValType type() {
      return new RefType(true, AbstractHeapType.ANY);
    }
  }

  /**
   * A reference to a host object, or null. A reference that the guest made one of by {@code
   * extern.convert_any} has the {@link AnyRef} as its object.
   */
  record Extern(@Nullable ExternRef reference) implements Value {
    @Override
    public ValType type() {
      return RefType.EXTERNREF;
    }
  }

  /** A reference to an exception of a guest, or null. */
  record ExnRef(@Nullable GuestException exception) implements Value {
    @Override
    public ValType type() {
      return EXNREF;
    }
  }

  /** A 32-bit integer. */
  static Value i32(int value) {
    return new I32(value);
  }

  /** A 64-bit integer. */
  static Value i64(long value) {
    return new I64(value);
  }

  /** A 32-bit float. */
  static Value f32(float value) {
    return new F32(Float.floatToRawIntBits(value));
  }

  /** A 64-bit float. */
  static Value f64(double value) {
    return new F64(Double.doubleToRawLongBits(value));
  }

  /** A vector. */
  static Value v128(long low, long high) {
    return new V128(low, high);
  }

  /** A function reference. */
  static Value funcRef(@Nullable Func func) {
    return new FuncRef(func);
  }

  /** A reference to a host object; null is the null reference. */
  static Value externRef(@Nullable Object object) {
    return new Extern(object == null ? null : ExternRef.of(object));
  }

  /** A reference that is no function. */
  static Value anyRef(@Nullable AnyRef reference) {
    return new Any(reference);
  }

  /** The null reference of a reference type; a declared type is taken for one of functions. */
  static Value nullOf(RefType type) {
    if (type.heap() == AbstractHeapType.EXN || type.heap() == AbstractHeapType.NO_EXN) {
      return new ExnRef(null);
    }
    boolean isFunction =
        type.heap() instanceof ConcreteHeapType
            || type.heap() == AbstractHeapType.FUNC
            || type.heap() == AbstractHeapType.NO_FUNC;
    return isFunction ? new FuncRef(null) : new Extern(null);
  }

  /**
   * This value as a Java int.
   *
   * @throws IllegalStateException when it is not an i32
   */
  default int asI32() {
    if (this instanceof I32(int value)) {
      return value;
    }
    throw new IllegalStateException("not an i32: " + this);
  }

  /**
   * This value as a Java long.
   *
   * @throws IllegalStateException when it is not an i64
   */
  default long asI64() {
    if (this instanceof I64(long value)) {
      return value;
    }
    throw new IllegalStateException("not an i64: " + this);
  }

  /**
   * This value as a Java float.
   *
   * @throws IllegalStateException when it is not an f32
   */
  default float asF32() {
    if (this instanceof F32(int bits)) {
      return Float.intBitsToFloat(bits);
    }
    throw new IllegalStateException("not an f32: " + this);
  }

  /**
   * This value as a Java double.
   *
   * @throws IllegalStateException when it is not an f64
   */
  default double asF64() {
    if (this instanceof F64(long bits)) {
      return Double.longBitsToDouble(bits);
    }
    throw new IllegalStateException("not an f64: " + this);
  }

  /**
   * The function that this value refers to, or null.
   *
   * @throws IllegalStateException when it is not a funcref
   */
  default @Nullable Func asFunc() {
    if (this instanceof FuncRef(Func func)) {
      return func;
    }
    throw new IllegalStateException("not a funcref: " + this);
  }

  /**
   * The reference that this value is, or null.
   *
   * @throws IllegalStateException when it is not an anyref
   */
  default @Nullable AnyRef asAny() {
    if (this instanceof Any(AnyRef reference)) {
      return reference;
    }
    throw new IllegalStateException("not an anyref: " + this);
  }

  /**
   * The host object that this value refers to, or null.
   *
   * @throws IllegalStateException when it is not an externref
   */
  default @Nullable Object asExtern() {
    if (this instanceof Extern(ExternRef reference)) {
      return reference == null ? null : reference.object();
    }
    throw new IllegalStateException("not an externref: " + this);
  }
}
