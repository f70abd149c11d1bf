package dev.troupe.engine.wasm;

/** The kinds of things a module imports and exports, in the order of their binary codes. */
public enum ExternKind {
  FUNC("func"),
  TABLE("table"),
  MEMORY("memory"),
  GLOBAL("global"),
  TAG("tag");

  private final String text;

  ExternKind(String text) {
    this.text = text;
  }

  /** The byte that encodes this kind in import and export sections. */
  public int binaryCode() {
    return ordinal();
  }

  /** The keyword of the text format. */
  public String text() {
    return text;
  }
}
