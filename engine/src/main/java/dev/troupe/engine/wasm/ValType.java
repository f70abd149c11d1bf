package dev.troupe.engine.wasm;

/**
 * A value type (WebAssembly 3.0, section 2.3.5): a number, a vector or a reference.
 *
 * <p>Hot code uses {@link #code()}, a dense {@code int} that identifies the type completely,
 * instead of the object.
 */
public sealed interface ValType extends StorageType permits NumType, VecType, RefType {

  /**
   * Identifies this type among all value types: equal codes mean equal types. Positive. Number and
   * vector codes are below {@link RefType#REFERENCE_BIT}, reference codes have that bit set.
   */
  @Override
  int code();

  /** The type's name in the text format, such as {@code i32} or {@code funcref}. */
  @Override
  String text();

  @Override
  default ValType unpacked() {
    return this;
  }

  /** Bytes a value of this type occupies in the engine's value slots: 4, 8 or 16. */
  int sizeBytes();

  /** Whether locals of this type start with a default value: everything but non-null references. */
  default boolean isDefaultable() {
    return !(this instanceof RefType ref) || ref.nullable();
  }

  /** Whether this is a reference type. */
  default boolean isReference() {
    return this instanceof RefType;
  }

  /**
   * The type with this {@linkplain #code() code}.
   *
   * @throws IllegalArgumentException when no type has it
   */
  static ValType ofCode(int code) {
    if ((code & RefType.REFERENCE_BIT) != 0) {
      return RefType.ofCode(code);
    }
    return switch (code) {
      case 1 -> NumType.I32;
      case 2 -> NumType.I64;
      case 3 -> NumType.F32;
      case 4 -> NumType.F64;
      case 5 -> VecType.V128;
      default -> throw new IllegalArgumentException("no value type has code " + code);
    };
  }
}
