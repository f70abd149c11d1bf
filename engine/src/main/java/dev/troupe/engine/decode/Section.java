package dev.troupe.engine.decode;

import org.jspecify.annotations.Nullable;

/**
 * The sections of a module in the order in which they must stand, with their ids (section 5.5.2).
 */
enum Section {
  CUSTOM(0),
  TYPE(1),
  IMPORT(2),
  FUNCTION(3),
  TABLE(4),
  MEMORY(5),
  TAG(13),
  GLOBAL(6),
  EXPORT(7),
  START(8),
  ELEMENT(9),
  DATA_COUNT(12),
  CODE(10),
  DATA(11);

  private static final @Nullable Section[] BY_ID = new @Nullable Section[14];

  static {
    for (Section section : values()) {
      BY_ID[section.id] = section;
    }
  }

  private final int id;

  Section(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }

  static @Nullable Section ofId(int id) {
    return id < BY_ID.length ? BY_ID[id] : null;
  }
}
