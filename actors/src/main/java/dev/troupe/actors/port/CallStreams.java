package dev.troupe.actors.port;

/**
 * Where a program's standard input comes from and where its standard output goes while it runs.
 * Means nothing here but its bytes: who starts the call and who makes the program's world agree on
 * the rest. Thread-safe.
 */
public interface CallStreams {
  /** Bytes that the caller has sent so far. */
  long bytesIn();

  /** Bytes that the program has written so far. */
  long bytesOut();

  /**
   * Bounds what the program writes in all: what is within goes out, and at the first byte beyond
   * the guest is stopped. Before the program begins, and when the limit is lowered.
   */
  void limitOut(long bytes);
}
