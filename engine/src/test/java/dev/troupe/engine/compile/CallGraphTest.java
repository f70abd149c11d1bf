package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import org.junit.jupiter.api.Test;

/** Components, heights and counts of a small call graph. */
class CallGraphTest {
  private static CallGraph graph(String module) {
    return CallGraph.of(
        ModuleDecoder.decode(Wat.toBinary(module), WasmFeatures.DEFAULT, WasmLimits.DEFAULT),
        WasmFeatures.DEFAULT);
  }

  @Test
  void componentsAreNumberedFromCalleesToCallers() {
    CallGraph graph =
        graph(
            """
            (module (import "" "" (func $host))
              (func $top (call $even) (call $leaf) (call $host))
              (func $even (call $odd))
              (func $odd (call $even) (call $self))
              (func $self (call $self) (call $leaf))
              (func $leaf (drop (i32.add (i32.const 1) (i32.const 2)))))
            """);
    assertThat(graph.component(2)).isEqualTo(graph.component(3));
    assertThat(graph.component(1)).isGreaterThan(graph.component(2));
    assertThat(graph.component(3)).isGreaterThan(graph.component(4));
    assertThat(graph.component(4)).isGreaterThan(graph.component(5));
    assertThat(graph.height(5)).isZero();
    assertThat(graph.height(4)).isEqualTo(1);
    assertThat(graph.height(3)).isEqualTo(2).isEqualTo(graph.height(2));
    assertThat(graph.height(1)).isEqualTo(3);
    assertThat(graph.callsItself(4)).isTrue();
    assertThat(graph.callsItself(2)).isFalse();
    assertThat(graph.callSites(5)).isEqualTo(2);
    assertThat(graph.callSites(1)).isZero();
    assertThat(graph.size(5)).isEqualTo(1);
  }

  @Test
  void aLongChainNeedsNoStack() {
    int functions = 50_000;
    StringBuilder module = new StringBuilder("(module ");
    for (int f = 0; f < functions - 1; f++) {
      module.append("(func call ").append(f + 1).append(") ");
    }
    CallGraph graph = graph(module.append("(func))").toString());
    assertThat(graph.height(0)).isEqualTo(functions - 1);
    assertThat(graph.component(functions - 1)).isZero();
  }
}
