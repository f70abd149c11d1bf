package dev.troupe.actors.port;

import org.jspecify.annotations.Nullable;

/** A module that cannot run here, through the fault of whoever made it. */
public final class BadModuleException extends Exception {
  private static final long serialVersionUID = 1;

  /** Offset when none is known. */
  public static final long NO_OFFSET = -1;

  /** Where the module failed. */
  public enum Phase {
    /** The bytes are no module. */
    MALFORMED,
    /** The module breaks a rule of validation. */
    INVALID,
    /** An import is not offered or has another type. */
    UNLINKABLE,
    /** The module exceeds a limit of the implementation. */
    LIMIT
  }

  private final Phase phase;
  private final long byteOffset;
  private final @Nullable String missingFeature;

  /** {@code byteOffset} counts from the start of the module; {@link #NO_OFFSET} when unknown. */
  public BadModuleException(Phase phase, long byteOffset, String message) {
    this(phase, byteOffset, message, null);
  }

  /**
   * The same of a module that would get further with a feature that is off here, by its name.
   *
   * @param missingFeature null when it is not for want of one
   */
  public BadModuleException(
      Phase phase, long byteOffset, String message, @Nullable String missingFeature) {
    super(message);
    this.phase = phase;
    this.byteOffset = byteOffset;
    this.missingFeature = missingFeature;
  }

  /** Where the module failed. */
  public Phase phase() {
    return phase;
  }

  /** Offset in the module, or {@link #NO_OFFSET}. */
  public long byteOffset() {
    return byteOffset;
  }

  /** The feature whose lack is the reason, or null. */
  public @Nullable String missingFeature() {
    return missingFeature;
  }
}
