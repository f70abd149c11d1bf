package dev.troupe.engine.wasm;

/**
 * An entry of the type section (section 2.3.9): a composite type and where it stands in the
 * hierarchy of declared types.
 *
 * @param isFinal whether no other type may name it as its supertype
 * @param supertype index of the type that it extends, or {@link #NO_SUPERTYPE}
 * @param composite the type itself
 */
public record SubType(boolean isFinal, int supertype, CompositeType composite) {
  /** {@link #supertype} of a type that extends none. */
  public static final int NO_SUPERTYPE = -1;

  /** A final type without a supertype: what the type section's short form means. */
  public static SubType of(CompositeType composite) {
    return new SubType(true, NO_SUPERTYPE, composite);
  }

  public boolean hasSupertype() {
    return supertype != NO_SUPERTYPE;
  }
}
