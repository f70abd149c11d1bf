package dev.troupe.engine;

/**
 * A module linked but could not be instantiated: an active segment does not fit, or the start
 * function trapped (the {@linkplain #getCause() cause} is the {@link TrapException} then), or a
 * limit or the system refused memory. What had been written to imported memories and tables stays.
 */
public final class InstantiationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception with a message that starts with the trap's or names the limit. */
  public InstantiationException(String message, Throwable cause) {
    super(message, cause);
  }
}
