package dev.troupe.engine.contract;

/** How a running guest is asked to leave. */
public enum PreemptionMode {
  /** SIGURG to the worker; compiled code has no checks. */
  SIGNALS,
  /** Compiled code looks at a flag on function entry and at loop headers. */
  EPOCH,
  /** Never. */
  NONE
}
