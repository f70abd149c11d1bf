package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compiled guests meet the limits of their store. */
class LimitsTest {
  private static final String SPIN =
      "(module (func (export \"spin\") (param i64) (result i64) (local i64)"
          + " (loop $l (local.set 1 (i64.add (local.get 1) (i64.mul (local.get 0) (i64.const 3))))"
          + " (br_if $l (i64.ne (i64.const 0)"
          + " (local.tee 0 (i64.sub (local.get 0) (i64.const 1)))))) (local.get 1)))";

  private static Func function(Store<Integer> store, String text, String name) {
    try (Module module = Module.fromText(store.engine(), text)) {
      return Linker.<Integer>create(store.engine()).instantiate(store, module).func(name);
    }
  }

  @Test
  void fuelIsCountedAndEnds() {
    try (Engine engine = Engine.create(EngineConfig.builder().fuel(true).build());
        Store<Integer> store = Store.create(engine, 0)) {
      Func spin = function(store, SPIN, "spin");
      assertThatThrownBy(() -> spin.call(Value.i64(1_000)))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(TrapKind.OUT_OF_FUEL));
      store.setFuel(1_000_000);
      long before = store.usage().fuelConsumed();
      assertThat(before).isPositive();
      spin.call(Value.i64(100));
      long small = 1_000_000 - store.remainingFuel();
      assertThat(small).isPositive();
      spin.call(Value.i64(100));
      assertThat(1_000_000 - store.remainingFuel()).isEqualTo(2 * small);
      assertThat(store.usage().fuelConsumed()).isEqualTo(before + 2 * small);
      assertThatThrownBy(() -> spin.call(Value.i64(0)))
          .isInstanceOf(TrapException.class)
          .hasMessageStartingWith("all fuel consumed\n    at function 0 at 0x");
      assertThat(store.remainingFuel()).isZero();
      assertThat(store.isPoisoned()).isFalse();
      store.setFuel(1_000);
      assertThat(spin.call(Value.i64(1))).containsExactly(Value.i64(3));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PreemptionMode.class,
      names = {"SIGNALS", "EPOCH"})
  void runningGuestIsInterruptedAndGoesOn(PreemptionMode mode) {
    try (Engine engine = Engine.create(EngineConfig.builder().preemption(mode).build());
        Store<Integer> store = Store.create(engine, 0);
        Carrier carrier = engine.attachCarrier()) {
      Func spin = function(store, SPIN, "spin");
      // An epoch's end is told by a thread, which a busy machine lets wait: then it spins longer.
      int slices = 1;
      for (long rounds = 20_000_000; slices == 1 && rounds < 2_000_000_000; rounds *= 4) {
        slices = slicesOf(spin, rounds, carrier);
      }
      assertThat(slices).isGreaterThan(1);
    }
  }

  private static int slicesOf(Func spin, long rounds, Carrier carrier) {
    Invocation call = spin.start(Value.i64(rounds));
    int slices = 1;
    carrier.preemptAfter(300_000);
    while (call.runSlice(carrier) == SliceOutcome.PREEMPTED) {
      slices++;
      carrier.preemptAfter(300_000);
    }
    assertThat(call.results()).containsExactly(Value.i64(3 * (rounds * (rounds + 1) / 2)));
    return slices;
  }

  @ParameterizedTest
  @EnumSource(
      value = PreemptionMode.class,
      names = {"SIGNALS", "EPOCH"})
  void deadlineEndsALoop(PreemptionMode mode) {
    try (Engine engine = Engine.create(EngineConfig.builder().preemption(mode).build());
        Store<Integer> store = Store.create(engine, 0)) {
      Func spin = function(store, SPIN, "spin");
      store.deadlineIn(Duration.ofMinutes(10));
      assertThat(spin.call(Value.i64(1))).containsExactly(Value.i64(3));
      TrapException late = endAtDeadline(store, spin, Duration.ofMillis(3));
      assertThat(late.kind()).isEqualTo(TrapKind.DEADLINE_EXCEEDED);
      assertThat(late.frames()).hasSize(1);
      // An epoch check is a safe point; a signal stops the guest anywhere.
      assertThat(store.isPoisoned()).isEqualTo(mode == PreemptionMode.SIGNALS);
    }
  }

  /** The end of a loop that began before its deadline: one that did not gets twice as long. */
  static TrapException endAtDeadline(Store<Integer> store, Func spin, Duration deadline) {
    store.deadlineIn(deadline);
    TrapException late = catchThrowableOfType(TrapException.class, () -> spin.call(Value.i64(0)));
    return late.frames().isEmpty() && deadline.toMinutes() < 2
        ? endAtDeadline(store, spin, deadline.multipliedBy(2))
        : late;
  }

  @Test
  void deadlineEndsAWaitForTheHost() {
    String text = "(module (import \"h\" \"f\" (func $f)) (func (export \"run\") (call $f)))";
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<Integer> store = Store.create(engine, 0)) {
      Linker<Integer> linker = Linker.create(engine);
      linker.asyncFunc(
          "h", "f", FuncType.of(List.of(), List.of()), (caller, call) -> new CompletableFuture<>());
      Func run = linker.instantiate(store, module).func("run");
      store.deadlineIn(Duration.ofMillis(3));
      assertThatThrownBy(run::call)
          .isInstanceOf(TrapException.class)
          .hasMessageStartingWith("deadline exceeded");
      assertThat(store.isPoisoned()).isFalse();
    }
  }

  @Test
  void bulkOperationsAreInterruptedToo() {
    String text =
        "(module (memory 1000) (func (export \"fill\") (loop $l"
            + " (memory.fill (i32.const 0) (i32.const 1) (i32.const 65000000)) (br $l))))";
    try (Engine engine = Engine.create();
        Store<Integer> store = Store.create(engine, 0);
        Carrier carrier = engine.attachCarrier()) {
      Invocation call = function(store, text, "fill").start();
      for (int i = 0; i < 20; i++) {
        carrier.preemptAfter(200_000);
        assertThat(call.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
      }
      call.drop("enough");
    }
  }

  @Test
  void endlessRecursionExhaustsTheStack() {
    String text =
        "(module (func $f (export \"f\") (param i32) (result i32)"
            + " (i32.add (i32.const 1) (call $f (local.get 0)))))";
    try (Engine engine = Engine.create();
        Store<Integer> store = Store.create(engine, 0)) {
      Func f = function(store, text, "f");
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> f.call(Value.i32(0)))
            .isInstanceOfSatisfying(
                TrapException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(TrapKind.STACK_OVERFLOW);
                  assertThat(e.frames()).hasSize(64);
                })
            .hasMessageStartingWith("call stack exhausted");
      }
    }
  }

  @Test
  void memoryAndTablesShareOneBudget() {
    String text =
        "(module (memory (export \"m\") 1) (table (export \"t\") 10 funcref)"
            + " (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"
            + " (func (export \"tgrow\") (param i32) (result i32)"
            + " (table.grow (ref.null func) (local.get 0))))";
    StoreLimits limits = StoreLimits.UNLIMITED.withMaxMemoryBytes(3 * 65_536);
    try (Engine engine = Engine.create();
        Store<Integer> store = Store.create(engine, 0, limits);
        Module module = Module.fromText(engine, text)) {
      Instance instance = Linker.<Integer>create(engine).instantiate(store, module);
      Func grow = instance.func("grow");
      Func tableGrow = instance.func("tgrow");
      assertThat(store.usage().memoryBytes()).isEqualTo(65_536 + 80);
      assertThat(grow.call(Value.i32(2))).containsExactly(Value.i32(-1));
      assertThat(grow.call(Value.i32(1))).containsExactly(Value.i32(1));
      assertThat(tableGrow.call(Value.i32(8_192))).containsExactly(Value.i32(-1));
      assertThat(tableGrow.call(Value.i32(8_000))).containsExactly(Value.i32(10));
      assertThat(instance.table("t").size()).isEqualTo(8_010);
      assertThat(store.usage().peakMemoryBytes()).isEqualTo(2 * 65_536 + 8 * 8_010);
      store.limits(StoreLimits.UNLIMITED.withMaxInstances(1));
      assertThatThrownBy(() -> Linker.<Integer>create(engine).instantiate(store, module))
          .isInstanceOf(InstantiationException.class)
          .hasMessageContaining("1 instances");
    }
  }

  @Test
  void refusedInstantiationLeavesNoMapping() {
    String text = "(module (memory 10) (table 10 funcref))";
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text)) {
      try (Store<Integer> first = Store.create(engine, 0)) {
        assertThat(Linker.<Integer>create(engine).instantiate(first, module)).isNotNull();
      }
      long mapped = VirtualMemory.mappedBytes();
      for (long bytes : new long[] {0, 65_536, 10 * 65_536, 10 * 65_536 + 79}) {
        StoreLimits limits = StoreLimits.UNLIMITED.withMaxMemoryBytes(bytes);
        try (Store<Integer> store = Store.create(engine, 0, limits)) {
          assertThatThrownBy(() -> Linker.<Integer>create(engine).instantiate(store, module))
              .isInstanceOf(InstantiationException.class);
        }
      }
      assertThat(VirtualMemory.mappedBytes()).isEqualTo(mapped);
    }
  }
}
