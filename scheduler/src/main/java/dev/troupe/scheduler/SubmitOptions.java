package dev.troupe.scheduler;

/**
 * Limits of one task.
 *
 * @param timeoutNanos time from submission to the deadline; {@link #UNLIMITED_NANOS} for none
 * @param cpuLimitNanos processor time allowed over all slices; {@link #UNLIMITED_NANOS} for any
 * @param interactive a hint that somebody waits for a quick answer after each park: the task gets
 *     shorter slices, sooner, and no larger share
 */
public record SubmitOptions(long timeoutNanos, long cpuLimitNanos, boolean interactive) {

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

  /** Limits without the hint. */
  public SubmitOptions(long timeoutNanos, long cpuLimitNanos) {
    this(timeoutNanos, cpuLimitNanos, false);
  }

  /** A deadline only. */
  public static SubmitOptions withTimeoutNanos(long timeoutNanos) {
    return new SubmitOptions(timeoutNanos, UNLIMITED_NANOS);
  }

  /** The same limits with the hint {@link #interactive}. */
  public SubmitOptions asInteractive() {
    return new SubmitOptions(timeoutNanos, cpuLimitNanos, true);
  }
}
