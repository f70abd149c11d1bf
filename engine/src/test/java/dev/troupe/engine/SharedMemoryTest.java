package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.GrowthGate;
import dev.troupe.engine.runtime.WaitResult;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Shared memories under many threads: what comes out is counted and does not depend on who comes
 * first. Every wait has a deadline far away, so that a lost wake-up fails and does not hang.
 */
class SharedMemoryTest {
  private static final WasmFeatures FEATURES = WasmFeatures.DEFAULT.with(WasmFeature.THREADS);
  private static final MemoryType TYPE = new MemoryType(new Limits(1, 64L, false), true);
  private static final int THREADS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String GUEST =
      """
      (module
        (memory (import "env" "m") 1 64 shared)
        (func (export "count") (param $n i32)
          (local $old i64)
          (loop $again
            (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
            (drop (i64.atomic.rmw.sub (i32.const 8) (i64.const 1)))
            (drop (i32.atomic.rmw8.add_u (i32.const 16) (i32.const 1)))
            (drop (i32.atomic.rmw16.add_u (i32.const 18) (i32.const 1)))
            (i64.atomic.store (i32.const 24)
              (i64.add (i64.const 0) (i64.atomic.rmw32.add_u (i32.const 32) (i64.const 1))))
            (drop (i32.atomic.rmw8.xor_u (i32.const 40) (i32.const 1)))
            (if (i32.and (i32.const 2) (i32.atomic.rmw.xor (i32.const 44) (i32.const 2)))
              (then (drop (i32.atomic.rmw.add (i32.const 48) (i32.const 1)))))
            (loop $retry
              (local.set $old (i64.atomic.load (i32.const 56)))
              (br_if $retry
                (i64.ne (local.get $old)
                  (i64.atomic.rmw.cmpxchg (i32.const 56) (local.get $old)
                    (i64.add (local.get $old) (i64.const 3))))))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n))))
        (func $lock
          (block $done
            (br_if $done
              (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1))))
            (loop $again
              (br_if $done (i32.eqz (i32.atomic.rmw.xchg (i32.const 64) (i32.const 2))))
              (drop (memory.atomic.wait32 (i32.const 64) (i32.const 2) (i64.const -1)))
              (br $again))))
        (func $unlock
          (if (i32.ne (i32.const 1) (i32.atomic.rmw.xchg (i32.const 64) (i32.const 0)))
            (then (drop (memory.atomic.notify (i32.const 64) (i32.const 1))))))
        (func (export "locked") (param $n i32)
          (loop $again
            (call $lock)
            (i32.store (i32.const 128) (i32.add (i32.load (i32.const 128)) (i32.const 1)))
            (i64.store (i32.const 132)
              (i64.add (i64.load (i32.const 132)) (i64.extend_i32_u (local.get $n))))
            (call $unlock)
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n))))
        ;; One message at 204; 200 says whether there is one.
        (func (export "produce") (param $from i32) (param $to i32)
          (loop $next
            (block $free
              (loop $again
                (br_if $free (i32.eqz (i32.atomic.load (i32.const 200))))
                (drop (memory.atomic.wait32 (i32.const 200) (i32.const 1) (i64.const -1)))
                (br $again)))
            (i32.store (i32.const 204) (local.get $from))
            (i32.atomic.store (i32.const 200) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 200) (i32.const 1)))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (br_if $next (i32.le_u (local.get $from) (local.get $to)))))
        (func (export "consume") (param $n i32) (result i64)
          (local $sum i64)
          (loop $next
            (block $full
              (loop $again
                (br_if $full (i32.atomic.load (i32.const 200)))
                (drop (memory.atomic.wait32 (i32.const 200) (i32.const 0) (i64.const -1)))
                (br $again)))
            (local.set $sum (i64.add (local.get $sum)
              (i64.mul (local.get $sum) (i64.const 6))))
            (local.set $sum (i64.add (local.get $sum) (i64.load32_u (i32.const 204))))
            (i32.atomic.store (i32.const 200) (i32.const 0))
            (drop (memory.atomic.notify (i32.const 200) (i32.const 1)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $next (local.get $n)))
          (local.get $sum))
        (func (export "wait32") (param i32 i32 i64) (result i32)
          (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "wait64") (param i32 i64 i64) (result i32)
          (memory.atomic.wait64 offset=8 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "notify") (param i32 i32) (result i32)
          (memory.atomic.notify (local.get 0) (local.get 1)))
        (func (export "spin") (param $address i32)
          (loop $again (br_if $again (i32.eqz (i32.load (local.get $address))))))
        (func (export "rotated") (param $address i32) (local $seen i32)
          (local.set $seen (i32.load (local.get $address)))
          (block $done
            (br_if $done (local.get $seen))
            (loop $again
              (local.set $seen (i32.load (local.get $address)))
              (br_if $again (i32.eqz (local.get $seen))))))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        ;; Writes to the last word of whatever the memory is now, until it is as long as asked for.
        (func (export "follow") (param $pages i32) (result i32)
          (local $now i32) (local $rounds i32)
          (loop $again
            (local.set $now (memory.size))
            (drop (i32.atomic.rmw.or
              (i32.sub (i32.shl (local.get $now) (i32.const 16)) (i32.const 4)) (i32.const 1)))
            (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $now) (local.get $pages))))
          (local.get $rounds))
        (func (export "at") (param i32) (result i32) (i32.atomic.load offset=4 (local.get 0))))
      """;

  /** One store with an instance of the guest on a memory. */
  private record Guest(Store<Object> store, Instance instance) implements AutoCloseable {
    long call(String name, Object... arguments) {
      List<Value> results = instance.func(name).call(values(arguments));
      return results.isEmpty()
          ? 0
          : results.getFirst() instanceof Value.I32 number
              ? number.value()
              : results.getFirst().asI64();
    }

    Invocation start(String name, Object... arguments) {
      return instance.func(name).start(values(arguments));
    }

    private static List<Value> values(Object... arguments) {
      List<Value> values = new ArrayList<>();
      for (Object argument : arguments) {
        values.add(
            argument instanceof Integer number
                ? new Value.I32(number)
                : Value.i64((Long) argument));
      }
      return values;
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private static Engine engine(TrapMode traps) {
    return Engine.create(EngineConfig.builder().features(FEATURES).traps(traps).build());
  }

  private static Guest guest(Module module, SharedMemory memory) {
    return guest(module, memory, StoreLimits.UNLIMITED);
  }

  private static Guest guest(Module module, SharedMemory memory, StoreLimits limits) {
    Store<Object> store = Store.create(module.engine(), new Object(), limits);
    try {
      store.deadlineIn(PATIENCE);
      Linker<Object> linker = Linker.create(module.engine());
      linker.define("env", "m", memory);
      return new Guest(store, linker.instantiate(store, module));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Runs work on as many guests of their own stores and threads; what each came to. */
  private static List<Long> together(
      Module module, SharedMemory memory, int threads, IntFunction<GuestWork> work)
      throws Exception {
    CountDownLatch ready = new CountDownLatch(threads);
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      GuestWork mine = work.apply(t);
      tasks.add(() -> {
        try (Guest guest = guest(module, memory)) {
          ready.countDown();
          ready.await();
          return mine.run(guest);
        }
      });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Long> results = new ArrayList<>();
      for (Future<Long> future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    }
  }

  private interface GuestWork {
    long run(Guest guest) throws Exception;
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void countersOfAllWidthsLoseNothing(TrapMode traps) throws Exception {
    int each = 20_000;
    try (Engine engine = engine(traps);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      var unused = together(module, memory, THREADS, t -> guest -> guest.call("count", each));
      int total = THREADS * each;
      assertThat(memory.getInt(0)).isEqualTo(total);
      assertThat(memory.getLong(8)).isEqualTo(-total);
      assertThat(memory.read(16, 1)[0]).isEqualTo((byte) total);
      assertThat(memory.getInt(16) >>> 16).isEqualTo(total & 0xFFFF);
      assertThat(memory.getInt(32)).isEqualTo(total);
      assertThat(memory.getInt(40)).isEqualTo(total & 1);
      assertThat(memory.getInt(44)).isEqualTo(2 * (total & 1));
      // Every second toggle saw the bit set.
      assertThat(memory.getInt(48)).isEqualTo(total / 2);
      assertThat(memory.getLong(56)).isEqualTo(3L * total);
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void aMutexOfWaitAndNotifyExcludes(TrapMode traps) throws Exception {
    int each = 3_000;
    try (Engine engine = engine(traps);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      var unused = together(module, memory, THREADS, t -> guest -> guest.call("locked", each));
      assertThat(memory.getInt(128)).isEqualTo(THREADS * each);
      assertThat(memory.getInt(132)).isEqualTo(THREADS * each * (each + 1) / 2);
      assertThat(memory.getInt(64)).isZero();
      assertThat(memory.waiters()).isZero();
    }
  }

  @Test
  void messagesArriveOnceAndInOrder() throws Exception {
    int messages = 5_000;
    long expected = 0;
    for (int m = 1; m <= messages; m++) {
      expected = expected * 7 + m;
    }
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      List<Long> results =
          together(
              module,
              memory,
              2,
              t ->
                  guest ->
                      t == 0
                          ? guest.call("produce", 1, messages)
                          : guest.call("consume", messages));
      assertThat(results).containsExactly(0L, expected);
    }
  }

  /** Parks many fibers on one thread, and wakes them in portions. */
  @Test
  void parkedFibersWakeInOrderAndOnlySoMany() {
    int fibers = 120;
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE);
        Carrier carrier = engine.attachCarrier()) {
      List<Guest> guests = new ArrayList<>();
      List<Invocation> waits = new ArrayList<>();
      try {
        for (int f = 0; f < fibers; f++) {
          Guest guest = guest(module, memory);
          guests.add(guest);
          // Three addresses, one of them for eight bytes.
          Invocation wait =
              f % 3 == 2
                  ? guest.start("wait64", 1024, 0L, -1L)
                  : guest.start("wait32", 1024 + 4 * (f % 3), 0, -1L);
          assertThat(wait.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
          assertThat(wait.runSlice(carrier)).as("still").isEqualTo(SliceOutcome.PARKED);
          waits.add(wait);
        }
        assertThat(memory.waiters()).isEqualTo(fibers);
        assertThat(memory.notifyWaiters(1024, 10)).isEqualTo(10);
        assertThat(memory.notifyWaiters(1024 + 12, -1)).as("nobody").isZero();
        for (int f = 0; f < fibers; f++) {
          boolean woken = f % 3 == 0 && f / 3 < 10;
          assertThat(waits.get(f).runSlice(carrier))
              .isEqualTo(woken ? SliceOutcome.DONE : SliceOutcome.PARKED);
        }
        try (Guest last = guest(module, memory)) {
          assertThat(last.call("notify", 1024, 1_000)).isEqualTo(fibers / 3 - 10);
          assertThat(last.call("notify", 1028, -1)).isEqualTo(fibers / 3);
        }
        assertThat(memory.notifyWaiters(1032, -1)).isEqualTo(fibers / 3);
        for (Invocation wait : waits) {
          if (!wait.isFinished()) {
            assertThat(wait.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
          }
          assertThat(wait.results()).containsExactly(new Value.I32(WaitResult.NOTIFIED.ordinal()));
        }
        assertThat(memory.waiters()).isZero();
      } finally {
        guests.forEach(Guest::close);
      }
    }
  }

  /** More fibers than workers, preempted while they hold the lock and parked while they wait. */
  @Test
  void preemptedFibersOfAFewWorkersExcludeEachOther() throws Exception {
    int fibers = 6;
    int each = 2_000;
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      List<Guest> guests = new ArrayList<>();
      LinkedBlockingQueue<Invocation> ready = new LinkedBlockingQueue<>();
      AtomicInteger left = new AtomicInteger(fibers);
      try {
        for (int f = 0; f < fibers; f++) {
          Guest guest = guest(module, memory);
          guests.add(guest);
          ready.add(guest.start("locked", each));
        }
        try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
          List<Callable<Long>> tasks =
              List.of(() -> work(engine, ready, left), () -> work(engine, ready, left));
          long slices = 0;
          for (Future<Long> worker : workers.invokeAll(tasks)) {
            slices += worker.get();
          }
          assertThat(slices).isGreaterThanOrEqualTo(fibers);
        }
        assertThat(memory.getInt(128)).isEqualTo(fibers * each);
        assertThat(memory.getInt(64)).isZero();
        assertThat(memory.waiters()).isZero();
      } finally {
        guests.forEach(Guest::close);
      }
    }
  }

  /** A worker of the smallest scheduler there is; the slices that it ran. */
  private static long work(Engine engine, LinkedBlockingQueue<Invocation> ready, AtomicInteger left)
      throws InterruptedException {
    long slices = 0;
    try (Carrier carrier = engine.attachCarrier()) {
      while (left.get() > 0) {
        Invocation next = ready.poll(10, TimeUnit.MILLISECONDS);
        if (next == null) {
          continue;
        }
        carrier.preemptAfter(20_000 + slices++ % 7 * 10_000);
        switch (next.runSlice(carrier)) {
          case PREEMPTED -> ready.add(next);
          case PARKED -> next.onWake(() -> ready.add(next));
          case DONE -> left.decrementAndGet();
          case TRAPPED -> throw next.trap();
        }
      }
    }
    return slices;
  }

  @Test
  void timeEndsWaitsOfFibersAndThreads() {
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE);
        Guest guest = guest(module, memory);
        Carrier carrier = engine.attachCarrier()) {
      assertThat(guest.call("wait32", 0, 1, 0L)).isEqualTo(1);
      assertThat(guest.call("wait32", 0, 0, 0L)).isEqualTo(2);
      assertThat(guest.call("wait32", 0, 0, 1_000L)).isEqualTo(2);
      assertThat(guest.call("wait64", 0, 0L, 1_000_000L)).isEqualTo(2);
      assertThat(guest.call("wait64", 0, 1L, -1L)).isEqualTo(1);
      Invocation wait = guest.start("wait32", 0, 0, 1_000_000L);
      assertThat(wait.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      CountDownLatch woken = new CountDownLatch(1);
      wait.onWake(woken::countDown);
      Awaitility.await().atMost(PATIENCE).until(() -> woken.getCount() == 0);
      assertThat(wait.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      assertThat(wait.results()).containsExactly(new Value.I32(WaitResult.TIMED_OUT.ordinal()));
      assertThat(memory.waiters()).isZero();
    }
  }

  private static TrapKind trapOf(Callable<?> call) {
    try {
      var unused = call.call();
      throw new AssertionError("no trap");
    } catch (TrapException e) {
      return e.kind();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void deadlineCancellationAndInterruptEndAPlainWait() throws Exception {
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      try (Guest guest = guest(module, memory)) {
        guest.store().deadlineIn(Duration.ofMillis(20));
        assertThat(trapOf(() -> guest.call("wait32", 0, 0, -1L)))
            .isEqualTo(TrapKind.DEADLINE_EXCEEDED);
        guest.store().clearDeadline();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
          Future<TrapKind> waiting =
              executor.submit(() -> trapOf(() -> guest.call("wait32", 0, 0, -1L)));
          Awaitility.await().atMost(PATIENCE).until(() -> memory.waiters() == 1);
          guest.store().cancel("enough");
          assertThat(waiting.get(2, TimeUnit.MINUTES)).isEqualTo(TrapKind.CANCELLED);
        }
      }
      try (Guest guest = guest(module, memory)) {
        Thread thread =
            new Thread(() -> {
              assertThat(trapOf(() -> guest.call("wait32", 0, 0, -1L)))
                  .isEqualTo(TrapKind.HOST_ERROR);
              memory.putInt(512, Thread.currentThread().isInterrupted() ? 1 : 2);
            });
        thread.start();
        Awaitility.await().atMost(PATIENCE).until(() -> memory.waiters() == 1);
        thread.interrupt();
        thread.join();
        assertThat(memory.getInt(512)).isEqualTo(1);
      }
      assertThat(memory.waiters()).isZero();
    }
  }

  @Test
  void aDroppedWaiterTakesNoWakeUpFromOthers() {
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE);
        Carrier carrier = engine.attachCarrier();
        Guest first = guest(module, memory);
        Guest second = guest(module, memory)) {
      Invocation dropped = first.start("wait32", 0, 0, -1L);
      Invocation kept = second.start("wait32", 0, 0, -1L);
      assertThat(dropped.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(kept.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThatThrownBy(first.store()::close).isInstanceOf(IllegalStateException.class);
      dropped.drop("not needed");
      assertThat(first.store().isPoisoned()).isTrue();
      assertThat(memory.waiters()).isEqualTo(1);
      assertThat(memory.notifyWaiters(0, 1)).isEqualTo(1);
      assertThat(kept.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);

      Invocation cancelled = second.start("wait32", 0, 0, -1L);
      assertThat(cancelled.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      cancelled.cancel("late");
      assertThat(cancelled.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(cancelled.trap().kind()).isEqualTo(TrapKind.CANCELLED);
      assertThat(memory.waiters()).isZero();
    }
  }

  /** Many waits, notifications and times that end at once: everybody gets one answer. */
  @Test
  void aStormOfWaitsLosesNobody() throws Exception {
    int rounds = 2_000;
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      List<Long> woken =
          together(
              module,
              memory,
              THREADS,
              t ->
                  guest -> {
                    long count = 0;
                    for (int n = 0; n < rounds; n++) {
                      if (t == 0) {
                        // Until all others are done.
                        while (memory.getInt(2048) < THREADS - 1) {
                          count += guest.call("notify", 0, 2);
                        }
                      } else {
                        long result = guest.call("wait32", 0, 0, n % 3 == 0 ? 1_000L : -1L);
                        count += result == 0 ? 1 : 0;
                      }
                    }
                    if (t != 0) {
                      var unused = memory.getAndAddInt(2048, 1);
                    }
                    return count;
                  });
      assertThat(woken.get(1) + woken.get(2) + woken.get(3)).isEqualTo(woken.getFirst());
      assertThat(memory.waiters()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void growsWhileOthersRun(TrapMode traps) throws Exception {
    try (Engine engine = engine(traps);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      List<Long> results =
          together(
              module,
              memory,
              THREADS,
              t ->
                  guest -> {
                    if (t > 1) {
                      return guest.call("follow", 64);
                    }
                    long grown = 0;
                    while (memory.pages() < 64) {
                      long before = t == 0 ? guest.call("grow", 1) : memory.grow(1);
                      grown += before >= 0 ? 1 : 0;
                    }
                    return grown;
                  });
      assertThat(results.get(0) + results.get(1)).isEqualTo(63);
      assertThat(results.get(2)).isPositive();
      assertThat(memory.byteLength()).isEqualTo(64 * 65_536);
      assertThat(memory.getInt(64 * 65_536 - 4)).isEqualTo(1);
      assertThat(memory.grow(1)).isEqualTo(-1);
      assertThat(memory.type().limits().min()).isEqualTo(64);
    }
  }

  @Test
  void plainReadsInLoopsSeeWhatOthersWrite() throws Exception {
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      var unused =
          together(
              module,
              memory,
              3,
              t ->
                  guest -> {
                    if (t < 2) {
                      return guest.call(t == 0 ? "spin" : "rotated", 300);
                    }
                    memory.putInt(300, 1);
                    return 0;
                  });
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void misalignedAndFarAccessesTrap(TrapMode traps) {
    try (Engine engine = engine(traps);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE);
        Guest guest = guest(module, memory)) {
      assertThat(guest.call("at", 65_528)).isZero();
      assertThat(trapOf(() -> guest.call("at", 2))).isEqualTo(TrapKind.UNALIGNED_ATOMIC);
      assertThat(trapOf(() -> guest.call("at", 65_532))).isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
      assertThat(trapOf(() -> guest.call("at", -4))).isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
      assertThat(trapOf(() -> guest.call("wait32", 2, 0, 0L))).isEqualTo(TrapKind.UNALIGNED_ATOMIC);
      assertThat(trapOf(() -> guest.call("wait64", 65_528, 0L, 0L)))
          .isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
      assertThat(trapOf(() -> guest.call("wait64", 4, 0L, 0L)))
          .isEqualTo(TrapKind.UNALIGNED_ATOMIC);
      assertThat(trapOf(() -> guest.call("notify", 1, 0))).isEqualTo(TrapKind.UNALIGNED_ATOMIC);
      assertThat(trapOf(() -> guest.call("notify", 65_536, 0)))
          .isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
    }
  }

  private static final String OWN_MEMORIES =
      """
      (module
        (memory $plain 1)
        (memory $shared (export "shared") i64 1 1000 shared)
        (data (memory $shared) (i64.const 8) "\\2a")
        (func (export "wait") (result i32)
          (memory.atomic.wait32 $plain (i32.const 0) (i32.const 0) (i64.const 0)))
        (func (export "add") (param i64 i64) (result i64)
          (i64.atomic.rmw.add $shared offset=8 (local.get 0) (local.get 1)))
        (func (export "far") (result i32)
          (memory.atomic.notify $shared offset=16 (i64.const -8) (i32.const 1)))
        (func (export "grow") (param i64) (result i64) (memory.grow $shared (local.get 0)))
        (func (export "size") (result i64) (memory.size $shared)))
      """;

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void aModuleMayDefineOneWithWideIndexes(TrapMode traps) {
    try (Engine engine = engine(traps);
        Module module = Module.fromBinary(engine, Wat.toBinary(OWN_MEMORIES))) {
      SharedMemory kept;
      try (Store<Object> store = Store.create(engine, new Object())) {
        Guest guest = new Guest(store, Linker.<Object>create(engine).instantiate(store, module));
        assertThat(trapOf(() -> guest.call("wait"))).isEqualTo(TrapKind.WAIT_ON_UNSHARED_MEMORY);
        assertThat(guest.call("add", 0L, 5L)).isEqualTo(42);
        assertThat(guest.call("grow", 2L)).isEqualTo(1);
        assertThat(guest.call("size")).isEqualTo(3);
        assertThat(guest.call("add", 3 * 65_536L - 16, 5L)).isZero();
        for (long beyond : new long[] {3 * 65_536L - 8, 1L << 40, 1L << 63, -8}) {
          assertThat(trapOf(() -> guest.call("add", beyond, 1L)))
              .isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
        }
        assertThat(trapOf(() -> guest.call("far"))).isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
        kept = SharedMemory.of(guest.instance().memory("shared"));
      }
      // The store is gone, the memory is not.
      assertThat(kept.getLong(8)).isEqualTo(47);
      assertThatThrownBy(engine::close).hasMessageContaining("shared memories are still open");
      kept.close();
    }
  }

  @Test
  void sharedAndOthersDoNotMatch() {
    try (Engine engine = engine(TrapMode.SIGNALS);
        Engine other = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        Store<Object> store = Store.create(engine, new Object());
        Store<Object> elsewhere = Store.create(other, new Object());
        SharedMemory memory = SharedMemory.create(engine, TYPE);
        SharedMemory larger =
            SharedMemory.create(engine, new MemoryType(new Limits(1, 65L, false), true))) {
      Memory plain = Memory.create(store, new MemoryType(new Limits(1, 64L, false), false));
      for (Memory wrong : List.of(plain, larger.in(store))) {
        Linker<Object> linker = Linker.create(engine);
        linker.define("env", "m", wrong);
        assertThatThrownBy(() -> linker.instantiate(store, module))
            .isInstanceOf(LinkException.class)
            .hasMessageContaining("incompatible import type");
      }
      assertThat(memory.in(store).internal()).isSameAs(memory.in(store).internal());
      assertThatThrownBy(() -> memory.in(elsewhere)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> SharedMemory.of(plain)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> SharedMemory.create(engine, new MemoryType(new Limits(1, null, false), true)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void storesAreChargedForWhatTheyUse() {
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST));
        SharedMemory memory = SharedMemory.create(engine, TYPE)) {
      StoreLimits two = StoreLimits.UNLIMITED.withMaxMemoryBytes(2 * 65_536);
      try (Guest guest = guest(module, memory, two)) {
        assertThat(guest.store().usage().memoryBytes()).isEqualTo(65_536);
        assertThat(guest.call("grow", 1)).isEqualTo(1);
        assertThat(guest.call("grow", 1)).isEqualTo(-1);
        assertThat(guest.store().usage().memoryBytes()).isEqualTo(2 * 65_536);
      }
      assertThat(memory.grow(1)).isEqualTo(2);
      assertThatThrownBy(() -> guest(module, memory, two))
          .isInstanceOf(InstantiationException.class)
          .hasCauseInstanceOf(AllocationException.class);
    }
  }

  /** What the host makes and grows is somebody's, too, as long as the host has a handle. */
  @Test
  void theHostIsChargedForWhatItMakesAndGrows() {
    AtomicLong granted = new AtomicLong();
    GrowthGate threePages =
        new GrowthGate() {
          @Override
          public boolean tryGrow(long bytes) {
            return granted.addAndGet(bytes) <= 3 * 65_536 || granted.addAndGet(-bytes) < 0;
          }

          @Override
          public void giveBack(long bytes) {
            granted.addAndGet(-bytes);
          }
        };
    MemoryType type = new MemoryType(new Limits(2, 8L, false), true);
    MemoryType large = new MemoryType(new Limits(4, 8L, false), true);
    try (Engine engine = engine(TrapMode.SIGNALS)) {
      SharedMemory memory = SharedMemory.create(engine, type, threePages);
      assertThat(granted).hasValue(2 * 65_536);
      assertThat(memory.grow(2)).isEqualTo(-1);
      assertThat(memory.grow(1)).isEqualTo(2);
      assertThat(memory.grow(1)).isEqualTo(-1);
      assertThat(memory.pages()).isEqualTo(3);
      assertThat(granted).hasValue(3 * 65_536);
      memory.close();
      assertThat(granted).hasValue(0);
      assertThatThrownBy(() -> SharedMemory.create(engine, large, threePages))
          .isInstanceOf(AllocationException.class);
      assertThat(granted).hasValue(0);
    }
  }

  @Test
  void theHostReadsWritesWaitsAndNotifies() throws Exception {
    try (Engine engine = engine(TrapMode.SIGNALS);
        Module module = Module.fromBinary(engine, Wat.toBinary(GUEST))) {
      SharedMemory memory = SharedMemory.create(engine, TYPE);
      assertThat(memory.getAndSetInt(0, 5)).isZero();
      assertThat(memory.compareAndExchangeInt(0, 5, 6)).isEqualTo(5);
      assertThat(memory.compareAndExchangeInt(0, 5, 7)).isEqualTo(6);
      assertThat(memory.getAndAddLong(8, 1)).isZero();
      assertThat(memory.getAndSetLong(8, 3)).isEqualTo(1);
      assertThat(memory.compareAndExchangeLong(8, 3, 4)).isEqualTo(3);
      memory.write(3, new byte[] {1, 2});
      assertThat(memory.read(2, 4)).containsExactly(0, 1, 2, 0);
      for (long wrong : new long[] {2, 65_534, 65_536, -4}) {
        assertThatThrownBy(() -> memory.getInt(wrong))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      assertThat(memory.waitInt(0, 0, -1)).isEqualTo(WaitResult.NOT_EQUAL);
      assertThat(memory.waitLong(8, 4, 1)).isEqualTo(WaitResult.TIMED_OUT);
      try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
        Future<WaitResult> waiting = executor.submit(() -> memory.waitInt(512, 0, -1));
        Awaitility.await().atMost(PATIENCE).until(() -> memory.waiters() == 1);
        try (Guest guest = guest(module, memory)) {
          assertThat(guest.call("notify", 512, 5)).isEqualTo(1);
        }
        assertThat(waiting.get()).isEqualTo(WaitResult.NOTIFIED);
        Future<WaitResult> abandoned = executor.submit(() -> memory.waitInt(512, 0, -1));
        Awaitility.await().atMost(PATIENCE).until(() -> memory.waiters() == 1);
        memory.close();
        assertThatThrownBy(abandoned::get).hasCauseInstanceOf(IllegalStateException.class);
      }
      assertThatThrownBy(() -> memory.getInt(0)).isInstanceOf(IllegalStateException.class);
    }
  }
}
