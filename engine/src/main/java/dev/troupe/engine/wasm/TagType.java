package dev.troupe.engine.wasm;

/**
 * The type of an exception tag (section 2.3.15).
 *
 * @param function what an exception with this tag carries: the parameters. There are no results
 */
public record TagType(FuncType function) implements ExternType {
  @Override
  public ExternKind kind() {
    return ExternKind.TAG;
  }

  @Override
  public String toString() {
    return "tag " + function;
  }
}
