package dev.troupe.actors.admission;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits calls over time by the generic cell rate algorithm (ITU-T I.371): one number, the time at
 * which the bucket will be empty of calls, decides. Thread-safe: a call is taken by one
 * compare-and-set of that number, so that none is granted twice and none is lost.
 */
public final class RateLimiter {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MICROS = 1e6;
  private static final long UNTOUCHED = Long.MIN_VALUE;

  /**
   * A bucket.
   *
   * @param callNanos time in which one call leaves the bucket; rounded up, 0 for no limit
   * @param toleranceNanos how far ahead of now the bucket may be filled and still take a call
   */
  private record Bucket(long rateMicros, long burst, long callNanos, long toleranceNanos) {
    private static final Bucket UNLIMITED = new Bucket(Limits.NONE, 1, 0, 0);

    static Bucket of(EffectiveLimits limits) {
      long rate = limits.value(Quota.RATE);
      if (rate == Limits.NONE) {
        return UNLIMITED;
      }
      long burst = Math.min(limits.value(Quota.RATE_BURST), Integer.MAX_VALUE);
      long callNanos = (long) Math.ceil(NANOS_PER_SECOND / (rate / MICROS));
      // A tolerance of decades is as good as a longer one, and sums do not overflow.
      long tolerance = Math.multiplyHigh(callNanos, burst - 1) == 0 ? callNanos * (burst - 1) : -1;
      boolean sane = tolerance >= 0 && tolerance < Long.MAX_VALUE / 4;
      return new Bucket(rate, burst, callNanos, sane ? tolerance : Long.MAX_VALUE / 4);
    }
  }

  private final AtomicLong emptyAtNanos = new AtomicLong(UNTOUCHED);
  private volatile Bucket bucket;

  /** Limits by {@link Quota#RATE} and {@link Quota#RATE_BURST}. */
  public RateLimiter(EffectiveLimits limits) {
    bucket = Bucket.of(limits);
  }

  /**
   * Acts at once; a bucket that was emptied stays empty, up to the new burst.
   *
   * @param nowNanos monotonic time
   */
  public void setLimits(EffectiveLimits limits, long nowNanos) {
    Bucket next = Bucket.of(limits);
    bucket = next;
    // What a larger bucket held beyond this one is forgotten, or it would have to drain first. Only
    // here: a caller of tryAcquire may come with a reading of the clock that has grown old.
    long most = next.toleranceNanos + next.callNanos;
    long _ =
        emptyAtNanos.updateAndGet(
            seen -> seen != UNTOUCHED && seen - nowNanos > most ? nowNanos + most : seen);
  }

  /**
   * Takes a call out of the bucket.
   *
   * @param nowNanos monotonic time
   * @return 0 when there was one, else the nanoseconds until there will be one
   */
  public long tryAcquire(long nowNanos) {
    Bucket now = bucket;
    if (now.callNanos == 0) {
      return 0;
    }
    while (true) {
      long seen = emptyAtNanos.get();
      long aheadNanos = aheadNanos(seen, nowNanos);
      if (aheadNanos > now.toleranceNanos) {
        return aheadNanos - now.toleranceNanos;
      }
      if (emptyAtNanos.compareAndSet(seen, nowNanos + aheadNanos + now.callNanos)) {
        return 0;
      }
    }
  }

  private static long aheadNanos(long emptyAtNanos, long nowNanos) {
    return emptyAtNanos == UNTOUCHED ? 0 : Math.max(0, emptyAtNanos - nowNanos);
  }

  /**
   * The rate that there would be with one call more, over the time that the bucket looks back on:
   * what a refusal names as usage, in millionths of calls for each second.
   */
  public long usageMicros(long nowNanos) {
    Bucket now = bucket;
    if (now.callNanos == 0) {
      return 0;
    }
    double held = (double) aheadNanos(emptyAtNanos.get(), nowNanos) / now.callNanos;
    return Math.round(now.rateMicros * (held + 1) / now.burst);
  }
}
