package dev.troupe.engine.wasm;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * What makes two recursion groups equal (section 3.3, iso-recursive equality): the group written
 * out, with references into the group relative to its start and all others canonical. Two groups of
 * whatever modules are the same types exactly if their keys, made with the same canonical indexes,
 * are equal.
 *
 * <p>Comparable, so that a hash table stays fast when somebody chooses keys of equal hash.
 */
public final class TypeGroupKey implements Comparable<TypeGroupKey> {
  private static final int RELATIVE_BIT = 1 << 27;
  private static final int MUTABLE_BIT = 1 << 31;
  private static final int FINAL_BIT = 1 << 2;
  private static final int EXTENDS_BIT = 1 << 3;

  private final int[] words;
  private final int hash;

  private TypeGroupKey(int[] words) {
    this.words = words;
    this.hash = Arrays.hashCode(words);
  }

  /**
   * The key of one group of {@code types}.
   *
   * @param canonical the canonical index of a type before the group
   * @throws IllegalArgumentException when it refers to a type behind the group
   */
  public static TypeGroupKey of(TypeSection types, int group, IntUnaryOperator canonical) {
    Writer writer = new Writer(types.groupStart(group), types.groupEnd(group), canonical);
    writer.add(types.groupEnd(group) - types.groupStart(group));
    for (int i = types.groupStart(group); i < types.groupEnd(group); i++) {
      writer.type(types.get(i));
    }
    return new TypeGroupKey(Arrays.copyOf(writer.words, writer.count));
  }

  /** The key of a type that is alone in its group and whose indexes are canonical already. */
  public static TypeGroupKey ofCanonical(SubType type) {
    Writer writer = new Writer(Integer.MAX_VALUE, Integer.MAX_VALUE, index -> index);
    writer.add(1);
    writer.type(type);
    return new TypeGroupKey(Arrays.copyOf(writer.words, writer.count));
  }

  @Override
  public int compareTo(TypeGroupKey other) {
    return Arrays.compare(words, other.words);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TypeGroupKey that
        && hash == that.hash
        && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private static final class Writer {
    private final int start;
    private final int end;
    private final IntUnaryOperator canonical;
    private int[] words = new int[8];
    private int count;

    Writer(int start, int end, IntUnaryOperator canonical) {
      this.start = start;
      this.end = end;
      this.canonical = canonical;
    }

    void add(int word) {
      if (count == words.length) {
        words = Arrays.copyOf(words, count * 2);
      }
      words[count++] = word;
    }

    void type(SubType type) {
      add(
          type.composite().compositeKind().ordinal()
              | (type.isFinal() ? FINAL_BIT : 0)
              | (type.hasSupertype() ? EXTENDS_BIT : 0));
      if (type.hasSupertype()) {
        add(index(type.supertype()));
      }
      // Not over patterns, for which the JVM generates a class at every start.
      switch (type.composite().compositeKind()) {
        case FUNC -> function((FuncType) type.composite());
        case STRUCT -> {
          StructType struct = (StructType) type.composite();
          add(struct.fields().size());
          struct.fields().forEach(this::field);
        }
        case ARRAY -> field(((ArrayType) type.composite()).element());
      }
    }

    private void function(FuncType function) {
      add(function.paramCount());
      function.params().forEach(param -> add(code(param.code())));
      add(function.resultCount());
      function.results().forEach(result -> add(code(result.code())));
    }

    private void field(FieldType field) {
      add(code(field.storage().code()) | (field.mutable() ? MUTABLE_BIT : 0));
    }

    private int code(int code) {
      return RefType.isReference(code) && RefType.isConcrete(code)
          ? RefType.withIndex(code, 0) | index(RefType.typeIndex(code))
          : code;
    }

    private int index(int type) {
      if (type >= end) {
        throw new IllegalArgumentException("type " + type + " is defined later");
      }
      return type >= start ? RELATIVE_BIT | (type - start) : canonical.applyAsInt(type);
    }
  }
}
