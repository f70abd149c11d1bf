package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores go only where nobody can tell, not even who sees the memory after a trap. */
class DeadStoresTest {
  private static final String MEMORY = ", memory 0, int64, offset %s, region memory 0\n";
  private static final String GLOBAL = "int32_u, offset 16, region global 0\n";

  /** A function of an index and a number. */
  private static String function(String body) {
    return "function 0 \"\" (i64, i64) -> () {\nblock0(v0: i64, v1: i64):\n"
        + "  v2 = iconst.i32 1\n  v3 = iconst.i32 2\n"
        + body
        + "  return\n}";
  }

  private static String load(String offset) {
    return "  v4 = load.i64 v0" + MEMORY.formatted(offset);
  }

  private static String store(String offset) {
    return "  store.i64 v0, v1" + MEMORY.formatted(offset);
  }

  private static String setGlobal(String value) {
    return "  ctx_store.i32 " + value + ", " + GLOBAL;
  }

  /** Stores that are left, after a comparison of all that can be seen with what it was before. */
  private static int storesAfter(String body) {
    String text = function(body);
    SsaFunction function = SsaParser.parse(text);
    DeadStores.run(function);
    SsaVerifier.verify(function, "the pass");
    for (long index : new long[] {0, 8, 60, -8}) {
      long[] arguments = {index, 77};
      assertThat(RecordingMachine.observe(function, 1, arguments, 1000))
          .as("index %d of %s", index, text)
          .isEqualTo(RecordingMachine.observe(SsaParser.parse(text), 1, arguments, 1000));
    }
    return function.toString().split("store", -1).length - 1;
  }

  @Test
  void whatIsOverwrittenGoes() {
    assertThat(storesAfter(setGlobal("v2") + setGlobal("v3"))).isEqualTo(1);
    assertThat(storesAfter(load("8") + store("8") + store("8"))).isEqualTo(1);
    assertThat(storesAfter(load("8") + setGlobal("v2") + store("0") + setGlobal("v3")))
        .isEqualTo(2);
  }

  @Test
  void aTrapSeparatesStores() {
    assertThat(storesAfter(setGlobal("v2") + store("8") + setGlobal("v3"))).isEqualTo(3);
  }

  /** Unsigned, these offsets lie beyond every memory. */
  @ParameterizedTest
  @ValueSource(strings = {"-16", "-8", "-4", "-1", "-9223372036854775808", "9223372036854775806"})
  void anOffsetBeyondEveryMemoryIsNeverProven(String offset) {
    String body = load("8") + setGlobal("v2") + store(offset) + setGlobal("v3");
    assertThat(storesAfter(body)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-16", "-8", "-4", "-1", "-9223372036854775808", "9223372036854775806"})
  void anOffsetBeyondEveryMemoryOverwritesNothing(String offset) {
    assertThat(storesAfter(load("0") + store("0") + store(offset))).isEqualTo(2);
    assertThat(storesAfter(load("0") + store(offset) + store("0"))).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-16", "-8", "-4", "-1", "-9223372036854775808", "9223372036854775806"})
  void norDoesItInAnotherBlock(String offset) {
    String next = "  br block1\nblock1:\n";
    assertThat(storesAfter(load("8") + setGlobal("v2") + next + store("0") + setGlobal("v3")))
        .isEqualTo(2);
    assertThat(storesAfter(load("8") + setGlobal("v2") + next + store(offset) + setGlobal("v3")))
        .isEqualTo(3);
    assertThat(storesAfter(load("0") + store("0") + next + store(offset))).isEqualTo(2);
    assertThat(storesAfter(load("0") + store(offset) + next + store("0"))).isEqualTo(2);
  }

  /** The index is a constant here, and the memory has a page. */
  @Test
  void aConstantIndexDoesNotMakeItProven() {
    String next = "  br block1\nblock1:\n  v5 = iconst.i64 0\n";
    String store = "  store.i64 v5, v1" + MEMORY.formatted("9223372036854775806");
    assertThat(storesAfter(setGlobal("v2") + next + store + setGlobal("v3"))).isEqualTo(3);
  }
}
