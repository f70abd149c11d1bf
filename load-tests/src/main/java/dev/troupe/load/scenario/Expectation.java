package dev.troupe.load.scenario;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must hold at the end: a metric compared with a quantity.
 *
 * @param text as written
 * @param metric left side
 * @param relation how they are compared
 * @param bound right side
 * @param measured whether it is about time or shares, which shortened runs do not check
 */
public record Expectation(
    String text, String metric, Relation relation, Quantity bound, boolean measured) {
  private static final Pattern FORM =
      Pattern.compile("([a-z][A-Za-z0-9_.-]*)\\s*(<=|>=|=|<|>)\\s*(.+)");

  /** How the sides are compared. */
  public enum Relation {
    AT_MOST("<="),
    AT_LEAST(">="),
    EQUAL("="),
    LESS("<"),
    MORE(">");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    static Relation of(String sign) {
      for (Relation relation : values()) {
        if (relation.sign.equals(sign)) {
          return relation;
        }
      }
      throw new IllegalArgumentException("no relation " + sign);
    }

    boolean holds(double left, double right) {
      return switch (this) {
        case AT_MOST -> left <= right;
        case AT_LEAST -> left >= right;
        case EQUAL -> left == right;
        case LESS -> left < right;
        case MORE -> left > right;
      };
    }
  }

  /**
   * Whether an expectation was met.
   *
   * @param text the expectation
   * @param met whether it was
   * @param detail the values that were compared
   */
  public record Verdict(String text, boolean met, String detail) {}

  /** Reads {@code METRIC <= QUANTITY} and the like. */
  public static Expectation parse(String text, boolean measured) throws ScenarioException {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new ScenarioException(
          "'" + text + "' is not of the form METRIC <= NUMBER or METRIC <= NUMBER x METRIC");
    }
    return new Expectation(
        text.strip(),
        form.group(1),
        Relation.of(form.group(2)),
        Quantity.parse(form.group(3)),
        measured);
  }

  /** Compares; a metric that does not exist is not met. */
  public Verdict check(Map<String, Double> metrics) {
    try {
      double left = Metrics.get(metrics, metric);
      double right = bound.value(metrics);
      return new Verdict(
          text, relation.holds(left, right), number(left) + " against " + number(right));
    } catch (ScenarioException e) {
      return new Verdict(text, false, String.valueOf(e.getMessage()));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
