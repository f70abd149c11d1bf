package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WaitHistogramTest {

  @Test
  void bucketsAreContiguousAndAtMostAQuarterWide() {
    long lower = 0;
    for (int bucket = 0; bucket < WaitHistogram.BUCKETS - 8; bucket++) {
      long upper = WaitHistogram.upperBoundNanos(bucket);
      assertThat(WaitHistogram.bucketOf(lower)).as("lower bound of %d", bucket).isEqualTo(bucket);
      assertThat(WaitHistogram.bucketOf(upper)).as("upper bound of %d", bucket).isEqualTo(bucket);
      assertThat(upper - lower).isLessThanOrEqualTo(lower / 4);
      lower = upper + 1;
    }
    assertThat(WaitHistogram.bucketOf(Long.MAX_VALUE)).isLessThan(WaitHistogram.BUCKETS);
  }

  @Test
  void quantilesAreUpperBounds() {
    WaitHistogram histogram = new WaitHistogram();
    assertThat(histogram.snapshot().quantileNanos(0.5)).isZero();
    for (long nanos = 1; nanos <= 1_000; nanos++) {
      histogram.record(nanos * 1_000);
    }
    WaitSnapshot snapshot = histogram.snapshot();
    assertThat(snapshot.count()).isEqualTo(1_000);
    assertThat(snapshot.quantileNanos(0.5)).isBetween(500_000L, 625_000L);
    assertThat(snapshot.quantileNanos(0.99)).isBetween(990_000L, 1_237_500L);
    assertThat(snapshot.quantileNanos(1)).isBetween(1_000_000L, 1_250_000L);
  }
}
