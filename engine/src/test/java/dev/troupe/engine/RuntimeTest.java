package dev.troupe.engine;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.CodeRegion;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntBinaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The runtime with hand-assembled guests: no compiler is involved. */
class RuntimeTest {
  private static final FuncType I32_TO_I32 =
      FuncType.of(List.of(NumType.I32), List.of(NumType.I32));

  private Engine engine;
  private Linker<Integer> linker;
  private Store<Integer> store;
  private long mappedBefore;

  @BeforeEach
  void open() {
    // Stubs, code region and carriers' flags stay mapped for good.
    try (Engine first = Engine.create();
        Carrier carrier = first.attachCarrier()) {
      assertThat(carrier.cpuNanos()).isPositive();
    }
    mappedBefore = VirtualMemory.mappedBytes();
    engine = Engine.create();
    linker = Linker.create(engine);
    store = Store.create(engine, 4);
  }

  @AfterEach
  void everythingIsReleased() {
    store.close();
    engine.close();
    assertThat(VirtualMemory.mappedBytes()).as("bytes mapped").isEqualTo(mappedBefore);
  }

  private Instance instantiate(HandModule hand) {
    try (Module module = hand.load(engine)) {
      return linker.instantiate(store, module);
    }
  }

  private static HandModule adder() {
    HandModule hand =
        new HandModule("(module (func (export \"add\") (param i32 i32) (result i32) i32.const 0))");
    hand.function(0);
    hand.asm.rm(LEA32, RAX, Mem.baseIndex(RDI, RSI, 1, 0));
    hand.leave();
    return hand;
  }

  @Test
  void functionIsCalledInEveryWay() throws Throwable {
    Func add = instantiate(adder()).func("add");
    assertThat(add.call(Value.i32(2), Value.i32(40))).containsExactly(Value.i32(42));
    assertThat(add.call(Value.i32(-2), Value.i32(1))).containsExactly(Value.i32(-1));
    TypedFunc typed = add.typed();
    assertThat((int) typed.callRaw(20, 22)).isEqualTo(42);
    assertThat((int) typed.asMethodHandle().invokeExact(20, 23)).isEqualTo(43);
    assertThat(typed.as(IntBinaryOperator.class).applyAsInt(-7, 5)).isEqualTo(-2);
    assertThatThrownBy(() -> add.call(Value.i32(1))).hasMessage("expected 2 arguments, got 1");
    assertThatThrownBy(() -> add.call(Value.i32(1), Value.i64(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected i32");
  }

  private static HandModule caller() {
    HandModule hand =
        new HandModule(
            "(module (import \"host\" \"hello\" (func (param i32) (result i32)))"
                + " (func (export \"run\") (param i32) (result i32) i32.const 0))");
    hand.function(24);
    hand.callReference(0);
    hand.asm.ri(ADD32_MI, RAX, 100);
    hand.leave();
    return hand;
  }

  @Test
  void inlineHostFunctionSeesArgumentAndData() {
    linker.func(
        "host", "hello", I32_TO_I32, (caller, call) -> call.returnI32(call.i32(0) * caller.data()));
    Func run = instantiate(caller()).func("run");
    assertThat(run.call(Value.i32(3))).containsExactly(Value.i32(112));
  }

  @Test
  void blockingHostFunctionCallsTheGuestAgain() {
    Func[] run = new Func[1];
    linker.blockingFunc(
        "host",
        "hello",
        I32_TO_I32,
        (caller, call) -> {
          int n = call.i32(0);
          call.returnI32(n == 0 ? 1 : run[0].call(Value.i32(n - 1)).getFirst().asI32());
        });
    run[0] = instantiate(caller()).func("run");
    assertThat(run[0].call(Value.i32(5))).containsExactly(Value.i32(601));
  }

  @Test
  void inlineHostFunctionMayNotCallTheGuest() {
    Func[] run = new Func[1];
    linker.func("host", "hello", I32_TO_I32, (caller, call) -> run[0].call(Value.i32(call.i32(0))));
    run[0] = instantiate(caller()).func("run");
    assertThatThrownBy(() -> run[0].call(Value.i32(5)))
        .isInstanceOfSatisfying(
            TrapException.class, e -> assertThat(e.kind()).isEqualTo(TrapKind.HOST_ERROR))
        .hasMessageContaining("inline host function may not call the guest");
  }

  @Test
  void whatAHostFunctionThrowsIsATrap() {
    linker.func(
        "host",
        "hello",
        I32_TO_I32,
        (caller, call) -> {
          throw new java.io.IOException("disk on fire");
        });
    Func run = instantiate(caller()).func("run");
    assertThatThrownBy(() -> run.call(Value.i32(5)))
        .isInstanceOf(TrapException.class)
        .hasMessageStartingWith("host function failed: disk on fire\n    at function 1 at 0x")
        .hasCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void asynchronousHostFunctionParksTheFiber() {
    CompletableFuture<List<Value>> later = new CompletableFuture<>();
    linker.asyncFunc("host", "hello", I32_TO_I32, (caller, call) -> later);
    Func run = instantiate(caller()).func("run");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      boolean[] woken = new boolean[1];
      invocation.onWake(() -> woken[0] = true);
      assertThat(woken[0]).isFalse();
      later.complete(List.of(Value.i32(11)));
      assertThat(woken[0]).isTrue();
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      assertThat(invocation.results()).containsExactly(Value.i32(111));
    }
  }

  @Test
  void anAsynchronousHostFunctionWhoseCallEndsIsCancelled() {
    CompletableFuture<List<Value>> later = new CompletableFuture<>();
    linker.asyncFunc("host", "hello", I32_TO_I32, (caller, call) -> later);
    Func run = instantiate(caller()).func("run");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      invocation.cancel("enough");
      assertThat(later).isNotDone();
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.CANCELLED);
      assertThat(later).isCancelled();
    }
  }

  @Test
  void blockingHostFunctionOfAnInvocationRunsElsewhere() {
    Thread[] where = new Thread[1];
    linker.blockingFunc(
        "host",
        "hello",
        I32_TO_I32,
        (caller, call) -> {
          where[0] = Thread.currentThread();
          call.returnI32(call.i32(0) + 1);
        });
    Func run = instantiate(caller()).func("run");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> invocation.runSlice(carrier) == SliceOutcome.DONE);
      assertThat(invocation.results()).containsExactly(Value.i32(102));
      assertThat(where[0]).isNotNull().isNotEqualTo(Thread.currentThread());
    }
  }

  @Test
  void failedStageIsATrap() {
    linker.asyncFunc(
        "host",
        "hello",
        I32_TO_I32,
        (caller, call) -> CompletableFuture.failedFuture(new IllegalStateException("no luck")));
    Func run = instantiate(caller()).func("run");
    assertThatThrownBy(() -> run.call(Value.i32(5)))
        .isInstanceOf(TrapException.class)
        .hasMessageStartingWith("host function failed: no luck");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = run.start(Value.i32(1));
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(invocation.trap().kind()).isEqualTo(TrapKind.HOST_ERROR);
      assertThat(invocation.trap().frames()).hasSize(1);
    }
  }

  @Test
  void memoryFaultIsATrapWithBacktrace() {
    HandModule hand =
        new HandModule(
            "(module (memory (export \"m\") 1 2)"
                + " (func $load (param i32) (result i32) i32.const 0)"
                + " (func $outer (export \"outer\") (param i32) (result i32) i32.const 0))");
    hand.function(0);
    int start = hand.asm.bindNew();
    hand.asm.rr(MOV32_RM, RDI, RDI);
    hand.asm.rm(MOV64_RM, RAX, Mem.base(R15, hand.layout().memoryBase(0)));
    int load = hand.trap(TrapKind.MEMORY_OUT_OF_BOUNDS);
    hand.asm.rm(MOV32_RM, RAX, Mem.baseIndex(RAX, RDI, 1, 0));
    hand.leave();
    hand.function(40);
    hand.asm.call(start);
    int after = hand.asm.mark();
    hand.leave();
    Instance instance = instantiate(hand);
    Func outer = instance.func("outer");
    Memory memory = instance.memory("m");
    memory.putInt(65_532, 77);
    assertThat(outer.call(Value.i32(65_532))).containsExactly(Value.i32(77));
    assertThatThrownBy(() -> outer.call(Value.i32(65_533)))
        .isInstanceOfSatisfying(
            TrapException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(TrapKind.MEMORY_OUT_OF_BOUNDS);
              assertThat(e.frames()).hasSize(2);
              assertThat(e.frames().get(0).function()).isEqualTo("load");
              assertThat(e.frames().get(0).codeOffset()).isEqualTo(hand.asm.offsetOf(load));
              assertThat(e.frames().get(1).function()).isEqualTo("outer");
              assertThat(e.frames().get(1).codeOffset()).isEqualTo(hand.asm.offsetOf(after));
            })
        .hasMessageStartingWith("out of bounds memory access\n    at load (function 0) at 0x");
    assertThat(memory.grow(1)).isEqualTo(1);
    assertThat(outer.call(Value.i32(65_533))).containsExactly(Value.i32(0));
    assertThat(memory.grow(1)).isEqualTo(-1);
  }

  @Test
  void foreignFaultPoisonsTheStore() {
    HandModule hand =
        new HandModule("(module (func (export \"f\") (param i64) (result i64) i64.const 0))");
    hand.function(0);
    hand.trap(TrapKind.MEMORY_OUT_OF_BOUNDS);
    hand.asm.rm(MOV64_RM, RAX, Mem.base(RDI, 0));
    hand.leave();
    Func f = instantiate(hand).func("f");
    assertThatThrownBy(() -> f.call(Value.i64(64)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("faulted at 0x40, outside of the memories");
    assertThat(store.isPoisoned()).isTrue();
    assertThatThrownBy(() -> f.call(Value.i64(64))).hasMessageContaining("poisoned");
  }

  @Test
  void memoryGrowsFromTheGuestWithinLimits() {
    store.limits(StoreLimits.UNLIMITED.withMaxMemoryBytes(3 * 65_536));
    HandModule hand =
        new HandModule(
            "(module (memory (export \"m\") 1)"
                + " (func (export \"grow\") (param i32) (result i32) i32.const 0)"
                + " (func (export \"size\") (result i32) i32.const 0))");
    hand.function(8);
    hand.asm.rr(MOV32_RM, RSI, RDI);
    hand.asm.movImm(RDI, 0);
    hand.callBuiltin(Builtin.MEMORY_GROW);
    hand.leave();
    hand.function(0);
    hand.asm.rm(MOV64_RM, RAX, Mem.base(R15, hand.layout().memoryPointer(0)));
    hand.asm.rm(MOV64_RM, RAX, Mem.base(RAX, MemoryDef.BYTE_LENGTH));
    hand.leave();
    Instance instance = instantiate(hand);
    Func grow = instance.func("grow");
    Func size = instance.func("size");
    assertThat(grow.call(Value.i32(1))).containsExactly(Value.i32(1));
    assertThat(size.call()).containsExactly(Value.i32(2 * 65_536));
    assertThat(grow.call(Value.i32(2))).containsExactly(Value.i32(-1));
    assertThat(grow.call(Value.i32(-1))).containsExactly(Value.i32(-1));
    assertThat(store.usage().memoryBytes()).isEqualTo(2 * 65_536);
    store.limits(StoreLimits.UNLIMITED.withMaxMemoryBytes(65_536).withTrapOnGrowthFailure(true));
    assertThatThrownBy(() -> grow.call(Value.i32(1)))
        .isInstanceOfSatisfying(
            TrapException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(TrapKind.LIMIT_EXCEEDED);
              assertThat(e.frames()).hasSize(1);
            });
  }

  private static HandModule spinner() {
    HandModule hand =
        new HandModule("(module (func (export \"spin\") (param i64) (result i64) i64.const 0))");
    hand.function(8);
    hand.asm.movImm(RAX, 0);
    int loop = hand.asm.bindNew();
    hand.asm.ri(ADD64_MI, RAX, 3);
    hand.asm.ri(SUB64_MI, RDI, 1);
    hand.asm.jcc(X64Cond.NE, loop);
    hand.leave();
    return hand;
  }

  @Test
  void preemptedCallGoesOnWhereItWas() {
    Func spin = instantiate(spinner()).func("spin");
    long rounds = 30_000_000;
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = spin.start(Value.i64(rounds));
      int preemptions = 0;
      carrier.preemptAfter(200_000);
      while (invocation.runSlice(carrier) == SliceOutcome.PREEMPTED) {
        preemptions++;
        carrier.preemptAfter(200_000);
      }
      assertThat(invocation.results()).containsExactly(Value.i64(3 * rounds));
      assertThat(preemptions).isPositive();
    }
  }

  @Test
  void anAlarmOutlivesSlicesUntilItIsCleared() {
    Func spin = instantiate(spinner()).func("spin");
    try (Carrier carrier = engine.attachCarrier()) {
      carrier.alarmAfter(1);
      carrier.clearAlarm();
      Invocation call = spin.start(Value.i64(30_000_000));
      assertThat(call.runSlice(carrier)).isEqualTo(SliceOutcome.DONE);
      carrier.alarmAfter(200_000);
      Invocation endless = spin.start(Value.i64(0));
      for (int slice = 0; slice < 3; slice++) {
        // Nobody asks again: the alarm goes on ringing.
        assertThat(endless.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
      }
      carrier.alarmAfter(Duration.ofHours(1).toNanos());
      carrier.preemptAfter(200_000);
      assertThat(endless.runSlice(carrier))
          .as("a request before it")
          .isEqualTo(SliceOutcome.PREEMPTED);
      carrier.clearAlarm();
      endless.drop("enough");
    }
  }

  @Test
  void deadlineEndsAPlainCallAndPoisonsTheStore() {
    Func spin = instantiate(spinner()).func("spin");
    TrapException late = LimitsTest.endAtDeadline(store, spin, Duration.ofMillis(10));
    assertThat(late.kind()).isEqualTo(TrapKind.DEADLINE_EXCEEDED);
    assertThat(late.frames()).hasSize(1);
    assertThat(store.isPoisoned()).isTrue();
  }

  @Test
  void cancellationReachesARunningGuest() throws InterruptedException {
    Func spin = instantiate(spinner()).func("spin");
    Invocation invocation = spin.start(Value.i64(0));
    SliceOutcome[] outcome = new SliceOutcome[1];
    Thread worker =
        Thread.ofPlatform()
            .start(() -> {
              try (Carrier carrier = engine.attachCarrier()) {
                outcome[0] = invocation.runSlice(carrier);
              }
            });
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> {
          invocation.cancel("enough");
          return !worker.isAlive();
        });
    worker.join();
    assertThat(outcome[0]).isEqualTo(SliceOutcome.TRAPPED);
    assertThat(invocation.trap()).hasMessageStartingWith("cancelled: enough");
    assertThat(store.isPoisoned()).isTrue();
  }

  @Test
  void droppedInvocationReleasesItsStack() {
    Func spin = instantiate(spinner()).func("spin");
    try (Carrier carrier = engine.attachCarrier()) {
      Invocation invocation = spin.start(Value.i64(0));
      carrier.preemptAfter(100_000);
      assertThat(invocation.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
      assertThatThrownBy(() -> store.close()).hasMessageContaining("1 calls");
      invocation.drop("tenant gone");
      assertThat(invocation.isFinished()).isTrue();
      assertThat(store.isPoisoned()).isTrue();
      assertThatThrownBy(() -> spin.start(Value.i64(1)).runSlice(carrier))
          .hasMessageContaining("poisoned");
    }
  }

  @Test
  void stackLimitIsRespected() {
    HandModule hand = new HandModule("(module (func (export \"deep\")))");
    hand.function(4072);
    int start = hand.asm.newLabel();
    int trap = hand.asm.newLabel();
    hand.asm.bind(start);
    hand.asm.rm(MOV64_RM, R11, Mem.base(R15, 0));
    hand.asm.rm(CMP64_RM, RSP, Mem.base(R11, StoreContext.STACK_LIMIT));
    hand.asm.jcc(X64Cond.B, trap);
    hand.asm.ri(SUB64_MI, RSP, 4080);
    hand.asm.jmp(start);
    hand.asm.bind(trap);
    hand.trap(TrapKind.STACK_OVERFLOW);
    hand.asm.op(UD2);
    Func deep = instantiate(hand).func("deep");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(deep::call)
          .isInstanceOf(TrapException.class)
          .hasMessageStartingWith("call stack exhausted");
    }
  }

  @Test
  void codeIsUnloadedWithItsLastUser() {
    HandModule hand = adder();
    int modules = CodeRegion.instance().mappedCount();
    Module module = hand.load(engine);
    Instance instance = linker.instantiate(store, module);
    module.close();
    assertThat(CodeRegion.instance().mappedCount()).isEqualTo(modules + 1);
    assertThat(instance.func("add").call(Value.i32(1), Value.i32(1))).containsExactly(Value.i32(2));
    assertThatThrownBy(() -> linker.instantiate(store, module)).hasMessageContaining("closed");
    store.close();
    assertThat(CodeRegion.instance().mappedCount()).isEqualTo(modules);
    assertThatThrownBy(() -> instance.func("add").call(Value.i32(1), Value.i32(1)))
        .hasMessageContaining("the store is closed");
  }
}
