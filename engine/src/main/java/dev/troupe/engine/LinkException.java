package dev.troupe.engine;

/**
 * An import is missing or has the wrong type. The message starts with {@code unknown import} or
 * {@code incompatible import type} and names the import.
 */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception with a message for the user. */
  public LinkException(String message) {
    super(message);
  }
}
