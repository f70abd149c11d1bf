package dev.troupe.engine.artifact;

/** An artifact cannot be used; {@link #reason} says of which kind the trouble is. */
public final class ArtifactException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of trouble. */
  public enum Reason {
    /** Not an ELF file of ours, or of another kind than wanted. */
    NOT_AN_ARTIFACT,
    /** Damaged: some byte is not as written. */
    CORRUPT,
    /** Sound, but made for another engine or other settings. */
    INCOMPATIBLE,
    /** Not signed with our key, or the file could be changed by someone else. */
    UNTRUSTED
  }

  private final Reason reason;

  ArtifactException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ArtifactException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** The kind of trouble. */
  public Reason reason() {
    return reason;
  }

  static ArtifactException corrupt(String section, String what) {
    return new ArtifactException(
        Reason.CORRUPT, "corrupt artifact: section " + section + ": " + what);
  }

  static ArtifactException incompatible(String setting, Object compiled, Object here) {
    return new ArtifactException(
        Reason.INCOMPATIBLE,
        "incompatible artifact: "
            + setting
            + " was "
            + compiled
            + " when it was compiled, this engine has "
            + here);
  }
}
