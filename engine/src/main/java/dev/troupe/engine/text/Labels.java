package dev.troupe.engine.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The labels around an instruction. Finding the innermost of a name does not walk the nesting. */
final class Labels {
  private final List<@Nullable String> names = new ArrayList<>();

  /** For each label the height of the one of the same name that it hides, or null. */
  private final List<@Nullable Integer> hidden = new ArrayList<>();

  private final Map<String, Integer> innermost = new HashMap<>();

  /** Names for people by the number of the block, in the order in which blocks begin. */
  private final TreeMap<Integer, String> named = new TreeMap<>();

  private int begun;

  int depth() {
    return names.size();
  }

  void push(@Nullable String name) {
    hidden.add(name == null ? null : innermost.put(name, names.size()));
    names.add(name);
  }

  void pop() {
    String name = names.removeLast();
    Integer previous = hidden.removeLast();
    if (name != null) {
      if (previous == null) {
        innermost.remove(name);
      } else {
        innermost.put(name, previous);
      }
    }
  }

  /**
   * Enters the next block.
   *
   * @param name its name for people, or null for its identifier
   */
  void begin(@Nullable String id, @Nullable String name) {
    String shown = name == null ? id : name;
    if (shown != null) {
      named.put(begun, shown);
    }
    begun++;
    push(id);
  }

  /** Names for people of all blocks so far, by their number. */
  TreeMap<Integer, String> named() {
    return named;
  }

  /** The name of a label by its relative depth, or null if it has none or that means another. */
  @Nullable String name(int label) {
    int height = names.size() - 1 - label;
    String name = height >= 0 && height < names.size() ? names.get(height) : null;
    Integer meant = name == null ? null : innermost.get(name);
    return meant != null && meant == height ? name : null;
  }

  /** Reads an optional identifier, which must be that of the innermost label. */
  void checkRepeated(TokenCursor cursor) {
    int position = cursor.position();
    String id = cursor.acceptId();
    if (id != null && !id.equals(names.getLast())) {
      throw cursor.tokens().errorAt(position, "mismatching label $" + id);
    }
  }

  /** Reads a label: a relative depth or an identifier. */
  int use(TokenCursor cursor) {
    if (cursor.is(TokenKind.ID)) {
      int position = cursor.position();
      String id = cursor.acceptId();
      Integer height = innermost.get(id);
      if (height == null) {
        throw cursor.tokens().errorAt(position, "unknown label $" + id);
      }
      return names.size() - 1 - height;
    }
    return cursor.expectU32();
  }
}
