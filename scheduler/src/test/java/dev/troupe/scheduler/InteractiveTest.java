package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Short slices, sooner, for whoever uses little; on simulated time. */
final class InteractiveTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long SLICE = 8 * MILLI;
  private static final long SHORT_SLICE = MILLI / 2;

  private static Simulation simulation(int workers) {
    return new Simulation(
        7,
        SchedulerConfig.defaults()
            .withWorkers(workers)
            .withSlice(Duration.ofNanos(SLICE))
            .withInteractiveSlice(Duration.ofNanos(SHORT_SLICE)));
  }

  private static long longestWait(TenantQueue tenant) {
    return tenant.snapshot().accounts().waits().quantileNanos(1);
  }

  @Test
  void aYoungTaskCutsALongSliceShort() {
    Simulation simulation = simulation(1);
    for (int index = 0; index < 4; index++) {
      FunctionQueue function = simulation.tenant("greedy", 100).newFunction();
      var _ = SimulatedTask.spinner(simulation).submitTo(function);
    }
    TenantQueue polite = simulation.tenant("polite", 100);
    FunctionQueue function = polite.newFunction();
    for (int call = 0; call < 500; call++) {
      long at = SECOND + call * 20 * MILLI + simulation.random.nextLong(MILLI);
      simulation.at(at, () -> SimulatedTask.burst(simulation, 100_000).submitTo(function));
    }
    simulation.runUntil(20 * SECOND);
    assertThat(polite.snapshot().accounts().ended()).containsEntry(TaskEnd.DONE, 500L);
    // The slice that runs, at its short length, and the histogram's error.
    assertThat(longestWait(polite)).isLessThanOrEqualTo(SHORT_SLICE * 5 / 4);
    // Between the calls, the long slices are long.
    assertThat(simulation.core.snapshot().accounts().slices()).isLessThan(20_000 / 8 + 4 * 500);
  }

  @Test
  void theHintKeepsAnOldTaskInteractive() {
    // On average less than the short slice that runs when a message comes.
    long hinted = waitsOfAnOldTask(true);
    assertThat(hinted).isLessThanOrEqualTo(200 * SHORT_SLICE);
    assertThat(hinted).isLessThan(waitsOfAnOldTask(false));
  }

  /**
   * Of a task that answers 200 messages, one in 30 ms, against three functions of the same tenant
   * that compute: how long it waited in all.
   */
  private static long waitsOfAnOldTask(boolean hinted) {
    Simulation simulation = simulation(1);
    TenantQueue tenant = simulation.tenant("t", 100);
    for (int index = 0; index < 3; index++) {
      var _ = SimulatedTask.spinner(simulation).submitTo(tenant.newFunction());
    }
    List<Long> bursts = new ArrayList<>(Collections.nCopies(200, 200_000L));
    SubmitOptions options = SubmitOptions.UNLIMITED;
    SimulatedTask task =
        SimulatedTask.bursts(simulation, bursts, 30 * MILLI)
            .submitTo(tenant.newFunction(), hinted ? options.asInteractive() : options);
    simulation.runUntil(10 * SECOND);
    assertThat(task.end()).isEqualTo(TaskEnd.DONE);
    return task.endedNanos - 199 * 30 * MILLI - 200 * 200_000;
  }

  @Test
  void theHintGivesNoLargerShare() {
    Simulation simulation = simulation(2);
    List<SimulatedTask> hinted = new ArrayList<>();
    List<SimulatedTask> plain = new ArrayList<>();
    FunctionQueue left = simulation.tenant("hinted", 100).newFunction();
    FunctionQueue right = simulation.tenant("plain", 100).newFunction();
    for (int index = 0; index < 4; index++) {
      hinted.add(
          SimulatedTask.spinner(simulation)
              .submitTo(left, SubmitOptions.UNLIMITED.asInteractive()));
      plain.add(SimulatedTask.spinner(simulation).submitTo(right));
    }
    simulation.runUntil(20 * SECOND);
    long hintedNanos = hinted.stream().mapToLong(task -> task.usedNanos).sum();
    long plainNanos = plain.stream().mapToLong(task -> task.usedNanos).sum();
    assertThat(hintedNanos).isCloseTo(plainNanos, within(4 * SLICE));
    assertThat(hintedNanos + plainNanos).isCloseTo(40 * SECOND, within(2 * SLICE));
  }
}
