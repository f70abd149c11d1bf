package dev.troupe.engine.wasm;

/** A table's type (section 2.3.13): element type and size range in entries. */
public record TableType(RefType element, Limits limits) implements ExternType {
  @Override
  public ExternKind kind() {
    return ExternKind.TABLE;
  }
}
