package dev.troupe.engine.text;

import dev.troupe.engine.wasm.NameSection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers for printing, from a name section. A name that two members of an index space share
 * identifies neither, so those are printed by number.
 */
final class IdentifierTable {
  private final @Nullable String[] identifiers;

  /** Names that identify nothing. */
  private final Map<Integer, String> ambiguous;

  private IdentifierTable(@Nullable String[] identifiers, Map<Integer, String> ambiguous) {
    this.identifiers = identifiers;
    this.ambiguous = ambiguous;
  }

  /** The identifiers of an index space with so many members. */
  static IdentifierTable of(NameSection names, NameSection.Subject subject, int outer, int count) {
    @Nullable String[] identifiers = new @Nullable String[count];
    Map<String, Integer> owners = new HashMap<>();
    Map<Integer, String> ambiguous = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String name = names.name(subject, outer, i);
      if (name == null) {
        continue;
      }
      if (name.isEmpty()) {
        ambiguous.put(i, name);
        continue;
      }
      Integer earlier = owners.putIfAbsent(name, i);
      if (earlier == null) {
        identifiers[i] = identifier(name);
      } else {
        identifiers[earlier] = null;
        ambiguous.put(earlier, name);
        ambiguous.put(i, name);
      }
    }
    return new IdentifierTable(identifiers, ambiguous);
  }

  /** {@code $name}, quoted when the name has characters that identifiers must not have. */
  static String identifier(String name) {
    return name.chars().allMatch(c -> c < 0x80 && Lexer.isIdCharacter(c))
        ? "$" + name
        : "$" + StringLiterals.quote(name);
  }

  /** How to refer to a member: its identifier or its number. */
  String use(int index) {
    String identifier = index >= 0 && index < identifiers.length ? identifiers[index] : null;
    return identifier == null ? Integer.toUnsignedString(index) : identifier;
  }

  /**
   * How to define a member: a space and its identifier, if any, and its number in a comment. A name
   * that identifies nothing is an annotation.
   */
  String define(int index) {
    return suffix(index) + " (;" + index + ";)";
  }

  /** The same without the number. */
  String suffix(int index) {
    String identifier = identifiers[index];
    String name = ambiguous.get(index);
    String annotation = name == null ? "" : " (@name " + StringLiterals.quote(name) + ")";
    return (identifier == null ? "" : " " + identifier) + annotation;
  }

  boolean has(int index) {
    return identifiers[index] != null;
  }
}
