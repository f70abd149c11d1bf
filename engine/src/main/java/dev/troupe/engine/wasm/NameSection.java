package dev.troupe.engine.wasm;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the {@code name} custom section (appendix 7.4.1 of the specification). Names are
 * for people only, so a damaged section yields the names that could be read before the damage.
 */
public final class NameSection {
  /** What can have names: the numbers are the subsection ids. */
  public enum Subject {
    MODULE,
    FUNCTION,
    LOCAL,
    LABEL,
    TYPE,
    TABLE,
    MEMORY,
    GLOBAL,
    ELEMENT,
    DATA,
    FIELD,
    TAG
  }

  /** A name section without names. */
  public static final NameSection EMPTY = new NameSection(new byte[0], 0, 0);

  private static final Subject[] SUBJECTS = Subject.values();

  private final byte[] bytes;
  private final int end;
  private int position;
  private @Nullable String moduleName;
  // Subject and outer index (functions for locals and labels, else 0) in the high half of the key.
  private final Map<Subject, Map<Long, String>> names = new HashMap<>();

  private NameSection(byte[] bytes, int offset, int end) {
    this.bytes = bytes;
    this.position = offset;
    this.end = end;
  }

  /** Reads the contents of a name section, without its name. */
  public static NameSection parse(byte[] bytes, int offset, int length) {
    NameSection section = new NameSection(bytes, offset, offset + length);
    try {
      section.readSubsections();
    } catch (Damaged e) {
      // What was read so far stays.
    }
    return section;
  }

  /** The module's own name, or null. */
  public @Nullable String module() {
    return moduleName;
  }

  /** The name of function {@code index}, or null. */
  public @Nullable String function(int index) {
    return name(Subject.FUNCTION, index);
  }

  /** The name of local {@code local} of function {@code function}, or null. */
  public @Nullable String local(int function, int local) {
    return name(Subject.LOCAL, function, local);
  }

  /** The name of a thing with one index, or null. */
  public @Nullable String name(Subject subject, int index) {
    return name(subject, 0, index);
  }

  /** The name of a thing inside another (locals, labels: in a function; fields: in a type). */
  public @Nullable String name(Subject subject, int outer, int index) {
    Map<Long, String> map = names.get(subject);
    return map == null ? null : map.get(key(outer, index));
  }

  private static long key(int outer, int index) {
    return (long) outer << 32 | (index & 0xFFFF_FFFFL);
  }

  private void readSubsections() throws Damaged {
    while (position < end) {
      int id = bytes[position++];
      int length = readU32();
      int subsectionEnd = position + length;
      if (length < 0 || subsectionEnd < 0 || subsectionEnd > end) {
        throw new Damaged();
      }
      if (id == 0) {
        moduleName = readName();
      } else if (id > 0 && id < SUBJECTS.length) {
        Subject subject = SUBJECTS[id];
        switch (subject) {
          case LOCAL, LABEL, FIELD -> readIndirectMap(subject);
          case MODULE, FUNCTION, TYPE, TABLE, MEMORY, GLOBAL, ELEMENT, DATA, TAG ->
              readMap(subject, 0);
        }
      }
      position = subsectionEnd;
    }
  }

  private void readIndirectMap(Subject subject) throws Damaged {
    for (int count = readU32(); count > 0; count--) {
      readMap(subject, readU32());
    }
  }

  private void readMap(Subject subject, int outer) throws Damaged {
    Map<Long, String> map = names.computeIfAbsent(subject, unused -> new HashMap<>());
    for (int count = readU32(); count > 0; count--) {
      int index = readU32();
      map.putIfAbsent(key(outer, index), readName());
    }
  }

  private String readName() throws Damaged {
    int length = readU32();
    if (length < 0 || length > end - position) {
      throw new Damaged();
    }
    String name = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return name;
  }

  private int readU32() throws Damaged {
    int result = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position >= end) {
        throw new Damaged();
      }
      int b = bytes[position++];
      result |= (b & 0x7F) << shift;
      if (b >= 0) {
        return result;
      }
    }
    throw new Damaged();
  }

  /** Signals inside this class that reading cannot go on. */
  private static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
