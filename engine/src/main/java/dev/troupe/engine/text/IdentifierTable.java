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

  private IdentifierTable(@Nullable String[] identifiers) {
    this.identifiers = identifiers;
  }

  /** The identifiers of an index space with so many members. */
  static IdentifierTable of(NameSection names, NameSection.Subject subject, int outer, int count) {
    @Nullable String[] identifiers = new @Nullable String[count];
    Map<String, Integer> owners = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String name = names.name(subject, outer, i);
      if (name == null || name.isEmpty()) {
        continue;
      }
      Integer earlier = owners.putIfAbsent(name, i);
      if (earlier == null) {
        identifiers[i] = identifier(name);
      } else {
        identifiers[earlier] = null;
      }
    }
    return new IdentifierTable(identifiers);
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

  /** How to define a member: a space and its identifier, if any, and its number in a comment. */
  String define(int index) {
    String identifier = identifiers[index];
    return (identifier == null ? "" : " " + identifier) + " (;" + index + ";)";
  }

  /** A space and the identifier of a member, or nothing. */
  String suffix(int index) {
    String identifier = identifiers[index];
    return identifier == null ? "" : " " + identifier;
  }

  boolean has(int index) {
    return identifiers[index] != null;
  }
}
