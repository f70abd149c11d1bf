package dev.troupe.load.run;

import dev.troupe.load.client.CallCounts;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The counts of a stream as metrics. */
final class StreamFigures {
  private static final double NANOS_PER_MILLI = 1e6;

  private StreamFigures() {}

  /** Puts every measure of a stream under a prefix such as {@code load.echo.}. */
  static void put(String prefix, CallCounts counts, double seconds, Map<String, Double> into) {
    into.put(prefix + "due", (double) counts.dueCalls());
    into.put(prefix + "due-per-second", counts.dueCalls() / seconds);
    into.put(prefix + "answers-per-second", counts.answersInWindow() / seconds);
    into.put(prefix + "ok-per-second", counts.okInWindow() / seconds);
    into.put(prefix + "dropped", (double) counts.droppedCalls());
    into.put(prefix + "ok", (double) counts.okCalls());
    into.put(prefix + "wrong", (double) counts.wrongResults());
    into.put(prefix + "cold-starts", (double) counts.coldStarts());
    into.put(prefix + "cancelled", (double) counts.cancelledCalls());
    into.put(prefix + "unanswered", (double) counts.unansweredCalls());
    into.put(prefix + "deadlines", (double) counts.deadlinesMissed());
    byKind(prefix + "traps", counts.traps(), into);
    byKind(prefix + "sheds", counts.sheds(), into);
    byKind(prefix + "errors", counts.errors(), into);
    Histogram latency = counts.latency();
    if (latency.getTotalCount() > 0) {
      into.put(prefix + "mean-ms", latency.getMean() / NANOS_PER_MILLI);
      into.put(prefix + "p50-ms", percentile(latency, 50));
      into.put(prefix + "p90-ms", percentile(latency, 90));
      into.put(prefix + "p99-ms", percentile(latency, 99));
      into.put(prefix + "p999-ms", percentile(latency, 99.9));
      into.put(prefix + "max-ms", latency.getMaxValue() / NANOS_PER_MILLI);
    }
    into.put(prefix + "send-lag-p99-ms", percentile(counts.sendLag(), 99));
  }

  static double percentile(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0
        ? 0
        : histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  private static void byKind(String name, Map<String, Long> counts, Map<String, Double> into) {
    long sum = 0;
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      into.put(name + "." + entry.getKey(), (double) entry.getValue());
      sum += entry.getValue();
    }
    into.put(name, (double) sum);
  }
}
