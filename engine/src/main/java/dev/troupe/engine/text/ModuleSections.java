package dev.troupe.engine.text;

import java.util.ArrayList;
import java.util.List;

/** The sections of a module under construction, and their order in the binary (section 5.5.2). */
final class ModuleSections {
  /** A section by its place in the binary; the id does not follow the order. */
  enum Section {
    TYPE(1, "type"),
    IMPORT(2, "import"),
    FUNCTION(3, "func"),
    TABLE(4, "table"),
    MEMORY(5, "memory"),
    TAG(13, "tag"),
    GLOBAL(6, "global"),
    EXPORT(7, "export"),
    START(8, "start"),
    ELEMENT(9, "elem"),
    DATA_COUNT(12, "datacount"),
    CODE(10, "code"),
    DATA(11, "data");

    private final int id;
    private final String keyword;

    Section(int id, String keyword) {
      this.id = id;
      this.keyword = keyword;
    }

    /** The byte that starts the section. */
    int id() {
      return id;
    }

    /** The word for this section in a {@code (@custom ...)} annotation. */
    String keyword() {
      return keyword;
    }
  }

  /**
   * A custom section and where it goes.
   *
   * @param gap how many sections of {@link Section} stand before it
   * @param after whether it was placed behind a section rather than before the next
   * @param contents name and bytes, as the binary has them
   */
  record Custom(int gap, boolean after, byte[] contents) {}

  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final Section[] ORDER = Section.values();

  private final ByteSink[] contents = new ByteSink[ORDER.length];
  private final int[] counts = new int[ORDER.length];
  private final List<Custom> customs = new ArrayList<>();

  ModuleSections() {
    for (int i = 0; i < contents.length; i++) {
      contents[i] = new ByteSink();
    }
  }

  /** Where the next entry of a section goes; counts the entry. */
  ByteSink entry(Section section) {
    counts[section.ordinal()]++;
    return contents[section.ordinal()];
  }

  /** Entries of a section so far. */
  int count(Section section) {
    return counts[section.ordinal()];
  }

  void addCustom(Custom custom) {
    customs.add(custom);
  }

  /** The whole module; {@code names} is the contents of the name section, empty for none. */
  byte[] assemble(TypeSpace types, ByteSink names) {
    ByteSink out = new ByteSink();
    out.add(HEADER);
    counts[Section.TYPE.ordinal()] = types.groupCount();
    contents[Section.TYPE.ordinal()] = types.section();
    for (Section section : ORDER) {
      customs(out, section.ordinal(), true);
      customs(out, section.ordinal(), false);
      section(out, section);
    }
    customs(out, ORDER.length, true);
    customs(out, ORDER.length, false);
    if (names.size() > 0) {
      ByteSink custom = new ByteSink();
      custom.name("name");
      custom.add(names);
      out.add(0);
      out.vector(custom);
    }
    return out.toByteArray();
  }

  private void customs(ByteSink out, int gap, boolean after) {
    for (Custom custom : customs) {
      if (custom.gap() == gap && custom.after() == after) {
        out.add(0);
        out.vector(custom.contents());
      }
    }
  }

  private void section(ByteSink out, Section section) {
    int count = counts[section.ordinal()];
    if (count == 0) {
      return;
    }
    ByteSink body = new ByteSink();
    switch (section) {
      case START, DATA_COUNT -> {}
      case TYPE, IMPORT, FUNCTION, TABLE, MEMORY, TAG, GLOBAL, EXPORT, ELEMENT, CODE, DATA ->
          body.u32(count);
    }
    body.add(contents[section.ordinal()]);
    out.add(section.id);
    out.vector(body);
  }
}
