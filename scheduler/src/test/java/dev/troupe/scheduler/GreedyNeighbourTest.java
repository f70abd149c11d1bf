package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A polite tenant with short calls beside two that always have more to do than the machine can, as
 * in the scenario {@code greedy-neighbour}, on simulated time: what of its latency is the
 * scheduler's doing.
 */
final class GreedyNeighbourTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final int CALLS = 4_000;
  private static final int GREEDY_CALLERS = 64;

  /** Calls that come without a plan, 200 a second; the same ones with and without neighbours. */
  private static long[] latencies(long seed, long cpuNanos, boolean disturbed) {
    Simulation simulation = new Simulation(seed, SchedulerConfig.defaults().withWorkers(2), 30_000);
    FunctionQueue polite = simulation.tenant("polite", 100).newFunction();
    List<SimulatedTask> calls = new ArrayList<>();
    List<Long> arrivals = new ArrayList<>();
    long at = SECOND;
    for (int call = 0; call < CALLS; call++) {
      at += (long) (-Math.log(1 - simulation.random.nextDouble()) * SECOND / 200);
      arrivals.add(at);
      simulation.at(
          at, () -> calls.add(SimulatedTask.burst(simulation, cpuNanos).submitTo(polite)));
    }
    if (disturbed) {
      for (int tenant = 0; tenant < 2; tenant++) {
        FunctionQueue greedy = simulation.tenant("greedy", 100).newFunction();
        for (int caller = 0; caller < GREEDY_CALLERS; caller++) {
          simulation.at(caller * MILLI, () -> again(simulation, greedy));
        }
      }
    }
    simulation.runUntil(at + SECOND);
    long[] latencies = new long[CALLS];
    for (int call = 0; call < CALLS; call++) {
      latencies[call] = calls.get(call).endedNanos - arrivals.get(call);
    }
    Arrays.sort(latencies);
    return latencies;
  }

  /** A caller that calls again as soon as it has its answer. */
  private static void again(Simulation simulation, FunctionQueue greedy) {
    SimulatedTask call = SimulatedTask.burst(simulation, 125 * MILLI).submitTo(greedy);
    call.onEnd(() -> simulation.at(simulation.nanoTime(), () -> again(simulation, greedy)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void politeLatencyAtMostDoublesBesideGreedyNeighbours(long seed) {
    long[] alone = latencies(seed, 750_000, false);
    long[] beside = latencies(seed, 750_000, true);
    int p99 = CALLS * 99 / 100;
    assertThat(beside[p99]).isLessThanOrEqualTo(2 * alone[p99]);
    assertThat(beside[CALLS / 2]).isLessThanOrEqualTo(alone[CALLS / 2] * 5 / 4);
  }

  /** Shorter than the slice that must end first: then it is that slice that counts. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aTinyCallWaitsForNoMoreThanAShortSlice(long seed) {
    long shortNanos = SchedulerConfig.defaults().interactiveSliceNanos();
    long[] beside = latencies(seed, 50_000, true);
    assertThat(beside[CALLS * 99 / 100]).isLessThanOrEqualTo(shortNanos + 100_000);
  }
}
