package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Counted loops of one block do the same work in fewer rounds. */
class UnrollLoopsTest {
  /**
   * A loop from {@code start} to {@code end} that carries two values, loads and stores below 64
   * bytes, and whose values are used behind it.
   */
  private static String loop(int start, int step, int end, String body) {
    return "function 0 \"\" (i32, i32) -> (i32) {\nblock0(v0: i32, v1: i32):\n"
        + "  v2 = iconst.i32 "
        + start
        + "\n  br block1(v2, v0, v1)\n"
        + "block1(v3: i32, v4: i32, v5: i32):\n"
        + body
        + "  v7 = iconst.i32 "
        + step
        + "\n  v8 = iadd.i32 v3, v7\n  v10 = iconst.i32 "
        + end
        + "\n  v11 = icmp.i32 ne v8, v10\n  br_if v11, block1(v8, v5, v9), block2(v4)\n"
        + "block2(v12: i32):\n  v13 = ixor.i32 v12, v9\n  v14 = iadd.i32 v13, v8\n  return v14\n}";
  }

  private static SsaFunction unrolled(String text) {
    SsaFunction function = SsaParser.parse(text);
    UnrollLoops.run(function);
    SsaVerifier.verify(function, "the pass");
    for (int seed = 0; seed < 3; seed++) {
      long[] arguments = {seed * 77L, 123_456_789L};
      assertThat(RecordingMachine.observe(function, seed, arguments, 10_000))
          .as(text)
          .isEqualTo(RecordingMachine.observe(SsaParser.parse(text), seed, arguments, 10_000));
    }
    return function;
  }

  private static int count(SsaFunction function, String what) {
    return function.toString().split(what, -1).length - 1;
  }

  @Test
  void smallBodiesAreRepeated() {
    String body = "  v6 = imul.i32 v4, v5\n  v9 = iadd.i32 v6, v3\n";
    assertThat(count(unrolled(loop(0, 1, 64, body)), "imul")).isEqualTo(8);
    // Too few rounds for more; one is left over.
    assertThat(count(unrolled(loop(0, 1, 9, body)), "imul")).isEqualTo(4 + 1);
    assertThat(count(unrolled(loop(0, 1, 3, body)), "imul")).isEqualTo(1);
  }

  @Test
  void largeBodiesAndUnknownCountsStay() {
    String body = "  v6 = imul.i32 v4, v5\n  v9 = iadd.i32 v6, v3\n";
    StringBuilder large = new StringBuilder(body);
    for (int k = 0; k < 60; k++) {
      large.append("  v").append(20 + k).append(" = ixor.i32 v4, v3\n");
    }
    assertThat(count(unrolled(loop(0, 1, 64, large.toString())), "imul")).isEqualTo(1);
    String unknown = loop(0, 1, 64, body).replace("ne v8, v10", "ult v9, v10");
    assertThat(count(unrolled(unknown), "imul")).isEqualTo(1);
  }

  /** Many loops, each of which would become eight times as large. */
  @Test
  void aFunctionGrowsToTwiceItsSizeAtMost() {
    int loops = 4000;
    StringBuilder text = new StringBuilder("function 0 \"\" (i32) -> (i32) {\nblock0(v0: i32):\n");
    text.append("  v1 = iconst.i32 0\n  v2 = iconst.i32 1\n  v3 = iconst.i32 64\n");
    text.append("  br block1(v1, v0)\n");
    int made = 4;
    for (int loop = 1; loop <= loops; loop++, made += 6) {
      text.append(
          "block%d(v%d: i32, v%d: i32):\n".formatted(loop, made, made + 1)
              + "  v%d = imul.i32 v%d, v%d\n".formatted(made + 2, made + 1, made + 1)
              + "  v%d = ixor.i32 v%d, v%d\n".formatted(made + 3, made + 2, made)
              + "  v%d = iadd.i32 v%d, v2\n".formatted(made + 4, made)
              + "  v%d = icmp.i32 ne v%d, v3\n".formatted(made + 5, made + 4)
              + "  br_if v%d, block%d(v%d, v%d), ".formatted(made + 5, loop, made + 4, made + 3)
              + "block%d(v1, v%d)\n".formatted(loop + 1, made + 3));
    }
    text.append("block%d(v%d: i32, v%d: i32):\n".formatted(loops + 1, made, made + 1));
    text.append("  return v").append(made + 1).append("\n}");
    SsaFunction function = SsaParser.parse(text.toString());
    int before = function.instructionCount();
    UnrollLoops.run(function);
    SsaVerifier.verify(function, "the pass");
    int added = function.instructionCount() - before;
    assertThat(added).isBetween(before, before + GrowthAllowance.LEAST + 200);
  }

  @Test
  void anyBody() {
    Random random = new Random(7);
    String[] ops = {"iadd", "isub", "imul", "ixor", "shl", "ushr", "iand"};
    for (int round = 0; round < 500; round++) {
      StringBuilder body = new StringBuilder("  v20 = iconst.i32 60\n  v21 = iand.i32 v3, v20\n");
      int made = 22;
      for (int k = random.nextInt(8); k >= 0; k--) {
        String type = ".i32 v";
        int left = random.nextBoolean() ? 3 + random.nextInt(3) : 20 + random.nextInt(made - 20);
        int right = random.nextBoolean() ? 3 + random.nextInt(3) : 20 + random.nextInt(made - 20);
        body.append("  v").append(made++).append(" = ").append(ops[random.nextInt(ops.length)]);
        body.append(type).append(left).append(", v").append(right).append('\n');
      }
      String place = "v21, memory 0, int32_u, offset 0, region memory 0\n";
      body.append("  v").append(made++).append(" = load.i32 ").append(place);
      body.append("  store.i32 ").append(place.replace("v21,", "v21, v" + (made - 2) + ","));
      body.append("  v9 = ixor.i32 v").append(made - 1).append(", v4\n");
      int step = random.nextBoolean() ? 1 + random.nextInt(4) : -1 - random.nextInt(4);
      int start = random.nextInt(20) - 10;
      unrolled(loop(start, step, start + step * (1 + random.nextInt(40)), body.toString()));
    }
  }
}
