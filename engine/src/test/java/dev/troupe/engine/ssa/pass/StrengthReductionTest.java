package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Products and long sums become variables, where that pays, and mean the same. */
class StrengthReductionTest {
  private static final long[] CORNERS = {0, 1, 3, 17, -1, -5, Integer.MAX_VALUE, 0xFFFF_FFF0L};

  /** A loop over {@code body}, which may use v0, v1 from outside and the counter v3. */
  private static SsaFunction loop(String body, String type) {
    return SsaParser.parse(
        ("function 0 \"\" (T, T) -> (T) {\nblock0(v0: T, v1: T):\n"
                + "  v2 = iconst.T 0\n  br block1(v0, v1)\n"
                + "block1(v3: T, v4: T):\n"
                + body
                + "  v6 = iconst.T 1\n  v7 = iadd.T v3, v6\n  v11 = iconst.T -3\n"
                + "  v12 = iadd.T v4, v11\n  v13 = iconst.T 63\n  v14 = iand.T v7, v13\n"
                + "  v8 = icmp.T ne v14, v2\n  br_if v8, block1(v7, v12), block2\n"
                + "block2:\n  return v9\n}")
            .replace("T", type));
  }

  /** Runs the pass, checks that the meaning stays, and gives the text of the loop. */
  private static String remaining(String body, String type) {
    SsaFunction function = loop(body, type);
    SsaVerifier.verify(function, "the test");
    String before = observe(function);
    StrengthReduction.run(function);
    SsaVerifier.verify(function, "the pass");
    assertThat(observe(function)).as("%s%n%s", body, function).isEqualTo(before);
    String text = function.toString();
    return text.substring(text.indexOf("\nblock1(") + 1, text.indexOf("block2:"));
  }

  private static String observe(SsaFunction function) {
    StringBuilder seen = new StringBuilder();
    for (long a : CORNERS) {
      for (long b : CORNERS) {
        seen.append(RecordingMachine.observe(function, 5, new long[] {a, b}, 10_000)).append('\n');
      }
    }
    return seen.toString();
  }

  private static String stored(String value) {
    return "  store.T " + value + ", " + value + ", memory 0, T_WHOLE, offset 0, region memory 0\n";
  }

  private static String body(String text, String type) {
    String access = type.equals("i32") ? "int32_u" : "int64";
    return (text + stored("v9")).replace("T_WHOLE", access).replace(".T ", "." + type + " ");
  }

  @Test
  void productsBecomeVariables() {
    assertThat(remaining(body("  v20 = iconst.T 12\n  v9 = imul.T v3, v20\n", "i32"), "i32"))
        .doesNotContain("imul")
        .contains("iconst.i32 12");
    assertThat(remaining(body("  v9 = imul.T v0, v3\n", "i64"), "i64")).doesNotContain("imul");
  }

  @Test
  void chainsBecomeOneVariable() {
    String chain =
        "  v20 = imul.T v3, v0\n  v21 = iadd.T v20, v1\n  v22 = iconst.T 2\n"
            + "  v9 = shl.T v21, v22\n";
    assertThat(remaining(body(chain, "i32"), "i32")).doesNotContain("imul").doesNotContain("shl");
  }

  @Test
  void whatIsFreeStays() {
    assertThat(remaining(body("  v9 = iadd.T v3, v0\n", "i32"), "i32")).contains("v3, v0");
    String shift = "  v20 = iconst.T 3\n  v21 = shl.T v3, v20\n  v9 = iadd.T v21, v0\n";
    assertThat(remaining(body(shift, "i32"), "i32")).contains("shl");
  }

  /** The shift would need a copy of the variable: nothing is won. */
  @Test
  void whatIsOverwrittenStays() {
    String text = "  v20 = iconst.T 28\n  v21 = imul.T v3, v20\n  v9 = ushr.T v21, v20\n";
    assertThat(remaining(body(text, "i32"), "i32")).contains("imul");
  }

  /** One product behind two sums: the product becomes a variable, the sums stay. */
  @Test
  void sharedProductsBecomeOneVariable() {
    String text =
        "  v20 = iconst.T 12\n  v21 = imul.T v3, v20\n  v22 = iadd.T v21, v0\n"
            + stored("v22")
            + "  v9 = iadd.T v21, v1\n";
    String loop = remaining(body(text, "i32"), "i32");
    assertThat(loop).doesNotContain("imul");
    assertThat(parameters(loop)).isEqualTo(2);
  }

  private static int parameters(String loop) {
    return loop.substring(0, loop.indexOf('\n')).split(": i", -1).length - 1;
  }

  @Test
  void registersAreNotExceeded() {
    StringBuilder text = new StringBuilder("  v40 = ixor.T v3, v3\n");
    for (int n = 1; n < 14; n++) {
      text.append("  v%d = iconst.T %d\n".formatted(100 + n, 1000 + 2 * n))
          .append("  v%d = imul.T v3, v%d\n".formatted(80 + n, 100 + n))
          .append("  v%d = ixor.T v%d, v%d\n".formatted(40 + n, 39 + n, 80 + n));
    }
    String loop = remaining(body(text + "  v9 = ixor.T v53, v3\n", "i32"), "i32");
    assertThat(parameters(loop)).isBetween(6, 10);
    assertThat(loop).contains("imul");
  }

  /** Any mixture of sums and products of variables and of what stays. */
  @Test
  void randomComputations() {
    Random random = new Random(3);
    int gone = 0;
    for (int n = 0; n < 2_000; n++) {
      String type = random.nextBoolean() ? "i32" : "i64";
      StringBuilder text = new StringBuilder("  v20 = iconst.T " + (random.nextInt(40) - 9) + "\n");
      text.append("  v21 = iconst.T ").append(random.nextInt(5)).append('\n');
      int last = 21;
      String[] ops = {"iadd", "isub", "imul", "iadd", "imul", "shl"};
      int count = 1 + random.nextInt(8);
      for (int k = 0; k < count; k++) {
        String op = ops[random.nextInt(ops.length)];
        String right = op.equals("shl") ? "v21" : operand(random, last);
        text.append(
            "  v%d = %s.T %s, %s\n".formatted(++last, op, operand(random, last - 1), right));
        if (random.nextInt(3) == 0) {
          text.append(stored("v" + last));
        }
      }
      text.append("  v9 = imul.T v").append(last).append(", v20\n");
      String before = body(text.toString(), type);
      gone += before.split("imul", -1).length - remaining(before, type).split("imul", -1).length;
    }
    assertThat(gone).as("products that became variables").isGreaterThan(1_000);
  }

  private static String operand(Random random, int last) {
    return switch (random.nextInt(6)) {
      case 0 -> "v0";
      case 1 -> "v1";
      case 2 -> "v3";
      case 3 -> "v4";
      default -> "v" + (20 + random.nextInt(last - 19));
    };
  }
}
