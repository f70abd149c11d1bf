package dev.troupe.scheduler;

/**
 * Limits of one task.
 *
 * @param timeoutNanos time from submission to the deadline; {@link #UNLIMITED_NANOS} for none
 * @param cpuLimitNanos processor time allowed over all slices; {@link #UNLIMITED_NANOS} for any
 */
public record SubmitOptions(long timeoutNanos, long cpuLimitNanos) {

  /** No limit. */
  public static final long UNLIMITED_NANOS = Long.MAX_VALUE;

  /** Neither a deadline nor a limit of processor time. */
  public static final SubmitOptions UNLIMITED = new SubmitOptions(UNLIMITED_NANOS, UNLIMITED_NANOS);

  /** Checks that both limits are at least 0. */
  public SubmitOptions {
    if (timeoutNanos < 0 || cpuLimitNanos < 0) {
      throw new IllegalArgumentException(
          "negative limit: timeoutNanos " + timeoutNanos + ", cpuLimitNanos " + cpuLimitNanos);
    }
  }

  /** A deadline only. */
  public static SubmitOptions withTimeoutNanos(long timeoutNanos) {
    return new SubmitOptions(timeoutNanos, UNLIMITED_NANOS);
  }
}
