package dev.troupe.actors.port;

/** A file in the artifact folder that must not be used; it is replaced. */
public final class BadArtifactException extends Exception {
  private static final long serialVersionUID = 1;

  /** {@code message} names what is wrong. */
  public BadArtifactException(String message, Throwable cause) {
    super(message, cause);
  }

  /** {@code message} names what is wrong. */
  public BadArtifactException(String message) {
    super(message);
  }
}
