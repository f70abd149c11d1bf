package dev.troupe.engine.runtime;

/** An artifact is damaged, or was not made for this engine and machine. The message says which. */
public class ArtifactRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception with a sentence for the user. */
  public ArtifactRejectedException(String message) {
    super(message);
  }
}
