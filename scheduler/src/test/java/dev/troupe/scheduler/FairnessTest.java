package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares of the processor, on simulated time. */
final class FairnessTest {
  private static final long MILLI = 1_000_000;
  private static final long SLICE = MILLI;
  private static final long SECOND = 1_000 * MILLI;

  /** A tenant with tasks that always want the processor. */
  private record Spinning(TenantQueue tenant, int weight, List<SimulatedTask> tasks) {
    double normalizedNanos() {
      return (double) usedNanos() / weight;
    }

    long usedNanos() {
      return tasks.stream().mapToLong(task -> task.usedNanos).sum();
    }
  }

  private static SchedulerConfig config(int workers) {
    return SchedulerConfig.defaults().withWorkers(workers).withSlice(Duration.ofMillis(1));
  }

  private static Spinning spin(Simulation simulation, int weight, int functions, int tasks) {
    TenantQueue tenant = simulation.tenant("weight " + weight, weight);
    List<SimulatedTask> spinners = new ArrayList<>();
    for (int function = 0; function < functions; function++) {
      FunctionQueue queue = tenant.newFunction();
      for (int task = 0; task < tasks; task++) {
        spinners.add(SimulatedTask.spinner(simulation).submitTo(queue));
      }
    }
    return new Spinning(tenant, weight, spinners);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void onOneWorkerEveryTenantStaysWithinOneSliceOfItsWeight(long seed) {
    Simulation simulation = new Simulation(seed, config(1));
    SplittableRandom random = new SplittableRandom(seed);
    List<Spinning> tenants = new ArrayList<>();
    for (int index = 0; index < 6; index++) {
      int weight = 1 + random.nextInt(1_000);
      tenants.add(spin(simulation, weight, 1 + random.nextInt(3), 1 + random.nextInt(3)));
    }
    simulation.onSliceEnd(() -> assertPairsWithin(tenants, SLICE));
    simulation.runUntil(3 * SECOND);
    assertThat(tenants.stream().mapToLong(Spinning::usedNanos).sum())
        .isCloseTo(3 * SECOND, within(SLICE));
  }

  /** The bound of start-time fair queuing: one slice of each of the two, by their weights. */
  private static void assertPairsWithin(List<Spinning> tenants, long boundNanos) {
    for (Spinning left : tenants) {
      for (Spinning right : tenants) {
        double apart = left.normalizedNanos() - right.normalizedNanos();
        double bound = (double) boundNanos / left.weight() + (double) boundNanos / right.weight();
        assertThat(apart).as("%s against %s", left, right).isLessThanOrEqualTo(bound + 1);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14})
  void onFourWorkersEveryTenantStaysWithinASlicePerWorker(long seed) {
    Simulation simulation = new Simulation(seed, config(4), 20_000);
    SplittableRandom random = new SplittableRandom(seed);
    List<Spinning> tenants = new ArrayList<>();
    for (int index = 0; index < 5; index++) {
      // Nobody can claim more than one worker's part with fewer than four tasks.
      tenants.add(spin(simulation, 50 + random.nextInt(100), 2, 4));
    }
    simulation.runUntil(SECOND);
    simulation.onSliceEnd(() -> assertPairsWithin(tenants, 4 * SLICE));
    simulation.runUntil(4 * SECOND);
  }

  @Test
  void manyFunctionsAndManyTasksGainNothing() {
    Simulation simulation = new Simulation(21, config(2));
    Spinning modest = spin(simulation, 100, 1, 2);
    Spinning spread = spin(simulation, 100, 50, 3);
    simulation.runUntil(4 * SECOND);
    assertThat(modest.usedNanos()).isCloseTo(spread.usedNanos(), within(6 * SLICE));
  }

  @Test
  void functionsOfATenantShareEquallyWhateverTheirTasks() {
    Simulation simulation = new Simulation(22, config(1));
    TenantQueue tenant = simulation.tenant("t", 100);
    FunctionQueue one = tenant.newFunction();
    FunctionQueue many = tenant.newFunction();
    SimulatedTask single = SimulatedTask.spinner(simulation).submitTo(one);
    for (int index = 0; index < 9; index++) {
      var _ = SimulatedTask.spinner(simulation).submitTo(many);
    }
    simulation.runUntil(2 * SECOND);
    assertThat(single.usedNanos).isCloseTo(SECOND, within(2 * SLICE));
  }

  @Test
  void aFloodOfShortTasksDoesNotStarveALongOneOfTheSameFunction() {
    Simulation simulation = new Simulation(23, config(1));
    FunctionQueue function = simulation.tenant("t", 100).newFunction();
    SimulatedTask spinner = SimulatedTask.spinner(simulation).submitTo(function);
    flood(simulation, function);
    simulation.runUntil(SECOND);
    assertThat(spinner.usedNanos).isBetween(SECOND / 3, SECOND * 2 / 3);
  }

  /** One short task after the other, without a pause. */
  private static void flood(Simulation simulation, FunctionQueue function) {
    SimulatedTask task = SimulatedTask.burst(simulation, 100_000);
    task.onEnd(() -> flood(simulation, function));
    var _ = task.submitTo(function);
  }

  @Test
  void theLightestTenantWaitsNoLongerThanItsWeightSays() {
    Simulation simulation = new Simulation(31, config(1));
    for (int index = 0; index < 9; index++) {
      var _ = spin(simulation, 100, 1, 2);
    }
    Spinning light = spin(simulation, 1, 1, 1);
    simulation.runUntil(20 * SECOND);
    // One slice in 901, and one more round of everybody for the order among equals.
    assertThat(light.tenant().snapshot().accounts().waits().quantileNanos(1))
        .isLessThanOrEqualTo((long) (1.25 * (901 + 10) * SLICE));
    assertThat(light.usedNanos()).isCloseTo(20 * SECOND / 901, within(2 * SLICE));
  }

  @Test
  void sleepDoesNotLaunderDebt() {
    Simulation simulation = new Simulation(41, config(1));
    TenantQueue debtor = simulation.tenant("debtor", 100);
    FunctionQueue function = debtor.newFunction();
    Spinning patient = spin(simulation, 100, 1, 1);
    // 50 ms that nobody can interrupt, a nap of 1 ms, and then as much as it gets.
    SimulatedTask greedy =
        SimulatedTask.stubborn(simulation, List.of(50 * MILLI, 10 * MILLI), MILLI)
            .submitTo(function);
    simulation.runUntil(50 * MILLI + MILLI);
    long patientBefore = patient.usedNanos();
    assertThat(greedy.usedNanos).isEqualTo(50 * MILLI);
    simulation.runUntil(96 * MILLI);
    assertThat(greedy.usedNanos).as("still pays for its 50 ms").isEqualTo(50 * MILLI);
    assertThat(patient.usedNanos() - patientBefore).isGreaterThanOrEqualTo(44 * MILLI);
    simulation.runUntil(115 * MILLI);
    assertThat(greedy.usedNanos).as("and is served when it has paid").isEqualTo(60 * MILLI);
  }

  @Test
  void sleepEarnsNoCreditBeyondABound() {
    Simulation simulation = new Simulation(42, config(1));
    Spinning awake = spin(simulation, 100, 1, 1);
    TenantQueue sleeper = simulation.tenant("sleeper", 100);
    SimulatedTask spinner = SimulatedTask.spinner(simulation);
    simulation.at(10 * SECOND, () -> spinner.submitTo(sleeper.newFunction()));
    simulation.runUntil(10 * SECOND);
    long before = awake.usedNanos();
    simulation.runUntil(10 * SECOND + 40 * MILLI);
    assertThat(awake.usedNanos() - before).isCloseTo(20 * MILLI, within(3 * MILLI));
    assertThat(spinner.usedNanos).isCloseTo(20 * MILLI, within(3 * MILLI));
  }

  @Test
  void anIdleProcessorIsFree() {
    Simulation simulation = new Simulation(43, config(2));
    // Ten seconds with a worker each, at very different weights: nobody owes anybody anything.
    Spinning heavy = spin(simulation, 1_000, 1, 1);
    Spinning light = spin(simulation, 1, 1, 1);
    simulation.runUntil(10 * SECOND);
    assertThat(heavy.tenant().snapshot().running()).isEqualTo(1);
    List<Spinning> late = new ArrayList<>();
    simulation.at(10 * SECOND, () -> late.add(spin(simulation, 1, 1, 1)));
    simulation.runUntil(10 * SECOND + 200 * MILLI);
    // The heavy one fills a worker with its single task; the light ones share the other.
    assertThat(light.usedNanos() - 10 * SECOND).isCloseTo(100 * MILLI, within(4 * MILLI));
    assertThat(late.getFirst().usedNanos()).isCloseTo(100 * MILLI, within(4 * MILLI));
  }

  @Test
  void aTenantThatCannotUseItsShareSavesNothingUp() {
    Simulation simulation = new Simulation(44, config(2));
    Spinning heavy = spin(simulation, 100, 1, 1);
    Spinning first = spin(simulation, 1, 1, 1);
    Spinning second = spin(simulation, 1, 1, 1);
    simulation.runUntil(10 * SECOND);
    FunctionQueue more = heavy.tenant().newFunction();
    var _ = SimulatedTask.spinner(simulation).submitTo(more);
    long before = first.usedNanos() + second.usedNanos();
    simulation.runUntil(12 * SECOND);
    // From now on 2 parts in 102 of two workers; a saved-up share would leave nothing for long.
    assertThat(first.usedNanos() + second.usedNanos() - before)
        .isCloseTo(4 * SECOND * 2 / 102, within(20 * MILLI));
  }

  @Test
  void aChangedWeightActsOnWhatRuns() {
    Simulation simulation = new Simulation(45, config(1));
    Spinning left = spin(simulation, 100, 1, 1);
    Spinning right = spin(simulation, 100, 1, 1);
    simulation.runUntil(SECOND);
    assertThat(left.usedNanos()).isCloseTo(right.usedNanos(), within(SLICE));
    right.tenant().setShare(new TenantShare(300, 10));
    long leftBefore = left.usedNanos();
    simulation.runUntil(SECOND + 400 * MILLI);
    assertThat(left.usedNanos() - leftBefore).isCloseTo(100 * MILLI, within(3 * MILLI));
    assertThat(right.tenant().snapshot().weight()).isEqualTo(300);
  }

  @Test
  void nobodyIsPreemptedWhileNobodyWaits() {
    Simulation simulation = new Simulation(51, config(2));
    Spinning left = spin(simulation, 100, 1, 1);
    Spinning right = spin(simulation, 1, 1, 1);
    simulation.runUntil(10 * SECOND);
    assertThat(simulation.core.snapshot().accounts().preemptions()).isZero();
    assertThat(simulation.steps()).isLessThan(10);
    assertThat(left.tenant().snapshot().running()).isEqualTo(1);
    assertThat(right.tenant().snapshot().running()).isEqualTo(1);
  }

  @Test
  void aPoliteTenantWaitsAtMostOneSliceForASpinner() {
    Simulation simulation = new Simulation(52, config(1));
    var _ = spin(simulation, 100, 1, 1);
    TenantQueue polite = simulation.tenant("polite", 100);
    FunctionQueue function = polite.newFunction();
    for (int call = 0; call < 1_000; call++) {
      long at = call * 5 * MILLI + simulation.random.nextLong(MILLI);
      simulation.at(at, () -> SimulatedTask.burst(simulation, 50_000).submitTo(function));
    }
    simulation.runUntil(5 * SECOND + 10 * MILLI);
    AccountsSnapshot accounts = polite.snapshot().accounts();
    assertThat(accounts.ended()).containsEntry(TaskEnd.DONE, 1_000L);
    assertThat(accounts.waits().quantileNanos(1)).isLessThanOrEqualTo(SLICE * 5 / 4);
  }
}
