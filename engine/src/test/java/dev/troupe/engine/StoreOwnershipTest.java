package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose a store is at each moment, and what becomes of it when its owner fails. */
@Timeout(120)
class StoreOwnershipTest {
  private static final FuncType I32_TO_I32 =
      FuncType.of(List.of(NumType.I32), List.of(NumType.I32));
  private static final String GUEST =
      """
      (module
        (import "host" "f" (func $f (param i32) (result i32)))
        (func (export "run") (param i32) (result i32) (call $f (local.get 0)))
        (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (local.get 0))))
      """;

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger hostCalls = new AtomicInteger();

  private Engine engine;
  private Module module;
  private Linker<String> linker;
  private Store<String> store;
  private @Nullable Instance instance;

  @BeforeEach
  void open() {
    engine = Engine.create();
    module = Module.fromText(engine, GUEST);
    linker = Linker.create(engine);
    store = Store.create(engine, "");
  }

  @AfterEach
  void close() {
    store.close();
    module.close();
    engine.close();
  }

  private Func run() {
    Instance made = linker.instantiate(store, module);
    instance = made;
    return made.func("run");
  }

  private Func twice() {
    return Objects.requireNonNull(instance).func("twice");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A body that says when it runs, waits, and calls the guest. */
  private Func blocking() {
    linker.blockingFunc(
        "host",
        "f",
        I32_TO_I32,
        (_, call) -> {
          hostCalls.incrementAndGet();
          inside.countDown();
          await(go);
          call.returnI32(twice().call(Value.i32(call.i32(0))).getFirst().asI32());
        });
    return run();
  }

  private void refusesThisThread() {
    TypedFunc typed = twice().typed();
    for (Supplier<?> use :
        List.<Supplier<?>>of(
            () -> twice().call(Value.i32(1)),
            () -> typed.callRaw(1),
            () -> linker.instantiate(store, module))) {
      assertThatThrownBy(use::get)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("belongs to a blocking host function");
    }
  }

  @Test
  void theBodyOfASlicedCallHasTheStoreForItself() {
    Func run = blocking();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(21));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      await(inside);
      refusesThisThread();
      go.countDown();
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> invocation.runSlice(carrier) == SliceOutcome.DONE);
      assertThat(invocation.results()).containsExactly(Value.i32(42));
      assertThat(twice().call(Value.i32(2))).containsExactly(Value.i32(4));
    }
  }

  @Test
  void theBodyOfAPlainCallHasTheStoreForItself() {
    Func run = blocking();
    CompletableFuture<List<Value>> result =
        CompletableFuture.supplyAsync(() -> run.call(Value.i32(21)), Thread::startVirtualThread);
    await(inside);
    refusesThisThread();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation other = twice().start(Value.i32(4));
      assertThatThrownBy(() -> other.runSlice(carrier))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("belongs to a blocking host function");
      go.countDown();
      assertThat(result.join()).containsExactly(Value.i32(42));
      // It was refused, and nothing happened to it.
      assertThat(other.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      assertThat(other.results()).containsExactly(Value.i32(8));
    }
  }

  @Test
  void aRefusedCallWritesNothing() {
    linker.func(
        "host",
        "f",
        I32_TO_I32,
        (_, call) -> {
          long values = store.internal().values();
          RawMemory.putLong(values, 77);
          TypedFunc typed = twice().typed();
          assertThatThrownBy(() -> typed.callRaw(5)).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> twice().call(Value.i32(5)))
              .isInstanceOf(IllegalStateException.class);
          call.returnI32((int) RawMemory.getLong(values));
        });
    assertThat(run().call(Value.i32(1))).containsExactly(Value.i32(77));
  }

  @Test
  void aDroppedCallStaysDropped() {
    Func run = blocking();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation first = run.start(Value.i32(21));
      Invocation second = run.start(Value.i32(1));
      assertThat(first.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      await(inside);
      assertThat(second.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      second.drop("enough");
      go.countDown();
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> first.runSlice(carrier) == SliceOutcome.DONE);
      assertThatThrownBy(() -> second.runSlice(carrier))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("TRAPPED");
      assertThat(second.trap().kind()).isEqualTo(TrapKind.CANCELLED);
      assertThat(hostCalls).hasValue(1);
    }
  }

  /** What was the store's may be another's now. */
  @Test
  void aSliceInAClosedStoreTouchesNothing() {
    linker.func("host", "f", I32_TO_I32, (_, call) -> call.returnI32(call.i32(0)));
    Invocation late = run().start(Value.i32(1));
    long flagAt = store.internal().context() + StoreContext.PREEMPT_FLAG;
    store.close();
    try (Store<String> next = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      assertThat(next.internal().context() + StoreContext.PREEMPT_FLAG)
          .as("the same memory")
          .isEqualTo(flagAt);
      assertThatThrownBy(() -> late.runSlice(carrier)).isInstanceOf(IllegalStateException.class);
      assertThat(RawMemory.getLong(flagAt)).isEqualTo(next.internal().quietFlag());
      late.drop("too late");
    }
  }

  // ---------------------------------------------------------------- nobody to run the body

  @Test
  void aBodyThatGetsNoThreadIsATrap() {
    AtomicInteger wakes = new AtomicInteger();
    store.blockingExecutor(_ -> {
      throw new OutOfMemoryError("unable to create native thread");
    });
    Func run = blocking();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      invocation.onWake(wakes::incrementAndGet);
      assertThat(wakes).hasValue(1);
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.HOST_ERROR);
      assertThat(invocation.trap().reason()).isInstanceOf(RejectedExecutionException.class);
    }
    assertThat(hostCalls).hasValue(0);
    assertThat(store.isPoisoned()).isFalse();
    assertThat(twice().call(Value.i32(2))).containsExactly(Value.i32(4));
  }

  @Test
  void aBodyThatWasTakenEndsByItself() {
    go.countDown();
    store.blockingExecutor(body -> {
      body.run();
      throw new RejectedExecutionException("although it ran");
    });
    Func run = blocking();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(21));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      assertThat(invocation.results()).containsExactly(Value.i32(42));
    }
  }

  // ---------------------------------------------------------------- errors of the virtual machine

  /** Throws what stands for an error of the virtual machine while a guest is half-way. */
  private Func failing() {
    linker.func(
        "host",
        "f",
        I32_TO_I32,
        (_, call) -> {
          if (call.i32(0) == 0) {
            throw new InternalError("the machine fails");
          }
          call.returnI32(call.i32(0));
        });
    return run();
  }

  @Test
  void anErrorOfTheMachineEndsASlicedCallAndItsStore() {
    Func run = failing();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(0));
      assertThatThrownBy(() -> invocation.runSlice(carrier)).isInstanceOf(InternalError.class);
      assertThat(invocation.isFinished()).isTrue();
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.HOST_ERROR);
      assertThat(invocation.trap().reason()).isInstanceOf(InternalError.class);
      assertThat(store.isPoisoned()).isTrue();
      assertThatThrownBy(() -> run.call(Value.i32(1))).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anErrorOfTheMachineEndsAPlainCallAndItsStore() {
    Func run = failing();
    assertThatThrownBy(() -> run.call(Value.i32(0))).isInstanceOf(InternalError.class);
    assertThat(store.isPoisoned()).isTrue();
    assertThatThrownBy(() -> run.call(Value.i32(1))).isInstanceOf(IllegalStateException.class);
  }

  /** What waits in a store in which another call stopped half-way does not go on. */
  @Test
  void nothingGoesOnInAPoisonedStore() {
    CompletableFuture<List<Value>> answer = new CompletableFuture<>();
    linker.asyncFunc("host", "f", I32_TO_I32, (_, _) -> answer);
    Func run = run();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation dropped = run.start(Value.i32(1));
      Invocation waits = run.start(Value.i32(2));
      assertThat(dropped.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(waits.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      store.internal().poison();
      answer.complete(List.of(Value.i32(3)));
      assertThat(waits.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(waits.trap().kind()).isEqualTo(TrapKind.HOST_ERROR);
      dropped.drop("enough");
    }
  }
}
