package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guests that do little but call the host: a signal never finds them here, because there is none,
 * and their slices end all the same.
 */
@Timeout(120)
class HostCallSlicesTest {
  /** Far more calls than a slice may go on for. */
  private static final int MOST_CALLS = 1000;

  private static final String COUNTING =
      """
      (module
        (import "host" "next" (func $next (param i64 externref) (result i64 externref)))
        (func (export "run") (param $last i64) (param $text externref) (result i64 externref)
          (local $n i64)
          (loop $again
            (call $next (local.get $n) (local.get $text))
            (local.set $text)
            (local.set $n)
            (br_if $again (i64.lt_u (local.get $n) (local.get $last))))
          (local.get $n)
          (local.get $text)))
      """;

  private final EngineConfig config =
      EngineConfig.builder().preemption(PreemptionMode.NONE).build();

  /** Two calls take turns at every end of a slice, and each has its own results. */
  @Test
  void aSliceEndsBetweenHostCalls() {
    FuncType type =
        FuncType.of(
            List.of(NumType.I64, RefType.EXTERNREF), List.of(NumType.I64, RefType.EXTERNREF));
    try (Engine engine = Engine.create(config);
        Module module = Module.fromText(engine, COUNTING);
        Store<String> store = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      int[] calls = new int[1];
      Linker<String> linker = Linker.create(engine);
      linker.func(
          "host",
          "next",
          type,
          (_, call) -> {
            calls[0]++;
            carrier.preemptNow();
            call.returnI64(call.i64(0) + 1);
            call.result(1, Value.externRef(call.extern(1)));
          });
      Func run = linker.instantiate(store, module).func("run");
      List<Invocation> all = new ArrayList<>();
      for (String name : List.of("first", "second")) {
        all.add(run.start(Value.i64(MOST_CALLS), Value.externRef(name)));
      }
      int slices = 0;
      List<Invocation> running = new ArrayList<>(all);
      while (!running.isEmpty()) {
        int before = calls[0];
        running.removeIf(invocation -> invocation.runSlice(carrier) == SliceOutcome.DONE);
        slices++;
        assertThat(calls[0] - before).isLessThanOrEqualTo(2 * 16);
      }
      assertThat(slices).isGreaterThan(MOST_CALLS / 16 / 2);
      assertThat(all.get(0).results())
          .containsExactly(Value.i64(MOST_CALLS), Value.externRef("first"));
      assertThat(all.get(1).results())
          .containsExactly(Value.i64(MOST_CALLS), Value.externRef("second"));
    }
  }

  @Test
  void aCancellationReachesWhoeverOnlyCallsTheHost() {
    try (Engine engine = Engine.create(config);
        Module module =
            Module.fromText(
                engine,
                """
                (module
                  (import "host" "f" (func $f))
                  (func (export "run") (loop $again (call $f) (br $again))))
                """);
        Store<String> store = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      int[] calls = new int[1];
      Linker<String> linker = Linker.create(engine);
      linker.func(
          "host",
          "f",
          FuncType.of(List.of(), List.of()),
          (_, _) -> {
            if (++calls[0] == MOST_CALLS) {
              throw new AssertionError("it goes on and on");
            }
            store.cancel("enough");
          });
      Invocation invocation = linker.instantiate(store, module).func("run").start();
      SliceOutcome outcome = invocation.runSlice(carrier);
      if (outcome == SliceOutcome.PREEMPTED) {
        outcome = invocation.runSlice(carrier);
      }
      assertThat(outcome).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.CANCELLED);
      assertThat(calls[0]).isLessThanOrEqualTo(16);
      assertThat(store.isPoisoned()).isFalse();
    }
  }
}
