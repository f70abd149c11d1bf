package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The meaning stays, a way that has its own end is cheaper, and no other way is dearer. */
class TailDuplicationTest {
  private static final long STEPS = 1000;

  /** Three ways to {@code block4}, which may be called cold, with an i32 each. */
  private static String ways(String first, String second, String third, String end) {
    return """
    function 0 "" (i32) -> (i32) {
    block0(v0: i32):
      v1 = iconst.i32 7
      v2 = iconst.i32 8
      br_table v0, block1, block2, block3
    block1:
      v3 = call function 1 (i32) -> (i32) v0
      br block4(%s)
    block2:
      v4 = call function 2 (i32) -> (i32) v0
      br block4(%s)
    block3:
      v5 = call function 3 (i32) -> (i32) v0
      br block4(%s)
    %s
    }
    """
        .formatted(first, second, third, end);
  }

  private static String compare(String first, String second, String third) {
    return ways(first, second, third, "block4(v6: i32):\n  v7 = icmp.i32 slt v6, v1\n  return v7");
  }

  /** The ends of a function after the pass, which is checked. */
  private static int ends(String text) {
    SsaFunction after = SsaParser.parse(text);
    TailDuplication.run(after);
    SsaVerifier.verify(after, "the pass");
    for (long argument = -1; argument < 8; argument++) {
      long[] all = {argument};
      assertThat(RecordingMachine.observe(after, 3, all, STEPS))
          .as("%d of %s, which became %s", argument, text, after)
          .isEqualTo(RecordingMachine.observe(SsaParser.parse(text), 3, all, STEPS));
    }
    return ends(after);
  }

  private static int ends(SsaFunction function) {
    int ends = 0;
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      ends += function.op(function.terminator(b)) == SsaOp.RETURN ? 1 : 0;
    }
    return ends;
  }

  @Test
  void waysWithConstantsHaveTheirOwnEnds() {
    assertThat(ends(compare("v3", "v4", "v5"))).isEqualTo(1);
    assertThat(ends(compare("v3", "v4", "v1"))).isEqualTo(2);
    assertThat(ends(compare("v2", "v4", "v1"))).isEqualTo(3);
    assertThat(ends(compare("v2", "v2", "v1"))).as("the last has the block").isEqualTo(3);
  }

  @Test
  void whatFoldsNothingStays() {
    String sum = "block4(v6: i32):\n  v7 = iadd.i32 v6, v0\n  return v7";
    String same = "block4(v6: i32):\n  return v6";
    assertThat(ends(ways("v1", "v2", "v5", sum.replace("v6, v0", "v6, v6")))).isEqualTo(1 + 2);
    assertThat(ends(ways("v1", "v2", "v5", sum))).isEqualTo(1);
    assertThat(ends(ways("v1", "v2", "v5", same))).isEqualTo(1);
  }

  @Test
  void whatMayTrapStays() {
    String end = "block4(v6: i32):\n  v7 = %s\n  return v7";
    assertThat(ends(ways("v1", "v2", "v5", end.formatted("udiv.i32 v6, v1")))).isEqualTo(1);
    String call = "call function 4 (i32) -> (i32) v6\n  v8 = icmp.i32 eq v6, v1";
    assertThat(ends(ways("v1", "v2", "v5", end.formatted(call)))).isEqualTo(1);
    String store = "icmp.i32 eq v6, v1\n  ctx_store.i32 v7, int32_u, offset 16, region global 0";
    assertThat(ends(ways("v1", "v2", "v5", end.formatted(store)))).isEqualTo(1);
  }

  @Test
  void coldCodeStays() {
    String text = compare("v1", "v4", "v5");
    assertThat(ends(text)).isEqualTo(2);
    assertThat(ends(text.replace("block1:", "block1 cold:"))).isEqualTo(1);
    assertThat(ends(text.replace("block4(v6: i32):", "block4(v6: i32) cold:"))).isEqualTo(1);
  }

  @Test
  void edgesOfBranchesStay() {
    String text = compare("v1", "v4", "v5");
    assertThat(ends(text.replace("br_table v0, block1,", "br_table v0, block1, block4(v1),")))
        .isEqualTo(2);
    String branch = text.replace("br_table v0, block1, block2,", "br_if v0, block4(v1),");
    String unreachable = branch.replaceAll("(?s)block1:.*block3:", "block3:");
    assertThat(ends(unreachable)).isEqualTo(1);
  }

  @Test
  void manyPredecessorsAndLargeBlocksStay() {
    String edges = "br_table v0, block1, block4(v3), block4(v3), block2,";
    String text = compare("v1", "v4", "v5").replace("  v3 = call", "  v9 = call");
    String early = text.replace("  br_table", "  v3 = iadd.i32 v0, v2\n  br_table");
    assertThat(ends(early)).isEqualTo(2);
    assertThat(ends(early.replace("br_table v0, block1, block2,", edges))).isEqualTo(1);
    String large = "  v8 = iadd.i32 v0, v6\n  v9 = ixor.i32 v8, v0\n  v10 = isub.i32 v9, v7\n%s";
    String end = "block4(v6: i32):\n  v7 = icmp.i32 slt v6, v1\n" + large + "  return v10";
    assertThat(ends(ways("v1", "v4", "v5", end.formatted("")))).isEqualTo(1);
    String small = end.formatted("").replace("  v9 = ixor.i32 v8, v0\n", "").replace("v9", "v8");
    assertThat(ends(ways("v1", "v4", "v5", small))).isEqualTo(2);
  }

  @Test
  void functionsGrowByATenth() {
    StringBuilder text = new StringBuilder("function 0 \"\" (i32) -> (i32) {\nblock0(v0: i32):\n");
    text.append("  v1 = iconst.i32 7\n  br_table v0");
    int groups = 300;
    for (int g = 0; g < groups; g++) {
      text.append(", block").append(3 * g + 1).append(", block").append(3 * g + 2);
    }
    text.append('\n');
    int value = 2;
    for (int g = 0; g < groups; g++) {
      int end = 3 * g + 3;
      text.append("block%d:\n  br block%d(v1)\n".formatted(end - 2, end));
      text.append("block%d:\n  br block%d(v0)\n".formatted(end - 1, end));
      text.append("block%d(v%d: i32):\n".formatted(end, value));
      text.append("  v%d = icmp.i32 eq v%d, v1\n".formatted(value + 1, value));
      text.append("  v%d = iadd.i32 v%d, v0\n".formatted(value + 2, value + 1));
      text.append("  return v%d\n".formatted(value + 2));
      value += 3;
    }
    SsaFunction function = SsaParser.parse(text.append("}").toString());
    int before = GrowthAllowance.count(function);
    TailDuplication.run(function);
    SsaVerifier.verify(function, "the pass");
    assertThat(ends(function)).isBetween(groups + 50, groups + (before / 10 + 16) / 2);
    finish(function);
    assertThat(GrowthAllowance.count(function)).isLessThanOrEqualTo(before + before / 10 + 16);
  }

  // ---- random ends

  private static final String[] INTEGER = {
    "iadd", "isub", "imul", "iand", "ior", "ixor", "shl", "sshr", "ushr", "rotl", "rotr", "umulhi",
    "smulhi"
  };
  private static final String[] UNARY = {"clz", "ctz", "popcnt", "bswap", "extend8_s"};
  private static final String[] CONDITIONS = {"eq", "ne", "slt", "ult", "sge", "ugt"};
  private static final long[] CONSTANTS = {0, 1, -1, 5, 31, Integer.MIN_VALUE};

  /** Values by type, i32 and i64, and the text that makes them. */
  private static final class RandomEnd {
    final Random random;
    final List<List<String>> values = List.of(new ArrayList<>(), new ArrayList<>());
    final StringBuilder text = new StringBuilder();
    int next = 2;

    RandomEnd(long seed) {
      this.random = new Random(seed);
      values.get(0).add("v0");
      values.get(1).add("v1");
    }

    String pick(int type) {
      List<String> all = values.get(type);
      return all.get(random.nextInt(all.size()));
    }

    String fresh(int type) {
      values.get(type).add("v" + next);
      return "v" + next++;
    }

    void define(int type, String format, Object... operands) {
      String right = format.formatted(operands);
      text.append("  %s = %s\n".formatted(fresh(type), right));
    }

    void addOperation() {
      int type = random.nextInt(2);
      String suffix = type == 0 ? ".i32 " : ".i64 ";
      switch (random.nextInt(5)) {
        case 0 -> {
          String how = CONDITIONS[random.nextInt(CONDITIONS.length)] + " ";
          define(0, "icmp" + suffix + how + "%s, %s", pick(type), pick(type));
        }
        case 1 -> define(type, "select" + suffix + "%s, %s, %s", pick(0), pick(type), pick(type));
        case 2 -> {
          String extend = random.nextBoolean() ? "uextend %s" : "sextend %s";
          define(type, type == 0 ? "wrap %s" : extend, pick(1 - type));
        }
        case 3 -> define(type, UNARY[random.nextInt(UNARY.length)] + suffix + "%s", pick(type));
        default -> {
          String op = INTEGER[random.nextInt(INTEGER.length)];
          define(type, op + suffix + "%s, %s", pick(type), pick(type));
        }
      }
    }

    String function() {
      text.append("function 0 \"\" (i32, i64) -> (i32, i64) {\nblock0(v0: i32, v1: i64):\n");
      for (int k = 0; k < 4; k++) {
        String suffix = k % 2 == 0 ? ".i32 " : ".i64 ";
        define(k % 2, "iconst" + suffix + CONSTANTS[random.nextInt(CONSTANTS.length)]);
      }
      text.append("  br_table v0, block1, block2, block3\n");
      for (int way = 1; way <= 3; way++) {
        text.append(
            "block%d:\n  v%d = call function %d (i32) -> (i32) v0\n".formatted(way, next++, way));
        text.append("  br block4(%s, %s)\n".formatted(pick(0), pick(1)));
      }
      text.append("block4(%s: i32, %s: i64):\n".formatted(fresh(0), fresh(1)));
      for (int k = 1 + random.nextInt(3); k > 0; k--) {
        addOperation();
      }
      List<String> narrow = values.get(0);
      List<String> wide = values.get(1);
      text.append("  return %s, %s\n}".formatted(narrow.getLast(), wide.getLast()));
      return text.toString();
    }
  }

  /** What the pipeline does next. */
  private static void finish(SsaFunction function) {
    SimplifyBranches.run(function);
    RedundantParameters.run(function);
    ValueNumbering.run(function);
    DeadCode.run(function);
  }

  /** Cycles of each of three ways, without the calls. */
  private static int[] cycles(SsaFunction function) {
    int[] cycles = new int[3];
    int table = function.terminator(function.entry());
    for (int way = 0; way < 3; way++) {
      int block = function.target(function.edge(table, way));
      while (block != SsaFunction.NONE) {
        for (int i = function.firstInstruction(block);
            i != SsaFunction.NONE;
            i = function.next(i)) {
          SsaOp op = function.op(i);
          cycles[way] += op == SsaOp.ICONST || op.isTerminator() ? 0 : op.costCycles();
        }
        int end = function.terminator(block);
        block =
            function.op(end) == SsaOp.BR
                ? function.target(function.edge(end, 0))
                : SsaFunction.NONE;
      }
    }
    return cycles;
  }

  @Test
  void noWayIsDearerAndWaysWithTheirOwnEndAreCheaper() {
    int copies = 0;
    for (long seed = 0; seed < 3000; seed++) {
      String text = new RandomEnd(seed).function();
      SsaFunction before = SsaParser.parse(text);
      finish(before);
      finish(before);
      SsaFunction after = SsaParser.parse(before.toString());
      TailDuplication.run(after);
      SsaVerifier.verify(after, "the pass");
      int grown = ends(after) - ends(before);
      copies += grown;
      finish(before);
      finish(after);
      for (long way = 0; way < 3; way++) {
        long[] arguments = {way, seed * 0x9E37_79B9_7F4A_7C15L};
        assertThat(RecordingMachine.observe(after, seed, arguments, STEPS))
            .as("seed %d, way %d of %s\nwhich became %s", seed, way, text, after)
            .isEqualTo(RecordingMachine.observe(SsaParser.parse(text), seed, arguments, STEPS));
      }
      int[] was = cycles(before);
      int[] is = cycles(after);
      int cheaper = 0;
      for (int way = 0; way < 3; way++) {
        assertThat(is[way])
            .as("way %d of %s\n%s", way, before, after)
            .isLessThanOrEqualTo(was[way]);
        cheaper += is[way] < was[way] ? 1 : 0;
      }
      assertThat(cheaper).as("%s\n%s\n%s", text, before, after).isGreaterThanOrEqualTo(grown);
    }
    assertThat(copies).isGreaterThan(500);
  }
}
