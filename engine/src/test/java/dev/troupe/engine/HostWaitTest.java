package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Host functions that wait or block: whatever ends the call, nothing touches the store after it.
 */
@Timeout(600)
class HostWaitTest {
  private static final FuncType I32_TO_I32 =
      FuncType.of(List.of(NumType.I32), List.of(NumType.I32));
  private static final String GUEST =
      """
      (module
        (import "host" "wait" (func $wait (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "run") (param i32) (result i32) (call $wait (local.get 0)))
        (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (local.get 0))))
      """;

  private Engine engine;
  private Module module;
  private Linker<String> linker;
  private Store<String> store;

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

  /** Waits for one future after the other, then answers with a number that it put into memory. */
  private record Steps(Queue<CompletableFuture<?>> left, CompletableFuture<?> ready)
      implements HostWait<String> {
    static @Nullable Steps next(Queue<CompletableFuture<?>> left) {
      CompletableFuture<?> first = left.poll();
      return first == null ? null : new Steps(left, first);
    }

    @Override
    public @Nullable HostWait<String> resume(Caller<String> caller, HostCall call) {
      Memory memory = caller.memory("memory");
      memory.putInt(0, memory.getInt(0) + call.i32(0));
      Steps next = next(left);
      if (next == null) {
        call.returnI32(memory.getInt(0));
      }
      return next;
    }
  }

  private Func waiting(CompletableFuture<?>... futures) {
    linker.waitingFunc(
        "host", "wait", I32_TO_I32, (_, _) -> Steps.next(new ArrayDeque<>(List.of(futures))));
    return linker.instantiate(store, module).func("run");
  }

  @Test
  void aWaitGoesOnWhenTheGuestDoes() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    Func run = waiting(first, second);
    List<String> wakes = new ArrayList<>();
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(21));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      invocation.onWake(() -> wakes.add("first"));
      first.complete("");
      assertThat(wakes).containsExactly("first");
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      invocation.onWake(() -> wakes.add("second"));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      second.complete("");
      assertThat(wakes).containsExactly("first", "second");
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      assertThat(invocation.results()).containsExactly(Value.i32(42));
    }
  }

  @Test
  void aPlainCallWaitsOnItsThread() {
    CompletableFuture<String> first = new CompletableFuture<>();
    Func run = waiting(first, CompletableFuture.completedFuture(""));
    Thread completes = Thread.ofVirtual().start(() -> first.complete(""));
    assertThat(run.call(Value.i32(4))).containsExactly(Value.i32(8));
    assertThat(completes.isVirtual()).isTrue();
  }

  @Test
  void whatFailsWhileWaitingIsATrap() {
    Func run = waiting(CompletableFuture.failedFuture(new IllegalStateException("no luck")));
    assertThatThrownBy(() -> run.call(Value.i32(1)))
        .isInstanceOf(TrapException.class)
        .hasMessageStartingWith("host function failed: no luck");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.HOST_ERROR);
    }
  }

  @Test
  void aDroppedCallCancelsItsWait() {
    CompletableFuture<String> never = new CompletableFuture<>();
    Func run = waiting(never);
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThatThrownBy(store::close).isInstanceOf(IllegalStateException.class);
      invocation.drop("enough");
      assertThat(never).isCancelled();
    }
  }

  @Test
  void theDeadlineEndsAWaitOfAPlainCall() {
    CompletableFuture<String> never = new CompletableFuture<>();
    Func run = waiting(never);
    // A call that a busy machine begins too late waits for nothing: once more, with more time.
    for (int millis = 20; !never.isDone() && millis < 200_000; millis *= 2) {
      store.deadlineIn(Duration.ofMillis(millis));
      assertThatThrownBy(() -> run.call(Value.i32(1)))
          .isInstanceOfSatisfying(
              TrapException.class,
              trap -> assertThat(trap.kind()).isEqualTo(TrapKind.DEADLINE_EXCEEDED));
    }
    assertThat(never).isCancelled();
    store.clearDeadline();
    assertThat(store.isPoisoned()).isFalse();
  }

  @Test
  void aCancellationEndsAWaitOfAPlainCall() throws InterruptedException {
    CompletableFuture<String> never = new CompletableFuture<>();
    CountDownLatch waits = new CountDownLatch(1);
    linker.waitingFunc(
        "host",
        "wait",
        I32_TO_I32,
        (_, _) -> {
          waits.countDown();
          return Steps.next(new ArrayDeque<>(List.of(never)));
        });
    Func run = linker.instantiate(store, module).func("run");
    Thread cancels =
        Thread.ofVirtual()
            .start(() -> {
              await(waits);
              store.cancel("enough");
            });
    assertThatThrownBy(() -> run.call(Value.i32(1)))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("enough");
    assertThat(never).isCancelled();
    cancels.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---------------------------------------------------------------- blocking

  /** A blocking body that says when it runs, and waits until it is interrupted. */
  private Func sleeper(CountDownLatch runs, Runnable afterwards) {
    linker.blockingFunc(
        "host",
        "wait",
        I32_TO_I32,
        (caller, call) -> {
          runs.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            afterwards.run();
            // As a body that knows nothing of the call's end.
            caller.memory("memory").putInt(0, 7);
            call.returnI32(call.i32(0));
          }
        });
    return linker.instantiate(store, module).func("run");
  }

  @Test
  void theDeadlineInterruptsABlockingBodyOfAPlainCall() {
    Func run = sleeper(new CountDownLatch(1), () -> {});
    store.deadlineIn(Duration.ofMillis(20));
    assertThatThrownBy(() -> run.call(Value.i32(1)))
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> assertThat(trap.kind()).isEqualTo(TrapKind.DEADLINE_EXCEEDED));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aCancellationInterruptsABlockingBodyOfAPlainCall() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(1);
    Func run = sleeper(runs, () -> {});
    Thread cancels =
        Thread.ofVirtual()
            .start(() -> {
              await(runs);
              store.cancel("enough");
            });
    assertThatThrownBy(() -> run.call(Value.i32(1)))
        .isInstanceOfSatisfying(
            TrapException.class, trap -> assertThat(trap.kind()).isEqualTo(TrapKind.CANCELLED));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    cancels.join();
  }

  /** A wait within a wait takes nothing from the one around it. */
  @Test
  void aCancellationReachesABodyThatHasWaitedInACallOfItsOwn() throws InterruptedException {
    String text =
        """
        (module
          (import "host" "block" (func $block))
          (import "host" "wait" (func $wait (param i32) (result i32)))
          (func (export "outer") (call $block))
          (func (export "inner") (drop (call $wait (i32.const 1)))))
        """;
    CountDownLatch waited = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    Func[] inner = new Func[1];
    linker.blockingFunc("host", "wait", I32_TO_I32, (_, call) -> call.returnI32(call.i32(0)));
    linker.blockingFunc(
        "host",
        "block",
        FuncType.of(List.of(), List.of()),
        (_, _) -> {
          assertThat(inner[0].call()).isEmpty();
          waited.countDown();
          try {
            boolean _ = new CountDownLatch(1).await(3, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            interrupted.set(true);
            throw e;
          }
        });
    try (Module nested = Module.fromText(engine, text)) {
      Instance instance = linker.instantiate(store, nested);
      inner[0] = instance.func("inner");
      Thread cancels =
          Thread.ofVirtual()
              .start(() -> {
                await(waited);
                store.cancel("enough");
              });
      assertThatThrownBy(() -> instance.func("outer").call()).isInstanceOf(TrapException.class);
      assertThat(interrupted).isTrue();
      cancels.join();
    }
  }

  @Test
  void aDropWaitsForTheBlockingBody() {
    CountDownLatch runs = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    Func run = sleeper(runs, () -> ended.set(true));
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      await(runs);
      invocation.drop("enough");
      // Whatever the body does to the memory it has done now: closing takes it away.
      assertThat(ended).isTrue();
      store.close();
    }
  }

  @Test
  void aCancelledCallEndsWhenItsBlockingBodyHas() {
    CountDownLatch runs = new CountDownLatch(1);
    AtomicInteger wakes = new AtomicInteger();
    Func run = sleeper(runs, () -> {});
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      invocation.onWake(wakes::incrementAndGet);
      await(runs);
      invocation.cancel("enough");
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> invocation.runSlice(carrier) == SliceOutcome.TRAPPED);
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.CANCELLED);
      assertThat(wakes).hasValue(1);
    }
  }

  @Test
  void aBlockingBodyThatHasNotBegunNeverDoes() {
    Queue<Runnable> handedOver = new ArrayDeque<>();
    store.blockingExecutor(handedOver::add);
    AtomicBoolean ran = new AtomicBoolean();
    linker.blockingFunc("host", "wait", I32_TO_I32, (_, _) -> ran.set(true));
    Func run = linker.instantiate(store, module).func("run");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      invocation.drop("enough");
      store.close();
      assertThat(handedOver).hasSize(1);
      handedOver.remove().run();
      assertThat(ran).isFalse();
    }
  }

  @Test
  void theStoreIsTheBodysUntilItHasEnded() throws Exception {
    Func[] twice = new Func[1];
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    linker.blockingFunc(
        "host",
        "wait",
        I32_TO_I32,
        (_, call) -> {
          inside.countDown();
          await(go);
          call.returnI32(twice[0].call(Value.i32(call.i32(0))).getFirst().asI32());
        });
    Instance instance = linker.instantiate(store, module);
    twice[0] = instance.func("twice");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = instance.func("run").start(Value.i32(21));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      await(inside);
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      go.countDown();
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> invocation.runSlice(carrier) == SliceOutcome.DONE);
      assertThat(invocation.results()).containsExactly(Value.i32(42));
    }
  }

  /** Allocates far more than it keeps, and calls a blocking function with a reference. */
  private static final String ALLOCATING =
      """
      (module
        (type $s (struct (field i64) (field i64)))
        (import "host" "hold" (func $hold (param externref) (result externref)))
        (func $allocate (export "allocate") (param $n i32)
          (loop $again
            (drop (struct.new $s (i64.const 1) (i64.const 2)))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
        (func (export "hold") (param externref) (result externref)
          (call $hold (local.get 0)))
        (func (export "make") (result externref)
          (extern.convert_any (struct.new $s (i64.const 3) (i64.const 4)))))
      """;

  private static final int MANY = 1_000_000;

  /** One fiber's body has the store: the other one waits, instead of asking again and again. */
  @Test
  void whoNeedsTheStoreOfABlockingBodyWaitsForItsEnd() {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    linker.blockingFunc(
        "host",
        "hold",
        FuncType.of(List.of(RefType.EXTERNREF), List.of(RefType.EXTERNREF)),
        (_, call) -> {
          inside.countDown();
          await(go);
          call.returnExtern(call.extern(0));
        });
    AtomicInteger wakes = new AtomicInteger();
    try (Module allocating = Module.fromText(engine, ALLOCATING);
        Store<String> small = small();
        Carrier carrier = engine.attachCarrier()) {
      Instance instance = linker.instantiate(small, allocating);
      Value made = instance.func("make").call().getFirst();
      Invocation holds = instance.func("hold").start(made);
      Invocation allocates = instance.func("allocate").start(Value.i32(MANY));
      assertThat(holds.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      await(inside);
      assertThat(allocates.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(allocates.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      allocates.onWake(wakes::incrementAndGet);
      assertThat(wakes).hasValue(0);
      go.countDown();
      Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> wakes.get() == 1);
      // The body has ended; its call has not gone on yet, and what it holds moves.
      SliceOutcome outcome = SliceOutcome.PREEMPTED;
      while (outcome == SliceOutcome.PREEMPTED) {
        outcome = allocates.runSlice(carrier);
      }
      assertThat(outcome).isEqualTo(SliceOutcome.DONE);
      assertThat(holds.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      assertThat(small.internal().collected().collections()).isPositive();
      assertThat(field(holds.results().getFirst())).isEqualTo(Value.i64(4));
    }
  }

  /** The body's own calls may collect, whatever its arguments are. */
  @Test
  void aBlockingBodyMayMakeTheGuestCollect() {
    Func[] allocate = new Func[1];
    linker.blockingFunc(
        "host",
        "hold",
        FuncType.of(List.of(RefType.EXTERNREF), List.of(RefType.EXTERNREF)),
        (_, call) -> {
          assertThat(allocate[0].call(Value.i32(MANY))).isEmpty();
          call.returnExtern(call.extern(0));
        });
    try (Module allocating = Module.fromText(engine, ALLOCATING);
        Store<String> small = small();
        Carrier carrier = engine.attachCarrier()) {
      Instance instance = linker.instantiate(small, allocating);
      allocate[0] = instance.func("allocate");
      Invocation holds = instance.func("hold").start(instance.func("make").call().getFirst());
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> holds.runSlice(carrier) == SliceOutcome.DONE);
      assertThat(small.internal().collected().collections()).isPositive();
      assertThat(field(holds.results().getFirst())).isEqualTo(Value.i64(4));
    }
  }

  @Test
  void aCancelledStoreEndsTheBodyAndWhoWaitsForIt() {
    CountDownLatch runs = new CountDownLatch(1);
    Func run = sleeper(runs, () -> {});
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation first = run.start(Value.i32(1));
      Invocation second = run.start(Value.i32(1));
      assertThat(first.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      await(runs);
      assertThat(second.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      second.cancel("enough");
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> second.runSlice(carrier) == SliceOutcome.TRAPPED);
      assertThat(first.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
    }
  }

  private Store<String> small() {
    return Store.create(engine, "", StoreLimits.UNLIMITED.withMaxMemoryBytes(2 << 20));
  }

  private static Value field(Value struct) {
    if (struct.asExtern() instanceof StructRef made) {
      return made.get(1);
    }
    throw new AssertionError("no struct: " + struct);
  }
}
