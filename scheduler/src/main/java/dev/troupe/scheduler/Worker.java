package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * One worker: takes a slice, runs it, gives it back. The thread or the simulation that moves it
 * lives in {@link WorkerHost}.
 */
final class Worker implements WorkerContext {

  /** What {@link SchedulerCore#next} wants the worker to do. */
  enum Step {
    /** {@link #runSlice()}. */
    RUN,
    /** {@link #tellEnd()}. */
    TELL_END,
    /** Sleep until {@link #parkUntilNanos} or until woken. */
    REST,
    /** Leave for good. */
    LEAVE
  }

  private final int index;
  private final SchedulerCore core;
  private final SchedulerClock clock;
  private Preempter preempter = new CooperativePreempter();

  // Guarded by the lock of the core.
  boolean idle;
  boolean waking;
  long sliceStartNanos;
  long expectedNanos;
  long contendedAtStartNanos;
  long parkUntilNanos = AlarmHeap.NEVER_NANOS;

  /** The task of the slice. Written under the lock by this worker, which may read it without. */
  @Nullable TaskEntry current;

  /** When the slice will be interrupted. Written under the lock, read by {@code shouldYield}. */
  volatile long armedAtNanos = AlarmHeap.NEVER_NANOS;

  /** Written under the lock by this worker only. */
  long sliceNumber;

  // What the slice left for the core; owned by this worker.
  SliceOutcome outcome = SliceOutcome.DONE;
  @Nullable TaskEnd taskEnd;
  long sliceCpuNanos;

  /** The task whose end is to be told. */
  @Nullable TaskEntry ending;

  private long cpuReadingNanos;
  private boolean cpuReadingValid;

  Worker(int index, SchedulerCore core, SchedulerClock clock) {
    this.index = index;
    this.core = core;
    this.clock = clock;
  }

  /** Must come before the first slice, from the thread of this worker. */
  void usePreempter(Preempter newPreempter) {
    preempter = newPreempter;
  }

  @Override
  public int workerIndex() {
    return index;
  }

  @Override
  public long sliceNumber() {
    return sliceNumber;
  }

  @Override
  public boolean shouldYield() {
    TaskEntry task = current;
    return clock.nanoTime() >= armedAtNanos || (task != null && task.requestedEnd != null);
  }

  /** Runs the slice that the core gave; the core takes its result with the next call. */
  void runSlice() {
    TaskEntry task = current;
    if (task == null) {
      throw new IllegalStateException("a slice without a task on worker " + index);
    }
    // Back-to-back slices need one reading each: the way from one to the next counts for the next.
    long cpuBefore = cpuReadingValid ? cpuReadingNanos : clock.threadCpuNanos();
    taskEnd = null;
    try {
      outcome = task.task.run(this);
    } catch (Throwable failure) {
      task.failure = failure;
      outcome = SliceOutcome.DONE;
      taskEnd = TaskEnd.FAILED;
    }
    long cpuAfter = clock.threadCpuNanos();
    if (taskEnd == null && outcome instanceof SliceOutcome.Done) {
      taskEnd = TaskEnd.DONE;
    }
    task.cpuNanos = task.cpuNanos + cpuAfter - cpuBefore;
    if (taskEnd != null) {
      tell(task, task.report(taskEnd));
      cpuAfter = clock.threadCpuNanos();
    }
    sliceCpuNanos = cpuAfter - cpuBefore;
    cpuReadingNanos = cpuAfter;
    cpuReadingValid = true;
  }

  /** Tells a task that it was ended from outside. */
  void tellEnd() {
    TaskEntry task = ending;
    TaskEnd end = task == null ? null : task.requestedEnd;
    if (task == null || end == null) {
      throw new IllegalStateException("no end to tell on worker " + index);
    }
    ending = null;
    tell(task, task.report(end));
    core.endTold(task);
    cpuReadingValid = false;
  }

  /** The processor time of sleep and of waking up is nobody's. */
  void forgetCpuReading() {
    cpuReadingValid = false;
  }

  private void tell(TaskEntry task, TaskReport report) {
    try {
      task.task.ended(report);
    } catch (Throwable failure) {
      core.callbackFailed(failure);
    }
  }

  void armAt(long atNanos, long nowNanos) {
    armedAtNanos = atNanos;
    preempter.arm(Math.max(0, atNanos - nowNanos));
  }

  void disarm() {
    if (armedAtNanos != AlarmHeap.NEVER_NANOS) {
      armedAtNanos = AlarmHeap.NEVER_NANOS;
      preempter.disarm();
    }
  }
}
