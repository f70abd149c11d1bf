package dev.troupe.actors.engine;

/** A program wrote more than its call may answer: ends it. */
public final class OutputTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long bytes;
  private final boolean quota;

  /**
   * A program that wants to write {@code bytes} bytes in all.
   *
   * @param quota whether a limit of the call forbids it, and not the memory that is left
   */
  public OutputTooLargeException(long bytes, boolean quota) {
    super("the answer would have " + bytes + " bytes", null, false, false);
    this.bytes = bytes;
    this.quota = quota;
  }

  /** Bytes of the answer so far, with those that were refused. */
  public long bytes() {
    return bytes;
  }

  /** Whether the largest answer is the limit. */
  public boolean isQuota() {
    return quota;
  }
}
