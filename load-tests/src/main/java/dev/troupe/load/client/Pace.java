package dev.troupe.load.client;

import dev.troupe.load.schedule.Arrivals;

/** What decides when the next call of a stream starts. */
public sealed interface Pace {
  /**
   * The clock decides. Latency counts from the moment a call should have started, so that a stall
   * is not hidden (no coordinated omission).
   *
   * @param arrivals when calls should start
   */
  record Open(Arrivals arrivals) implements Pace {}

  /**
   * The answers decide: so many callers, each waits for its answer and calls again. Latency is what
   * a caller waits.
   *
   * @param callers calls in flight
   * @param thinkNanos pause of a caller between answer and next call
   */
  record Closed(int callers, long thinkNanos) implements Pace {}
}
