package dev.troupe.gateway.observe;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Families of metrics on their way into one scrape, in the terms of Prometheus: base units, names
 * with {@code troupe_}; the text format adds {@code _total} to counters.
 */
final class MetricFamilies {
  /** Upper bounds of buckets: 2^10 ns (1 us) to 2^36 ns (69 s), a factor of 4 between them. */
  static final long[] BOUNDS_NANOS = new long[14];

  private static final int FIRST_BOUND_BITS = 10;
  private static final double NANOS = 1e-9;

  static {
    for (int i = 0; i < BOUNDS_NANOS.length; i++) {
      BOUNDS_NANOS[i] = 1L << FIRST_BOUND_BITS + 2 * i;
    }
  }

  private final Map<String, MetricSnapshot.Builder<?>> families = new LinkedHashMap<>();

  /** A counter; labels are names and values by turns. */
  void counter(String name, String help, double value, String... labels) {
    family(name, help, CounterSnapshot.Builder.class, CounterSnapshot::builder)
        .dataPoint(new CounterDataPointSnapshot(value, Labels.of(labels), null, 0L));
  }

  /** A counter of seconds. */
  void seconds(String name, String help, long nanos, String... labels) {
    counter(name, help, nanos * NANOS, labels);
  }

  /** A value that goes up and down. */
  void gauge(String name, String help, double value, String... labels) {
    family(name, help, GaugeSnapshot.Builder.class, GaugeSnapshot::builder)
        .dataPoint(new GaugeDataPointSnapshot(value, Labels.of(labels), null));
  }

  /** A gauge of seconds. */
  void gaugeSeconds(String name, String help, long nanos, String... labels) {
    gauge(name, help, nanos * NANOS, labels);
  }

  /**
   * A distribution of durations.
   *
   * @param atMost how many were at most so many nanoseconds long
   * @param count how many there were
   */
  void histogram(
      String name, String help, ToLongFunction<Long> atMost, long count, String... labels) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long below = 0;
    for (long bound : BOUNDS_NANOS) {
      long cumulative = Math.min(count, atMost.applyAsLong(bound));
      buckets.bucket(bound * NANOS, Math.max(0, cumulative - below));
      below = Math.max(below, cumulative);
    }
    buckets.bucket(Double.POSITIVE_INFINITY, count - below);
    family(name, help, HistogramSnapshot.Builder.class, HistogramSnapshot::builder)
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .labels(Labels.of(labels))
                .build());
  }

  private <B extends MetricSnapshot.Builder<B>> B family(
      String name, String help, Class<B> type, Supplier<B> maker) {
    MetricSnapshot.Builder<?> family =
        families.computeIfAbsent(name, absent -> maker.get().name(absent).help(help));
    return type.cast(family);
  }

  MetricSnapshots build() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    families.values().forEach(family -> all.metricSnapshot(family.build()));
    return all.build();
  }
}
