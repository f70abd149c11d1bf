package dev.troupe.engine.runtime.exec;

/** What a fiber is doing. */
public enum FiberState {
  /** Can run: fresh, or its last slice ended although it could go on. */
  READY,
  /** Runs on some thread now. */
  RUNNING,
  /** Waits for a host function to complete. */
  PARKED,
  /** Returned; the results are there. */
  DONE,
  /** Stopped by a trap. */
  TRAPPED
}
