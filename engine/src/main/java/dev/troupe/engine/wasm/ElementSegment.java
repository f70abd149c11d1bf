package dev.troupe.engine.wasm;

import java.util.Arrays;
import java.util.List;

/** An element segment (section 2.5.7). */
public record ElementSegment(RefType type, SegmentMode mode, Items items) {

  /** The segment's entries, in one of the two forms of the binary format. */
  public sealed interface Items permits Functions, Expressions {
    int count();

    /** Entry {@code i} as a constant expression. */
    ConstExpr item(int i);
  }

  /** Entries given as function indexes: the common, compact form. */
  public static final class Functions implements Items {
    private final int[] indices;

    /** Takes ownership of the array. */
    public Functions(int[] indices) {
      this.indices = indices;
    }

    /** Function index of entry {@code i}. */
    public int functionIndex(int i) {
      return indices[i];
    }

    @Override
    public int count() {
      return indices.length;
    }

    @Override
    public ConstExpr item(int i) {
      return ConstExpr.of(new ConstExpr.RefFunc(indices[i]));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Functions that && Arrays.equals(indices, that.indices);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(indices);
    }
  }

  /** Entries given as constant expressions. */
  public record Expressions(List<ConstExpr> expressions) implements Items {
    public Expressions {
      expressions = List.copyOf(expressions);
    }

    @Override
    public int count() {
      return expressions.size();
    }

    @Override
    public ConstExpr item(int i) {
      return expressions.get(i);
    }
  }

  public int count() {
    return items.count();
  }
}
