package dev.troupe.engine.wasm;

import java.util.List;
import java.util.stream.Stream;

/** A function type (section 2.3.6): parameters and results. Equality is structural. */
public final class FuncType implements CompositeType, ExternType {
  private final List<ValType> params;
  private final List<ValType> results;
  private final int hash;

  /** A function type; both lists are copied. */
  public FuncType(List<? extends ValType> params, List<? extends ValType> results) {
    this.params = List.copyOf(params);
    this.results = List.copyOf(results);
    this.hash = hashOf(this.params) * 31 + hashOf(this.results);
  }

  /** A function type from parameters and results. */
  public static FuncType of(List<? extends ValType> params, List<? extends ValType> results) {
    return new FuncType(params, results);
  }

  // From type codes, not identity hashes of enums: the same in every JVM.
  private static int hashOf(List<ValType> types) {
    int result = types.size();
    for (ValType type : types) {
      result = result * 31 + type.code();
    }
    return result;
  }

  public List<ValType> params() {
    return params;
  }

  public List<ValType> results() {
    return results;
  }

  public int paramCount() {
    return params.size();
  }

  public int resultCount() {
    return results.size();
  }

  @Override
  public Kind compositeKind() {
    return Kind.FUNC;
  }

  @Override
  public Stream<ValType> parts() {
    return Stream.concat(params.stream(), results.stream());
  }

  @Override
  public ExternKind kind() {
    return ExternKind.FUNC;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof FuncType that
            && hash == that.hash
            && params.equals(that.params)
            && results.equals(that.results));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For example {@code (i32, i64) -> (f32)}. */
  @Override
  public String toString() {
    return "(" + join(params) + ") -> (" + join(results) + ")";
  }

  private static String join(List<ValType> types) {
    StringBuilder out = new StringBuilder();
    for (ValType type : types) {
      out.append(out.isEmpty() ? "" : ", ").append(type.text());
    }
    return out.toString();
  }
}
