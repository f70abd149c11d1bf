package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * The scheduler's record of one task. Guarded by the core's lock, except that the worker that runs
 * the task reads and adds up its accounts, and that {@link #requestedEnd} may be read anywhere.
 */
final class TaskEntry extends FairEntity implements TaskHandle {

  /** Where a task is. */
  enum State {
    /** In the fair tree. */
    QUEUED,
    /** On {@link #worker}. */
    RUNNING,
    /** Waits for {@code unpark}, a stage or an alarm. */
    PARKED,
    /** In the list of those whose end a worker will tell. */
    ENDING,
    /** Gone. */
    ENDED
  }

  private static final int WEIGHT = 1;

  private final SchedulerCore core;
  final Task task;
  final FunctionNode function;
  final long submittedNanos;
  final boolean interactive;
  long deadlineNanos;
  long cpuLimitNanos;

  State state = State.QUEUED;
  @Nullable Worker worker;

  /** The end that somebody asked for and that overrules every outcome but DONE and a failure. */
  volatile @Nullable TaskEnd requestedEnd;

  @Nullable Throwable failure;

  /** Set by an unpark that came while the task was not parked. */
  boolean permit;

  /** Parked on a stage, which {@code unpark} does not wake. */
  boolean parkedOnStage;

  /** Tells a late completion of an earlier park from the one of this park. */
  long parkNumber;

  /** Key in the alarm heap: the deadline, or the end of a timed park when that is earlier. */
  long alarmNanos = SubmitOptions.UNLIMITED_NANOS;

  int alarmIndex = NOT_IN_HEAP;

  long runnableSinceNanos;
  long queuedNanos;
  long waitedNanos;
  volatile long cpuNanos;
  long slices;
  long preemptions;

  /** Links of the list of all live tasks. */
  @Nullable TaskEntry previousLive;

  @Nullable TaskEntry nextLive;

  TaskEntry(
      SchedulerCore core, FunctionNode function, Task task, long nowNanos, SubmitOptions options) {
    super(WEIGHT);
    this.core = core;
    this.function = function;
    this.task = task;
    this.submittedNanos = nowNanos;
    this.deadlineNanos = saturatedAdd(nowNanos, options.timeoutNanos());
    this.cpuLimitNanos = options.cpuLimitNanos();
    this.interactive = options.interactive();
    this.runnableSinceNanos = nowNanos;
  }

  @Override
  public void cancel() {
    core.requestEnd(this, TaskEnd.CANCELLED);
  }

  @Override
  public void unpark() {
    core.unpark(this);
  }

  @Override
  public void lowerLimits(long timeoutNanos, long newCpuLimitNanos) {
    core.lowerLimits(this, saturatedAdd(submittedNanos, timeoutNanos), newCpuLimitNanos);
  }

  @Override
  public long cpuNanos() {
    return cpuNanos;
  }

  TaskReport report(TaskEnd end) {
    return new TaskReport(end, queuedNanos, waitedNanos, cpuNanos, slices, preemptions, failure);
  }

  static long saturatedAdd(long nowNanos, long durationNanos) {
    long sum = nowNanos + durationNanos;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
