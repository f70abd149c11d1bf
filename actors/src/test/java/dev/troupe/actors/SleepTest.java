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

/** {@code troupe.sleep}: calls that wait hold no worker, and end when they must. */
final class SleepTest {
  private static final String WAT =
      """
      (module
        (import "troupe" "sleep" (func $sleep (param i64)))
        (memory (export "memory") 1)
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "nap") (param i64) (result i32)
          (call $sleep (local.get 0))
          (i32.const 7))
        (func (export "naps") (param $n i32) (result i32)
          (local $i i32)
          (loop $again
            (call $sleep (i64.const 1))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
          (local.get $i)))
      """;
  private static final WasmValue AN_HOUR = new WasmValue.I64(3_600_000_000_000L);

  private final EngineFixture fixture;

  SleepTest(@TempDir Path folder) {
    fixture = new EngineFixture(folder, 1);
    fixture.createTenant(
        "acme", TenantQuotas.defaults().withConcurrency(300, 10).withDeadline(Duration.ofHours(1)));
    fixture.deploy("acme", "f", WAT);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Call start(String entry, WasmValue... values) {
    return fixture.start("acme", "f", CallLimits.NONE, entry, values);
  }

  @Test
  void sleepsAndGoesOn() {
    long before = System.nanoTime();
    assertThat(result(start("nap", new WasmValue.I64(3_000_001)))).isEqualTo(7);
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(3_000_001);
    assertThat(result(start("naps", new WasmValue.I32(20)))).isEqualTo(20);
    fixture.awaitNothingInUse();
  }

  @Test
  void nothingAndLessThanNothingIsOverAtOnce() {
    for (long nanos : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThat(result(start("nap", new WasmValue.I64(nanos)))).isEqualTo(7);
    }
  }

  @Test
  void sleepersHoldNoWorkerAndEveryOneIsWithdrawnWhenCancelled() {
    List<Call> sleepers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sleepers.add(start("nap", AN_HOUR));
    }
    patiently().until(() -> fixture.hostModule.sleeping() == 200);
    assertThat(result(start("add", new WasmValue.I32(40), new WasmValue.I32(2)))).isEqualTo(42);
    assertThat(fixture.hostModule.sleeping()).isEqualTo(200);
    sleepers.forEach(call -> fixture.platform.cancel("acme", call));
    for (Call sleeper : sleepers) {
      assertThat(answer(sleeper))
          .isInstanceOfSatisfying(
              CallAnswer.Trapped.class,
              trapped -> {
                assertThat(trapped.trap().reason()).isEqualTo(TrapReason.CANCELLED);
                assertThat(trapped.trap().backtrace()).as("where it slept").isNotEmpty();
              });
    }
    assertThat(fixture.hostModule.sleeping()).as("entries of the timer").isZero();
    fixture.awaitNothingInUse();
  }

  @Test
  void theDeadlineWakesNobodyButEndsTheCall() {
    CallAnswer answer =
        answerOnceBegun(deadline ->
            fixture.start("acme", "f", CallLimits.withDeadline(deadline), "nap", AN_HOUR));
    assertThat(answer)
        .isInstanceOfSatisfying(
            CallAnswer.Trapped.class,
            trapped -> assertThat(trapped.trap().reason()).isEqualTo(TrapReason.DEADLINE_EXCEEDED));
    assertThat(fixture.hostModule.sleeping()).isZero();
    fixture.awaitNothingInUse();
  }
}
