package dev.troupe.scheduler;

/** A distribution of durations at one moment. */
public final class DurationSnapshot {
  private final long[] counts;
  private final long total;

  DurationSnapshot(long[] counts) {
    this.counts = counts.clone();
    long sum = 0;
    for (long count : this.counts) {
      sum += count;
    }
    this.total = sum;
  }

  /** Number of durations counted. */
  public long count() {
    return total;
  }

  /**
   * An upper bound, at most 25 % too high, of the duration that the given part of all stay below; 0
   * when there were none.
   *
   * @param quantile between 0 and 1
   */
  public long quantileNanos(double quantile) {
    long rank = Math.max(1, (long) Math.ceil(quantile * total));
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= rank) {
        return DurationHistogram.upperBoundNanos(bucket);
      }
    }
    return 0;
  }

  /**
   * How many durations were surely not longer than this: exact when {@code nanos} is a power of two
   * or one less.
   */
  public long countAtMost(long nanos) {
    long sum = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (DurationHistogram.upperBoundNanos(bucket) > nanos) {
        return sum;
      }
      sum += counts[bucket];
    }
    return sum;
  }
}
