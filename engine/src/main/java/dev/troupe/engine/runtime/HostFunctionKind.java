package dev.troupe.engine.runtime;

/** Where the body of a host function runs. */
public enum HostFunctionKind {
  /**
   * On the thread that runs the guest, between two slices. Short, bounded, and it may not call into
   * the store's guests.
   */
  INLINE,
  /**
   * May block and may call into the guest. Under a scheduler the fiber parks and the body runs on
   * another thread, which owns the store until the body has ended; in a plain call it runs on the
   * caller's thread.
   */
  BLOCKING,
  /**
   * Like an inline one, but it may leave with something to wait for. The fiber is parked meanwhile,
   * and no code of the host function runs.
   */
  WAITING
}
