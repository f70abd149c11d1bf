package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import org.junit.jupiter.api.Test;

/** What leaves a loop of one block, and what must stay. */
class LoopInvariantsTest {
  /** A loop with {@code body}, which may use v0 and v1 from outside and gives v9. */
  private static SsaFunction loop(String body) {
    return SsaParser.parse(
        "function 0 \"\" (i32, i64) -> (i32) {\nblock0(v0: i32, v1: i64):\n"
            + "  v2 = iconst.i32 0\n  br block1(v2, v2)\n"
            + "block1(v3: i32, v4: i32):\n"
            + body
            + "  v5 = ixor.i32 v4, v9\n  v6 = iconst.i32 1\n  v7 = iadd.i32 v3, v6\n"
            + "  v8 = icmp.i32 ult v7, v0\n  br_if v8, block1(v7, v5), block2\n"
            + "block2:\n  return v5\n}");
  }

  /** Runs the pass, checks that the meaning stays, and gives the text of the loop. */
  private static String remaining(String body) {
    SsaFunction function = loop(body);
    SsaVerifier.verify(function, "the test");
    String before = RecordingMachine.observe(function, 5, new long[] {9, 77}, 10_000);
    LoopInvariants.run(function);
    SsaVerifier.verify(function, "the pass");
    assertThat(RecordingMachine.observe(function, 5, new long[] {9, 77}, 10_000)).isEqualTo(before);
    String text = function.toString();
    return text.substring(text.indexOf("block1("), text.indexOf("block2:"));
  }

  @Test
  void expensiveOperationsLeaveWithTheirOperands() {
    assertThat(
            remaining(
                "  v10 = iconst.i32 7\n  v11 = iadd.i32 v0, v10\n  v12 = wrap v1\n"
                    + "  v9 = imul.i32 v11, v12\n"))
        .doesNotContain("imul", "wrap", "iconst.i32 7");
    assertThat(remaining("  v10 = iconst.i32 7\n  v9 = urem.i32 v0, v10\n")).doesNotContain("urem");
  }

  @Test
  void whatMayTrapStays() {
    assertThat(remaining("  v10 = wrap v1\n  v9 = udiv.i32 v0, v10\n")).contains("udiv");
    assertThat(remaining("  v9 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0\n"))
        .contains("load");
  }

  @Test
  void fieldsLeaveUnlessTheLoopWritesThem() {
    String read = "  v9 = ctx_load.i32 int32_u, offset 64, region global 1\n";
    assertThat(remaining(read)).doesNotContain("ctx_load");
    String store = "  ctx_store.i32 v3, int32_u, offset 72, region global ";
    assertThat(remaining(read + store + "2\n")).doesNotContain("ctx_load");
    assertThat(remaining(read + store + "1\n")).contains("ctx_load");
    assertThat(remaining(read.replace("global 1", "volatile 0"))).contains("ctx_load");
  }

  @Test
  void clampsAndChecksStay() {
    assertThat(remaining("  v10 = wrap v1\n  v9 = spectre_guard.i32 v0, v10\n"))
        .contains("spectre_guard");
    assertThat(remaining("  v10 = wrap v1\n  v9 = icmp.i32 ult v0, v10\n")).contains("ult v0");
  }

  @Test
  void whatIsFreeStays() {
    assertThat(remaining("  v10 = iconst.i32 7\n  v9 = iadd.i32 v0, v10\n"))
        .contains("iadd.i32 v0");
    assertThat(remaining("  v9 = wrap v1\n")).contains("wrap");
  }

  @Test
  void onlySoManyLeave() {
    StringBuilder body = new StringBuilder("  v20 = imul.i32 v0, v0\n  v40 = ixor.i32 v3, v20\n");
    for (int n = 1; n < 10; n++) {
      body.append("  v%d = iconst.i32 %d\n".formatted(60 + n, 1000 + n))
          .append("  v%d = imul.i32 v0, v%d\n".formatted(20 + n, 60 + n))
          .append("  v%d = ixor.i32 v%d, v%d\n".formatted(40 + n, 39 + n, 20 + n));
    }
    String loop = remaining(body + "  v9 = ixor.i32 v49, v3\n");
    assertThat(loop.split("imul", -1)).hasSize(1 + 10 - 6);
  }
}
