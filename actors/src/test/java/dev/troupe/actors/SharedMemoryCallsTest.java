package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answer;
import static dev.troupe.actors.Fixture.answerOnceBegun;
import static dev.troupe.actors.Fixture.patiently;
import static dev.troupe.actors.Fixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.actors.port.WasmValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deployed functions with a shared memory: it is each call's own, and {@code memory.atomic.wait}
 * holds no worker.
 */
final class SharedMemoryCallsTest {
  private static final String WAT =
      """
      (module
        (memory (export "memory") 1 4 shared)
        (memory $plain 1)
        (func (export "add") (param i32 i32) (result i32)
          (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0)))
          (drop (i32.atomic.rmw.add (i32.const 0) (local.get 1)))
          (i32.atomic.load (i32.const 0)))
        (func (export "wait") (param i64) (result i32)
          (memory.atomic.wait32 (i32.const 8) (i32.const 0) (local.get 0)))
        (func (export "alone") (result i32)
          (memory.atomic.wait32 $plain (i32.const 8) (i32.const 0) (i64.const 0))))
      """;
  private static final WasmValue FOR_EVER = new WasmValue.I64(-1);

  private final EngineFixture fixture;

  SharedMemoryCallsTest(@TempDir Path folder) {
    fixture = new EngineFixture(folder, 1);
    fixture.createTenant(
        "acme", TenantQuotas.defaults().withConcurrency(100, 10).withDeadline(Duration.ofHours(1)));
    fixture.deploy("acme", "f", WAT);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Call start(String entry, WasmValue... values) {
    return fixture.start("acme", "f", CallLimits.NONE, entry, values);
  }

  private static void endsBy(Call call, TrapReason reason) {
    isStoppedBy(answer(call), reason);
  }

  private static void isStoppedBy(CallAnswer answer, TrapReason reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            CallAnswer.Trapped.class,
            trapped -> assertThat(trapped.trap().reason()).isEqualTo(reason));
  }

  @Test
  void everyCallHasItsOwnAndTimedWaitsEnd() {
    for (int n = 0; n < 3; n++) {
      assertThat(result(start("add", new WasmValue.I32(40), new WasmValue.I32(2)))).isEqualTo(42);
    }
    assertThat(result(start("wait", new WasmValue.I64(2_000_000)))).isEqualTo(2);
    endsBy(start("alone"), TrapReason.ATOMIC_WAIT_NON_SHARED_MEMORY);
    fixture.awaitNothingInUse();
  }

  @Test
  void whoWaitsForEverHoldsNoWorkerAndEndsWhenCancelledOrLate() {
    List<Call> waiters = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiters.add(start("wait", FOR_EVER));
    }
    assertThat(result(start("add", new WasmValue.I32(1), new WasmValue.I32(2)))).isEqualTo(3);
    CallAnswer late =
        answerOnceBegun(deadline ->
            fixture.start("acme", "f", CallLimits.withDeadline(deadline), "wait", FOR_EVER));
    isStoppedBy(late, TrapReason.DEADLINE_EXCEEDED);
    patiently().until(() -> fixture.scheduler.snapshot().parked() == waiters.size());
    waiters.forEach(call -> fixture.platform.cancel("acme", call));
    waiters.forEach(call -> endsBy(call, TrapReason.CANCELLED));
    fixture.awaitNothingInUse();
  }
}
