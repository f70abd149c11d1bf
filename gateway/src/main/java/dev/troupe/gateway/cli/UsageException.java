package dev.troupe.gateway.cli;

/** A wrong command line; the message is the sentence for the user. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
