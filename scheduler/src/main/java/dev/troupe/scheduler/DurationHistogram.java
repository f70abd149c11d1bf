package dev.troupe.scheduler;

/**
 * Counts of durations in buckets that grow by powers of two, four buckets to a power: a quantile is
 * exact to 25 %. Takes 2 KiB. Not thread-safe: the owner guards it.
 */
public final class DurationHistogram {
  private static final int SUB_BUCKET_BITS = 2;
  private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
  static final int BUCKETS = (Long.SIZE - SUB_BUCKET_BITS) * SUB_BUCKETS;

  private final long[] counts = new long[BUCKETS];

  /** Counts one duration; a negative one counts as 0. */
  public void record(long nanos) {
    counts[bucketOf(nanos)]++;
  }

  /** Counts what {@code other} counted, too. */
  void add(DurationHistogram other) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      counts[bucket] += other.counts[bucket];
    }
  }

  /** A copy. */
  public DurationSnapshot snapshot() {
    return new DurationSnapshot(counts);
  }

  static int bucketOf(long nanos) {
    if (nanos < SUB_BUCKETS) {
      return (int) Math.max(0, nanos);
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BUCKET_BITS;
    return (shift + 1) * SUB_BUCKETS + (int) (nanos >>> shift & SUB_BUCKETS - 1);
  }

  /** The largest duration that falls into {@code bucket}. */
  static long upperBoundNanos(int bucket) {
    if (bucket < SUB_BUCKETS) {
      return bucket;
    }
    int shift = bucket / SUB_BUCKETS - 1;
    long mantissa = (long) SUB_BUCKETS + bucket % SUB_BUCKETS;
    return (mantissa << shift) + (1L << shift) - 1;
  }
}
