package dev.troupe.wasi;

/**
 * The time that a guest sees. A clock of one's own makes a run repeatable, see {@link
 * VirtualClock}.
 */
public interface WasiClock {
  /** Time since 1970, by a clock that may be set. */
  int REALTIME = 0;

  /** Time since anything, that never goes back. */
  int MONOTONIC = 1;

  /** Processor time of the guest's process. */
  int PROCESS_CPU = 2;

  /** Processor time of the guest's thread. */
  int THREAD_CPU = 3;

  /** Nanoseconds of a clock, 0 to 3. */
  long nanos(int id);

  /** Resolution of a clock in nanoseconds. */
  long resolutionNanos(int id);

  /**
   * Lets so much time pass at once, for a guest that waits.
   *
   * @return false of a clock that goes by itself: the guest is parked meanwhile
   */
  default boolean pass(long nanos) {
    return false;
  }
}
