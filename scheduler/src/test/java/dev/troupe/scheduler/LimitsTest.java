package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines, cancellation, parking and bounds, on simulated time. */
final class LimitsTest {
  private static final long MILLI = 1_000_000;
  private static final long SLICE = MILLI;
  private static final long SECOND = 1_000 * MILLI;

  private static SchedulerConfig config(int workers) {
    return SchedulerConfig.defaults().withWorkers(workers).withSlice(Duration.ofMillis(1));
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 2, 4})
  void deadlinesReachRunningQueuedAndParkedTasksWithinASlice(int workers) {
    Simulation simulation = new Simulation(workers, config(workers));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    List<SimulatedTask> tasks = new ArrayList<>();
    List<Long> deadlines = new ArrayList<>();
    for (int index = 0; index < 60; index++) {
      long deadline = MILLI + simulation.random.nextLong(SECOND);
      SimulatedTask task =
          switch (index % 3) {
            case 0 -> SimulatedTask.spinner(simulation);
            case 1 -> SimulatedTask.bursts(simulation, List.of(1_000L, 1_000L), 5 * SECOND);
            default -> SimulatedTask.bursts(simulation, List.of(5_000L, SECOND, 1L), 3 * MILLI);
          };
      tasks.add(task.submitTo(function, SubmitOptions.withTimeoutNanos(deadline)));
      deadlines.add(deadline);
    }
    simulation.runUntil(2 * SECOND);
    for (int index = 0; index < tasks.size(); index++) {
      SimulatedTask task = tasks.get(index);
      assertThat(task.end()).isEqualTo(TaskEnd.DEADLINE_EXCEEDED);
      assertThat(task.reports).hasSize(1);
      assertThat(task.endedNanos - deadlines.get(index)).isBetween(0L, SLICE);
    }
    assertThat(simulation.core.snapshot().live()).isZero();
  }

  @Test
  void aDeadlineReachesALoneSpinnerOnTime() {
    Simulation simulation = new Simulation(1, config(1));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    SimulatedTask task =
        SimulatedTask.spinner(simulation)
            .submitTo(function, SubmitOptions.withTimeoutNanos(37 * MILLI));
    simulation.runUntil(SECOND);
    assertThat(task.endedNanos).isEqualTo(37 * MILLI);
    assertThat(task.reports.getFirst().cpuNanos()).isEqualTo(37 * MILLI);
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 3})
  void cancellationReachesEveryTaskWithinASlice(int workers) {
    Simulation simulation = new Simulation(100 + workers, config(workers));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    List<SimulatedTask> tasks = new ArrayList<>();
    List<Long> cancelled = new ArrayList<>();
    for (int index = 0; index < 30; index++) {
      SimulatedTask task =
          index % 2 == 0
              ? SimulatedTask.spinner(simulation)
              : SimulatedTask.bursts(simulation, List.of(1_000L, 1_000L), 60 * SECOND);
      tasks.add(task.submitTo(function));
      long at = simulation.random.nextLong(SECOND);
      cancelled.add(at);
      simulation.at(at, () -> task.handle().cancel());
      simulation.at(at + 10, () -> task.handle().cancel());
    }
    simulation.runUntil(2 * SECOND);
    for (int index = 0; index < tasks.size(); index++) {
      SimulatedTask task = tasks.get(index);
      assertThat(task.end()).isEqualTo(TaskEnd.CANCELLED);
      assertThat(task.reports).hasSize(1);
      assertThat(task.endedNanos - cancelled.get(index)).isBetween(0L, SLICE);
    }
  }

  @Test
  void aLimitOfProcessorTimeEndsATaskAndWaitingDoesNotCount() {
    Simulation simulation = new Simulation(5, config(1));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    var _ = SimulatedTask.spinner(simulation).submitTo(function);
    SimulatedTask limited =
        SimulatedTask.spinner(simulation)
            .submitTo(function, new SubmitOptions(SubmitOptions.UNLIMITED_NANOS, 20 * MILLI));
    simulation.runUntil(SECOND);
    assertThat(limited.end()).isEqualTo(TaskEnd.CPU_LIMIT_EXCEEDED);
    assertThat(limited.reports.getFirst().cpuNanos()).isEqualTo(20 * MILLI);
    assertThat(limited.endedNanos).isGreaterThanOrEqualTo(38 * MILLI);
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 2, 5})
  void aNapEndsOnTimeWhileEverybodyRests(int workers) {
    Simulation simulation = new Simulation(60, config(workers));
    simulation.runUntil(MILLI);
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    SimulatedTask task =
        SimulatedTask.bursts(simulation, List.of(10L, 10L, 10L), 7 * MILLI).submitTo(function);
    simulation.runUntil(SECOND);
    assertThat(task.endedNanos).isEqualTo(15 * MILLI + 30);
  }

  @Test
  void parkedTasksCostNothing() {
    Simulation simulation = new Simulation(6, config(2));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    for (int index = 0; index < 20_000; index++) {
      var _ =
          SimulatedTask.bursts(simulation, List.of(100L, 100L), 3_600 * SECOND)
              .submitTo(function, SubmitOptions.withTimeoutNanos(7_200 * SECOND));
    }
    simulation.runUntil(SECOND);
    SchedulerSnapshot before = simulation.core.snapshot();
    assertThat(before.tenants().getFirst().parked()).isEqualTo(20_000);
    assertThat(before.idleWorkers()).isEqualTo(2);
    long steps = simulation.steps();
    simulation.runUntil(3_000 * SECOND);
    assertThat(simulation.steps()).isEqualTo(steps);
    simulation.runUntil(7_000 * SECOND);
    assertThat(simulation.core.snapshot().accounts().ended()).containsEntry(TaskEnd.DONE, 20_000L);
  }

  @Test
  void fullQueuesRefuseWithTheirBound() {
    Simulation simulation = new Simulation(7, config(1).withMaxQueuedTasks(5));
    TenantQueue small = simulation.tenant("small", new TenantShare(100, 3));
    TenantQueue large = simulation.tenant("large", new TenantShare(100, 100));
    FunctionQueue function = small.newFunction();
    for (int index = 0; index < 3; index++) {
      var _ = SimulatedTask.burst(simulation, MILLI).submitTo(function);
    }
    assertThat(function.submit(SimulatedTask.spinner(simulation), SubmitOptions.UNLIMITED))
        .isEqualTo(new SubmitResult.QueueFull(SubmitResult.Bound.TENANT_QUEUE, 3, 3));
    FunctionQueue other = large.newFunction();
    for (int index = 0; index < 2; index++) {
      var _ = SimulatedTask.burst(simulation, MILLI).submitTo(other);
    }
    assertThat(other.submit(SimulatedTask.spinner(simulation), SubmitOptions.UNLIMITED))
        .isEqualTo(new SubmitResult.QueueFull(SubmitResult.Bound.SCHEDULER_QUEUE, 5, 5));
    assertThat(small.snapshot().accounts().refused()).isEqualTo(1);
    simulation.runUntil(SECOND);
    assertThat(simulation.core.snapshot().accounts().ended()).containsEntry(TaskEnd.DONE, 5L);
    var _ = SimulatedTask.burst(simulation, MILLI).submitTo(function);
  }

  @Test
  void aRemovedTenantLosesItsTasksAndGetsNoNewOnes() {
    Simulation simulation = new Simulation(8, config(1));
    TenantQueue tenant = simulation.tenant("t", 100);
    FunctionQueue function = tenant.newFunction();
    SimulatedTask running = SimulatedTask.spinner(simulation).submitTo(function);
    SimulatedTask queued = SimulatedTask.spinner(simulation).submitTo(function);
    simulation.runUntil(10 * MILLI);
    tenant.remove();
    simulation.runUntil(12 * MILLI);
    assertThat(running.end()).isEqualTo(TaskEnd.CANCELLED);
    assertThat(queued.end()).isEqualTo(TaskEnd.CANCELLED);
    assertThat(function.submit(SimulatedTask.spinner(simulation), SubmitOptions.UNLIMITED))
        .isInstanceOf(SubmitResult.Closed.class);
    assertThat(simulation.core.snapshot().tenants()).isEmpty();
  }

  @Test
  void closingEndsEverythingAndSendsTheWorkersHome() {
    Simulation simulation = new Simulation(9, config(3));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    List<SimulatedTask> tasks = new ArrayList<>();
    for (int index = 0; index < 10; index++) {
      tasks.add(SimulatedTask.spinner(simulation).submitTo(function));
      tasks.add(SimulatedTask.bursts(simulation, List.of(10L, 10L), SECOND).submitTo(function));
    }
    simulation.runUntil(50 * MILLI);
    simulation.core.close();
    simulation.runUntil(52 * MILLI);
    assertThat(tasks).allMatch(task -> task.end() == TaskEnd.SHUT_DOWN);
    assertThat(simulation.everybodyLeft()).isTrue();
  }

  @Test
  void loweredLimitsActAtOnceWhereverTheTaskIs() {
    Simulation simulation = new Simulation(10, config(1));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    SimulatedTask running = SimulatedTask.spinner(simulation).submitTo(function);
    SimulatedTask parked =
        SimulatedTask.bursts(simulation, List.of(1_000L, 1_000L), 60 * SECOND).submitTo(function);
    SimulatedTask cpuBound = SimulatedTask.spinner(simulation).submitTo(function);
    SimulatedTask untouched = SimulatedTask.spinner(simulation).submitTo(function);
    simulation.runUntil(100 * MILLI);
    running.handle().lowerLimits(150 * MILLI, SubmitOptions.UNLIMITED_NANOS);
    parked.handle().lowerLimits(SECOND, 1);
    cpuBound.handle().lowerLimits(SubmitOptions.UNLIMITED_NANOS, 40 * MILLI);
    untouched.handle().lowerLimits(SubmitOptions.UNLIMITED_NANOS, SubmitOptions.UNLIMITED_NANOS);
    simulation.runUntil(2 * SECOND);
    assertThat(running.end()).isEqualTo(TaskEnd.DEADLINE_EXCEEDED);
    assertThat(running.endedNanos - 150 * MILLI).isBetween(0L, SLICE);
    assertThat(parked.end()).isEqualTo(TaskEnd.CPU_LIMIT_EXCEEDED);
    assertThat(parked.endedNanos - 100 * MILLI).isBetween(0L, SLICE);
    assertThat(cpuBound.end()).isEqualTo(TaskEnd.CPU_LIMIT_EXCEEDED);
    assertThat(cpuBound.reports.getFirst().cpuNanos()).isEqualTo(40 * MILLI);
    assertThat(untouched.end()).isNull();
    untouched.handle().lowerLimits(0, SubmitOptions.UNLIMITED_NANOS);
    simulation.runUntil(3 * SECOND);
    assertThat(untouched.end()).isEqualTo(TaskEnd.DEADLINE_EXCEEDED);
    untouched.handle().lowerLimits(0, 0);
    assertThat(untouched.reports).hasSize(1);
  }
}
