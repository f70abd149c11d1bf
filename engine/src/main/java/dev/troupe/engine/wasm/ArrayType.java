package dev.troupe.engine.wasm;

import java.util.stream.Stream;

/** An array: all its elements have one type (section 2.3.8). */
public record ArrayType(FieldType element) implements CompositeType {
  @Override
  public Kind compositeKind() {
    return Kind.ARRAY;
  }

  @Override
  public Stream<StorageType> parts() {
    return Stream.of(element.storage());
  }
}
