package dev.troupe.scheduler;

/**
 * A bucket of processor time: filled at a constant rate up to a burst, emptied by what slices have
 * used. A slice is charged when it has ended, so the bucket may go into debt by the slices that run
 * at the time; the debt is paid before anything else runs. Over any time {@code t} the owner so
 * uses at most {@code burst + rate * t} and one slice per worker. Guarded by its owner's lock.
 */
final class CpuBandwidth {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private long nanosPerSecond = SubmitOptions.UNLIMITED_NANOS;
  private long burstNanos = SubmitOptions.UNLIMITED_NANOS;
  private long filledNanos;
  private long filledAtNanos;

  boolean isUnlimited() {
    return nanosPerSecond == SubmitOptions.UNLIMITED_NANOS;
  }

  /** Changes rate and burst; what is owed stays owed. A bucket without a limit so far is full. */
  void set(long newNanosPerSecond, long newBurstNanos, long nowNanos) {
    boolean wasUnlimited = isUnlimited();
    refill(nowNanos);
    nanosPerSecond = newNanosPerSecond;
    burstNanos = newBurstNanos;
    filledAtNanos = nowNanos;
    filledNanos = wasUnlimited ? newBurstNanos : Math.min(filledNanos, newBurstNanos);
  }

  void charge(long cpuNanos, long nowNanos) {
    if (!isUnlimited()) {
      refill(nowNanos);
      filledNanos -= cpuNanos;
    }
  }

  /** Processor time that may be used now; not positive while the owner is throttled. */
  long availableNanos(long nowNanos) {
    if (isUnlimited()) {
      return SubmitOptions.UNLIMITED_NANOS;
    }
    refill(nowNanos);
    return filledNanos;
  }

  /**
   * When {@code wantedNanos} (or the burst, when that is less) will be there. Waiting for more than
   * a trickle keeps a throttled owner from running in crumbs.
   */
  long readyAtNanos(long wantedNanos, long nowNanos) {
    long missing = Math.min(wantedNanos, burstNanos) - availableNanos(nowNanos);
    if (missing <= 0) {
      return nowNanos;
    }
    double wait = Math.ceil((double) missing / nanosPerSecond * NANOS_PER_SECOND);
    return TaskEntry.saturatedAdd(nowNanos, (long) wait + 1);
  }

  private void refill(long nowNanos) {
    long elapsed = nowNanos - filledAtNanos;
    if (isUnlimited() || elapsed <= 0) {
      return;
    }
    // In floating point, so that neither a long idle time nor a high rate overflows.
    double income = (double) elapsed * nanosPerSecond / NANOS_PER_SECOND;
    long whole =
        income >= burstNanos - (double) filledNanos ? burstNanos - filledNanos : (long) income;
    if (whole <= 0) {
      return;
    }
    filledNanos += whole;
    // What was less than a nanosecond of income stays for the next time.
    boolean full = filledNanos >= burstNanos;
    filledAtNanos =
        full ? nowNanos : nowNanos - (long) ((income - whole) * NANOS_PER_SECOND / nanosPerSecond);
  }
}
