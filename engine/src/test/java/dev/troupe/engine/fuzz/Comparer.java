package dev.troupe.engine.fuzz;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs cases in subjects and says where they differ. */
final class Comparer {
  private Comparer() {}

  /** Where a subject differs from a reference, or null. */
  static @Nullable Finding compare(
      Subject reference, List<String> expected, Subject subject, FuzzCase fuzzCase) {
    List<String> actual;
    try {
      actual = subject.run(fuzzCase);
    } catch (NoAnswerException e) {
      return null;
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      StackTraceElement[] trace = e.getStackTrace();
      String at = trace.length == 0 ? "" : " at " + trace[0];
      return new Finding(subject.name(), -1, e + at);
    }
    boolean rough = reference.rough() || subject.rough();
    for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
      String left = i < expected.size() ? expected.get(i) : "nothing";
      String right = i < actual.size() ? actual.get(i) : "nothing";
      if (rough) {
        left = reference.rough() ? left : Lines.rough(left);
        right = subject.rough() ? right : Lines.rough(right);
      }
      if (!Objects.equals(left, right)) {
        boolean isCall = i > 0 && i <= fuzzCase.calls().size();
        String call = isCall ? fuzzCase.calls().get(i - 1).name() + ": " : "";
        String what =
            call + reference.name() + " " + cut(left) + ", " + subject.name() + " " + cut(right);
        return new Finding(subject.name(), i, what);
      }
    }
    return null;
  }

  private static String cut(String line) {
    return line.length() < 600 ? line : line.substring(0, 600) + "...";
  }
}
