package dev.troupe.engine.regalloc;

/**
 * Where a value is, packed into one {@code int}: a physical register (0 to 63), a spill slot (64 +
 * slot number), or one of two special values.
 */
public final class Location {
  /**
   * Nowhere: the operand of a definition that nobody reads. Only for rematerializable virtual
   * registers, whose defining instruction must then not be emitted at all.
   */
  public static final int NONE = -1;

  /**
   * As the source of a move: emit the defining instruction of the moved virtual register again,
   * into the destination (always a register).
   */
  public static final int REMATERIALIZE = -2;

  private static final int FIRST_SLOT = 64;

  private Location() {}

  /** The location of spill slot {@code slot}. */
  public static int ofSlot(int slot) {
    return FIRST_SLOT + slot;
  }

  /** Whether {@code location} is a physical register; the location then is its number. */
  public static boolean isRegister(int location) {
    return location >= 0 && location < FIRST_SLOT;
  }

  /** Whether {@code location} is a spill slot. */
  public static boolean isSlot(int location) {
    return location >= FIRST_SLOT;
  }

  /** The slot number of a slot location. */
  public static int slot(int location) {
    if (location < FIRST_SLOT) {
      throw new IllegalArgumentException(describe(location) + " is not a slot");
    }
    return location - FIRST_SLOT;
  }

  /** For messages: {@code r3}, {@code slot 7}, {@code none}, {@code rematerialize}. */
  public static String describe(int location) {
    if (isSlot(location)) {
      return "slot " + (location - FIRST_SLOT);
    }
    return switch (location) {
      case NONE -> "none";
      case REMATERIALIZE -> "rematerialize";
      default -> "r" + location;
    };
  }
}
