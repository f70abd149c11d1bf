package dev.troupe.engine.wasm;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which types of one module are equal: each has a canonical index, that of the first type equal to
 * it. Thread-safe. Most modules never ask, so the work is done with the first question.
 */
public final class CanonicalTypes implements TypeHierarchy {
  private final TypeSection types;
  private volatile int @Nullable [] canonical;

  /** Of a section whose references have been checked to be to earlier types or the same group. */
  public CanonicalTypes(TypeSection types) {
    this.types = types;
  }

  /** The canonical index of a type. */
  public int indexOf(int type) {
    int[] known = canonical;
    if (known == null) {
      known = compute();
    }
    return known[type];
  }

  /** The {@linkplain ValType#code() code} of a value or storage type with canonical indexes. */
  public int codeOf(int code) {
    return RefType.isReference(code) && RefType.isConcrete(code)
        ? RefType.withIndex(code, indexOf(RefType.typeIndex(code)))
        : code;
  }

  private synchronized int[] compute() {
    int[] known = canonical;
    if (known == null) {
      known = new int[types.size()];
      int[] indexes = known;
      Map<TypeGroupKey, Integer> starts = new HashMap<>();
      for (int group = 0; group < types.groupCount(); group++) {
        int start = types.groupStart(group);
        TypeGroupKey key = TypeGroupKey.of(types, group, type -> indexes[type]);
        Integer first = starts.putIfAbsent(key, start);
        for (int type = start; type < types.groupEnd(group); type++) {
          indexes[type] = (first == null ? start : first) + (type - start);
        }
      }
      canonical = known;
    }
    return known;
  }

  @Override
  public CompositeType.Kind kindOf(int type) {
    return types.get(type).composite().compositeKind();
  }

  @Override
  public int supertypeOf(int type) {
    SubType declared = types.get(type);
    return declared.hasSupertype() ? indexOf(declared.supertype()) : SubType.NO_SUPERTYPE;
  }
}
