package dev.troupe.engine.runtime;

/** How a wait at a shared memory ended; the ordinal is the result of the instruction. */
public enum WaitResult {
  /** Somebody notified. */
  NOTIFIED,
  /** The memory did not hold what was expected: there was no wait. */
  NOT_EQUAL,
  /** The time was over first. */
  TIMED_OUT
}
