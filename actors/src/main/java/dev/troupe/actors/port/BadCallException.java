package dev.troupe.actors.port;

/** A call that does not fit the module: no such export, wrong number or type of values. */
public final class BadCallException extends Exception {
  private static final long serialVersionUID = 1;

  /** {@code message} says what does not fit. */
  public BadCallException(String message) {
    super(message);
  }
}
