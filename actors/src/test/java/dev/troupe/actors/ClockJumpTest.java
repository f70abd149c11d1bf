package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.scheduler.SchedulerClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scheduler's clock jumps an hour ahead, as after a machine was stopped and went on: deadlines
 * have passed then, and nothing else has happened.
 */
final class ClockJumpTest {
  private final AtomicLong aheadNanos = new AtomicLong();
  private final Fixture fixture;

  ClockJumpTest(@TempDir Path folder) {
    SchedulerClock system = SchedulerClock.system();
    SchedulerClock jumping =
        new SchedulerClock() {
          @Override
          public long nanoTime() {
            return system.nanoTime() + aheadNanos.get();
          }

          @Override
          public long threadCpuNanos() {
            return system.threadCpuNanos();
          }
        };
    fixture =
        new Fixture(
            folder, "default", new InMemoryTenantStore(), PlatformSettings.defaults(), jumping);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aJumpEndsTheCallsWhoseDeadlineItPassedAndNoOthers() {
    TenantView _ =
        fixture.createTenant(
            TenantQuotas.defaults().withConcurrency(10, 10).withDeadline(Duration.ofMinutes(30)));
    Deployment _ = fixture.deploy("memory=65536");
    List<Call> calls = new ArrayList<>();
    for (int count = 0; count < 8; count++) {
      calls.add(fixture.start("wait"));
    }
    calls.add(fixture.start("spin"));
    fixture.awaitBegun(9);
    long _ = aheadNanos.addAndGet(Duration.ofHours(1).toNanos());
    // Somebody has to look at the clock: a call that comes, as always.
    assertThat(answer(fixture.start("calls"))).isInstanceOf(CallAnswer.Returned.class);
    for (Call call : calls) {
      assertThat(answer(call))
          .isInstanceOfSatisfying(
              CallAnswer.Trapped.class,
              stopped ->
                  assertThat(stopped.trap().reason()).isEqualTo(TrapReason.DEADLINE_EXCEEDED));
    }
    assertThat(answer(fixture.start("calls"))).isInstanceOf(CallAnswer.Returned.class);
    fixture.awaitNothingInUse();
  }
}
