package dev.troupe.engine.wasm;

/** Number types (section 2.3.1). */
public enum NumType implements ValType {
  I32(1, "i32", 4),
  I64(2, "i64", 8),
  F32(3, "f32", 4),
  F64(4, "f64", 8);

  private final int code;
  private final String text;
  private final int sizeBytes;

  NumType(int code, String text, int sizeBytes) {
    this.code = code;
    this.text = text;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public int code() {
    return code;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public int sizeBytes() {
    return sizeBytes;
  }

  @Override
  public String toString() {
    return text;
  }
}
