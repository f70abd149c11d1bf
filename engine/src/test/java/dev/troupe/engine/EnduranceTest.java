package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.NativeThread;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A million each of traps, host calls and preemptions ({@code -Dtroupe.endurance.events} for
 * another number; profile {@code soak} has ten million) while another thread collects garbage and
 * takes thread dumps. No crash, no wrong result, no mapping left.
 */
class EnduranceTest {
  private static final int EVENTS = Integer.getInteger("troupe.endurance.events", 1_000_000);
  private static final long DISTURBANCE_PAUSE_NANOS = 10_000_000;

  /** Long enough to be in the guest by then, mostly; a signal that comes earlier is repeated. */
  private static final long PREEMPT_AFTER_NANOS = 10_000;

  /** Preemptions by the timer are so much rarer than those that the guest brings upon itself. */
  private static final int TIMER_SHARE = 200;

  private Thread disturber = new Thread();
  private volatile boolean over;
  private volatile int disturbances;

  @BeforeEach
  void disturb() {
    disturber =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              do {
                System.gc();
                if (Thread.getAllStackTraces().isEmpty()) {
                  throw new IllegalStateException("no threads");
                }
                disturbances = disturbances + 1;
                LockSupport.parkNanos(DISTURBANCE_PAUSE_NANOS);
              } while (!over);
            });
  }

  @AfterEach
  void calmDown() throws InterruptedException {
    over = true;
    disturber.join();
    assertThat(disturbances).isPositive();
  }

  @Test
  void traps() throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    // On a thread with a short stack: what costs most is the exceptions' Java stack traces.
    Thread thread = Thread.ofPlatform().unstarted(EnduranceTest::trapOften);
    thread.setUncaughtExceptionHandler((unused, e) -> failure.set(e));
    thread.start();
    thread.join();
    assertThat(failure.get()).isNull();
  }

  private static void trapOften() {
    try (Engine engine = Engine.create();
        Store<Integer> store = Store.create(engine, 0)) {
      TypedFunc load =
          Linker.<Integer>create(engine)
              .instantiate(store, EndurancePrograms.loader().load(engine))
              .func("load")
              .typed();
      assertThat(load.callRaw(0)).isZero();
      long mapped = VirtualMemory.mappedBytes();
      int trapped = 0;
      for (int i = 0; i < EVENTS; i++) {
        try {
          long unused = load.callRaw(65_536 + (i & 0xFFFF));
          assertThat(unused).as("result of call " + i).isNull();
        } catch (TrapException e) {
          if (e.kind() == TrapKind.MEMORY_OUT_OF_BOUNDS && e.frames().size() == 1) {
            trapped++;
          }
        }
        if ((i & 1023) == 0) {
          assertThat(load.callRaw(16)).isZero();
        }
      }
      assertThat(trapped).isEqualTo(EVENTS);
      assertThat(VirtualMemory.mappedBytes()).isEqualTo(mapped);
    }
  }

  @Test
  void hostCalls() {
    FuncType type = FuncType.of(List.of(NumType.I64), List.of(NumType.I64));
    try (Engine engine = Engine.create();
        Store<long[]> store = Store.create(engine, new long[1])) {
      Linker<long[]> linker = Linker.create(engine);
      linker.func(
          "host",
          "f",
          type,
          (caller, call) -> {
            caller.data()[0]++;
            call.returnI64(2 * call.i64(0));
          });
      TypedFunc loop =
          linker
              .instantiate(store, EndurancePrograms.hostCaller().load(engine))
              .func("loop")
              .typed();
      assertThat(loop.callRaw(EVENTS)).isEqualTo((long) EVENTS * (EVENTS + 1));
      assertThat(store.data()[0]).isEqualTo(EVENTS);
    }
  }

  @Test
  void preemptions() {
    try (Engine engine = Engine.create();
        Store<Integer> store = Store.create(engine, 0);
        Carrier carrier = engine.attachCarrier()) {
      Instance instance =
          Linker.<Integer>create(engine).instantiate(store, EndurancePrograms.poker().load(engine));
      Invocation poke =
          instance
              .func("poke")
              .start(
                  Value.i64(42),
                  Value.i64(ProcessHandle.current().pid()),
                  Value.i64(NativeThread.current().id()));
      assertThat(poke.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
      long mapped = VirtualMemory.mappedBytes();
      for (int i = 1; i < EVENTS; i++) {
        if (poke.runSlice(carrier) != SliceOutcome.PREEMPTED) {
          throw new AssertionError("slice " + i);
        }
      }
      instance.memory("m").putInt(0, 1);
      assertThat(poke.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      assertThat(instance.memory("m").getLong(8)).isEqualTo(EVENTS);
      assertThat(poke.results())
          .containsExactly(Value.i64(EndurancePrograms.spinResult(42, EVENTS)));
      assertThat(VirtualMemory.mappedBytes()).isEqualTo(mapped);
    }
  }

  @Test
  void preemptionsAtAnyInstruction() {
    try (Engine engine = Engine.create();
        Store<Integer> store = Store.create(engine, 0);
        Carrier carrier = engine.attachCarrier()) {
      Instance instance =
          Linker.<Integer>create(engine)
              .instantiate(store, EndurancePrograms.spinner().load(engine));
      Memory memory = instance.memory("m");
      Invocation spin = instance.func("spin").start(Value.i64(42));
      for (int i = 0; i < EVENTS / TIMER_SHARE; i++) {
        carrier.preemptAfter(PREEMPT_AFTER_NANOS);
        assertThat(spin.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
      }
      memory.putInt(0, 1);
      assertThat(spin.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      long steps = memory.getLong(8);
      assertThat(spin.results())
          .containsExactly(Value.i64(EndurancePrograms.spinResult(42, steps)));
    }
  }
}
