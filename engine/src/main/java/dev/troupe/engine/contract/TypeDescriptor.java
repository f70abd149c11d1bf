package dev.troupe.engine.contract;

/**
 * Offsets in a type descriptor: what compiled code sees of a type at run time. All descriptors of
 * an engine lie in one region, whose address is in every instance context; a type's engine-wide id
 * is the offset of its descriptor there, so that an id is 32 bits wide and leads to the descriptor
 * without a table in between.
 *
 * <p>The display holds the ids of the supertypes from the root of the hierarchy down to the type
 * itself. Whether a type extends one of depth {@code d} is then one comparison with the entry
 * {@code d} (N. Cohen, Type-extension type tests can be performed in constant time, 1991). The
 * first {@link #INLINE_LEVELS} entries always exist and are 0 past the type's own; what is deeper
 * exists only in descriptors that need it, so the depth has to be compared before.
 */
public final class TypeDescriptor {
  /** Ordinal of {@code CompositeType.Kind}: function, struct, array; u8. */
  public static final int KIND = 0;

  /** Number of supertypes, u8. */
  public static final int DEPTH = 1;

  /** Entry 0 of the display, u32 each. */
  public static final int DISPLAY = 4;

  /** Entries of the display that every descriptor has. */
  public static final int INLINE_LEVELS = 7;

  /** Size and alignment of a descriptor whose display is inline; larger ones are multiples. */
  public static final int UNIT_BYTES = 32;

  /** Most units that all descriptors of an engine can take. */
  public static final int MAX_UNITS = 1 << 24;

  private TypeDescriptor() {}

  /** Offset of the display's entry for types of this depth. */
  public static int displayEntry(int depth) {
    return DISPLAY + depth * Integer.BYTES;
  }

  /** Units that the descriptor of a type of this depth takes. */
  public static int units(int depth) {
    return Math.ceilDiv(displayEntry(depth + 1), UNIT_BYTES);
  }
}
