package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.os.Signals;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.runtime.stub.SignalHandlerException;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Threads, stores and other users of the process's signals side by side. */
class SharingTest {
  private static final FuncType I32_TO_I32 =
      FuncType.of(List.of(NumType.I32), List.of(NumType.I32));

  /** Recursion through a blocking host function, with a loop in it. */
  private static final String NESTED =
      "(module (import \"h\" \"again\" (func $again (param i32) (result i32)))"
          + " (func (export \"run\") (param i32) (result i32) (local i32)"
          + " (local.set 1 (i32.const 2000))"
          + " (loop $l (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))"
          + " (if (result i32) (local.get 0)"
          + " (then (i32.add (i32.const 1) (call $again (i32.sub (local.get 0) (i32.const 1)))))"
          + " (else (i32.const 100)))))";

  @Test
  void nestedCallsOfInvocationsRunOnOtherThreadsWithinTheDeadline() {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, NESTED);
        Store<Integer> store = Store.create(engine, 0);
        Carrier carrier = engine.attachCarrier()) {
      Linker<Integer> linker = Linker.create(engine);
      linker.blockingFunc(
          "h",
          "again",
          I32_TO_I32,
          (caller, call) -> {
            Instance instance = Objects.requireNonNull(caller.instance());
            Value argument = call.value(0);
            call.result(0, instance.func("run").call(argument).getFirst());
          });
      Func run = linker.instantiate(store, module).func("run");
      store.deadlineIn(Duration.ofMinutes(1));
      Invocation invocation = run.start(Value.i32(5));
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> invocation.runSlice(carrier) == SliceOutcome.DONE);
      assertThat(invocation.results()).containsExactly(Value.i32(105));
      assertThat(run.call(Value.i32(3))).containsExactly(Value.i32(103));
    }
  }

  @Test
  void invocationsMoveBetweenThreads() throws InterruptedException {
    int stores = 12;
    String text =
        "(module (memory 1) (func (export \"spin\") (param i64) (result f64) (local i64 f64)"
            + " (loop $l (local.set 2 (f64.add (f64.mul (local.get 2) (f64.const 0.999))"
            + " (f64.convert_i64_s (local.get 1))))"
            + " (i64.store (i32.wrap_i64 (i64.and (local.get 1) (i64.const 4095))) (local.get 1))"
            + " (br_if $l (i64.lt_s (local.tee 1 (i64.add (local.get 1) (i64.const 1)))"
            + " (local.get 0)))) (local.get 2)))";
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text)) {
      List<Store<Integer>> opened = new ArrayList<>();
      List<Invocation> all = new ArrayList<>();
      for (int i = 0; i < stores; i++) {
        Store<Integer> store = Store.create(engine, i);
        opened.add(store);
        all.add(
            Linker.<Integer>create(engine)
                .instantiate(store, module)
                .func("spin")
                .start(Value.i64(1_000_000 + i)));
      }
      ConcurrentLinkedQueue<Invocation> ready = new ConcurrentLinkedQueue<>(all);
      CountDownLatch unfinished = new CountDownLatch(stores);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        workers.add(worker(engine, ready, unfinished, failure));
      }
      for (Thread worker : workers) {
        worker.join();
      }
      assertThat(failure.get()).isNull();
      for (int i = 0; i < stores; i++) {
        assertThat(all.get(i).results()).containsExactly(Value.f64(spin(1_000_000 + i)));
      }
      opened.forEach(Store::close);
    }
  }

  private static Thread worker(
      Engine engine,
      ConcurrentLinkedQueue<Invocation> ready,
      CountDownLatch unfinished,
      AtomicReference<Throwable> failure) {
    return Thread.ofPlatform()
        .start(() -> {
          try (Carrier carrier = engine.attachCarrier()) {
            while (unfinished.getCount() > 0 && failure.get() == null) {
              Invocation next = ready.poll();
              if (next == null) {
                Thread.onSpinWait();
                continue;
              }
              carrier.preemptAfter(100_000);
              if (next.runSlice(carrier) == SliceOutcome.PREEMPTED) {
                ready.add(next);
              } else {
                unfinished.countDown();
              }
            }
          } catch (RuntimeException | Error e) {
            failure.set(e);
          }
        });
  }

  private static double spin(long rounds) {
    double value = 0;
    for (long i = 0; i < rounds; i++) {
      value = value * 0.999 + i;
    }
    return value;
  }

  @Test
  void aReplacedHandlerIsDiagnosed() {
    Engine.create().close();
    Signals.Action ours = Signals.action(Signals.SIGURG);
    // Of all our signals the one that the JVM itself can do without.
    try {
      Signals.replace(
          Signals.SIGURG, new Signals.Action(Signals.Action.IGNORE, ours.flags(), ours.mask()));
      assertThatThrownBy(Engine::create)
          .isInstanceOf(SignalHandlerException.class)
          .hasMessageStartingWith("The handler of SIGURG was replaced");
    } finally {
      Signals.replace(Signals.SIGURG, ours);
    }
    Engine.create().close();
  }

  @Test
  void aClosedStoreIsRefusedEverywhere() {
    try (Engine engine = Engine.create();
        Module module =
            Module.fromText(
                engine,
                "(module (memory (export \"m\") 1) (global (export \"g\") i32 (i32.const 1))"
                    + " (func (export \"f\") (param i64)))")) {
      Store<Integer> store = Store.create(engine, 0);
      Instance instance = Linker.<Integer>create(engine).instantiate(store, module);
      TypedFunc typed = instance.func("f").typed();
      Memory memory = instance.memory("m");
      Global global = instance.global("g");
      long unused = typed.callRaw(1);
      store.close();
      store.close();
      assertThatThrownBy(() -> typed.callRaw(1)).hasMessage("the store is closed");
      assertThatThrownBy(() -> memory.getByte(0)).hasMessage("the store is closed");
      assertThatThrownBy(global::get).hasMessage("the store is closed");
      assertThatThrownBy(() -> Linker.<Integer>create(engine).instantiate(store, module))
          .hasMessage("the store is closed");
      assertThat(engine.openStores()).isZero();
      assertThat(unused).isEqualTo(1);
    }
  }

  @Test
  void anEngineWithOpenStoresCannotBeClosed() {
    Engine engine = Engine.create();
    Store<Integer> store = Store.create(engine, 0);
    assertThatThrownBy(engine::close).hasMessage("1 stores are still open");
    store.close();
    engine.close();
  }
}
