package dev.troupe.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two reports beside each other: every metric that both have and that differs, with the change, and
 * what only one of them has.
 *
 * @param rows metrics of both, in the order of their names
 * @param onlyFirst metrics that the second lacks
 * @param onlySecond metrics that the first lacks
 */
public record Comparison(List<Row> rows, Set<String> onlyFirst, Set<String> onlySecond) {
  private static final List<String> HEADLINES =
      List.of("-per-second", ".p50-ms", ".p90-ms", ".p99-ms", ".p999-ms", ".max-ms");

  /**
   * A metric.
   *
   * @param metric its name
   * @param first value in the first report
   * @param second value in the second
   */
  public record Row(String metric, double first, double second) {
    /** The change relative to the first; infinite when that was 0. */
    public double change() {
      if (first == second) {
        return 0;
      }
      return first == 0 ? Math.copySign(Double.POSITIVE_INFINITY, second) : second / first - 1;
    }

    /** Whether it is of the kind that people look at first: a rate or a latency. */
    public boolean isHeadline() {
      return !metric.contains(".server.") && HEADLINES.stream().anyMatch(metric::endsWith);
    }
  }

  /** Compares. */
  public static Comparison of(Report first, Report second) {
    Map<String, Double> a = new TreeMap<>(first.metrics());
    Map<String, Double> b = new TreeMap<>(second.metrics());
    List<Row> rows = new ArrayList<>();
    a.forEach((metric, value) -> {
      Double other = b.get(metric);
      if (other != null) {
        rows.add(new Row(metric, value, other));
      }
    });
    Set<String> onlyFirst = new TreeSet<>(a.keySet());
    onlyFirst.removeAll(b.keySet());
    Set<String> onlySecond = new TreeSet<>(b.keySet());
    onlySecond.removeAll(a.keySet());
    return new Comparison(rows, onlyFirst, onlySecond);
  }

  /** Lines for people: rates and latencies, or everything that changed. */
  public String text(boolean everything) {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(Locale.ROOT, "%-52s %14s %14s %9s%n", "", "first", "second", "change"));
    for (Row row : rows) {
      if (everything ? row.first() != row.second() : row.isHeadline()) {
        out.append(
            String.format(
                Locale.ROOT,
                "%-52s %14.3f %14.3f %9s%n",
                row.metric(),
                row.first(),
                row.second(),
                Double.isInfinite(row.change())
                    ? "new"
                    : String.format(Locale.ROOT, "%+.1f %%", 100 * row.change())));
      }
    }
    if (everything) {
      onlyFirst.forEach(metric -> out.append("only first:  ").append(metric).append('\n'));
      onlySecond.forEach(metric -> out.append("only second: ").append(metric).append('\n'));
    }
    return out.toString();
  }
}
