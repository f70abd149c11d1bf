package dev.troupe.engine.ssa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.engine.ssa.analysis.BlockFrequency;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The static estimate of how often blocks run. */
class BlockFrequencyTest {
  private static SsaFunction parse(String blocks) {
    return SsaParser.parse("function 0 \"\" (i32) -> () {\nblock0(v0: i32):\n" + blocks + "}");
  }

  @Test
  void innerLoopsRunMoreOftenThanOuterOnesAndCodeBehindThemAsOftenAsBefore() {
    SsaFunction function =
        parse(
            """
              br block1
            block1:
              br block2
            block2:
              br_if v0, block2, block3
            block3:
              br_if v0, block1, block4
            block4:
              return
            """);
    BlockFrequency frequency = BlockFrequency.of(function);
    assertThat(frequency.frequency(0)).isEqualTo(1);
    assertThat(frequency.frequency(1)).isBetween(5f, 15f);
    assertThat(frequency.frequency(2)).isBetween(50f, 150f);
    assertThat(frequency.frequency(3)).isCloseTo(frequency.frequency(1), within(0.01f));
    assertThat(frequency.frequency(4)).isCloseTo(1, within(0.01f));
  }

  @Test
  void whatLeadsToTrapsNextToNeverRuns() {
    SsaFunction function =
        parse(
            """
              br_if v0, block1, block3
            block1:
              br block2
            block2:
              trap unreachable
            block3:
              return
            """);
    BlockFrequency frequency = BlockFrequency.of(function);
    assertThat(frequency.isCold(1)).isTrue();
    assertThat(frequency.frequency(1)).isLessThan(0.01f);
    assertThat(frequency.frequency(3)).isGreaterThan(0.99f);
    assertThat(frequency.frequency(3)).isLessThan(1);
  }

  @Test
  void anEndlessLoopRunsOftenButNotForever() {
    SsaFunction function = parse("  br block1\nblock1:\n  br block1\n");
    assertThat(BlockFrequency.of(function).frequency(1)).isBetween(8f, 100f);
  }

  @Test
  void equalityIsRareAndLoopsAreEntered() {
    SsaFunction function =
        parse(
            """
              v1 = iconst.i32 7
              v2 = icmp.i32 eq v0, v1
              br_if v2, block1, block2
            block1:
              br block2
            block2:
              br_if v0, block3, block4
            block3:
              br_if v0, block3, block4
            block4:
              return
            """);
    BlockFrequency frequency = BlockFrequency.of(function);
    assertThat(frequency.frequency(1)).isLessThan(0.45f);
    assertThat(frequency.frequency(3)).isGreaterThan(5);
  }

  /** What arrives at a block is what leaves it, in all structured graphs. */
  @Test
  void runsAreConserved() {
    int checked = 0;
    for (long seed = 0; seed < 1000; seed++) {
      SsaFunction function = randomGraph(seed);
      ControlFlow flow = ControlFlow.of(function);
      if (!isReducible(flow)) {
        continue;
      }
      BlockFrequency frequency = BlockFrequency.of(function);
      for (int k = 1; k < flow.size(); k++) {
        int block = flow.block(k);
        double arriving = 0;
        for (int n = 0; n < flow.incomingCount(block); n++) {
          int edge = flow.incoming(block, n);
          arriving += frequency.frequency(function.sourceBlock(edge)) * frequency.probability(edge);
        }
        // Loops that are hardly ever left are cut short, so more may come back than runs.
        double runs = frequency.frequency(block);
        assertThat(runs)
            .as("seed %d: block%d of\n%s", seed, block, function)
            .isLessThanOrEqualTo(Math.max(arriving * 1.001, BlockFrequency.LEAST));
        if (!LoopTree.of(flow, DominatorTree.of(flow)).isHeader(block)) {
          assertThat(runs).isGreaterThanOrEqualTo(arriving * 0.999);
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(1000);
  }

  private static boolean isReducible(ControlFlow flow) {
    DominatorTree dominators = DominatorTree.of(flow);
    for (int k = 0; k < flow.size(); k++) {
      for (int n = 0; n < flow.incomingCount(flow.block(k)); n++) {
        int source = flow.function().sourceBlock(flow.incoming(flow.block(k), n));
        boolean backward = flow.number(source) >= k;
        if (backward && !dominators.dominates(flow.block(k), source)) {
          return false;
        }
      }
    }
    return true;
  }

  private static SsaFunction randomGraph(long seed) {
    Random random = new Random(seed);
    int blocks = 3 + random.nextInt(9);
    StringBuilder text = new StringBuilder();
    for (int b = 0; b < blocks; b++) {
      text.append(b == 0 ? "" : "block" + b + ":\n");
      int targets = b == blocks - 1 ? 0 : 1 + random.nextInt(3);
      text.append(targets == 0 ? "  return" : targets == 1 ? "  br" : "");
      text.append(targets < 2 ? "" : targets == 2 ? "  br_if v0," : "  br_table v0,");
      for (int k = 0; k < targets; k++) {
        int target = k == 0 ? b + 1 : 1 + random.nextInt(blocks - 1);
        text.append(k == 0 ? " block" : ", block").append(target);
      }
      text.append('\n');
    }
    return parse(text.toString());
  }
}
