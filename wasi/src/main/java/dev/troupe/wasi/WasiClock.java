package dev.troupe.wasi;

import java.util.concurrent.locks.LockSupport;

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
   * Waits, at least until {@link #MONOTONIC} has gone on by so much, or until the thread is
   * interrupted. May return early.
   */
  default void sleep(long nanos) {
    LockSupport.parkNanos(nanos);
  }

  /** So much of the kernel's time has gone by in a wait for descriptors of the host. */
  default void waited(long nanos) {
    // A clock that goes by itself knows.
  }
}
