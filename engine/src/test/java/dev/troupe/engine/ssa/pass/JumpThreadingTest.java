package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RandomFunction;
import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import org.junit.jupiter.api.Test;

/** Edges go past what they decide, the meaning stays, and no loop gets a second entry. */
class JumpThreadingTest {
  private static String thread(String text, long... arguments) {
    SsaFunction before = SsaParser.parse(text);
    SsaFunction after = SsaParser.parse(text);
    JumpThreading.run(after);
    SsaVerifier.verify(after, "the pass");
    assertThat(isReducible(after)).isTrue();
    for (long argument : arguments) {
      long[] all = {argument};
      assertThat(RecordingMachine.observe(after, 3, all, 1000))
          .as("%d", argument)
          .isEqualTo(RecordingMachine.observe(before, 3, all, 1000));
    }
    PassPipeline.run(after, true, true);
    return after.toString();
  }

  private static boolean isReducible(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int n = 0; n < flow.incomingCount(block); n++) {
        int source = function.sourceBlock(flow.incoming(block, n));
        if (flow.number(source) >= k && !dominators.dominates(block, source)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Two states that lead to each other: led past the table, the loop would have two entries. */
  private static final String STATES =
      """
      function 0 "" (i32) -> (i32) {
      block0(v0: i32):
        v1 = iconst.i32 0
        v2 = iconst.i32 1
        v3 = iconst.i32 2
        br block1(v0, v1)
      block1(v4: i32, v5: i32):
        v6 = iadd.i32 v5, v2
        br_table v4, block2, block3, block4
      block2:
        br block1(v2, v6)
      block3:
        v7 = iconst.i32 20
        v8 = icmp.i32 slt v6, v7
        br_if v8, block5, block6
      block5:
        br block1(v1, v6)
      block6:
        br block1(v3, v6)
      block4:
        return v6
      }
      """;

  @Test
  void wayOutOfTheLoopIsThreadedAndTheOthersAreNot() {
    String after = thread(STATES, 0, 1, 2, 3, -1);
    assertThat(after).contains("return");
    assertThat(after.lines().filter(line -> line.contains("return")).count()).isEqualTo(1);
    assertThat(after).as("no state says that it is over").doesNotContain("br block1(v3");
  }

  @Test
  void comparisonsBehindEachOtherDecide() {
    for (String[] pair :
        new String[][] {
          {"sgt", "10", "sgt", "5"},
          {"ult", "7", "ult", "8"},
          {"eq", "3", "ne", "4"},
          {"slt", "-2147483648", "sgt", "0"},
          {"ult", "5", "slt", "5"},
          {"uge", "-1", "eq", "-1"},
          {"sge", "2147483647", "eq", "2147483647"},
          {"ne", "0", "ugt", "0"},
          {"ugt", "2147483647", "slt", "0"}
        }) {
      String text =
          """
          function 0 "" (i32) -> (i32) {
          block0(v0: i32):
            v1 = iconst.i32 %s
            v2 = icmp.i32 %s v0, v1
            br_if v2, block1, block2
          block1:
            v3 = iconst.i32 100
            br block3(v3)
          block2:
            v4 = call function 1 (i32) -> (i32) v0
            br block3(v4)
          block3(v5: i32):
            v6 = iconst.i32 %s
            v7 = icmp.i32 %s v0, v6
            br_if v7, block4, block5
          block4:
            v8 = call function 2 (i32) -> (i32) v5
            return v8
          block5:
            v9 = call function 3 (i32) -> (i32) v5
            return v9
          }
          """
              .formatted(pair[1], pair[0], pair[3], pair[2]);
      thread(text, 0, 1, 3, 4, 5, 6, 7, 8, 10, 11, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, -7);
      SsaFunction threaded = SsaParser.parse(text);
      JumpThreading.run(threaded);
      assertThat(threaded.toString()).as("%s", String.join(" ", pair)).contains("block6");
    }
  }

  @Test
  void constantsOfCopiedBlocksStayConstants() {
    String text =
        """
        function 0 "" (i32) -> (i32) {
        block0(v0: i32):
          v1 = iconst.i32 0
          v2 = iconst.i32 1
          v3 = iconst.i32 5
          v4 = icmp.i32 eq v0, v3
          br_if v4, block1, block2(v1)
        block1:
          v5 = call function 1 (i32) -> (i32) v0
          br block2(v2)
        block2(v6: i32):
          v7 = iconst.i32 12
          v8 = iadd.i32 v0, v7
          br_if v6, block3, block4
        block3:
          v9 = call function 2 (i32) -> (i32) v8
          br block4
        block4:
          v10 = imul.i32 v0, v7
          return v10
        }
        """;
    SsaFunction threaded = SsaParser.parse(text);
    JumpThreading.run(threaded);
    assertThat(threaded.toString()).contains("block5").doesNotContain("block4(");
    thread(text, 0, 4, 5, 6, -1);
  }

  @Test
  void randomFunctionsStayReducible() {
    for (long seed = 0; seed < 500; seed++) {
      SsaFunction function = RandomFunction.of(seed);
      RemoveUnreachableBlocks.run(function);
      JumpThreading.run(function);
      assertThat(isReducible(function)).as("seed %d", seed).isTrue();
    }
  }
}
