package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a snapshot says about fairness, on simulated time. */
final class FairnessMetricsTest {
  private static final long MILLI = 1_000_000;
  private static final long SLICE = MILLI;
  private static final long SECOND = 1_000 * MILLI;

  private static Simulation simulation(int workers) {
    return new Simulation(
        5, SchedulerConfig.defaults().withWorkers(workers).withSlice(Duration.ofMillis(1)));
  }

  @Test
  void jainsIndexIsThatOfThePaper() {
    FairnessIndex equal = new FairnessIndex();
    FairnessIndex one = new FairnessIndex();
    for (int index = 0; index < 10; index++) {
      equal.add(0.7);
      one.add(index == 3 ? 2 : 0);
    }
    assertThat(equal.jain()).isCloseTo(1, within(1e-9));
    assertThat(one.jain()).isCloseTo(0.1, within(1e-9));
    assertThat(new FairnessIndex().jain()).isEqualTo(1);
  }

  @Test
  void aFairMachineHasIndexOneAndALagWithinItsBound() {
    Simulation simulation = simulation(2);
    for (int tenant = 0; tenant < 6; tenant++) {
      FunctionQueue function = simulation.tenant("t", 10 + 40 * tenant).newFunction();
      for (int task = 0; task < 3; task++) {
        var _ = SimulatedTask.spinner(simulation).submitTo(function);
      }
    }
    simulation.runUntil(10 * SECOND);
    SchedulerSnapshot snapshot = simulation.core.snapshot();
    assertThat(snapshot.jainIndex()).isGreaterThan(0.999);
    assertThat(snapshot.lagBoundNanos()).isEqualTo(3 * SLICE);
    assertThat(snapshot.maxLagNanos()).isLessThanOrEqualTo(snapshot.lagBoundNanos());
    // The lightest: one slice in (10 + 50 + ... + 210) / 10 on each of two workers.
    assertThat(snapshot.starvationAgeNanos()).isLessThanOrEqualTo(70 * SLICE);
  }

  @Test
  void whoHoldsTheProcessorShowsInTheIndexAndInTheAge() {
    Simulation simulation = simulation(1);
    FunctionQueue stubborn = simulation.tenant("stubborn", 100).newFunction();
    FunctionQueue patient = simulation.tenant("patient", 100).newFunction();
    var _ = SimulatedTask.stubborn(simulation, List.of(SECOND, SECOND), 0).submitTo(stubborn);
    var _ = SimulatedTask.spinner(simulation).submitTo(patient);
    simulation.runUntil(SECOND / 2);
    SchedulerSnapshot during = simulation.core.snapshot();
    assertThat(during.starvationAgeNanos()).isEqualTo(SECOND / 2);
    assertThat(during.tenants().get(1).starvationAgeNanos()).isEqualTo(SECOND / 2);
    simulation.runUntil(SECOND + MILLI / 2);
    SchedulerSnapshot after = simulation.core.snapshot();
    assertThat(after.jainIndex()).isLessThan(0.6);
    assertThat(after.maxLagNanos()).isGreaterThan(after.lagBoundNanos());
    assertThat(after.tenants().get(0).lagNanos()).isNegative();
  }
}
