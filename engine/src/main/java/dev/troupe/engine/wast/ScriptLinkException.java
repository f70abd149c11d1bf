package dev.troupe.engine.wast;

/** A module's imports could not be satisfied. The message is the engine's. */
public final class ScriptLinkException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A link error with the engine's message. */
  public ScriptLinkException(String message) {
    super(message);
  }
}
