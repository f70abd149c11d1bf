package dev.troupe.load;

/** A wrong command line; the message is the sentence for the user. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With the sentence for the user. */
  public UsageException(String message) {
    super(message);
  }
}
