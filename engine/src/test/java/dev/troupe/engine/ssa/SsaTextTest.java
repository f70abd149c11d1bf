package dev.troupe.engine.ssa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.ssa.analysis.SsaVerifier;
import org.junit.jupiter.api.Test;

/** Printing, parsing and the verifier. */
class SsaTextTest {
  private static final String EVERYTHING =
      """
      function 7 "a\\0022b" (i32, f64) -> (i32, i64) {
      block0(v0: i32, v1: f64):
        v2 = iconst.i64 -5                                    @1a
        v3 = fconst.f32 0x7fc00001
        v4 = load.i64 v0, memory 1, int32_s, offset 4294967295, region memory 1 @2b
        store.f64 v0, v1, memory 0, float64, offset 0, region memory 0
        v5 = ctx_load.i64 int64, offset 32, region instance 0
        ctx_store.i32 v0, int32_u, offset 40, region global 3
        v6 = ctx_address offset 8
        v7 = raw_load.i64 v6, int64, offset 8, region table 0
        raw_store.i64 v6, v7, int64, offset 8, region table 0
        v8 = icmp.i64 ult v2, v4
        v9 = fcmp.f32 le v3, v3
        trap_if memory_out_of_bounds v9
        v10, v11 = call function 9 (i32) -> (i32, i64) v0
        v12 = call_indirect (f64) -> (i32) v5, v6, v1
        call_builtin fuel_exit () -> ()
        v13 = select.i64 v8, v2, v4
        br_if unlikely v8, block1(v10, v11), block2
      block1(v14: i32, v15: i64):
        br_table v14, block2, block3(v15), block4
      block2 cold:
        trap unreachable
      block3(v16: i64):
        return v14, v16
      block4:
        return v14, v15
      }
      """;

  @Test
  void printsWhatWasParsed() {
    SsaFunction function = SsaParser.parse(EVERYTHING);
    assertThat(SsaVerifier.check(function)).isEmpty();
    assertThat(SsaPrinter.print(function)).isEqualTo(EVERYTHING);
    assertThat(function.name()).isEqualTo("a\"b");
  }

  @Test
  void rowsAreConsistent() {
    for (SsaOp op : SsaOp.values()) {
      assertThat(SsaOp.byMnemonic(op.mnemonic())).as(op.name()).isEqualTo(op);
      if (op.isCommutative()) {
        assertThat(op.operands()).as(op.name()).hasSize(2).allMatch(SsaOp.Operand.T::equals);
      }
      if (op.reads() || op.writes()) {
        assertThat(op.has(SsaOp.Attribute.REGION)).as(op.name()).isTrue();
      }
    }
  }

  private static void rejects(String body, String error) {
    SsaFunction function =
        SsaParser.parse("function 0 \"\" (i32) -> (i32) {\nblock0(v0: i32):\n" + body + "\n}");
    assertThat(SsaVerifier.check(function)).isNotEmpty().allMatch(m -> m.contains(error), error);
    assertThatThrownBy(() -> SsaVerifier.verify(function, "test"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after test");
  }

  @Test
  void verifierRejects() {
    rejects("v1 = iconst.i64 1\nreturn v1", "type of operand 0");
    rejects("v1 = iadd.i32 v0, v2\nv2 = iconst.i32 1\nreturn v1", "does not dominate");
    rejects("return v9", "defined nowhere");
    rejects("return", "operand count");
    rejects("br block1(v0)\nblock1: return v0", "argument count");
    rejects("br block0(v0)", "edge to the entry");
    rejects("br_if v0, block1\nblock1: return v0", "edge count");
    rejects("br block1\nblock1: v1 = iadd.i32 v0, v0", "a terminator ends a block");
    rejects("return v0\nreturn v0", "a terminator ends a block");
    rejects("v1 = fadd.i32 v0, v0\nreturn v0", "controlling type");
    rejects("v1 = load.i32 v0, memory 0, int64, offset 0, region memory 0\nreturn v1", "access");
    rejects("v1 = load.i32 v0, memory 0, int32_u, offset 0, region none 0\nreturn v1", "region");
    rejects("ctx_store.i32 v0, int32_u, offset 0, region instance 0\nreturn v0", "immutable");
    rejects("v1 = iconst.i32 4294967295\nreturn v1", "sign-extended");
    rejects("v1 = bitcast.i64 v0\nreturn v0", "bitcast");
    rejects(
        "br_if v0, block1, block2\nblock1: v1 = iconst.i32 1\nbr block2\nblock2: return v1",
        "does not dominate");
  }

  @Test
  void parserNamesTheLine() {
    assertThatThrownBy(() -> SsaParser.parse("function 0 \"\" () -> () {\nblock0:\n  nothing\n}"))
        .isInstanceOf(SsaSyntaxException.class)
        .hasMessageContaining("line")
        .hasMessageContaining("nothing");
  }
}
