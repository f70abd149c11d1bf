package dev.troupe.load.scenario;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Names of what is measured: {@code PHASE.STREAM.MEASURE}, such as {@code load.echo.p99-ms}. {@code
 * all} stands for all streams of a phase. Counts by kind, such as {@code load.echo.errors.UNKNOWN},
 * are 0 when the kind never happened.
 */
public final class Metrics {
  /** Measures that are counted by kind. */
  public static final List<String> BY_KIND = List.of("errors", "sheds", "traps");

  private Metrics() {}

  /**
   * The value of a metric.
   *
   * @throws ScenarioException when nothing of this name was measured
   */
  public static double get(Map<String, Double> metrics, String name) throws ScenarioException {
    Double value = metrics.get(name);
    if (value != null) {
      return value;
    }
    int dot = name.lastIndexOf('.');
    String parent = dot < 0 ? "" : name.substring(0, dot);
    if (metrics.containsKey(parent)
        && BY_KIND.stream().anyMatch(measure -> parent.endsWith("." + measure))) {
      return 0;
    }
    String prefix = name.substring(0, name.indexOf('.') + 1);
    TreeSet<String> similar = new TreeSet<>();
    for (String known : metrics.keySet()) {
      if (known.startsWith(parent) || !prefix.isEmpty() && known.startsWith(prefix)) {
        similar.add(known);
      }
    }
    List<String> shown = similar.stream().limit(12).toList();
    throw new ScenarioException(
        "nothing called '"
            + name
            + "' was measured; "
            + (shown.isEmpty() ? "metrics are PHASE.STREAM.MEASURE" : "there is " + shown));
  }
}
