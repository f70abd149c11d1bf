package dev.troupe.engine.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One index space of a module or function: identifiers to indices (section 6.3.5). */
final class IndexSpace {
  private final String what;
  private final Map<String, Integer> indices = new HashMap<>();
  private final List<@Nullable String> names = new ArrayList<>();

  /**
   * An empty space.
   *
   * @param what the specification's word for its members, used in messages
   */
  IndexSpace(String what) {
    this.what = what;
  }

  int size() {
    return names.size();
  }

  /** The identifier of a member, or null when it has none. */
  @Nullable String name(int index) {
    return names.get(index);
  }

  /**
   * Reads an optional identifier and gives it the next index. An annotation behind it gives a name
   * for people.
   */
  int define(TokenCursor cursor) {
    int position = cursor.position();
    String id = cursor.acceptId();
    if (id != null && indices.putIfAbsent(id, names.size()) != null) {
      throw cursor.tokens().errorAt(position, "duplicate " + what + " $" + id);
    }
    String name = AnnotationReader.nameAt(cursor.tokens(), cursor.position());
    names.add(name == null ? id : name);
    return names.size() - 1;
  }

  /** Adds a member that has no identifier, but perhaps an annotation here. */
  void defineUnidentified(TokenCursor cursor) {
    names.add(AnnotationReader.nameAt(cursor.tokens(), cursor.position()));
  }

  /** Adds a member without identifier. */
  int defineAnonymous() {
    names.add(null);
    return names.size() - 1;
  }

  /** Gives a member another name for people; its identifier in the text stays. */
  void rename(int index, String name) {
    names.set(index, name);
  }

  /** Reads an index: a number or an identifier of this space. */
  int use(TokenCursor cursor) {
    if (cursor.is(TokenKind.ID)) {
      int position = cursor.position();
      String id = cursor.acceptId();
      Integer index = indices.get(id);
      if (index == null) {
        throw cursor.tokens().errorAt(position, "unknown " + what + " $" + id);
      }
      return index;
    }
    return cursor.expectU32();
  }

  /** Whether the token here can be an index. */
  static boolean isIndex(TokenCursor cursor) {
    return cursor.is(TokenKind.NATURAL) || cursor.is(TokenKind.ID);
  }
}
