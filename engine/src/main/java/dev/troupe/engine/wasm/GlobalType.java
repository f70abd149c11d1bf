package dev.troupe.engine.wasm;

/** A global's type (section 2.3.10). */
public record GlobalType(ValType type, boolean mutable) implements ExternType {
  @Override
  public ExternKind kind() {
    return ExternKind.GLOBAL;
  }
}
