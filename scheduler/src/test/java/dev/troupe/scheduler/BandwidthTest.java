package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processor time per second, on simulated time. */
final class BandwidthTest {
  private static final long MILLI = 1_000_000;
  private static final long SLICE = MILLI;
  private static final long SECOND = 1_000 * MILLI;

  private static SchedulerConfig config(int workers) {
    return SchedulerConfig.defaults().withWorkers(workers).withSlice(Duration.ofMillis(1));
  }

  private static List<SimulatedTask> spinners(
      Simulation simulation, TenantQueue tenant, int count) {
    List<SimulatedTask> tasks = new ArrayList<>();
    FunctionQueue function = tenant.newFunction();
    for (int index = 0; index < count; index++) {
      tasks.add(SimulatedTask.spinner(simulation).submitTo(function));
    }
    return tasks;
  }

  private static long used(List<SimulatedTask> tasks) {
    return tasks.stream().mapToLong(task -> task.usedNanos).sum();
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {1, 2, 4})
  void aTenantAloneGetsItsBandwidthAndNoMore(int workers) {
    Simulation simulation = new Simulation(workers, config(workers));
    TenantQueue tenant = simulation.tenant("t", 100);
    long burst = 20 * MILLI;
    tenant.setCpuBandwidth(SECOND / 4, burst);
    List<SimulatedTask> tasks = spinners(simulation, tenant, 6);
    for (long at = SECOND / 10; at <= 10 * SECOND; at += SECOND / 10) {
      simulation.runUntil(at);
      assertThat(used(tasks)).isLessThanOrEqualTo(at / 4 + burst + workers * SLICE);
    }
    assertThat(used(tasks)).isCloseTo(10 * SECOND / 4 + burst, within((workers + 1) * SLICE));
  }

  @Test
  void whileThrottledNobodyIsBusy() {
    Simulation simulation = new Simulation(2, config(2));
    TenantQueue tenant = simulation.tenant("t", 100);
    tenant.setCpuBandwidth(SECOND / 100, MILLI);
    var _ = spinners(simulation, tenant, 3);
    simulation.runUntil(10 * SECOND);
    // 100 ms of work in slices of about a millisecond, and no polling in between.
    assertThat(simulation.steps()).isLessThan(1_000);
    simulation.runUntil(10 * SECOND + 10 * MILLI);
    assertThat(tenant.snapshot().throttled()).isTrue();
    assertThat(tenant.snapshot().starvationAgeNanos()).isZero();
    assertThat(simulation.core.snapshot().idleWorkers()).isEqualTo(2);
  }

  @Test
  void whatAThrottledTenantLeavesGoesToTheOthers() {
    Simulation simulation = new Simulation(3, config(1));
    TenantQueue bounded = simulation.tenant("bounded", 900);
    TenantQueue free = simulation.tenant("free", 100);
    bounded.setCpuBandwidth(SECOND / 10, 5 * MILLI);
    List<SimulatedTask> few = spinners(simulation, bounded, 2);
    List<SimulatedTask> rest = spinners(simulation, free, 2);
    simulation.runUntil(10 * SECOND);
    assertThat(used(few)).isCloseTo(SECOND, within(10 * MILLI));
    assertThat(used(few) + used(rest)).isCloseTo(10 * SECOND, within(SLICE));
  }

  @Test
  void aChangeActsAtOnce() {
    Simulation simulation = new Simulation(4, config(1));
    TenantQueue tenant = simulation.tenant("t", 100);
    List<SimulatedTask> tasks = spinners(simulation, tenant, 1);
    simulation.runUntil(SECOND);
    assertThat(used(tasks)).as("nobody measures a slice that runs on").isZero();
    tenant.setCpuBandwidth(SECOND / 2, MILLI);
    simulation.runUntil(2 * SECOND);
    assertThat(used(tasks)).isCloseTo(SECOND, within(2 * MILLI));
    simulation.runUntil(4 * SECOND);
    assertThat(used(tasks))
        .as("a second of debt is paid")
        .isCloseTo(SECOND + SECOND / 2, within(3 * MILLI));
    tenant.setCpuBandwidth(SubmitOptions.UNLIMITED_NANOS, 1);
    simulation.runUntil(5 * SECOND);
    tasks.getFirst().handle().cancel();
    simulation.runUntil(5 * SECOND + SLICE);
    assertThat(used(tasks)).isCloseTo(2 * SECOND + SECOND / 2, within(3 * MILLI));
    assertThat(tenant.snapshot().throttled()).isFalse();
  }

  @Test
  void deadlinesAndCancelsReachThrottledTasks() {
    Simulation simulation = new Simulation(5, config(1));
    TenantQueue tenant = simulation.tenant("t", 100);
    tenant.setCpuBandwidth(1, MILLI);
    FunctionQueue function = tenant.newFunction();
    var _ = SimulatedTask.burst(simulation, 2 * MILLI).submitTo(function);
    simulation.runUntil(3 * MILLI);
    SimulatedTask late =
        SimulatedTask.spinner(simulation)
            .submitTo(function, SubmitOptions.withTimeoutNanos(7 * MILLI));
    SimulatedTask unwanted = SimulatedTask.spinner(simulation).submitTo(function);
    simulation.at(5 * MILLI, () -> unwanted.handle().cancel());
    simulation.runUntil(SECOND);
    assertThat(late.end()).isEqualTo(TaskEnd.DEADLINE_EXCEEDED);
    assertThat(late.endedNanos).isEqualTo(10 * MILLI);
    assertThat(unwanted.end()).isEqualTo(TaskEnd.CANCELLED);
    assertThat(unwanted.endedNanos).isEqualTo(5 * MILLI);
    assertThat(late.usedNanos + unwanted.usedNanos).isZero();
  }
}
