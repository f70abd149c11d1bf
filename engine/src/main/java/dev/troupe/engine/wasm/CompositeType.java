package dev.troupe.engine.wasm;

import java.util.stream.Stream;

/** What an entry of a module's type section describes (section 2.3.8). */
public sealed interface CompositeType permits FuncType, StructType, ArrayType {
  /** The three kinds; the ordinal is stored in type descriptors and in artifacts. */
  enum Kind {
    FUNC,
    STRUCT,
    ARRAY
  }

  /** Which of the three it is. */
  Kind compositeKind();

  /** The types of all parts, in order: parameters and results, fields, the elements. */
  Stream<? extends StorageType> parts();
}
