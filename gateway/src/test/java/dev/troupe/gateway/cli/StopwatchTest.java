package dev.troupe.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.wasm.FuncType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which part of a call counts. Time is the number of times that anybody looked at the clock. */
class StopwatchTest {
  private static final String MODULE =
      """
      (module
        (import "bench" "start" (func $start))
        (import "bench" "end" (func $end))
        (import "time" "passes" (func $passes))
        (func (export "marked") (call $passes) (call $start) (call $passes) (call $passes)
          (call $end) (call $passes))
        (func (export "unfinished") (call $passes) (call $start) (call $passes))
        (func (export "unmarked") (call $passes)))
      """;

  private long now;

  private long timeOf(String export) {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, MODULE);
        Store<Stopwatch> store = Store.create(engine, new Stopwatch(() -> now))) {
      Linker<Stopwatch> linker = Linker.create(engine);
      Stopwatch.addTo(linker, stopwatch -> stopwatch);
      linker.func("time", "passes", FuncType.of(List.of(), List.of()), (caller, call) -> now += 10);
      var function = linker.instantiate(store, module).func(export);
      store.data().begin();
      function.call();
      now += 1;
      return store.data().stop();
    }
  }

  @Test
  void betweenTheMarksWhenThereAreTwo() {
    assertThat(timeOf("marked")).isEqualTo(20);
  }

  @Test
  void fromTheFirstMarkWhenThereIsNoOther() {
    assertThat(timeOf("unfinished")).isEqualTo(11);
  }

  @Test
  void theWholeCallWithoutMarks() {
    assertThat(timeOf("unmarked")).isEqualTo(11);
  }

  @Test
  void marksOfTheLastRoundAreForgotten() {
    Stopwatch stopwatch = new Stopwatch(() -> now);
    stopwatch.begin();
    now += 5;
    stopwatch.begin();
    now += 7;
    assertThat(stopwatch.stop()).isEqualTo(7);
  }
}
