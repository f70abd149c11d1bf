package dev.troupe.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts and latencies of one stream of calls. Thread-safe. */
public final class Tally {
  private static final long MAX_MICROS = 120_000_000;

  private final Recorder latency = new Recorder(1, MAX_MICROS, 3);
  private final Histogram total = new Histogram(1, MAX_MICROS, 3);
  private final LongAdder completed = new LongAdder();
  private final Map<String, Long> traps = new TreeMap<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final LongAdder shed = new LongAdder();
  private final LongAdder wrong = new LongAdder();

  void completed(long latencyNanos) {
    completed.increment();
    latency.recordValue(Math.clamp(latencyNanos / 1000, 1, MAX_MICROS));
  }

  void wrong() {
    wrong.increment();
  }

  void shed() {
    shed.increment();
  }

  synchronized void trap(String kind) {
    traps.merge(kind, 1L, Long::sum);
  }

  synchronized void error(String reason) {
    errors.merge(reason, 1L, Long::sum);
  }

  /** Calls that returned a result, right or wrong. */
  public long completedCalls() {
    return completed.sum();
  }

  /** Results that differed from the reference. */
  public long wrongResults() {
    return wrong.sum();
  }

  /** Calls that a quota refused. */
  public long shedCalls() {
    return shed.sum();
  }

  /** Trap kinds and how often each. */
  public synchronized Map<String, Long> traps() {
    return new TreeMap<>(traps);
  }

  /** Failed calls by reason, sheds excluded. */
  public synchronized Map<String, Long> errors() {
    return new TreeMap<>(errors);
  }

  /** Latency at a percentile, milliseconds. */
  public synchronized double latencyMillis(double percentile) {
    total.add(latency.getIntervalHistogram());
    return total.getValueAtPercentile(percentile) / 1000.0;
  }
}
