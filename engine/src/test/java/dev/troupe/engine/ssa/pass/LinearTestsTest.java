package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaInterpreter;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Counters that only count go where another variable tells as well when the loop ends. */
class LinearTestsTest {
  private static final long[] CORNERS = {0, 1, 3, 17, 63, -1, Integer.MAX_VALUE, 0xFFFF_FFF0L};
  private static final List<long[]> ARGUMENTS = pairs();

  private static final String ENDLESS = "endless";
  private static final long STEPS = 3_000;

  /** A loop with a counter v3 by v5, a pointer v4 by v6 that is stored, and a test. */
  private static SsaFunction loop(
      String start, long step, long pointerStep, String test, String bound) {
    return SsaParser.parse(
        "function 0 \"\" (i32, i32) -> (i32) {\nblock0(v0: i32, v1: i32):\n"
            + "  v2 = iconst.i32 63\n  v20 = iand.i32 v0, v2\n  v21 = iconst.i32 40\n"
            + "  v22 = iconst.i32 0\n  br block1("
            + start
            + ", v1)\nblock1(v3: i32, v4: i32):\n"
            + "  v5 = iconst.i32 "
            + step
            + "\n  v6 = iconst.i32 "
            + pointerStep
            + "\n  store.i32 v4, v4, memory 0, int32_u, offset 0, region memory 0\n"
            + "  v8 = iadd.i32 v4, v6\n  v7 = iadd.i32 v3, v5\n  v9 = icmp.i32 "
            + test
            + ", "
            + bound
            + "\n  br_if v9, block1(v7, v8), block2\nblock2:\n  return v8\n}");
  }

  /** Runs the pass, checks that the meaning stays; says whether the counter is gone. */
  private static boolean goes(SsaFunction function) {
    SsaVerifier.verify(function, "the test");
    String text = function.toString();
    List<String> before = new ArrayList<>();
    ARGUMENTS.forEach(arguments -> before.add(run(function, arguments, STEPS)));
    LinearTests.run(function);
    SsaVerifier.verify(function, "the pass");
    for (int n = 0; n < before.size(); n++) {
      // Rounds are shorter now, by less than a half; what is in front of the loop is longer.
      long steps = before.get(n).equals(ENDLESS) ? STEPS / 2 : STEPS + 20;
      assertThat(run(function, ARGUMENTS.get(n), steps))
          .as("%s%nbecame%n%s", text, function)
          .isEqualTo(before.get(n));
    }
    return function.toString().contains("\nblock1(v4: i32)");
  }

  private static List<long[]> pairs() {
    List<long[]> pairs = new ArrayList<>();
    for (long a : CORNERS) {
      for (long b : CORNERS) {
        pairs.add(new long[] {(int) a, (int) b});
      }
    }
    return pairs;
  }

  private static String run(SsaFunction function, long[] arguments, long steps) {
    try {
      return RecordingMachine.observe(function, 5, arguments, steps);
    } catch (SsaInterpreter.OutOfSteps e) {
      return ENDLESS;
    }
  }

  @Test
  void knownNumbersOfRounds() {
    assertThat(goes(loop("v22", 1, 12, "ult v7", "v21"))).isTrue();
    assertThat(goes(loop("v22", 8, -12, "ne v7", "v21"))).isTrue();
    assertThat(goes(loop("v22", 1, 1 << 30, "ult v7", "v21"))).as("comes round again").isFalse();
  }

  @Test
  void boundsThatAreSmall() {
    assertThat(goes(loop("v22", 1, 12, "ne v7", "v20"))).as("v7 is not bounded").isFalse();
    assertThat(goes(loop("v22", 1, 12, "ne v3", "v20"))).as("v3 is at most 63").isTrue();
  }

  @Test
  void anyBoundIfEachValueComesOnce() {
    assertThat(goes(loop("v22", 1, 1, "ne v7", "v0"))).isTrue();
    assertThat(goes(loop("v1", 2, 6, "ne v7", "v0"))).isTrue();
    assertThat(goes(loop("v22", 1, 4, "ne v7", "v0"))).isFalse();
    assertThat(goes(loop("v22", 2, 3, "ne v7", "v0"))).isFalse();
  }

  @Test
  void onlyEqualityEndsAtTheSameTime() {
    assertThat(goes(loop("v22", 1, 1, "ult v7", "v0"))).isFalse();
    assertThat(goes(loop("v22", 1, 1, "sle v7", "v0"))).isFalse();
  }

  @Test
  void countersDownToZeroStay() {
    assertThat(goes(loop("v0", -1, 1, "ne v7", "v22"))).isFalse();
  }

  @Test
  void randomLoops() {
    Random random = new Random(7);
    String[] starts = {"v20", "v21", "v22", "v0", "v1"};
    String[] tests = {"ne", "ne", "eq", "ult", "slt", "uge", "sgt"};
    int gone = 0;
    for (int n = 0; n < 3_000; n++) {
      int step = random.nextInt(9) - 4;
      long factor = random.nextInt(3) == 0 ? 1L << random.nextInt(32) : random.nextInt(13) - 6;
      String test = tests[random.nextInt(tests.length)] + (random.nextBoolean() ? " v7" : " v3");
      String start = starts[random.nextInt(starts.length)];
      String bound = starts[random.nextInt(starts.length)];
      gone += goes(loop(start, step, (int) (step * factor), test, bound)) ? 1 : 0;
    }
    assertThat(gone).as("counters that went").isGreaterThan(100);
  }
}
