package dev.troupe.engine.wasm;

/** Vector types (section 2.3.2). */
public enum VecType implements ValType {
  V128;

  @Override
  public int code() {
    return 5;
  }

  @Override
  public String text() {
    return "v128";
  }

  @Override
  public int sizeBytes() {
    return 16;
  }

  @Override
  public String toString() {
    return text();
  }
}
