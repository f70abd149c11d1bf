package dev.troupe.engine.ssa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.InductionVariables;
import dev.troupe.engine.ssa.analysis.LoopTree;
import org.junit.jupiter.api.Test;

/** What advances by the same amount each time round, and what only seems to. */
class InductionVariablesTest {
  /**
   * A loop with the variable v3 from 0 by 1 up to v0, the variable v4 that takes v9 each round, and
   * {@code body}, which defines v9 and may use v0 (i32) and v1 (i64) from outside.
   */
  private static InductionVariables in(String body, String bound) {
    SsaFunction function =
        SsaParser.parse(
            "function 0 \"\" (i32, i64) -> (i32) {\nblock0(v0: i32, v1: i64):\n"
                + "  v2 = iconst.i32 0\n  v12 = iconst.i32 100\n  br block1(v2, v2)\n"
                + "block1(v3: i32, v4: i32):\n"
                + body
                + "  v6 = iconst.i32 1\n  v7 = iadd.i32 v3, v6\n"
                + "  v8 = icmp.i32 ult v7, "
                + bound
                + "\n  br_if v8, block1(v7, v9), block2\n"
                + "block2:\n  return v9\n}");
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    return InductionVariables.of(flow, dominators, LoopTree.of(flow, dominators));
  }

  private static String lines(String body) {
    return in(body, "v0").toString();
  }

  @Test
  void constantsThatAreAdded() {
    InductionVariables variables = in("  v10 = iconst.i32 -12\n  v9 = iadd.i32 v4, v10\n", "v12");
    assertThat(variables.toString())
        .isEqualTo(
            """
            loop block1, goes back 99 times
              v3: basic, by 1
              v4: basic, by -12
              v7: derived, by 1
              v9: derived, by -12
            """);
    assertThat(variables.next(3)).isEqualTo(7);
    assertThat(variables.stepValue(4)).isEqualTo(10);
  }

  @Test
  void whatTheLoopKeepsIsAStep() {
    assertThat(lines("  v9 = iadd.i32 v0, v4\n")).contains("v4: basic, by v0\n");
    assertThat(lines("  v9 = isub.i32 v4, v0\n")).contains("v4: basic, by -v0\n");
  }

  @Test
  void otherThingsAreNone() {
    assertThat(lines("  v9 = isub.i32 v0, v4\n")).doesNotContain("v4:");
    assertThat(lines("  v9 = iadd.i32 v4, v3\n")).doesNotContain("v4:");
    assertThat(lines("  v9 = iadd.i32 v4, v4\n")).doesNotContain("v4:");
    assertThat(lines("  v9 = imul.i32 v4, v0\n")).doesNotContain("v4:");
    assertThat(lines("  v9 = imul.i32 v3, v3\n")).doesNotContain("v9:");
    assertThat(lines("  v10 = iconst.i32 1\n  v9 = shl.i32 v10, v3\n")).doesNotContain("v9:");
    assertThat(lines("  v10 = iconst.i32 1\n  v9 = ushr.i32 v3, v10\n")).doesNotContain("v9:");
  }

  @Test
  void sumsAndProductsAreDerived() {
    String lines =
        lines(
            "  v10 = iconst.i32 12\n  v13 = imul.i32 v3, v10\n  v14 = iadd.i32 v13, v0\n"
                + "  v15 = iconst.i32 2\n  v16 = shl.i32 v3, v15\n  v17 = isub.i32 v16, v13\n"
                + "  v18 = imul.i32 v0, v3\n  v9 = iadd.i32 v18, v17\n");
    assertThat(lines)
        .contains("v13: derived, by 12\n", "v14: derived, by 12\n", "v16: derived, by 4\n")
        .contains("v17: derived, by -8\n", "v18: derived, by what the loop keeps\n")
        .contains("v9: derived, by what the loop keeps\n");
  }

  /** The i32 may wrap around at 2^32, which its extension does not follow. */
  @Test
  void extensionsNeedABound() {
    String body = "  v10 = uextend v3\n  v11 = sextend v3\n  v9 = iadd.i32 v4, v0\n";
    assertThat(in(body, "v12").toString()).contains("v10: derived, by 1\n", "v11: derived, by 1\n");
    assertThat(lines(body)).contains("v10: derived, by 1\n").doesNotContain("v11:");
    assertThat(lines(body.replace("uextend v3", "uextend v4"))).doesNotContain("v10:");
  }

  @Test
  void wrappedVariablesStayLinear() {
    String body = "  v10 = uextend v3\n  v13 = imul.i64 v10, v1\n  v14 = wrap v13\n";
    assertThat(lines(body + "  v9 = iadd.i32 v14, v0\n"))
        .contains("v14: derived, by what the loop keeps\n", "v9: derived");
  }

  @Test
  void valuesBelongToTheirInnermostLoop() {
    SsaFunction function =
        SsaParser.parse(
            """
            function 0 "" (i32) -> () {
            block0(v0: i32):
              v1 = iconst.i32 0
              br block1(v1)
            block1(v2: i32):
              v3 = iconst.i32 12
              v4 = imul.i32 v2, v3
              br block2(v4)
            block2(v5: i32):
              v6 = iadd.i32 v5, v2
              v7 = iadd.i32 v6, v4
              br_if v7, block2(v6), block3
            block3:
              v8 = iconst.i32 1
              v9 = iadd.i32 v2, v8
              v10 = iadd.i32 v6, v9
              br_if v10, block1(v9), block4
            block4:
              return
            }
            """);
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    assertThat(InductionVariables.of(flow, dominators, LoopTree.of(flow, dominators)).toString())
        .isEqualTo(
            """
            loop block1
              v2: basic, by 1
              v4: derived, by 12
              v9: derived, by 1
            loop block2
              v5: basic, by v2
              v6: derived, by what the loop keeps
              v7: derived, by what the loop keeps
            """);
  }
}
