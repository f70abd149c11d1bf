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
 * Guests that do little but call the host or its routines: a signal never finds them here, because
 * there is none, and their slices end all the same.
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

  private static final String ROUTINES =
      """
      (module
        (type $bytes (array (mut i8)))
        (type $node (struct (field i32) (field (ref null $node))))
        (memory 0 1000)
        (table 10 funcref)
        (data $letters "abcdefgh")
        (func (export "grow") (param $n i32) (result i32)
          (local $sum i32)
          (loop $again
            (local.set $sum (i32.add (local.get $sum) (memory.grow (i32.const 1))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum))
        (func (export "fill") (param $n i32) (result i32)
          (loop $again
            (table.fill (i32.const 0) (ref.null func) (i32.const 10))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (table.size))
        (func (export "arrays") (param $n i32) (result i32)
          (local $sum i32) (local $before (ref null $bytes)) (local $array (ref null $bytes))
          (local.set $before (array.new $bytes (i32.const 97) (i32.const 1)))
          (loop $again
            (local.set $array
              (array.new_data $bytes $letters (i32.const 0) (i32.const 8)))
            (local.set $sum (i32.add (local.get $sum) (i32.sub
              (array.get_u $bytes (local.get $array) (i32.const 1))
              (array.get_u $bytes (local.get $before) (i32.const 0)))))
            (local.set $before (local.get $array))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum))
        (func (export "objects") (param $n i32) (result i32)
          (local $sum i32) (local $list (ref null $node))
          (loop $more
            (local.set $list (struct.new $node (local.get $n) (local.get $list)))
            (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (loop $next
            (local.set $sum (i32.add (local.get $sum) (struct.get $node 0 (local.get $list))))
            (br_if $next (i32.eqz (ref.is_null
              (local.tee $list (struct.get $node 1 (local.get $list)))))))
          (local.get $sum)))
      """;

  private static int run(List<Invocation> all, Carrier carrier) {
    int slices = 0;
    List<Invocation> running = new ArrayList<>(all);
    while (!running.isEmpty()) {
      running.removeIf(invocation -> {
        carrier.preemptNow();
        return invocation.runSlice(carrier) == SliceOutcome.DONE;
      });
      slices++;
    }
    return slices;
  }

  /** What the host does for a guest takes as long as the guest wants: a table is large. */
  @Test
  void aSliceEndsBetweenRoutinesOfTheHost() {
    try (Engine engine = Engine.create(config);
        Module module = Module.fromText(engine, ROUTINES);
        Store<String> store = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      int times = 100;
      List<Invocation> all = new ArrayList<>();
      for (String name : List.of("grow", "fill", "arrays", "grow", "arrays")) {
        all.add(instance.func(name).start(Value.i32(times)));
      }
      assertThat(run(all, carrier)).isGreaterThanOrEqualTo(times);
      List<Integer> results =
          all.stream().map(invocation -> invocation.results().getFirst().asI32()).toList();
      assertThat(results.get(0) + results.get(3)).isEqualTo(times * (2 * times - 1));
      assertThat(results.get(1)).isEqualTo(10);
      assertThat(results.get(2)).isEqualTo(times);
      assertThat(results.get(4)).isEqualTo(times);
    }
  }

  private static Store<String> stressedStore(Engine engine) {
    StressedEngine.collectAtEveryAllocation(engine);
    return Store.create(engine, "");
  }

  /** A guest with a full heap does little but wait for collections. */
  @Test
  void aSliceEndsBeforeACollection() {
    try (Engine engine = Engine.create(config);
        Module module = Module.fromText(engine, ROUTINES);
        Store<String> store = stressedStore(engine);
        Carrier carrier = engine.attachCarrier()) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      int times = 100;
      Invocation alone = instance.func("objects").start(Value.i32(times));
      assertThat(run(List.of(alone), carrier)).isGreaterThanOrEqualTo(times);
      Invocation first = instance.func("objects").start(Value.i32(times));
      Invocation second = instance.func("objects").start(Value.i32(times));
      assertThat(run(List.of(first, second), carrier)).isGreaterThanOrEqualTo(times);
      for (Invocation one : List.of(alone, first, second)) {
        assertThat(one.results()).containsExactly(Value.i32(times * (times + 1) / 2));
      }
    }
  }
}
