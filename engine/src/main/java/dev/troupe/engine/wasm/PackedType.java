package dev.troupe.engine.wasm;

/** Integers that fields hold in fewer bits than values have (section 2.3.8). */
public enum PackedType implements StorageType {
  I8(PackedType.CODE_I8, 0x78, "i8"),
  I16(PackedType.CODE_I16, 0x77, "i16");

  static final int CODE_I8 = 6;
  static final int CODE_I16 = 7;

  private final int code;
  private final int binaryCode;
  private final String text;

  PackedType(int code, int binaryCode, String text) {
    this.code = code;
    this.binaryCode = binaryCode;
    this.text = text;
  }

  @Override
  public int code() {
    return code;
  }

  /** The byte that encodes this type (section 5.3.8). */
  public int binaryCode() {
    return binaryCode;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public ValType unpacked() {
    return NumType.I32;
  }
}
