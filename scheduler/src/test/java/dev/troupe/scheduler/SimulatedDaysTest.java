package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Days of virtual time with everybody who ever made a scheduler unfair: the patient, the greedy,
 * one with very many functions, sleepers, bursts, a tenant with little bandwidth, the lightest.
 * After every event the invariants are checked, after every slice the shares. More seeds: {@code
 * -Dtroupe.scheduler.seeds=100}. Slices are long, so that a day has not too many of them.
 */
final class SimulatedDaysTest {
  private static final int SEEDS = Integer.getInteger("troupe.scheduler.seeds", 3);
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long HOUR = 3_600 * SECOND;
  private static final long DAY = 24 * HOUR;
  private static final long SLICE = SECOND;
  private static final long SHORT_SLICE = SECOND / 4;
  private static final long WAKE_LATENCY = MILLI;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, SEEDS);
  }

  /** A tenant that always has more to do than there are workers. */
  private static final class Backlogged {
    final TenantQueue tenant;
    final int weight;
    final List<SimulatedTask> tasks = new ArrayList<>();

    Backlogged(Simulation simulation, String name, int weight, int functions, int tasksEach) {
      this.tenant = simulation.tenant(name, weight);
      this.weight = weight;
      for (int function = 0; function < functions; function++) {
        FunctionQueue queue = tenant.newFunction();
        for (int task = 0; task < tasksEach; task++) {
          tasks.add(SimulatedTask.spinner(simulation).submitTo(queue));
        }
      }
    }

    long usedNanos() {
      long used = 0;
      for (SimulatedTask task : tasks) {
        used += task.usedNanos;
      }
      return used;
    }
  }

  /** One day and what is known about it. */
  private static final class Day {
    final long seed;
    final int workers;
    final SplittableRandom random;
    final Simulation simulation;
    final List<TenantQueue> tenants = new ArrayList<>();
    final List<Backlogged> backlogged = new ArrayList<>();
    final List<SimulatedTask> all = new ArrayList<>();
    long events;

    Day(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.workers = 1 + random.nextInt(4);
      SchedulerConfig config =
          SchedulerConfig.defaults()
              .withWorkers(workers)
              .withSlice(Duration.ofNanos(SLICE))
              .withInteractiveSlice(Duration.ofNanos(SHORT_SLICE));
      this.simulation = new Simulation(seed, config, WAKE_LATENCY);
    }

    TenantQueue tenant(String name, int weight) {
      TenantQueue tenant = simulation.tenant(name, weight);
      tenants.add(tenant);
      return tenant;
    }

    void backlogged(String name, int weight, int functions, int tasksEach) {
      Backlogged added = new Backlogged(simulation, name, weight, functions, tasksEach);
      backlogged.add(added);
      tenants.add(added.tenant);
      all.addAll(added.tasks);
    }

    void submit(FunctionQueue function, SimulatedTask task, SubmitOptions options) {
      all.add(task.submitTo(function, options));
    }

    /** Nothing is lost, nobody rests while somebody waits, nobody starves. */
    void checkEvent() {
      events++;
      long now = simulation.nanoTime();
      int known = simulation.core.endings();
      int waiting = known;
      int running = 0;
      long totalWeight = 0;
      for (TenantQueue tenant : tenants) {
        totalWeight += tenant.node().weight;
      }
      for (TenantQueue tenant : tenants) {
        TenantNode node = tenant.node();
        known += node.queuedTasks + node.running + node.parked;
        running += node.running;
        if (node.throttledUntilNanos <= now) {
          waiting += node.queuedTasks;
        }
        long starving = node.starvationAgeNanos(now);
        long rounds = totalWeight / node.weight + tenants.size() + workers + 2;
        if (starving > rounds * SLICE) {
          throw new AssertionError(
              "seed %d at %d: %s waits for %d ms"
                  .formatted(seed, now, node.name, starving / MILLI));
        }
      }
      if (known != simulation.core.live() || running != simulation.runningWorkers()) {
        throw new AssertionError(
            "seed %d at %d: %d tasks live, %d known; %d running on %d workers"
                .formatted(
                    seed,
                    now,
                    simulation.core.live(),
                    known,
                    running,
                    simulation.runningWorkers()));
      }
      if (waiting > 0
          && simulation.restingWorkers() > 0
          && simulation.workersOnTheWay() == 0
          && !simulation.somebodyLooksWithin(Patience.GRACE_NANOS)) {
        throw new AssertionError(
            "seed %d at %d: %d wait and %d workers rest"
                .formatted(seed, now, waiting, simulation.restingWorkers()));
      }
    }

    /** Each pair of those who always want more differs by at most a slice per worker each. */
    void checkShares() {
      for (Backlogged left : backlogged) {
        double leftUsed = (double) left.usedNanos() / left.weight;
        for (Backlogged right : backlogged) {
          double apart = leftUsed - (double) right.usedNanos() / right.weight;
          double bound =
              (double) workers * SLICE / left.weight + (double) workers * SLICE / right.weight;
          if (apart > bound + 1) {
            throw new AssertionError(
                "seed %d at %d: %s is %.3f slices before %s"
                    .formatted(
                        seed,
                        simulation.nanoTime(),
                        left.tenant.node().name,
                        apart / SLICE,
                        right.tenant.node().name));
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aDayWithEverybody(long seed) {
    Day day = new Day(seed);
    day.backlogged("plain", 100, 1, day.workers + 1);
    day.backlogged("many functions", 100, 25, 2);
    day.backlogged("heavy", 300, 2, day.workers);
    day.backlogged("light", 7, 1, day.workers);
    bursts(day);
    sleeper(day);
    shortCalls(day);
    TenantQueue bounded = day.tenant("bounded", 500);
    bounded.setCpuBandwidth(SECOND / 10, 5 * SECOND);
    FunctionQueue boundedFunction = bounded.newFunction();
    List<SimulatedTask> boundedTasks = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      boundedTasks.add(SimulatedTask.spinner(day.simulation).submitTo(boundedFunction));
    }
    day.simulation.onEvent(day::checkEvent);
    day.simulation.onSliceEnd(day::checkShares);
    for (long hour = 1; hour <= 24; hour++) {
      day.simulation.runUntil(hour * HOUR);
      long used = boundedTasks.stream().mapToLong(task -> task.usedNanos).sum();
      assertThat(used).isLessThanOrEqualTo(hour * HOUR / 10 + 5 * SECOND + day.workers * SLICE);
    }
    long used = boundedTasks.stream().mapToLong(task -> task.usedNanos).sum();
    assertThat(used).as("the bounded one gets what it may").isGreaterThan(DAY / 10 - 2 * SECOND);
    assertThat(day.events).isGreaterThan(50_000);
    SchedulerSnapshot snapshot = day.simulation.core.snapshot();
    assertThat(snapshot.jainIndex()).isBetween(0.5, 1.0);
    assertThat(snapshot.steals()).isGreaterThanOrEqualTo(day.workers > 1 ? 1 : 0);
    day.simulation.core.close();
    day.simulation.runUntil(DAY + 10 * SLICE);
    assertThat(day.simulation.everybodyLeft()).isTrue();
    assertThat(day.all).allMatch(task -> task.reports.size() == 1);
  }

  /** Many tasks at once, some of which are cancelled, some too late, some with limits. */
  private static void bursts(Day day) {
    TenantQueue tenant = day.tenant("bursts", 200);
    FunctionQueue function = tenant.newFunction();
    for (int burst = 0; burst < 150; burst++) {
      long at = day.random.nextLong(DAY - HOUR);
      int size = 1 + day.random.nextInt(40);
      day.simulation.at(
          at,
          () -> {
            for (int index = 0; index < size; index++) {
              long work = 1 + day.random.nextLong(4 * SLICE);
              SimulatedTask task =
                  SimulatedTask.bursts(
                      day.simulation, List.of(work, work / 2 + 1), day.random.nextLong(MILLI));
              day.submit(function, task, options(day.random));
              if (day.random.nextInt(3) == 0) {
                long later = day.simulation.nanoTime() + day.random.nextLong(HOUR);
                day.simulation.at(later, () -> task.handle().cancel());
              }
            }
          });
    }
  }

  private static SubmitOptions options(SplittableRandom random) {
    return new SubmitOptions(
        random.nextBoolean() ? SubmitOptions.UNLIMITED_NANOS : random.nextLong(HOUR),
        random.nextInt(4) > 0 ? SubmitOptions.UNLIMITED_NANOS : random.nextLong(3 * SLICE),
        random.nextBoolean());
  }

  /** Sleeps for an hour, wants everything for half of one, and changes its weight meanwhile. */
  private static void sleeper(Day day) {
    TenantQueue tenant = day.tenant("sleeper", 50);
    FunctionQueue function = tenant.newFunction();
    for (long at = HOUR; at < DAY - HOUR; at += 3 * HOUR / 2) {
      day.simulation.at(
          at,
          () -> {
            tenant.setWeight(1 + day.random.nextInt(400));
            for (int index = 0; index < day.workers + 1; index++) {
              day.submit(
                  function,
                  SimulatedTask.spinner(day.simulation),
                  SubmitOptions.withTimeoutNanos(HOUR / 2));
            }
          });
    }
  }

  /** A millisecond now and then. */
  private static void shortCalls(Day day) {
    TenantQueue tenant = day.tenant("short calls", 100);
    FunctionQueue function = tenant.newFunction();
    for (long at = 0; at < DAY - HOUR; at += 1 + day.random.nextLong(40 * SECOND)) {
      day.simulation.at(
          at,
          () ->
              day.submit(
                  function,
                  SimulatedTask.burst(day.simulation, 1 + day.random.nextLong(5 * MILLI)),
                  SubmitOptions.UNLIMITED));
    }
  }

  @Test
  void aSleeperNeitherSavesUpNorLoses() {
    Day day = new Day(1_000);
    day.backlogged("awake", 100, 1, day.workers + 1);
    TenantQueue tenant = day.tenant("sleeper", 100);
    day.simulation.runUntil(10 * HOUR);
    List<SimulatedTask> tasks = new ArrayList<>();
    FunctionQueue function = tenant.newFunction();
    for (int index = 0; index < day.workers + 1; index++) {
      tasks.add(SimulatedTask.spinner(day.simulation).submitTo(function));
    }
    long before = day.backlogged.getFirst().usedNanos();
    day.simulation.runUntil(10 * HOUR + 1_000 * SLICE);
    long others = day.backlogged.getFirst().usedNanos() - before;
    long own = tasks.stream().mapToLong(task -> task.usedNanos).sum();
    assertThat(own).isCloseTo(others, within(2 * day.workers * SLICE));
  }
}
