package dev.troupe.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A day of the scheduler in one thread: the real core and the real workers on simulated time. The
 * same seed gives the same day.
 */
final class Simulation implements SchedulerClock, WorkerHost {

  /** Something that happens at a time; the order of creation decides between equal times. */
  private record Event(long atNanos, long number, Runnable action) {}

  /** The thread of one worker. */
  private final class Stage implements Preempter {
    final Worker worker;
    long cpuNanos;
    long alarmNanos = Long.MAX_VALUE;
    long startNanos;
    long naturalEndNanos;
    boolean running;
    boolean left;
    int sliceVersion;
    int restVersion;
    boolean resting;
    boolean wakePending;

    Stage(Worker worker) {
      this.worker = worker;
      worker.usePreempter(this);
    }

    @Override
    public void arm(long afterNanos) {
      alarmNanos = nowNanos + afterNanos;
      planSliceEnd();
    }

    @Override
    public void disarm() {
      alarmNanos = Long.MAX_VALUE;
      planSliceEnd();
    }

    void planSliceEnd() {
      if (!running) {
        return;
      }
      int version = ++sliceVersion;
      long end = Math.max(nowNanos, Math.min(naturalEndNanos, alarmNanos));
      at(end, () -> endSlice(version));
    }

    void step() {
      resting = false;
      restVersion++;
      steps++;
      current = this;
      switch (core.next(worker)) {
        case RUN -> {
          running = true;
          startNanos = nowNanos;
          SimulatedTask task = taskOf(worker);
          task.started(nowNanos);
          naturalEndNanos = nowNanos + task.untilStopNanos();
          if (!task.preemptible()) {
            alarmNanos = Long.MAX_VALUE;
          }
          planSliceEnd();
        }
        case TELL_END -> {
          worker.tellEnd();
          step();
        }
        case REST -> {
          if (wakePending) {
            wakePending = false;
            step();
            return;
          }
          resting = true;
          int version = restVersion;
          if (worker.parkUntilNanos != Long.MAX_VALUE) {
            at(
                Math.max(nowNanos, worker.parkUntilNanos),
                () -> {
                  if (resting && restVersion == version) {
                    step();
                  }
                });
          }
        }
        case LEAVE -> left = true;
      }
    }

    private void endSlice(int version) {
      if (!running || version != sliceVersion) {
        return;
      }
      running = false;
      current = this;
      long ranNanos = nowNanos - startNanos;
      taskOf(worker).ran(ranNanos);
      worker.runSlice();
      sliceListener.run();
      step();
    }
  }

  final SplittableRandom random;
  final SchedulerCore core;
  private final List<Stage> stages = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>((left, right) ->
          left.atNanos != right.atNanos
              ? Long.compare(left.atNanos, right.atNanos)
              : Long.compare(left.number, right.number));
  private final long wakeLatencyNanos;
  private long eventNumber;
  private long nowNanos;
  private long steps;
  private @Nullable Stage current;
  private Runnable sliceListener = () -> {};
  private Runnable eventListener = () -> {};

  Simulation(long seed, SchedulerConfig config) {
    this(seed, config, 0);
  }

  Simulation(long seed, SchedulerConfig config, long wakeLatencyNanos) {
    this.random = new SplittableRandom(seed);
    this.wakeLatencyNanos = wakeLatencyNanos;
    this.core = new SchedulerCore(config, this, this);
    for (int index = 0; index < config.workers(); index++) {
      stages.add(new Stage(core.worker(index)));
    }
    for (Stage stage : stages) {
      at(0, stage::step);
    }
  }

  TenantQueue tenant(String name, int weight) {
    return tenant(name, new TenantShare(weight, 1_000_000));
  }

  TenantQueue tenant(String name, TenantShare share) {
    return new TenantQueue(core, core.addTenant(name, share));
  }

  void onSliceEnd(Runnable listener) {
    sliceListener = listener;
  }

  /** Called after everything that happens. */
  void onEvent(Runnable listener) {
    eventListener = listener;
  }

  /** Workers in a slice. */
  int runningWorkers() {
    return (int) stages.stream().filter(stage -> stage.running).count();
  }

  void at(long atNanos, Runnable action) {
    events.add(new Event(atNanos, eventNumber++, action));
  }

  /** How often a worker asked for work. */
  long steps() {
    return steps;
  }

  boolean everybodyLeft() {
    return stages.stream().allMatch(stage -> stage.left);
  }

  int workersOnTheWay() {
    return (int) stages.stream().filter(stage -> stage.wakePending).count();
  }

  int restingWorkers() {
    return (int) stages.stream().filter(stage -> stage.resting && !stage.wakePending).count();
  }

  /** Whether the slice of a worker ends that soon at the latest. */
  boolean somebodyLooksWithin(long nanos) {
    return stages.stream()
        .anyMatch(stage -> stage.running && !stage.worker.runsBeyond(nowNanos + nanos));
  }

  void runUntil(long untilNanos) {
    while (true) {
      Event event = events.peek();
      if (event == null || event.atNanos > untilNanos) {
        break;
      }
      events.remove();
      nowNanos = event.atNanos;
      event.action.run();
      eventListener.run();
    }
    nowNanos = untilNanos;
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public long threadCpuNanos() {
    // Read only around a slice: before it, the stage that ends the slice has been charged already.
    Stage stage = current;
    if (stage == null) {
      throw new IllegalStateException("no worker is running");
    }
    return stage.cpuNanos;
  }

  void useCpu(long nanos) {
    Stage stage = current;
    if (stage == null) {
      throw new IllegalStateException("no worker is running");
    }
    stage.cpuNanos += nanos;
  }

  @Override
  public void wake(Worker worker) {
    Stage stage = stages.get(worker.workerIndex());
    if (stage.wakePending || stage.left) {
      return;
    }
    stage.wakePending = true;
    long latency = wakeLatencyNanos == 0 ? 0 : random.nextLong(wakeLatencyNanos);
    at(
        nowNanos + latency,
        () -> {
          if (stage.wakePending && stage.resting) {
            stage.wakePending = false;
            stage.step();
          }
        });
  }

  private static SimulatedTask taskOf(Worker worker) {
    TaskEntry entry = worker.current;
    if (entry == null) {
      throw new IllegalStateException("no task on worker " + worker.workerIndex());
    }
    return (SimulatedTask) entry.task;
  }
}
