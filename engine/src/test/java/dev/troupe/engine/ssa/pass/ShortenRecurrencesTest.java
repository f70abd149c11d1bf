package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Loops that carry random sums of what they load and of what they carry. */
class ShortenRecurrencesTest {
  private static final String[] OPS = {"iadd", "iadd", "iadd", "ixor", "imul", "isub"};

  private static String loop(Random random) {
    StringBuilder body = new StringBuilder();
    // v1 counts, v2 and v3 are carried, v4 is outside.
    int next = 10;
    int start = next;
    for (int n = 3 + random.nextInt(6); n > 0; n--) {
      if (random.nextInt(3) == 0) {
        body.append(
            "  v"
                + next++
                + " = load.i32 v1, memory 0, int32_u, offset "
                + random.nextInt(8)
                + ", region memory 0\n");
        continue;
      }
      // Mostly the newest values, so that chains come about.
      int recent = next == start || random.nextInt(4) == 0 ? 2 + random.nextInt(3) : next - 1;
      int other =
          next == start || random.nextBoolean()
              ? 2 + random.nextInt(3)
              : start + random.nextInt(next - start);
      boolean swap = random.nextBoolean();
      body.append(
          "  v"
              + next++
              + " = "
              + OPS[random.nextInt(OPS.length)]
              + ".i32 v"
              + (swap ? other : recent)
              + ", v"
              + (swap ? recent : other)
              + "\n");
    }
    int carried = start + random.nextInt(next - start);
    return "function 0 \"\" (i32) -> (i32, i32) {\nblock0(v4: i32):\n  v5 = iconst.i32 0\n"
        + "  br block1(v5, v4, v5)\n"
        + "block1(v1: i32, v2: i32, v3: i32):\n  v6 = iconst.i32 4\n  v7 = iconst.i32 40\n"
        + body
        + "  v8 = iadd.i32 v1, v6\n  v9 = icmp.i32 ne v8, v7\n"
        + "  br_if v9, block1(v8, v"
        + (next - 1)
        + ", v"
        + carried
        + "), block2\n"
        + "block2:\n  return v"
        + (next - 1)
        + ", v"
        + carried
        + "\n}";
  }

  @Test
  void resultsStayTheSame() {
    resultsStayTheSame(ShortenRecurrences::run);
  }

  @Test
  void balancedSumsStayTheSame() {
    resultsStayTheSame(BalanceSums::run);
  }

  private static void resultsStayTheSame(Consumer<SsaFunction> pass) {
    Random random = new Random(3);
    int changed = 0;
    for (int n = 0; n < 8_000; n++) {
      String text = loop(random);
      SsaFunction function = SsaParser.parse(text);
      SsaVerifier.verify(function, "generation");
      String before = function.toString();
      String expected = RecordingMachine.observe(function, n, new long[] {n - 7}, 10_000);
      pass.accept(function);
      SsaVerifier.verify(function, "the pass");
      assertThat(RecordingMachine.observe(function, n, new long[] {n - 7}, 10_000))
          .as("%s\nbecame\n%s", before, function)
          .isEqualTo(expected);
      changed += function.toString().equals(before) ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(100);
  }
}
