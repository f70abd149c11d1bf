package dev.troupe.engine.contract;

/** How compiled code notices traps. */
public enum TrapMode {
  /** Hardware faults: guard pages, division faults, {@code ud2}. */
  SIGNALS,
  /** Explicit checks before every operation that may trap; no signal handler is installed. */
  EXPLICIT
}
