package dev.troupe.engine.wast;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of the directives of one or more scripts.
 *
 * @param passed assertions and actions that held
 * @param failed directives of any kind that did not
 * @param skipped directives that need a feature which the engine has turned off
 * @param failures one per failed directive, in order
 */
public record WastReport(int passed, int failed, int skipped, List<Failure> failures) {
  /** Nothing has run. */
  public static final WastReport EMPTY = new WastReport(0, 0, 0, List.of());

  public WastReport {
    failures = List.copyOf(failures);
  }

  /** A directive that failed. */
  public record Failure(String file, int line, String message) {
    /** {@code file:line: message}. */
    @Override
    public String toString() {
      return file + ":" + line + ": " + message;
    }
  }

  /** The sum of two reports. */
  public WastReport plus(WastReport other) {
    List<Failure> both = new ArrayList<>(failures);
    both.addAll(other.failures);
    return new WastReport(
        passed + other.passed, failed + other.failed, skipped + other.skipped, both);
  }

  /** {@code N passed, M failed, K skipped}. */
  public String summary() {
    return passed + " passed, " + failed + " failed, " + skipped + " skipped";
  }
}
