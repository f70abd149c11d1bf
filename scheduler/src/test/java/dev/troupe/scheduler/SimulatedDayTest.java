package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything at once, at random: whatever happens, the invariants hold and the seed replays it. */
final class SimulatedDayTest {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long WAKE_LATENCY = 50 * MICRO;

  /** What one day left behind. */
  private record Day(String trace, SchedulerSnapshot snapshot) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyTaskEndsOnceAndNoWorkerSleepsWhileSomebodyWaits(long seed) {
    Day day = live(seed);
    assertThat(day.snapshot.live()).as("seed %d", seed).isZero();
    assertThat(day.snapshot.queued()).isZero();
    for (TenantSnapshot tenant : day.snapshot.tenants()) {
      assertThat(tenant.running() + tenant.parked() + tenant.queued() + tenant.notStarted())
          .as("seed %d, %s", seed, tenant)
          .isZero();
    }
    long ended = day.snapshot.accounts().ended().values().stream().mapToLong(Long::longValue).sum();
    assertThat(ended).isEqualTo(day.snapshot.accounts().submitted());
    assertThat(day.snapshot.accounts().preemptions()).isPositive();
  }

  @Test
  void theSameSeedReplaysTheDay() {
    assertThat(live(77).trace).isEqualTo(live(77).trace).isNotEqualTo(live(78).trace);
  }

  private static Day live(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int workers = 1 + random.nextInt(4);
    Simulation simulation =
        new Simulation(
            seed,
            SchedulerConfig.defaults().withWorkers(workers).withSlice(Duration.ofMillis(1)),
            WAKE_LATENCY);
    List<TenantQueue> tenants = new ArrayList<>();
    List<FunctionQueue> functions = new ArrayList<>();
    for (int index = 0; index < 8; index++) {
      TenantQueue tenant = simulation.tenant("tenant-" + index, 1 + random.nextInt(500));
      tenants.add(tenant);
      for (int function = 0; function <= random.nextInt(3); function++) {
        functions.add(tenant.newFunction());
      }
    }
    List<SimulatedTask> tasks = new ArrayList<>();
    for (int index = 0; index < 3_000; index++) {
      long at = random.nextLong(2 * SECOND);
      SimulatedTask task = randomTask(simulation, random);
      tasks.add(task);
      FunctionQueue function = functions.get(random.nextInt(functions.size()));
      SubmitOptions options = randomOptions(random);
      simulation.at(at, () -> task.submitTo(function, options));
      disturb(simulation, random, task, at);
    }
    for (int change = 0; change < 200; change++) {
      TenantQueue tenant = tenants.get(random.nextInt(tenants.size()));
      TenantShare share = new TenantShare(1 + random.nextInt(500), 1_000_000);
      simulation.at(random.nextLong(2 * SECOND), () -> tenant.setShare(share));
    }
    for (long at = 0; at < 3 * SECOND; at += MILLI) {
      checkConserving(simulation, at, seed);
    }
    simulation.runUntil(60 * SECOND);
    return new Day(trace(tasks, seed), simulation.core.snapshot());
  }

  /** A task that is cancelled, or unparked for no reason, or neither. */
  private static void disturb(
      Simulation simulation, SplittableRandom random, SimulatedTask task, long submittedAt) {
    long later = submittedAt + 1 + random.nextLong(100 * MILLI);
    switch (random.nextInt(4)) {
      case 0 -> simulation.at(later, () -> task.handle().cancel());
      case 1 -> simulation.at(later, () -> task.handle().unpark());
      default -> {
        // Left in peace.
      }
    }
  }

  /**
   * Nobody rests while somebody is queued, unless a worker is on its way or about to end its slice:
   * that one calls the next.
   */
  private static void checkConserving(Simulation simulation, long at, long seed) {
    simulation.at(
        at,
        () -> {
          int queued = simulation.core.snapshot().queued();
          int onTheWay = simulation.workersOnTheWay();
          int resting = simulation.restingWorkers();
          boolean soon = simulation.somebodyLooksWithin(Patience.GRACE_NANOS);
          assertThat(resting == 0 || queued == 0 || onTheWay > 0 || soon)
              .as(
                  "seed %d at %d: %d queued, %d workers rest, %d are on their way",
                  seed, at, queued, resting, onTheWay)
              .isTrue();
        });
  }

  private static SimulatedTask randomTask(Simulation simulation, SplittableRandom random) {
    List<Long> bursts = new ArrayList<>();
    for (int burst = 0; burst <= random.nextInt(4); burst++) {
      bursts.add(1 + random.nextLong(random.nextInt(10) == 0 ? 20 * MILLI : 200 * MICRO));
    }
    long pause = random.nextLong(20 * MILLI);
    return random.nextInt(20) == 0
        ? SimulatedTask.stubborn(simulation, bursts, pause)
        : SimulatedTask.bursts(simulation, bursts, pause);
  }

  private static SubmitOptions randomOptions(SplittableRandom random) {
    return new SubmitOptions(
        random.nextBoolean() ? SubmitOptions.UNLIMITED_NANOS : random.nextLong(200 * MILLI),
        random.nextInt(4) > 0 ? SubmitOptions.UNLIMITED_NANOS : random.nextLong(5 * MILLI),
        random.nextInt(5) == 0);
  }

  private static String trace(List<SimulatedTask> tasks, long seed) {
    StringBuilder trace = new StringBuilder();
    for (SimulatedTask task : tasks) {
      assertThat(task.reports).as("seed %d: ends of a task", seed).hasSize(1);
      trace
          .append(task.firstStartNanos)
          .append(' ')
          .append(task.endedNanos)
          .append(' ')
          .append(task.reports)
          .append('\n');
    }
    return trace.toString();
  }
}
