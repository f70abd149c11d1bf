package dev.troupe.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A tenant on the whole machine: its standing among the tenants, its accounts, and the list of its
 * tasks. Its monitor guards all of that, its functions' and its tasks' standing included; it is
 * held for a few dozen nanoseconds and is the last lock that anybody takes.
 */
final class TenantNode extends Standing {
  final String name;
  final FairClock functions;
  final Accounts accounts = new Accounts();
  final CpuBandwidth bandwidth = new CpuBandwidth();
  private final FairClock siblings;

  /** Where its functions wait on each worker; an element is used under that worker's lock only. */
  private final AtomicReferenceArray<@Nullable TenantRun> runs;

  private @Nullable TaskEntry firstLive;
  int parked;
  int running;

  /** Accepted tasks that have not had their first slice. */
  private int notStarted;

  private boolean removed;

  /** Since when it has had a runnable task without one being picked. */
  private long unservedSinceNanos;

  /** Where its own clock and that of all tenants stood when it began to want the processor. */
  private long virtualAtActivation;

  private long clockAtActivation;

  /** Bound on {@link #notStarted}. Written under the monitor. */
  volatile int maxQueuedTasks;

  /** Nothing of it is picked before. Written under the monitor. */
  volatile long throttledUntilNanos = Long.MIN_VALUE;

  TenantNode(String name, TenantShare share, FairClock siblings, long maxCreditNanos, int workers) {
    super(share.weight());
    this.name = name;
    this.siblings = siblings;
    this.maxQueuedTasks = share.maxQueuedTasks();
    this.functions = new FairClock(maxCreditNanos, false);
    this.runs = new AtomicReferenceArray<>(workers);
  }

  TenantRun runOn(int workerIndex) {
    TenantRun run = runs.getPlain(workerIndex);
    if (run == null) {
      run = new TenantRun(this);
      runs.setPlain(workerIndex, run);
    }
    return run;
  }

  // ---------------------------------------------------------------- tasks come and go

  /** Accepts {@code task}, or says why not. */
  synchronized @Nullable SubmitResult accept(TaskEntry task, long nowNanos) {
    if (removed) {
      return new SubmitResult.Closed();
    }
    if (notStarted >= maxQueuedTasks) {
      accounts.refused();
      return new SubmitResult.QueueFull(
          SubmitResult.Bound.TENANT_QUEUE, maxQueuedTasks, notStarted);
    }
    accounts.submitted();
    notStarted++;
    task.nextLive = firstLive;
    if (firstLive != null) {
      firstLive.previousLive = task;
    }
    firstLive = task;
    want(task, nowNanos);
    return null;
  }

  synchronized void refused() {
    accounts.refused();
  }

  /** The tasks that have not ended. */
  synchronized List<TaskEntry> liveTasks() {
    List<TaskEntry> tasks = new ArrayList<>();
    for (TaskEntry task = firstLive; task != null; task = task.nextLive) {
      tasks.add(task);
    }
    return tasks;
  }

  /** Refuses new tasks. */
  synchronized void remove() {
    removed = true;
  }

  /** {@code task} has ended and nobody will touch it again. */
  synchronized void forget(TaskEntry task) {
    TaskEntry previous = task.previousLive;
    TaskEntry next = task.nextLive;
    if (previous == null) {
      firstLive = next;
    } else {
      previous.nextLive = next;
    }
    if (next != null) {
      next.previousLive = previous;
    }
    task.previousLive = null;
    task.nextLive = null;
  }

  // ---------------------------------------------------------------- tasks move

  /** {@code task}, new or parked until now, wants the processor. */
  private void want(TaskEntry task, long nowNanos) {
    FunctionNode function = task.function;
    if (activeTasks++ == 0) {
      siblings.activate(this);
      virtualAtActivation = virtualTime;
      clockAtActivation = siblings.virtualNow();
    }
    if (function.activeTasks++ == 0) {
      functions.activate(function);
    }
    task.activeTasks = 1;
    function.tasks.activate(task);
    requeue(task, nowNanos);
  }

  synchronized void unpark(TaskEntry task, long nowNanos) {
    parked--;
    want(task, nowNanos);
  }

  /** {@code task} stays runnable after a slice. */
  synchronized void requeue(TaskEntry task, long nowNanos) {
    FunctionNode function = task.function;
    task.runnableSinceNanos = nowNanos;
    function.tasks.join(task);
    if (function.queuedTasks++ == 0) {
      functions.join(function);
    }
    if (queuedTasks++ == 0) {
      siblings.join(this);
      unservedSinceNanos = nowNanos;
    }
  }

  /** {@code task} is picked. */
  synchronized void begin(TaskEntry task, long expectedNanos, long waitNanos, long nowNanos) {
    FunctionNode function = task.function;
    leaveQueue(task);
    unservedSinceNanos = nowNanos;
    running++;
    siblings.start(this, expectedNanos);
    functions.start(function, expectedNanos);
    function.tasks.start(task, expectedNanos);
    accounts.sliceBegan(waitNanos);
  }

  /** The slice of {@code task} is over. */
  synchronized void charge(
      TaskEntry task, long expectedNanos, long chargedNanos, Worker worker, long nowNanos) {
    FunctionNode function = task.function;
    function.tasks.charge(task, expectedNanos, chargedNanos);
    functions.charge(function, expectedNanos, chargedNanos);
    siblings.charge(this, expectedNanos, chargedNanos);
    running--;
    accounts.sliceEnded(worker.sliceCpuNanos, worker.outcome instanceof SliceOutcome.Preempted);
    useBandwidth(worker.sliceCpuNanos, worker.config.sliceNanos(), nowNanos);
  }

  /** Telling a task its end used processor time. */
  synchronized void payForEnd(long cpuNanos, long sliceNanos, long nowNanos) {
    siblings.pay(this, cpuNanos);
    accounts.endTold(cpuNanos);
    useBandwidth(cpuNanos, sliceNanos, nowNanos);
  }

  /** {@code task} was running and parks. */
  synchronized void park(TaskEntry task) {
    parked++;
    release(task);
  }

  /** {@code task} was running and ends. */
  synchronized void end(TaskEntry task, TaskEnd end) {
    release(task);
    accounts.ended(end);
  }

  /** {@code task} was queued and ends. */
  synchronized void endQueued(TaskEntry task, TaskEnd end) {
    leaveQueue(task);
    release(task);
    accounts.ended(end);
  }

  /** {@code task} was parked and ends. */
  synchronized void endParked(TaskEnd end) {
    parked--;
    accounts.ended(end);
  }

  private void leaveQueue(TaskEntry task) {
    queuedTasks--;
    task.function.queuedTasks--;
    if (task.slices == 0) {
      notStarted--;
    }
  }

  private void release(TaskEntry task) {
    FunctionNode function = task.function;
    function.tasks.deactivate(task);
    task.activeTasks = 0;
    if (--function.activeTasks == 0) {
      functions.deactivate(function);
    }
    if (--activeTasks == 0) {
      siblings.deactivate(this);
    }
  }

  // ---------------------------------------------------------------- shares

  synchronized void setShare(TenantShare share) {
    siblings.setWeight(this, share.weight());
    maxQueuedTasks = share.maxQueuedTasks();
  }

  synchronized void setBandwidth(
      long nanosPerSecond, long burstNanos, long sliceNanos, long nowNanos) {
    bandwidth.set(nanosPerSecond, burstNanos, nowNanos);
    throttledUntilNanos = Long.MIN_VALUE;
    useBandwidth(0, sliceNanos, nowNanos);
  }

  private void useBandwidth(long cpuNanos, long sliceNanos, long nowNanos) {
    if (bandwidth.isUnlimited()) {
      return;
    }
    bandwidth.charge(cpuNanos, nowNanos);
    if (bandwidth.availableNanos(nowNanos) <= 0) {
      throttledUntilNanos = bandwidth.readyAtNanos(sliceNanos, nowNanos);
    }
  }

  /** Processor time that may be used now. */
  synchronized long availableNanos(long nowNanos) {
    return bandwidth.availableNanos(nowNanos);
  }

  // ---------------------------------------------------------------- as seen from outside

  /** What it got relative to its fair share since it began to want the processor; -1: nothing. */
  synchronized double progress() {
    long due = siblings.virtualNow() - clockAtActivation;
    return activeTasks == 0 || due <= 0 ? -1 : (double) (virtualTime - virtualAtActivation) / due;
  }

  /** How long it has had runnable tasks without one being picked; 0 while it is throttled. */
  synchronized long starvationAgeNanos(long nowNanos) {
    long unserved = nowNanos - Math.max(unservedSinceNanos, throttledUntilNanos);
    return queuedTasks == 0 ? 0 : Math.max(0, unserved);
  }

  synchronized TenantSnapshot snapshot(long nowNanos) {
    boolean throttled = throttledUntilNanos > nowNanos;
    long behind = siblings.virtualNow() - virtualTime;
    return new TenantSnapshot(
        name,
        weight,
        maxQueuedTasks,
        notStarted,
        queuedTasks,
        running,
        parked,
        throttled,
        activeTasks == 0 ? 0 : behind / FairClock.SCALE * weight,
        starvationAgeNanos(nowNanos),
        accounts.snapshot());
  }
}
