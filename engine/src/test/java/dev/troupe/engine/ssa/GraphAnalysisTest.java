package dev.troupe.engine.ssa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An analysis of the graph is kept exactly as long as the graph does not change. */
class GraphAnalysisTest {
  private static final String TEXT =
      """
      function 0 "" (i32) -> (i32) {
      block0(v0: i32):
        v1 = iadd.i32 v0, v0
        br_if v0, block1(v1), block2
      block1(v2: i32):
        br block3
      block2:
        br block3
      block3:
        return v0
      }\
      """;

  private static final List<Consumer<SsaFunction>> CHANGES =
      List.of(
          SsaFunction::newBlock,
          f -> f.removeBlock(2),
          f -> f.insertBlockAfter(f.newBlock(), 0),
          f -> f.setLayout(new int[] {0, 2, 1, 3}, 4),
          f -> f.append(f.newInstruction(SsaOp.RETURN, SsaType.I32, new int[] {0}, 1), 3),
          f -> f.remove(f.terminator(3)),
          f -> f.keepOnlyEdge(f.terminator(0), 1),
          f -> f.swapEdges(f.terminator(0)),
          f -> f.replaceWith(f.terminator(3), SsaOp.TRAP, SsaType.I32, 0),
          f -> f.absorb(2, 3),
          f -> f.addEdge(f.terminator(2), 1, new int[] {0}, 1),
          f -> f.setTarget(f.edge(f.terminator(2), 0), 1));

  private static final List<Consumer<SsaFunction>> OTHER_CHANGES =
      List.of(
          f -> f.addParameter(3, SsaType.I32),
          f -> f.addArgument(f.edge(f.terminator(2), 0), 0),
          f -> f.setArgument(f.edge(f.terminator(0), 0), 0, 0),
          f -> f.setOperand(f.firstInstruction(0), 0, 0),
          f -> f.replaceWith(f.firstInstruction(0), SsaOp.ISUB, SsaType.I32, 0, 0),
          f -> f.remove(f.firstInstruction(0)),
          f ->
              f.insertBefore(
                  f.newInstruction(SsaOp.IADD, SsaType.I32, new int[] {0, 0}, 2), f.terminator(2)));

  @Test
  void changesOfTheGraphAreNoticed() {
    for (int i = 0; i < CHANGES.size(); i++) {
      SsaFunction function = SsaParser.parse(TEXT);
      ControlFlow before = ControlFlow.of(function);
      CHANGES.get(i).accept(function);
      assertThat(function.keptAnalysis()).as("change " + i).isNotSameAs(before);
    }
  }

  @Test
  void otherChangesCostNoNewAnalysis() {
    for (int i = 0; i < OTHER_CHANGES.size(); i++) {
      SsaFunction function = SsaParser.parse(TEXT);
      ControlFlow before = ControlFlow.of(function);
      DominatorTree dominators = DominatorTree.of(before);
      OTHER_CHANGES.get(i).accept(function);
      assertThat(ControlFlow.of(function)).as("change " + i).isSameAs(before);
      assertThat(DominatorTree.of(before)).isSameAs(dominators);
    }
  }
}
