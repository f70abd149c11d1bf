package dev.troupe.scheduler;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's record of one task. Guarded by the lock of the worker that is its {@link #home};
 * a task in the inbox has no home and belongs to whoever drains it. Its standing and the list of
 * live tasks are guarded by its tenant; its accounts are written by the worker that runs it.
 */
final class TaskEntry extends Standing implements TaskHandle {

  /** Where a task is. */
  enum State {
    /** In the inbox, or on its way from one worker to another. */
    INBOX,
    /** In the run queue of its home. */
    QUEUED,
    /** On its home. */
    RUNNING,
    /** Waits for {@code unpark}, a stage or an alarm of its home. */
    PARKED,
    /** In the list of those whose end a worker will tell. */
    ENDING,
    /** Gone. */
    ENDED
  }

  private static final int WEIGHT = 1;

  private static final AtomicReferenceFieldUpdater<TaskEntry, @Nullable TaskEnd> REQUESTED_END =
      AtomicReferenceFieldUpdater.newUpdater(TaskEntry.class, TaskEnd.class, "requestedEnd");

  private final SchedulerCore core;
  final Task task;
  final FunctionNode function;
  final long submittedNanos;
  final boolean hinted;
  volatile long deadlineNanos;
  volatile long cpuLimitNanos;

  /** The worker whose lock guards the task; null in the inbox. Changed under that lock. */
  volatile @Nullable Worker home;

  State state = State.INBOX;

  /** The end that somebody asked for and that overrules every outcome but DONE and a failure. */
  private volatile @Nullable TaskEnd requestedEnd;

  @Nullable Throwable failure;

  /** Set by an unpark that came while the task was not parked. */
  volatile boolean permit;

  /** Parked on a stage, which {@code unpark} does not wake. */
  boolean parkedOnStage;

  /** Tells a late completion of an earlier park from the one of this park. */
  int parkNumber;

  /** Length of the slice that it asks for. */
  long requestNanos;

  long runnableSinceNanos;
  long queuedNanos;
  long waitedNanos;
  volatile long cpuNanos;

  /** {@link #cpuNanos} when it parked last. */
  long cpuAtParkNanos;

  int slices;
  int preemptions;

  /** The one below in the inbox, and how many there are down to the bottom. */
  @Nullable TaskEntry nextInInbox;

  int inboxDepth;

  /** Links of the tenant's list of live tasks. */
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
    this.hinted = options.interactive();
  }

  /**
   * Takes the lock of the home and returns it, for the caller to unlock; null when the task is in
   * the inbox.
   */
  @Nullable Worker lockHome() {
    while (true) {
      Worker worker = home;
      if (worker == null) {
        return null;
      }
      worker.lock.lock();
      if (home == worker) {
        return worker;
      }
      worker.lock.unlock();
    }
  }

  @Nullable TaskEnd requestedEnd() {
    return requestedEnd;
  }

  /** Returns whether this is the first request. */
  boolean requestEnd(TaskEnd end) {
    return REQUESTED_END.compareAndSet(this, null, end);
  }

  /** How the task must end whatever it wants itself, or null. */
  @Nullable TaskEnd overrulingEnd(long nowNanos) {
    TaskEnd requested = requestedEnd;
    if (requested != null) {
      return requested;
    }
    if (nowNanos >= deadlineNanos) {
      return TaskEnd.DEADLINE_EXCEEDED;
    }
    return cpuNanos >= cpuLimitNanos ? TaskEnd.CPU_LIMIT_EXCEEDED : null;
  }

  /** Limits never loosen. */
  synchronized void lowerTo(long newDeadlineNanos, long newCpuLimitNanos) {
    deadlineNanos = Math.min(deadlineNanos, newDeadlineNanos);
    cpuLimitNanos = Math.min(cpuLimitNanos, newCpuLimitNanos);
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
