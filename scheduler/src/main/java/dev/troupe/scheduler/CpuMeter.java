package dev.troupe.scheduler;

/**
 * Measures the processor time of the slices of one worker thread. The thread's own clock is the
 * truth, but a reading is a system call of about 400 ns, more than many calls take. So a slice of
 * at most {@link #SHORT_NANOS} is charged its wall time, which can only be more; a longer one is
 * measured by the thread's clock, from a reading that is at most {@link #MAX_READING_AGE_NANOS}
 * older than the slice. The time in between is taken off as if the thread had run all along: what
 * others stole of it is to the advantage of the slice, and bounded.
 */
final class CpuMeter {
  static final long SHORT_NANOS = 50_000;
  static final long MAX_READING_AGE_NANOS = 100_000;

  private final SchedulerClock clock;
  private long beginNanos;

  /** The reading that the slice is measured from. */
  private long baseNanos;

  private long baseAtNanos;

  /** The latest reading. */
  private long latestNanos;

  private long latestAtNanos;
  private boolean latestIsValid;

  CpuMeter(SchedulerClock clock) {
    this.clock = clock;
  }

  /** A slice begins; called on the worker's thread. */
  void begin(long nowNanos) {
    beginNanos = nowNanos;
    if (!latestIsValid || nowNanos - latestAtNanos > MAX_READING_AGE_NANOS) {
      read(nowNanos);
      latestIsValid = true;
    }
    baseNanos = latestNanos;
    baseAtNanos = latestAtNanos;
  }

  /** Processor time since {@link #begin}. */
  long usedNanos(long nowNanos) {
    long elapsed = Math.max(0, nowNanos - beginNanos);
    if (elapsed <= SHORT_NANOS) {
      return elapsed;
    }
    read(nowNanos);
    long gap = Math.max(0, beginNanos - baseAtNanos);
    return Math.max(0, Math.min(latestNanos - baseNanos - gap, elapsed));
  }

  /** The thread will sleep: the next slice needs a reading of its own. */
  void forget() {
    latestIsValid = false;
  }

  private void read(long nowNanos) {
    latestNanos = clock.threadCpuNanos();
    latestAtNanos = nowNanos;
  }
}
