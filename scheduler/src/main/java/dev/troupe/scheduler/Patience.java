package dev.troupe.scheduler;

/**
 * When it is cheaper to leave work to a busy worker than to wake a sleeping one. A wake-up costs a
 * system call, two changes of threads and some 10 us until the worker is there; a worker whose
 * slices last a few microseconds has done the work by then.
 *
 * <p>It is a guess, so it is bounded: the slice that is relied on ends within {@link #GRACE_NANOS},
 * whatever it turns out to be, and then the worker wakes others if it must.
 */
final class Patience {
  /** Longest time that work waits although a worker sleeps. */
  static final long GRACE_NANOS = 100_000;

  /** Slices up to this are short. */
  private static final long SHORT_NANOS = 20_000;

  /** A slice that lasts longer than this is not one of the short ones. */
  private static final long OVERDUE_NANOS = 30_000;

  /** Work that is worth waking another worker for. */
  private static final long BACKLOG_NANOS = 50_000;

  private static final int WEIGHT_SHIFT = 3;

  private Patience() {}

  /** The typical length of a slice after one more. */
  static long typicalNanos(long typicalNanos, long sliceNanos) {
    return typicalNanos + (sliceNanos - typicalNanos >> WEIGHT_SHIFT);
  }

  /** Whether {@code worker}, which runs a slice, will soon have done {@code backlog} more. */
  static boolean pays(Worker worker, int backlog, long nowNanos) {
    long typical = worker.typicalNanos;
    return typical <= SHORT_NANOS
        && nowNanos - worker.sliceStartNanos <= OVERDUE_NANOS
        && typical * backlog <= BACKLOG_NANOS;
  }
}
