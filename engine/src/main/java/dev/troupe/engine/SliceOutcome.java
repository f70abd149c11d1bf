package dev.troupe.engine;

/** What a slice of an {@link Invocation} came to. */
public enum SliceOutcome {
  /** It was asked to leave and can go on: queue it again. */
  PREEMPTED,
  /** It waits for a host function; {@link Invocation#onWake} tells when it can go on. */
  PARKED,
  /** It returned: {@link Invocation#results()}. */
  DONE,
  /** It trapped: {@link Invocation#trap()}. */
  TRAPPED
}
