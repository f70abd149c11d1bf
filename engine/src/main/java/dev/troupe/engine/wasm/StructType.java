package dev.troupe.engine.wasm;

import java.util.List;
import java.util.stream.Stream;

/** The fields of a struct (section 2.3.8). Type indexes inside are the module's. */
public record StructType(List<FieldType> fields) implements CompositeType {
  public StructType {
    fields = List.copyOf(fields);
  }

  @Override
  public Kind compositeKind() {
    return Kind.STRUCT;
  }

  @Override
  public Stream<StorageType> parts() {
    return fields.stream().map(FieldType::storage);
  }
}
