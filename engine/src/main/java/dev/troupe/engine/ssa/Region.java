package dev.troupe.engine.ssa;

import java.util.Locale;

/**
 * Alias classes of memory. A region is an int: a kind and an index. Two accesses whose regions
 * differ never touch the same byte; accesses of one region may. Imported memories, tables and
 * globals can be the same object under several indexes, so the front end gives all imported ones of
 * a kind a common index.
 */
public final class Region {
  /** Kinds of region. */
  public enum Kind {
    /** Touches no memory. */
    NONE,
    /** Bytes of a linear memory. */
    MEMORY,
    /** Base and byte length of a memory; changed by memory.grow and by calls. */
    MEMORY_DEFINITION,
    /** Elements of a table. */
    TABLE,
    /** Element address and length of a table; changed by table.grow and by calls. */
    TABLE_DEFINITION,
    /** A global variable. */
    GLOBAL,
    /**
     * Fields that are written once, before any guest code of the instance runs: store pointer, type
     * ids, imports, memory bases, function references. Reads at the same address give the same
     * value at any time; a read behind a null check stays behind it.
     */
    INSTANCE,
    /** Fields of structs; the index is their distance from the start of the object. */
    FIELD,
    /** Elements of arrays; the index is a kind of element. */
    ELEMENT,
    /** Mutable fields of the store context: fuel, address of the preemption flag. */
    STORE,
    /** Changed by other threads at any time: no two reads are the same. */
    VOLATILE,
    /**
     * Bytes of the shared linear memories, all of them. Other threads write them at any time: two
     * plain reads may be taken for one, but not over an atomic operation or the round of a loop.
     */
    SHARED_MEMORY;

    /** The name used by printer and parser. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Kind[] KINDS = Kind.values();
  private static final int KIND_SHIFT = 24;

  /** Touches no memory. */
  public static final int NONE = 0;

  /** The immutable fields of an instance. */
  public static final int INSTANCE = of(Kind.INSTANCE, 0);

  /** The mutable fields of the store. */
  public static final int STORE = of(Kind.STORE, 0);

  /** What other threads write. */
  public static final int VOLATILE = of(Kind.VOLATILE, 0);

  /** Bytes of shared memories: any two may be one, under several indexes. */
  public static final int SHARED_MEMORY = of(Kind.SHARED_MEMORY, 0);

  private Region() {}

  /** The region of {@code kind} with {@code index} below 2^24. */
  public static int of(Kind kind, int index) {
    if (index < 0 || index >= 1 << KIND_SHIFT) {
      throw new IllegalArgumentException("region index " + index);
    }
    return kind.ordinal() << KIND_SHIFT | index;
  }

  /** Kind of {@code region}. */
  public static Kind kind(int region) {
    return KINDS[region >>> KIND_SHIFT];
  }

  /** Index of {@code region} within its kind. */
  public static int index(int region) {
    return region & (1 << KIND_SHIFT) - 1;
  }

  /** Whether reads of {@code region} give the same value at any time. */
  public static boolean isImmutable(int region) {
    return region == INSTANCE;
  }

  /** Whether it is that of bytes of linear memories. */
  public static boolean isLinearMemory(int region) {
    Kind kind = kind(region);
    return kind == Kind.MEMORY || kind == Kind.SHARED_MEMORY;
  }

  /** Text of a region, for example {@code global 3}. */
  public static String text(int region) {
    return kind(region).text() + " " + index(region);
  }
}
