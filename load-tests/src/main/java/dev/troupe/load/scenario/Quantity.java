package dev.troupe.load.scenario;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number, or a multiple of something measured in an earlier phase, such as {@code 2 x
 * capacity.all.ok-per-second}.
 *
 * @param factor the number, or what the metric is multiplied with
 * @param metric its name; null for a plain number
 */
public record Quantity(double factor, @Nullable String metric) {
  private static final String NUMBER = "[0-9]+(?:\\.[0-9]+)?";
  private static final Pattern PLAIN = Pattern.compile("-?" + NUMBER);
  private static final Pattern MULTIPLE =
      Pattern.compile("(?:(" + NUMBER + ")\\s*x\\s+)?([a-z][A-Za-z0-9_.-]*)");

  /** Reads {@code 5}, {@code phase.stream.metric} or {@code 2 x phase.stream.metric}. */
  public static Quantity parse(String text) throws ScenarioException {
    String trimmed = text.strip();
    if (PLAIN.matcher(trimmed).matches()) {
      return new Quantity(Double.parseDouble(trimmed), null);
    }
    Matcher multiple = MULTIPLE.matcher(trimmed);
    if (!multiple.matches()) {
      throw new ScenarioException(
          "'" + text + "' is neither a number nor a metric nor 'NUMBER x METRIC'");
    }
    String factor = multiple.group(1);
    return new Quantity(factor == null ? 1 : Double.parseDouble(factor), multiple.group(2));
  }

  /**
   * The value, given what was measured.
   *
   * @throws ScenarioException when nothing of this name was measured
   */
  public double value(Map<String, Double> metrics) throws ScenarioException {
    return metric == null ? factor : factor * Metrics.get(metrics, metric);
  }

  @Override
  public String toString() {
    String number =
        factor == Math.rint(factor)
            ? String.format(Locale.ROOT, "%.0f", factor)
            : Double.toString(factor);
    if (metric == null) {
      return number;
    }
    return factor == 1 ? metric : number + " x " + metric;
  }
}
