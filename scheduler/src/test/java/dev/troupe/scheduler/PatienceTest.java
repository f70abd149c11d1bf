package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is woken for tasks of a few microseconds, on simulated time. */
final class PatienceTest {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private final Simulation simulation =
      new Simulation(3, SchedulerConfig.defaults().withWorkers(2), 0);
  private final FunctionQueue function = simulation.tenant("t", 100).newFunction();

  private SimulatedTask submit(long cpuNanos) {
    return SimulatedTask.burst(simulation, cpuNanos).submitTo(function);
  }

  private long wakeUps() {
    return simulation.core.snapshot().wakeUps();
  }

  /** Lets both workers learn that slices are short. */
  @BeforeEach
  void getUsedToShortTasks() {
    for (int round = 0; round < 60; round++) {
      simulation.at(
          round * MILLI,
          () -> {
            var _ = submit(5 * MICRO);
          });
    }
    simulation.runUntil(60 * MILLI);
    assertThat(wakeUps()).isEqualTo(60);
    assertThat(simulation.core.snapshot().idleWorkers()).isEqualTo(2);
  }

  @Test
  void aBusyWorkerIsTrustedWithAFewMore() {
    List<SimulatedTask> tasks = new ArrayList<>();
    for (int index = 0; index < 8; index++) {
      simulation.at(60 * MILLI + 1 + index * 2 * MICRO, () -> tasks.add(submit(5 * MICRO)));
    }
    simulation.runUntil(61 * MILLI);
    assertThat(tasks).hasSize(8).allMatch(task -> task.end() == TaskEnd.DONE);
    assertThat(wakeUps()).as("one for all").isEqualTo(61);
  }

  @Test
  void manyAreWorthAnotherWorker() {
    List<SimulatedTask> tasks = new ArrayList<>();
    for (int index = 0; index < 40; index++) {
      simulation.at(60 * MILLI + 1 + index, () -> tasks.add(submit(5 * MICRO)));
    }
    simulation.runUntil(61 * MILLI);
    assertThat(tasks).allMatch(task -> task.end() == TaskEnd.DONE);
    assertThat(wakeUps()).isEqualTo(62);
    assertThat(simulation.core.snapshot().steals()).isPositive();
  }

  @Test
  void aWrongGuessCostsNoMoreThanTheGrace() {
    long start = 60 * MILLI + 1;
    List<SimulatedTask> tasks = new ArrayList<>();
    simulation.at(start, () -> tasks.add(submit(500 * MILLI)));
    simulation.at(start + 2 * MICRO, () -> tasks.add(submit(5 * MICRO)));
    simulation.runUntil(start + MILLI);
    SimulatedTask second = tasks.get(1);
    assertThat(second.end()).isEqualTo(TaskEnd.DONE);
    assertThat(second.firstStartNanos - start)
        .isBetween(2 * MICRO, 2 * MICRO + Patience.GRACE_NANOS);
    assertThat(simulation.runningWorkers()).isEqualTo(1);
  }

  @Test
  void aWorkerWithLongSlicesIsNotTrusted() {
    long start = 60 * MILLI + 1;
    for (int index = 0; index < 6; index++) {
      simulation.at(
          start + index * 10 * MILLI,
          () -> {
            var _ = submit(MILLI);
          });
    }
    simulation.runUntil(start + 100 * MILLI);
    long before = wakeUps();
    List<SimulatedTask> tasks = new ArrayList<>();
    simulation.at(start + 101 * MILLI, () -> tasks.add(submit(MILLI)));
    simulation.at(start + 101 * MILLI + MICRO, () -> tasks.add(submit(MILLI)));
    simulation.runUntil(start + 110 * MILLI);
    assertThat(wakeUps() - before).isEqualTo(2);
    assertThat(tasks.get(1).firstStartNanos).isEqualTo(start + 101 * MILLI + MICRO);
  }

  @Test
  void whatIsSubmittedAtTheEndOfATaskStaysWithTheWorker() {
    long start = 60 * MILLI + 1;
    List<SimulatedTask> chain = new ArrayList<>();
    simulation.at(start, () -> submitChain(chain, 10));
    simulation.runUntil(start + 100 * MILLI);
    assertThat(chain).hasSize(10).allMatch(task -> task.end() == TaskEnd.DONE);
    assertThat(wakeUps()).isEqualTo(61);
    assertThat(chain.getLast().endedNanos).isEqualTo(start + 10 * MILLI);
  }

  private void submitChain(List<SimulatedTask> chain, int length) {
    SimulatedTask task = SimulatedTask.burst(simulation, MILLI);
    chain.add(task);
    if (length > 1) {
      task.onEnd(() -> submitChain(chain, length - 1));
    }
    var _ = task.submitTo(function);
  }
}
