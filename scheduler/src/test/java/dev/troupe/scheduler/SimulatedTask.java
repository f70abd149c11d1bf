package dev.troupe.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task that uses simulated processor time: bursts, with a pause after each but the last. */
final class SimulatedTask implements Task {
  static final long FOREVER_NANOS = Long.MAX_VALUE / 4;

  private final Simulation simulation;
  private final List<Long> burstsNanos;
  private final long pauseNanos;
  private final boolean preemptible;
  private int burst;
  private long remainingNanos;
  private long lastRanNanos;
  private @Nullable TaskHandle handle;
  private Runnable endListener = () -> {};

  long usedNanos;
  long firstStartNanos = -1;
  long endedNanos = -1;
  final List<TaskReport> reports = new ArrayList<>();

  private SimulatedTask(
      Simulation simulation, List<Long> burstsNanos, long pauseNanos, boolean preemptible) {
    this.simulation = simulation;
    this.burstsNanos = burstsNanos;
    this.pauseNanos = pauseNanos;
    this.preemptible = preemptible;
    this.remainingNanos = burstsNanos.getFirst();
  }

  static SimulatedTask spinner(Simulation simulation) {
    return new SimulatedTask(simulation, List.of(FOREVER_NANOS), 0, true);
  }

  static SimulatedTask burst(Simulation simulation, long cpuNanos) {
    return new SimulatedTask(simulation, List.of(cpuNanos), 0, true);
  }

  static SimulatedTask bursts(Simulation simulation, List<Long> burstsNanos, long pauseNanos) {
    return new SimulatedTask(simulation, List.copyOf(burstsNanos), pauseNanos, true);
  }

  /** Ignores every request to stop. */
  static SimulatedTask stubborn(Simulation simulation, List<Long> burstsNanos, long pauseNanos) {
    return new SimulatedTask(simulation, List.copyOf(burstsNanos), pauseNanos, false);
  }

  SimulatedTask submitTo(FunctionQueue function) {
    return submitTo(function, SubmitOptions.UNLIMITED);
  }

  SimulatedTask submitTo(FunctionQueue function, SubmitOptions options) {
    if (function.submit(this, options) instanceof SubmitResult.Accepted accepted) {
      handle = accepted.handle();
      return this;
    }
    throw new AssertionError("refused");
  }

  TaskHandle handle() {
    if (handle == null) {
      throw new AssertionError("not submitted");
    }
    return handle;
  }

  boolean preemptible() {
    return preemptible;
  }

  long untilStopNanos() {
    return remainingNanos;
  }

  void started(long nowNanos) {
    if (firstStartNanos < 0) {
      firstStartNanos = nowNanos;
    }
  }

  void ran(long nanos) {
    lastRanNanos = nanos;
  }

  @Override
  public SliceOutcome run(WorkerContext context) {
    if (!reports.isEmpty()) {
      throw new AssertionError("ran after its end");
    }
    simulation.useCpu(lastRanNanos);
    usedNanos += lastRanNanos;
    remainingNanos -= lastRanNanos;
    if (remainingNanos > 0) {
      return SliceOutcome.PREEMPTED;
    }
    if (++burst == burstsNanos.size()) {
      return SliceOutcome.DONE;
    }
    remainingNanos = burstsNanos.get(burst);
    return new SliceOutcome.Parked(pauseNanos);
  }

  void onEnd(Runnable listener) {
    endListener = listener;
  }

  @Override
  public void ended(TaskReport report) {
    endedNanos = simulation.nanoTime();
    reports.add(report);
    endListener.run();
  }

  @Nullable TaskEnd end() {
    return reports.isEmpty() ? null : reports.getFirst().end();
  }
}
