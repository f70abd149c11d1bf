package dev.troupe.engine.wasm;

import java.util.List;

/** Whether a declared type may extend another one (section 3.3, composite types). */
public final class SubtypeRules {
  private final CanonicalTypes types;

  /** For the types of one module, whose references have been checked. */
  public SubtypeRules(CanonicalTypes types) {
    this.types = types;
  }

  /** Whether what {@code type} describes can be used as what {@code supertype} describes. */
  public boolean matches(CompositeType type, CompositeType supertype) {
    return switch (type) {
      case FuncType function ->
          supertype instanceof FuncType above
              && matches(above.params(), function.params())
              && matches(function.results(), above.results());
      case StructType struct ->
          supertype instanceof StructType above && matches(struct, above.fields());
      case ArrayType array ->
          supertype instanceof ArrayType above && matches(array.element(), above.element());
    };
  }

  private boolean matches(List<ValType> actual, List<ValType> wanted) {
    if (actual.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < actual.size(); i++) {
      if (!matches(actual.get(i), wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean matches(StructType struct, List<FieldType> above) {
    if (struct.fields().size() < above.size()) {
      return false;
    }
    for (int i = 0; i < above.size(); i++) {
      if (!matches(struct.fields().get(i), above.get(i))) {
        return false;
      }
    }
    return true;
  }

  // What can be written through the supertype has to be of exactly its type.
  private boolean matches(FieldType field, FieldType above) {
    return field.mutable() == above.mutable()
        && matches(field.storage(), above.storage())
        && (!field.mutable() || matches(above.storage(), field.storage()));
  }

  private boolean matches(StorageType type, StorageType supertype) {
    return switch (type) {
      case PackedType packed -> packed == supertype;
      case ValType value ->
          Subtyping.matches(types.codeOf(value.code()), types.codeOf(supertype.code()), types);
    };
  }
}
