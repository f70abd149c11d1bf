package dev.troupe.actors.port;

/** An instance of a module. Used by one call at a time; not thread-safe. */
public interface FunctionInstance {

  /**
   * Prepares a call; nothing runs before the first {@link CallFiber#resume}.
   *
   * @throws BadCallException when the entry point or the values do not fit
   */
  CallFiber start(CallRequest request) throws BadCallException;

  /** Whether the instance took a place that had held the same module before. */
  boolean inWarmSlot();

  /** Whether the instance may serve another call: its last one ended without a trap or a stop. */
  boolean reusable();

  /**
   * Gives back what only a running call needs, such as its stack. The instance will be idle; its
   * last call was {@link #reusable()}.
   */
  void rest();

  /** Gives the place back. Idempotent. */
  void close();
}
