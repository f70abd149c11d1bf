package dev.troupe.actors.port;

/** Decides whether an instance may have more memory. Thread-safe. */
public interface MemoryGate {

  /**
   * Asks for {@code bytes} more, summed over all memories of the instance. Whoever gets true has
   * them until the instance is closed.
   */
  boolean tryGrow(long bytes);

  /** Bytes that were granted are not needed after all. */
  void giveBack(long bytes);
}
