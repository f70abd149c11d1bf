package dev.troupe.actors.admission;

import dev.troupe.actors.admission.TenantQuotas.RateQuota;
import org.jspecify.annotations.Nullable;

/**
 * Limits calls over time by the generic cell rate algorithm (ITU-T I.371): one number, the time at
 * which the bucket will be empty of calls, decides. Not thread-safe.
 */
public final class RateLimiter {
  private static final double NANOS_PER_SECOND = 1e9;

  private @Nullable RateQuota quota;
  private double nanosPerCall;
  private double toleranceNanos;
  private double arrivalNanos;

  /** No limit when {@code quota} is null. */
  public RateLimiter(@Nullable RateQuota quota) {
    setQuota(quota);
  }

  /** Acts at once; a bucket that was emptied stays empty, up to the new burst. */
  public void setQuota(@Nullable RateQuota newQuota) {
    quota = newQuota;
    if (newQuota != null) {
      nanosPerCall = NANOS_PER_SECOND / newQuota.callsPerSecond();
      toleranceNanos = nanosPerCall * (newQuota.burst() - 1);
    }
  }

  /**
   * Takes a call out of the bucket.
   *
   * @param nowNanos monotonic time
   * @return 0 when there was one, else the nanoseconds until there will be one
   */
  public long tryAcquire(long nowNanos) {
    if (quota == null) {
      return 0;
    }
    // A new, smaller burst must not remember more than it allows.
    double arrival =
        Math.min(Math.max(arrivalNanos, nowNanos), nowNanos + toleranceNanos + nanosPerCall);
    arrivalNanos = arrival;
    double earlyNanos = arrival - nowNanos - toleranceNanos;
    if (earlyNanos > 0.5) {
      return Math.max(1, (long) Math.ceil(earlyNanos));
    }
    arrivalNanos = arrival + nanosPerCall;
    return 0;
  }
}
