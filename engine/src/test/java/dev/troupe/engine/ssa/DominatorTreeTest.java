package dev.troupe.engine.ssa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dominators and loops against their definitions, on random graphs, irreducible ones included. */
class DominatorTreeTest {
  private static SsaFunction randomGraph(long seed) {
    Random random = new Random(seed);
    int blocks = 2 + random.nextInt(14);
    StringBuilder text = new StringBuilder("function 0 \"\" (i32) -> () {\n");
    for (int b = 0; b < blocks; b++) {
      text.append("block").append(b).append(b == 0 ? "(v0: i32):\n" : ":\n");
      int targets = random.nextInt(4);
      if (targets == 0) {
        text.append("  return\n");
        continue;
      }
      text.append(targets == 1 ? "  br" : targets == 2 ? "  br_if v0," : "  br_table v0,");
      for (int k = 0; k < targets; k++) {
        text.append(k == 0 ? " block" : ", block").append(1 + random.nextInt(blocks - 1));
      }
      text.append('\n');
    }
    return SsaParser.parse(text.append('}').toString());
  }

  /** Whether the entry reaches {@code to} without passing {@code without}. */
  private static boolean reaches(SsaFunction function, int to, int without) {
    boolean[] seen = new boolean[function.blockCount()];
    Deque<Integer> work = new ArrayDeque<>();
    if (function.entry() != without) {
      work.add(function.entry());
    }
    while (!work.isEmpty()) {
      int block = work.remove();
      if (seen[block]) {
        continue;
      }
      seen[block] = true;
      int terminator = function.terminator(block);
      for (int k = 0; k < function.edgeCount(terminator); k++) {
        int target = function.target(function.edge(terminator, k));
        if (target != without) {
          work.add(target);
        }
      }
    }
    return seen[to];
  }

  @Test
  void dominatorsAreWhatCannotBeAvoided() {
    for (long seed = 0; seed < 500; seed++) {
      SsaFunction function = randomGraph(seed);
      assertThat(SsaVerifier.check(function)).isEmpty();
      ControlFlow flow = ControlFlow.of(function);
      DominatorTree tree = DominatorTree.of(flow);
      for (int to = 0; to < function.blockCount(); to++) {
        boolean reachable = reaches(function, to, SsaFunction.NONE);
        assertThat(flow.isReachable(to)).as("seed %d", seed).isEqualTo(reachable);
        for (int from = 0; from < function.blockCount(); from++) {
          boolean expected = reachable && flow.isReachable(from) && !reaches(function, to, from);
          assertThat(tree.dominates(from, to))
              .as("seed %d: block%d over block%d in\n%s", seed, from, to, function)
              .isEqualTo(expected);
        }
        int parent = tree.parent(to);
        assertThat(parent == SsaFunction.NONE).isEqualTo(to == 0 || !reachable);
        if (parent != SsaFunction.NONE) {
          assertThat(tree.dominates(parent, to) && parent != to).isTrue();
          assertThat(tree.preorder(tree.enter(to))).isEqualTo(to);
        }
      }
    }
  }

  @Test
  void loopsAreBlocksThatReachABackEdgeBelowTheHeader() {
    for (long seed = 0; seed < 500; seed++) {
      SsaFunction function = randomGraph(seed);
      ControlFlow flow = ControlFlow.of(function);
      DominatorTree tree = DominatorTree.of(flow);
      LoopTree loops = LoopTree.of(flow, tree);
      for (int block = 0; block < function.blockCount(); block++) {
        int depth = 0;
        for (int header = 0; header < function.blockCount(); header++) {
          depth += isInLoop(flow, tree, header, block) ? 1 : 0;
        }
        assertThat(loops.depth(block))
            .as("seed %d: block%d in\n%s", seed, block, function)
            .isEqualTo(depth);
      }
    }
  }

  /** Whether {@code block} reaches an edge back to {@code header} without passing the header. */
  private static boolean isInLoop(ControlFlow flow, DominatorTree tree, int header, int block) {
    SsaFunction function = flow.function();
    if (!tree.dominates(header, block)) {
      return false;
    }
    boolean[] seen = new boolean[function.blockCount()];
    Deque<Integer> work = new ArrayDeque<>();
    work.add(block);
    while (!work.isEmpty()) {
      int each = work.remove();
      if (seen[each]) {
        continue;
      }
      seen[each] = true;
      int terminator = function.terminator(each);
      for (int k = 0; k < function.edgeCount(terminator); k++) {
        int target = function.target(function.edge(terminator, k));
        if (target == header && tree.dominates(header, each)) {
          return true;
        }
        if (target != header && tree.dominates(header, target)) {
          work.add(target);
        }
      }
    }
    return false;
  }
}
