package dev.troupe.engine.wasm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Gives the declared types that other types refer to new indexes. */
public final class TypeRewriter {
  private final int[] indexes;

  /** A rewriter from indexes into this array to the entries of the array. */
  public TypeRewriter(int[] indexes) {
    this.indexes = indexes;
  }

  /** The same type with new indexes, its supertype's included. */
  public SubType rewrite(SubType type) {
    int supertype = type.hasSupertype() ? indexes[type.supertype()] : SubType.NO_SUPERTYPE;
    CompositeType composite =
        // Not over patterns, for which the JVM generates a class at every start.
        switch (type.composite().compositeKind()) {
          case FUNC -> rewrite((FuncType) type.composite());
          case STRUCT -> {
            StructType struct = (StructType) type.composite();
            yield new StructType(struct.fields().stream().map(this::rewrite).toList());
          }
          case ARRAY -> new ArrayType(rewrite(((ArrayType) type.composite()).element()));
        };
    return new SubType(type.isFinal(), supertype, composite);
  }

  private FuncType rewrite(FuncType type) {
    if (type.parts().noneMatch(TypeRewriter::isConcrete)) {
      return type;
    }
    return new FuncType(rewrite(type.params()), rewrite(type.results()));
  }

  private List<ValType> rewrite(List<ValType> types) {
    List<ValType> rewritten = new ArrayList<>(types.size());
    for (ValType type : types) {
      rewritten.add(rewrite(type));
    }
    return rewritten;
  }

  private FieldType rewrite(FieldType field) {
    return field.storage() instanceof ValType type
        ? new FieldType(rewrite(type), field.mutable())
        : field;
  }

  private ValType rewrite(ValType type) {
    return isConcrete(type)
        ? ValType.ofCode(RefType.withIndex(type.code(), indexes[RefType.typeIndex(type.code())]))
        : type;
  }

  private static boolean isConcrete(StorageType type) {
    return RefType.isReference(type.code()) && RefType.isConcrete(type.code());
  }

  /** Indexes of the declared types that a composite type mentions. */
  public static IntStream references(CompositeType type) {
    return type.parts()
        .filter(TypeRewriter::isConcrete)
        .mapToInt(reference -> RefType.typeIndex(reference.code()));
  }

  /** Indexes of the declared types that a recursion group mentions, supertypes included. */
  public static IntStream references(TypeSection types, int group) {
    return types.asList().subList(types.groupStart(group), types.groupEnd(group)).stream()
        .flatMapToInt(type ->
            type.hasSupertype()
                ? IntStream.concat(IntStream.of(type.supertype()), references(type.composite()))
                : references(type.composite()));
  }
}
