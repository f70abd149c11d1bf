package dev.troupe.gateway.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures of a benchmark for people: one a line, times in the unit that fits. */
final class BenchText {
  private static final String SUFFIX = "Nanos";

  private BenchText() {}

  /** The lines of a report; values whose name ends in {@code Nanos} are times. */
  static String of(Report report) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, @Nullable Object> entry : report.values().entrySet()) {
      Object value = entry.getValue();
      if (value == null) {
        continue;
      }
      boolean time = entry.getKey().endsWith(SUFFIX);
      String name =
          time
              ? entry.getKey().substring(0, entry.getKey().length() - SUFFIX.length())
              : entry.getKey();
      text.append(
          String.format("%-22s %s%n", words(name), time ? times(value) : String.valueOf(value)));
    }
    return text.toString().stripTrailing();
  }

  private static String times(Object value) {
    return switch (value) {
      case Report percentiles -> {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, @Nullable Object> entry : percentiles.values().entrySet()) {
          text.append(text.isEmpty() ? "" : ", ").append(entry.getKey()).append(' ');
          text.append(entry.getValue() instanceof Long nanos ? time(nanos) : "");
        }
        yield text.toString();
      }
      case long[] rounds -> rounds(rounds);
      case Long nanos -> time(nanos);
      default -> String.valueOf(value);
    };
  }

  private static String rounds(long[] nanos) {
    if (nanos.length == 0) {
      return "not measured";
    }
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return "median "
        + time(sorted[sorted.length / 2])
        + ", min "
        + time(sorted[0])
        + ", max "
        + time(sorted[sorted.length - 1])
        + " of "
        + nanos.length;
  }

  /** {@code instantiateOnDemand} as "instantiate on demand". */
  private static String words(String name) {
    StringBuilder words = new StringBuilder();
    for (char c : name.toCharArray()) {
      words.append(Character.isUpperCase(c) ? " " : "").append(Character.toLowerCase(c));
    }
    return words.toString();
  }

  private static String time(long nanos) {
    if (nanos < 10_000) {
      return nanos + " ns";
    }
    if (nanos < 10_000_000) {
      return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
    }
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
