package dev.troupe.scheduler;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Every state change of the scheduler, under one lock that is held for a fraction of a microsecond.
 *
 * <p>One queue for all workers keeps fairness exact without balancing. A worker takes the lock once
 * per slice, to give back one task and to take the next.
 */
final class SchedulerCore {
  private static final System.Logger LOGGER = System.getLogger(SchedulerCore.class.getName());

  /** Shortest slice that is worth a change of tasks. */
  private static final long MIN_SLICE_NANOS = 50_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allEnded = lock.newCondition();
  private final SchedulerClock clock;
  private final WorkerHost host;
  private final SchedulerConfig config;
  private final Worker[] workers;
  private final long maxCreditNanos;

  // Everything below is guarded by the lock.
  private final Crew crew;
  private final FairTree tree;
  private final AlarmHeap alarms = new AlarmHeap();
  private final ArrayDeque<TaskEntry> endings = new ArrayDeque<>();
  private final List<TenantNode> tenants = new ArrayList<>();
  private final List<TenantNode> throttled = new ArrayList<>();
  private final Accounts accounts = new Accounts();
  private @Nullable TaskEntry firstLive;
  private int live;
  private int notStarted;
  private boolean accepting = true;
  private boolean closed;
  private long callbackFailures;

  SchedulerCore(SchedulerConfig config, SchedulerClock clock, WorkerHost host) {
    this.config = config;
    this.clock = clock;
    this.host = host;
    this.workers = new Worker[config.workers()];
    for (int index = 0; index < workers.length; index++) {
      workers[index] = new Worker(index, this, clock);
    }
    this.crew = new Crew(workers, config.sliceNanos());
    this.maxCreditNanos = config.sliceNanos() * (config.workers() + 1L);
    this.tree = new FairTree(maxCreditNanos);
  }

  Worker worker(int index) {
    return workers[index];
  }

  // ---------------------------------------------------------------- tenants and functions

  TenantNode addTenant(String name, TenantShare share) {
    lock.lock();
    try {
      TenantNode tenant = new TenantNode(name, share, maxCreditNanos);
      tenants.add(tenant);
      return tenant;
    } finally {
      lock.unlock();
    }
  }

  FunctionNode addFunction(TenantNode tenant) {
    return new FunctionNode(tenant, maxCreditNanos);
  }

  void setShare(TenantNode tenant, TenantShare share) {
    lock.lock();
    try {
      tree.setWeight(tenant, share.weight());
      tenant.maxQueuedTasks = share.maxQueuedTasks();
    } finally {
      lock.unlock();
    }
  }

  void setCpuBandwidth(TenantNode tenant, long nanosPerSecond, long burstNanos) {
    Worker called;
    Worker guard;
    lock.lock();
    try {
      long now = clock.nanoTime();
      tenant.bandwidth.set(nanosPerSecond, burstNanos, now);
      if (tenant.throttled) {
        throttled.remove(tenant);
        tree.release(tenant, now);
      }
      throttleIfUsedUp(tenant, now);
      crew.noteQueued(tree.queued(), now);
      called = crew.callForService(waiting(), now);
      guard = crew.guardAlarms(earliestAlarmNanos(), now);
      if (tenant.running > 0) {
        for (Worker worker : workers) {
          TaskEntry task = worker.current;
          if (task != null && task.function.tenant == tenant) {
            interrupt(task, now);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    wake(called);
    wake(guard);
  }

  List<TaskEntry> liveTasks(TenantNode tenant) {
    List<TaskEntry> tasks = new ArrayList<>();
    lock.lock();
    try {
      for (TaskEntry task = firstLive; task != null; task = task.nextLive) {
        if (task.function.tenant == tenant) {
          tasks.add(task);
        }
      }
    } finally {
      lock.unlock();
    }
    return tasks;
  }

  void removeTenant(TenantNode tenant) {
    lock.lock();
    try {
      tenant.removed = true;
      tenants.remove(tenant);
    } finally {
      lock.unlock();
    }
    liveTasks(tenant).forEach(task -> requestEnd(task, TaskEnd.CANCELLED));
  }

  // ---------------------------------------------------------------- from any thread

  SubmitResult submit(FunctionNode function, Task work, SubmitOptions options) {
    TenantNode tenant = function.tenant;
    Worker called;
    Worker guard;
    TaskEntry task;
    lock.lock();
    try {
      if (!accepting || tenant.removed) {
        return new SubmitResult.Closed();
      }
      SubmitResult refusal = refusal(tenant);
      if (refusal != null) {
        tenant.accounts.refused();
        accounts.refused();
        return refusal;
      }
      long now = clock.nanoTime();
      task = new TaskEntry(this, function, work, now, options);
      tenant.accounts.submitted();
      accounts.submitted();
      tenant.notStarted++;
      notStarted++;
      link(task);
      alarms.set(task, task.deadlineNanos);
      called = makeRunnable(task, now);
      guard = crew.guardAlarms(earliestAlarmNanos(), now);
    } finally {
      lock.unlock();
    }
    wake(called);
    wake(guard);
    return new SubmitResult.Accepted(task);
  }

  private @Nullable SubmitResult refusal(TenantNode tenant) {
    if (tenant.notStarted >= tenant.maxQueuedTasks) {
      return new SubmitResult.QueueFull(
          SubmitResult.Bound.TENANT_QUEUE, tenant.maxQueuedTasks, tenant.notStarted);
    }
    if (notStarted >= config.maxQueuedTasks()) {
      return new SubmitResult.QueueFull(
          SubmitResult.Bound.SCHEDULER_QUEUE, config.maxQueuedTasks(), notStarted);
    }
    return null;
  }

  void requestEnd(TaskEntry task, TaskEnd end) {
    Worker called = null;
    lock.lock();
    try {
      if (task.requestedEnd != null) {
        return;
      }
      long now = clock.nanoTime();
      switch (task.state) {
        case QUEUED, PARKED -> {
          withdraw(task, end, now);
          called = crew.callForService(waiting(), now);
        }
        case RUNNING -> {
          task.requestedEnd = end;
          interrupt(task, now);
        }
        case ENDING, ENDED -> {
          // Too late: the end is decided.
        }
      }
    } finally {
      lock.unlock();
    }
    wake(called);
  }

  void lowerLimits(TaskEntry task, long deadlineNanos, long cpuLimitNanos) {
    Worker called = null;
    Worker guard;
    lock.lock();
    try {
      long now = clock.nanoTime();
      task.deadlineNanos = Math.min(task.deadlineNanos, deadlineNanos);
      task.cpuLimitNanos = Math.min(task.cpuLimitNanos, cpuLimitNanos);
      switch (task.state) {
        case QUEUED, PARKED -> {
          TaskEnd end = overrulingEnd(task, now);
          if (end != null) {
            withdraw(task, end, now);
            called = crew.callForService(waiting(), now);
          } else {
            alarms.set(task, Math.min(task.alarmNanos, task.deadlineNanos));
          }
        }
        case RUNNING -> {
          alarms.set(task, Math.min(task.alarmNanos, task.deadlineNanos));
          // The next slice is measured against the new limits.
          interrupt(task, now);
        }
        case ENDING, ENDED -> {
          // Too late: the end is decided.
        }
      }
      guard = crew.guardAlarms(earliestAlarmNanos(), now);
    } finally {
      lock.unlock();
    }
    wake(called);
    wake(guard);
  }

  void unpark(TaskEntry task) {
    Worker called;
    lock.lock();
    try {
      if (task.state != TaskEntry.State.PARKED || task.parkedOnStage) {
        task.permit = true;
        return;
      }
      called = endPark(task, clock.nanoTime());
    } finally {
      lock.unlock();
    }
    wake(called);
  }

  private void stageCompleted(TaskEntry task, long parkNumber) {
    Worker called;
    lock.lock();
    try {
      if (task.state != TaskEntry.State.PARKED || task.parkNumber != parkNumber) {
        return;
      }
      called = endPark(task, clock.nanoTime());
    } finally {
      lock.unlock();
    }
    wake(called);
  }

  // ---------------------------------------------------------------- from the workers

  /** Takes back the finished slice of {@code worker}, if any, and says what it does next. */
  Worker.Step next(Worker worker) {
    Worker.Step step;
    Worker called;
    Worker guard;
    CompletionStage<?> stage = null;
    TaskEntry finished = worker.current;
    long parkNumber = 0;
    boolean lastLeft = false;
    lock.lock();
    try {
      long now = clock.nanoTime();
      crew.arrived(worker);
      crew.noteQueued(tree.queued(), now);
      if (finished != null) {
        takeBack(worker, finished, now);
        if (finished.parkedOnStage && worker.outcome instanceof SliceOutcome.ParkedOn parked) {
          stage = parked.stage();
          parkNumber = finished.parkNumber;
        }
      }
      ringAlarms(now);
      step = choose(worker, now);
      crew.noteQueued(tree.queued(), now);
      called = crew.idleCount() > 0 ? crew.callForService(waiting(), now) : null;
      guard = crew.guardAlarms(earliestAlarmNanos(), now);
      lastLeft = step == Worker.Step.LEAVE;
    } finally {
      lock.unlock();
    }
    if (called != worker) {
      wake(called);
    }
    wake(guard);
    if (lastLeft) {
      wakeAll();
    }
    if (stage != null && finished != null) {
      parkOn(stage, finished, parkNumber);
    }
    return step;
  }

  /** {@code ended} of a task that was ended from outside has returned. */
  void endTold(TaskEntry task) {
    lock.lock();
    try {
      unlink(task);
    } finally {
      lock.unlock();
    }
  }

  void callbackFailed(Throwable failure) {
    LOGGER.log(Level.ERROR, "Task.ended threw", failure);
    lock.lock();
    try {
      callbackFailures++;
    } finally {
      lock.unlock();
    }
  }

  private Worker.Step choose(Worker worker, long now) {
    TaskEntry ending = endings.poll();
    if (ending != null) {
      worker.ending = ending;
      return Worker.Step.TELL_END;
    }
    if (tree.queued() > 0) {
      begin(worker, now);
      return Worker.Step.RUN;
    }
    worker.forgetCpuReading();
    if (closed && live == 0) {
      worker.disarm();
      return Worker.Step.LEAVE;
    }
    crew.rest(worker, earliestAlarmNanos());
    return Worker.Step.REST;
  }

  private void begin(Worker worker, long now) {
    TaskEntry task = tree.takeFirst();
    crew.noteQueued(tree.queued(), now);
    TenantNode tenant = task.function.tenant;
    long waitNanos = now - task.runnableSinceNanos;
    task.waitedNanos += waitNanos;
    if (task.slices++ == 0) {
      task.queuedNanos = waitNanos;
      leaveSubmitQueue(tenant);
    }
    tenant.accounts.sliceBegan(waitNanos);
    accounts.sliceBegan(waitNanos);
    tenant.running++;
    task.state = TaskEntry.State.RUNNING;
    task.worker = worker;
    worker.current = task;
    worker.sliceNumber++;
    worker.sliceStartNanos = now;
    worker.expectedNanos = crew.contended() ? config.sliceNanos() : 0;
    worker.contendedAtStartNanos = crew.contendedNanos(now);
    tree.start(task, worker.expectedNanos);
    tenant.unservedSinceNanos = now;
    long ownLimit = SubmitOptions.UNLIMITED_NANOS;
    if (!tenant.bandwidth.isUnlimited()) {
      ownLimit = now + Math.max(MIN_SLICE_NANOS, tenant.bandwidth.availableNanos(now));
    }
    if (task.cpuLimitNanos != SubmitOptions.UNLIMITED_NANOS) {
      ownLimit =
          Math.min(
              ownLimit,
              TaskEntry.saturatedAdd(now, Math.max(0, task.cpuLimitNanos - task.cpuNanos)));
    }
    crew.armForSlice(worker, crew.contended(), ownLimit, earliestAlarmNanos(), now);
  }

  private void takeBack(Worker worker, TaskEntry task, long now) {
    TenantNode tenant = task.function.tenant;
    SliceOutcome outcome = worker.outcome;
    worker.current = null;
    task.worker = null;
    tenant.running--;
    // Only what was used while somebody waited is charged: an idle processor is free.
    long contended = crew.contendedNanos(now) - worker.contendedAtStartNanos;
    tree.charge(task, worker.expectedNanos, Math.min(worker.sliceCpuNanos, contended));
    tenant.bandwidth.charge(worker.sliceCpuNanos, now);
    throttleIfUsedUp(tenant, now);
    boolean preempted = outcome instanceof SliceOutcome.Preempted;
    if (preempted) {
      task.preemptions++;
    }
    tenant.accounts.sliceEnded(worker.sliceCpuNanos, preempted);
    accounts.sliceEnded(worker.sliceCpuNanos, preempted);
    if (worker.taskEnd != null) {
      finish(task, worker.taskEnd);
      unlink(task);
      return;
    }
    TaskEnd end = overrulingEnd(task, now);
    if (end != null) {
      tree.release(task);
      willEnd(task, end);
      return;
    }
    switch (outcome) {
      case SliceOutcome.Done _ -> throw new IllegalStateException("a done task has no end");
      case SliceOutcome.Preempted _, SliceOutcome.Yielded _ -> requeue(task, now);
      case SliceOutcome.Parked parked -> park(task, parked.timeoutNanos(), false, now);
      case SliceOutcome.ParkedOn _ -> park(task, SliceOutcome.Parked.NO_TIMEOUT_NANOS, true, now);
    }
  }

  private static @Nullable TaskEnd overrulingEnd(TaskEntry task, long now) {
    if (task.requestedEnd != null) {
      return task.requestedEnd;
    }
    if (now >= task.deadlineNanos) {
      return TaskEnd.DEADLINE_EXCEEDED;
    }
    return task.cpuNanos >= task.cpuLimitNanos ? TaskEnd.CPU_LIMIT_EXCEEDED : null;
  }

  private void finish(TaskEntry task, TaskEnd end) {
    tree.release(task);
    task.state = TaskEntry.State.ENDED;
    task.requestedEnd = end;
    alarms.set(task, AlarmHeap.NEVER_NANOS);
    countEnd(task, end);
  }

  private void parkOn(CompletionStage<?> stage, TaskEntry task, long parkNumber) {
    try {
      var _ = stage.whenComplete((value, failure) -> stageCompleted(task, parkNumber));
    } catch (RuntimeException failure) {
      task.failure = failure;
      requestEnd(task, TaskEnd.FAILED);
    }
  }

  // ---------------------------------------------------------------- changes of state, locked

  private @Nullable Worker makeRunnable(TaskEntry task, long now) {
    task.state = TaskEntry.State.QUEUED;
    task.runnableSinceNanos = now;
    tree.admit(task, now);
    Worker called = crew.callForService(waiting(), now);
    crew.noteQueued(tree.queued(), now);
    return called;
  }

  private void requeue(TaskEntry task, long now) {
    task.state = TaskEntry.State.QUEUED;
    task.runnableSinceNanos = now;
    tree.putBack(task, now);
  }

  private void park(TaskEntry task, long timeoutNanos, boolean onStage, long now) {
    if (task.permit && !onStage) {
      task.permit = false;
      requeue(task, now);
      return;
    }
    task.state = TaskEntry.State.PARKED;
    task.parkedOnStage = onStage;
    task.parkNumber++;
    task.function.tenant.parked++;
    tree.release(task);
    alarms.set(task, Math.min(task.deadlineNanos, TaskEntry.saturatedAdd(now, timeoutNanos)));
  }

  private @Nullable Worker endPark(TaskEntry task, long now) {
    task.function.tenant.parked--;
    task.parkedOnStage = false;
    alarms.set(task, task.deadlineNanos);
    return makeRunnable(task, now);
  }

  /** Takes a queued or parked task out of wherever it is; a worker will tell it the end. */
  private void withdraw(TaskEntry task, TaskEnd end, long now) {
    TenantNode tenant = task.function.tenant;
    if (task.state == TaskEntry.State.QUEUED) {
      tree.takeOut(task);
      tree.release(task);
      crew.noteQueued(tree.queued(), now);
      task.waitedNanos += now - task.runnableSinceNanos;
      if (task.slices == 0) {
        task.queuedNanos = task.waitedNanos;
        leaveSubmitQueue(tenant);
      }
    } else {
      tenant.parked--;
      task.parkedOnStage = false;
    }
    willEnd(task, end);
  }

  private void willEnd(TaskEntry task, TaskEnd end) {
    task.state = TaskEntry.State.ENDING;
    task.requestedEnd = end;
    alarms.set(task, AlarmHeap.NEVER_NANOS);
    countEnd(task, end);
    endings.add(task);
  }

  private void throttleIfUsedUp(TenantNode tenant, long now) {
    if (!tenant.throttled && tenant.bandwidth.availableNanos(now) <= 0) {
      tree.throttle(tenant);
      throttled.add(tenant);
      tenant.refilledAtNanos = tenant.bandwidth.readyAtNanos(config.sliceNanos(), now);
    }
  }

  private long earliestAlarmNanos() {
    long earliest = alarms.earliestNanos();
    for (TenantNode tenant : throttled) {
      earliest = Math.min(earliest, tenant.refilledAtNanos);
    }
    return earliest;
  }

  private void ringAlarms(long now) {
    for (int index = throttled.size() - 1; index >= 0; index--) {
      TenantNode tenant = throttled.get(index);
      if (tenant.refilledAtNanos <= now) {
        throttled.remove(index);
        tree.release(tenant, now);
      }
    }
    for (TaskEntry task = alarms.pollDue(now); task != null; task = alarms.pollDue(now)) {
      switch (task.state) {
        case RUNNING -> interrupt(task, now);
        case QUEUED -> withdraw(task, TaskEnd.DEADLINE_EXCEEDED, now);
        case PARKED -> {
          if (now >= task.deadlineNanos) {
            withdraw(task, TaskEnd.DEADLINE_EXCEEDED, now);
          } else {
            // The worker that rings is awake and calls others before it leaves the lock.
            task.function.tenant.parked--;
            alarms.set(task, task.deadlineNanos);
            task.state = TaskEntry.State.QUEUED;
            task.runnableSinceNanos = now;
            tree.admit(task, now);
          }
        }
        case ENDING, ENDED -> throw new IllegalStateException("a task that ended has an alarm");
      }
    }
  }

  private static void interrupt(TaskEntry task, long now) {
    Worker worker = task.worker;
    if (worker == null) {
      throw new IllegalStateException("a running task has no worker");
    }
    worker.armAt(now, now);
  }

  private void countEnd(TaskEntry task, TaskEnd end) {
    task.function.tenant.accounts.ended(end);
    accounts.ended(end);
  }

  private void leaveSubmitQueue(TenantNode tenant) {
    tenant.notStarted--;
    notStarted--;
  }

  private int waiting() {
    return tree.queued() + endings.size();
  }

  private void link(TaskEntry task) {
    task.nextLive = firstLive;
    if (firstLive != null) {
      firstLive.previousLive = task;
    }
    firstLive = task;
    live++;
  }

  private void unlink(TaskEntry task) {
    task.state = TaskEntry.State.ENDED;
    if (task.previousLive == null) {
      firstLive = task.nextLive;
    } else {
      task.previousLive.nextLive = task.nextLive;
    }
    if (task.nextLive != null) {
      task.nextLive.previousLive = task.previousLive;
    }
    task.previousLive = null;
    task.nextLive = null;
    if (--live == 0) {
      allEnded.signalAll();
    }
  }

  private void wake(@Nullable Worker worker) {
    if (worker != null) {
      host.wake(worker);
    }
  }

  private void wakeAll() {
    for (Worker worker : workers) {
      host.wake(worker);
    }
  }

  // ---------------------------------------------------------------- life of the scheduler

  /** Refuses new tasks and waits until all have ended. Returns whether they have. */
  boolean drain(long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      accepting = false;
      long remaining = timeoutNanos;
      while (live > 0 && remaining > 0) {
        remaining = allEnded.awaitNanos(remaining);
      }
      return live == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all tasks and lets the workers leave. */
  void close() {
    List<TaskEntry> tasks = new ArrayList<>();
    lock.lock();
    try {
      accepting = false;
      closed = true;
      for (TaskEntry task = firstLive; task != null; task = task.nextLive) {
        tasks.add(task);
      }
    } finally {
      lock.unlock();
    }
    tasks.forEach(task -> requestEnd(task, TaskEnd.SHUT_DOWN));
    wakeAll();
  }

  SchedulerSnapshot snapshot() {
    lock.lock();
    try {
      long now = clock.nanoTime();
      List<TenantSnapshot> snapshots = new ArrayList<>(tenants.size());
      int parked = 0;
      int queued = 0;
      long starvationAge = 0;
      long maxLag = 0;
      FairnessIndex fairness = new FairnessIndex();
      for (TenantNode tenant : tenants) {
        TenantSnapshot snapshot = tenant.snapshot(now, tree.lagNanos(tenant));
        snapshots.add(snapshot);
        parked += snapshot.parked();
        queued += snapshot.queued();
        starvationAge = Math.max(starvationAge, snapshot.starvationAgeNanos());
        maxLag = Math.max(maxLag, Math.abs(snapshot.lagNanos()));
        if (tenant.activeTasks > 0) {
          fairness.add(tree.progress(tenant));
        }
      }
      return new SchedulerSnapshot(
          workers.length,
          crew.idleCount(),
          queued,
          live,
          parked,
          fairness.jain(),
          starvationAge,
          maxLag,
          maxCreditNanos,
          callbackFailures,
          accounts.snapshot(),
          snapshots);
    } finally {
      lock.unlock();
    }
  }

  TenantSnapshot snapshot(TenantNode tenant) {
    lock.lock();
    try {
      return tenant.snapshot(clock.nanoTime(), tree.lagNanos(tenant));
    } finally {
      lock.unlock();
    }
  }
}
