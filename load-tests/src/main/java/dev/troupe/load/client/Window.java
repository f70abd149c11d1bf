package dev.troupe.load.client;

/**
 * The time of a stream, on the clock of {@link System#nanoTime}.
 *
 * @param startNanos the first call may start
 * @param measuredNanos the warm-up is over: calls due from here on count
 * @param endNanos no call starts any more
 */
public record Window(long startNanos, long measuredNanos, long endNanos) {
  /** Begins now. */
  public static Window fromNow(long warmUpNanos, long measuredNanos) {
    long now = System.nanoTime();
    return new Window(now, now + warmUpNanos, now + warmUpNanos + measuredNanos);
  }

  /** Whether calls due then may start. */
  boolean isOpenAt(long nanos) {
    return endNanos - nanos > 0;
  }

  /** Whether the moment lies after the warm-up and before the end. */
  boolean isMeasured(long nanos) {
    return nanos - measuredNanos >= 0 && endNanos - nanos > 0;
  }

  /** Length of the measured part, seconds. */
  public double measuredSeconds() {
    return (endNanos - measuredNanos) / 1e9;
  }
}
