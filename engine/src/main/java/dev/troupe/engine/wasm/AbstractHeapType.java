package dev.troupe.engine.wasm;

import org.jspecify.annotations.Nullable;

/** Abstract heap types (section 2.3.3) with their binary codes (section 5.3.3). */
public enum AbstractHeapType implements HeapType {
  FUNC(0x70, "func"),
  EXTERN(0x6F, "extern"),
  ANY(0x6E, "any"),
  EQ(0x6D, "eq"),
  I31(0x6C, "i31"),
  STRUCT(0x6B, "struct"),
  ARRAY(0x6A, "array"),
  EXN(0x69, "exn"),
  NO_EXN(0x74, "noexn"),
  NO_FUNC(0x73, "nofunc"),
  NO_EXTERN(0x72, "noextern"),
  NONE(0x71, "none");

  private static final AbstractHeapType[] BY_BYTE = new AbstractHeapType[0x80];

  static {
    for (AbstractHeapType type : values()) {
      BY_BYTE[type.binaryCode] = type;
    }
  }

  private final int binaryCode;
  private final String text;

  AbstractHeapType(int binaryCode, String text) {
    this.binaryCode = binaryCode;
    this.text = text;
  }

  /** The single byte that encodes this type. */
  public int binaryCode() {
    return binaryCode;
  }

  @Override
  public String text() {
    return text;
  }

  /** The type encoded by this byte, or null. */
  public static @Nullable AbstractHeapType ofBinaryCode(int code) {
    return code < 0 || code >= BY_BYTE.length ? null : BY_BYTE[code];
  }
}
