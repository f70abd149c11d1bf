package dev.troupe.scheduler;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One worker: its run queue, its alarms, and the slice it runs. The thread or the simulation that
 * moves it lives in {@link WorkerHost}; {@link Dispatch} says what it does next.
 */
final class Worker implements WorkerContext {

  /** What {@link Dispatch#next} wants the worker to do. */
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

  /** No thread's id. */
  private static final long NOBODY = -1;

  private final int index;
  private final SchedulerCore core;
  private final SchedulerClock clock;
  private Preempter preempter = new CooperativePreempter();
  private final CpuMeter meter;
  final SchedulerConfig config;

  /** Guards the tasks whose home this is. Nobody holds two such locks. */
  final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  final TimerWheel wheel = new TimerWheel();
  final RunQueue queue;
  final Accounts accounts = new Accounts();
  long expectedNanos;
  long steals;

  /**
   * Since when somebody waits for this slice to end; {@link TimerWheel#NEVER_NANOS}: nobody. Also
   * written without the lock by whoever relies on the end of the slice.
   */
  volatile long companyNanos = TimerWheel.NEVER_NANOS;

  // Written under the lock, read by others as a hint.
  volatile long sliceStartNanos;

  /** When it wakes up by itself; the distant past while it is awake. */
  volatile long parkUntilNanos = Long.MIN_VALUE;

  /** The task of the slice. */
  volatile @Nullable TaskEntry current;

  /** When the slice will be interrupted. */
  volatile long armedAtNanos = TimerWheel.NEVER_NANOS;

  /** How long its slices last lately; long until it has run some. */
  volatile long typicalNanos;

  // Guarded by the monitor of the crew.
  boolean idle;
  boolean waking = true;

  // Owned by this worker.
  SliceOutcome outcome = SliceOutcome.DONE;
  @Nullable TaskEnd taskEnd;
  long sliceNumber;
  long sliceCpuNanos;
  long sliceEndNanos;
  boolean rested = true;

  /** Whom to steal from, and whether because there is nothing else to do. */
  @Nullable Worker victim;

  boolean stealsAll;

  /** Since when it has told ends without a slice in between. */
  long endingsSinceNanos = TimerWheel.NEVER_NANOS;

  /** The task whose end is to be told. */
  @Nullable TaskEntry ending;

  /**
   * The thread of this worker while it tells an end. Read by all without care: a thread finds
   * itself here only if it put itself here.
   */
  private long tellerId = NOBODY;

  Worker(int index, SchedulerCore core, SchedulerConfig config, SchedulerClock clock) {
    this.index = index;
    this.core = core;
    this.config = config;
    this.clock = clock;
    this.meter = new CpuMeter(clock);
    this.typicalNanos = config.sliceNanos();
    this.queue = new RunQueue(index, wheel, config.interactiveSliceNanos());
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
    return clock.nanoTime() >= armedAtNanos || (task != null && task.requestedEnd() != null);
  }

  // ---------------------------------------------------------------- the loop of the worker

  /** Runs the slice that was chosen; {@link Dispatch#next} takes its result. */
  void runSlice() {
    TaskEntry task = current;
    if (task == null) {
      throw new IllegalStateException("a slice without a task on worker " + index);
    }
    meter.begin(sliceStartNanos);
    taskEnd = null;
    try {
      outcome = task.task.run(this);
    } catch (Throwable failure) {
      task.failure = failure;
      outcome = SliceOutcome.DONE;
      taskEnd = TaskEnd.FAILED;
    }
    sliceEndNanos = clock.nanoTime();
    sliceCpuNanos = meter.usedNanos(sliceEndNanos);
    task.cpuNanos = task.cpuNanos + sliceCpuNanos;
    if (taskEnd == null && outcome instanceof SliceOutcome.Done) {
      taskEnd = TaskEnd.DONE;
    }
    if (taskEnd != null) {
      tell(task, task.report(taskEnd));
      sliceEndNanos = clock.nanoTime();
      sliceCpuNanos = meter.usedNanos(sliceEndNanos);
    }
  }

  /** Tells a task that it was ended from outside. */
  void tellEnd() {
    TaskEntry task = ending;
    TaskEnd end = task == null ? null : task.requestedEnd();
    if (task == null || end == null) {
      throw new IllegalStateException("no end to tell on worker " + index);
    }
    ending = null;
    meter.begin(clock.nanoTime());
    tell(task, task.report(end));
    long now = clock.nanoTime();
    long used = meter.usedNanos(now);
    task.function.tenant.payForEnd(used, config.sliceNanos(), now);
    core.gone(task);
  }

  /** The processor time of sleep and of waking up is nobody's. */
  void forgetCpuReading() {
    meter.forget();
  }

  /** Whether the calling thread is this worker's and tells an end: then it will soon look. */
  boolean isTellingHere() {
    return tellerId == Thread.currentThread().threadId();
  }

  private void tell(TaskEntry task, TaskReport report) {
    tellerId = Thread.currentThread().threadId();
    try {
      task.task.ended(report);
    } catch (Throwable failure) {
      core.callbackFailed(failure);
    } finally {
      tellerId = NOBODY;
    }
  }

  // ---------------------------------------------------------------- alarms, under the lock

  /** Whether nothing will end the slice before {@code atNanos}. */
  boolean runsBeyond(long atNanos) {
    return armedAtNanos > atNanos;
  }

  /** Sees to it that the running slice ends at {@code atNanos} at the latest. */
  void endSliceBy(long atNanos, long nowNanos) {
    if (armedAtNanos > atNanos) {
      arm(atNanos, nowNanos);
    }
  }

  /** Ends the running slice now. */
  void interrupt(long nowNanos) {
    arm(nowNanos, nowNanos);
  }

  /**
   * Arms for a slice that begins now and should end at {@code atNanos}. An alarm left over from an
   * earlier slice will do when it is not much too early: the far alarm of a deadline, or the end of
   * a slice that was not used up, then costs one system call in many slices, not two in each.
   */
  void armForSlice(long atNanos, long leastNanos, long nowNanos) {
    long armed = armedAtNanos;
    if (armed <= atNanos && armed >= nowNanos + leastNanos) {
      return;
    }
    if (atNanos == TimerWheel.NEVER_NANOS) {
      disarm();
    } else {
      arm(atNanos, nowNanos);
    }
  }

  void disarm() {
    if (armedAtNanos != TimerWheel.NEVER_NANOS) {
      armedAtNanos = TimerWheel.NEVER_NANOS;
      preempter.disarm();
    }
  }

  private void arm(long atNanos, long nowNanos) {
    armedAtNanos = atNanos;
    preempter.arm(Math.max(0, atNanos - nowNanos));
  }

  /**
   * After another thread has set an alarm in the wheel: sees to it that it is looked at in time.
   *
   * @return whether the worker sleeps beyond it and must be woken after the lock is released
   */
  boolean watchAlarms(long nowNanos) {
    long earliest = wheel.earliestNanos();
    if (current != null) {
      endSliceBy(Math.max(nowNanos, earliest), nowNanos);
      return false;
    }
    return earliest < parkUntilNanos;
  }
}
