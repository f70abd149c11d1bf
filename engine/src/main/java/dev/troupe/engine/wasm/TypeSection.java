package dev.troupe.engine.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The types of a module (section 2.5.3) in recursion groups: consecutive types that are defined
 * together, may refer to each other, and are equal to other types only as a whole. Immutable.
 */
public final class TypeSection {
  private final List<SubType> types;
  private final int[] groupStarts;

  private TypeSection(List<SubType> types, int[] groupStarts) {
    this.types = List.copyOf(types);
    this.groupStarts = groupStarts;
  }

  /** Number of types. */
  public int size() {
    return types.size();
  }

  /** The type with this index. */
  public SubType get(int type) {
    return types.get(type);
  }

  /** All types in order. */
  public List<SubType> asList() {
    return types;
  }

  /** Number of recursion groups. */
  public int groupCount() {
    return groupStarts.length;
  }

  /** Index of the first type of a group. */
  public int groupStart(int group) {
    return groupStarts[group];
  }

  /** Index after the last type of a group. */
  public int groupEnd(int group) {
    return group + 1 < groupStarts.length ? groupStarts[group + 1] : types.size();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TypeSection that
        && types.equals(that.types)
        && Arrays.equals(groupStarts, that.groupStarts);
  }

  @Override
  public int hashCode() {
    return types.hashCode();
  }

  @Override
  public String toString() {
    return types.toString();
  }

  /** Collects the types of a module in order. */
  public static final class Builder {
    private final List<SubType> types = new ArrayList<>();
    private int[] groupStarts = new int[16];
    private int groups;

    /** Adds a final function type without supertype, alone in its group. */
    public void add(CompositeType type) {
      addGroup(List.of(SubType.of(type)));
    }

    /** Adds a recursion group. An empty one has no effect. */
    public void addGroup(List<SubType> group) {
      if (group.isEmpty()) {
        return;
      }
      if (groups == groupStarts.length) {
        groupStarts = Arrays.copyOf(groupStarts, groups * 2);
      }
      groupStarts[groups++] = types.size();
      types.addAll(group);
    }

    /** Types added so far. */
    public int size() {
      return types.size();
    }

    /** A type added before. */
    public SubType get(int type) {
      return types.get(type);
    }

    public TypeSection build() {
      return new TypeSection(types, Arrays.copyOf(groupStarts, groups));
    }
  }
}
