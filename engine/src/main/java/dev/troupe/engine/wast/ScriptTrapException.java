package dev.troupe.engine.wast;

/** A guest trapped. The message is the engine's and starts with the kind of the trap. */
public final class ScriptTrapException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A trap with the engine's message. */
  public ScriptTrapException(String message) {
    super(message);
  }
}
