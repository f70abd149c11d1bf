package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DurationHistogramTest {

  @Test
  void bucketsAreContiguousAndAtMostAQuarterWide() {
    long lower = 0;
    for (int bucket = 0; bucket < DurationHistogram.BUCKETS - 8; bucket++) {
      long upper = DurationHistogram.upperBoundNanos(bucket);
      assertThat(DurationHistogram.bucketOf(lower))
          .as("lower bound of %d", bucket)
          .isEqualTo(bucket);
      assertThat(DurationHistogram.bucketOf(upper))
          .as("upper bound of %d", bucket)
          .isEqualTo(bucket);
      assertThat(upper - lower).isLessThanOrEqualTo(lower / 4);
      lower = upper + 1;
    }
    assertThat(DurationHistogram.bucketOf(Long.MAX_VALUE)).isLessThan(DurationHistogram.BUCKETS);
  }

  @Test
  void quantilesAreUpperBounds() {
    DurationHistogram histogram = new DurationHistogram();
    assertThat(histogram.snapshot().quantileNanos(0.5)).isZero();
    for (long nanos = 1; nanos <= 1_000; nanos++) {
      histogram.record(nanos * 1_000);
    }
    DurationSnapshot snapshot = histogram.snapshot();
    assertThat(snapshot.count()).isEqualTo(1_000);
    assertThat(snapshot.quantileNanos(0.5)).isBetween(500_000L, 625_000L);
    assertThat(snapshot.quantileNanos(0.99)).isBetween(990_000L, 1_237_500L);
    assertThat(snapshot.quantileNanos(1)).isBetween(1_000_000L, 1_250_000L);
  }

  @Test
  void countsUpToABound() {
    DurationHistogram histogram = new DurationHistogram();
    for (long nanos : new long[] {0, 1, 1000, 1023, 1024, 5_000_000}) {
      histogram.record(nanos);
    }
    DurationSnapshot snapshot = histogram.snapshot();
    assertThat(snapshot.countAtMost(1)).isEqualTo(2);
    assertThat(snapshot.countAtMost(1024)).isEqualTo(4);
    assertThat(snapshot.countAtMost(Long.MAX_VALUE)).isEqualTo(6);
  }
}
