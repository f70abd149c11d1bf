package dev.troupe.engine.wasm;

/** What a field of a struct or an element of an array holds (section 2.3.8). */
public sealed interface StorageType permits ValType, PackedType {
  /**
   * Identifies this type among all storage types: equal codes mean equal types. Positive; that of a
   * value type is its {@link ValType#code()}.
   */
  int code();

  /** The type's name in the text format. */
  String text();

  /** The type of the values that are read from and written to it. */
  ValType unpacked();

  /**
   * The storage type with this {@linkplain #code() code}.
   *
   * @throws IllegalArgumentException when no type has it
   */
  static StorageType ofCode(int code) {
    return switch (code) {
      case PackedType.CODE_I8 -> PackedType.I8;
      case PackedType.CODE_I16 -> PackedType.I16;
      default -> ValType.ofCode(code);
    };
  }
}
