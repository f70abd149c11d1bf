package dev.troupe.scheduler;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What the world outside asks of the scheduler: submit, cancel, unpark, change shares, drain,
 * close. What the workers do is in {@link Dispatch}.
 *
 * <p><b>Locks.</b> Order: one {@link Worker#lock}, then one {@link TenantNode}'s monitor. The
 * monitors of this object and of {@link Crew} are leaves. Callbacks, wake-ups and stages run with
 * none.
 */
final class SchedulerCore {
  private static final System.Logger LOGGER = System.getLogger(SchedulerCore.class.getName());

  private final SchedulerClock clock;
  private final WorkerHost host;
  private final SchedulerConfig config;
  private final Worker[] workers;
  private final long maxCreditNanos;
  private final FairClock tenantClock;
  private final Crew crew;
  private final Moves moves;
  private final Dispatch dispatch;
  private final Set<TenantNode> tenants = new LinkedHashSet<>();
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger notStarted = new AtomicInteger();
  private final LongAdder submitted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder callbackFailures = new LongAdder();
  private volatile boolean accepting = true;
  private volatile boolean closed;

  SchedulerCore(SchedulerConfig config, SchedulerClock clock, WorkerHost host) {
    this.config = config;
    this.clock = clock;
    this.host = host;
    this.maxCreditNanos = config.sliceNanos() * (config.workers() + 1L);
    this.tenantClock = new FairClock(maxCreditNanos, true);
    this.workers = new Worker[config.workers()];
    for (int index = 0; index < workers.length; index++) {
      workers[index] = new Worker(index, this, config, clock);
    }
    this.crew = new Crew(workers.length);
    this.moves = new Moves(this, config);
    this.dispatch = new Dispatch(this, config, clock, workers, crew, moves);
  }

  int live() {
    return live.get();
  }

  /** Tasks that wait for a worker to tell them their end. */
  int endings() {
    return moves.endings.size();
  }

  Worker worker(int index) {
    return workers[index];
  }

  Worker.Step next(Worker worker) {
    return dispatch.next(worker);
  }

  // ---------------------------------------------------------------- tenants and functions

  synchronized TenantNode addTenant(String name, TenantShare share) {
    TenantNode tenant = new TenantNode(name, share, tenantClock, maxCreditNanos, workers.length);
    tenants.add(tenant);
    return tenant;
  }

  FunctionNode addFunction(TenantNode tenant) {
    return new FunctionNode(tenant, maxCreditNanos, workers.length);
  }

  void setShare(TenantNode tenant, TenantShare share) {
    tenant.setShare(share);
    changed(tenant, false);
  }

  void setCpuBandwidth(TenantNode tenant, long nanosPerSecond, long burstNanos) {
    tenant.setBandwidth(nanosPerSecond, burstNanos, config.sliceNanos(), clock.nanoTime());
    changed(tenant, true);
  }

  /** Makes every worker see a change of {@code tenant}. */
  private void changed(TenantNode tenant, boolean endsSlices) {
    long now = clock.nanoTime();
    for (Worker worker : workers) {
      boolean mustWake;
      worker.lock.lock();
      try {
        worker.queue.changed(tenant, now);
        TaskEntry task = worker.current;
        if (endsSlices && task != null && task.function.tenant == tenant) {
          worker.interrupt(now);
        }
        mustWake = worker.watchAlarms(now);
        worker.queue.publish();
      } finally {
        worker.lock.unlock();
      }
      if (mustWake) {
        wake(worker);
      }
    }
    dispatch.callForService(config.sliceNanos(), now);
  }

  void removeTenant(TenantNode tenant) {
    synchronized (this) {
      tenants.remove(tenant);
    }
    tenant.remove();
    tenant.liveTasks().forEach(task -> requestEnd(task, TaskEnd.CANCELLED));
  }

  // ---------------------------------------------------------------- tasks

  SubmitResult submit(FunctionNode function, Task work, SubmitOptions options) {
    // Counted first: whoever stops accepting either is seen here or sees the count.
    live.getAndIncrement();
    if (!accepting) {
      left();
      return new SubmitResult.Closed();
    }
    TenantNode tenant = function.tenant;
    int waiting = notStarted.getAndIncrement();
    if (waiting >= config.maxQueuedTasks()) {
      tenant.refused();
      return refused(
          new SubmitResult.QueueFull(
              SubmitResult.Bound.SCHEDULER_QUEUE, config.maxQueuedTasks(), waiting));
    }
    long now = clock.nanoTime();
    TaskEntry task = new TaskEntry(this, function, work, now, options);
    SubmitResult refusal = tenant.accept(task, now);
    if (refusal != null) {
      return refused(refusal);
    }
    submitted.increment();
    moves.inbox.push(task);
    dispatch.callForService(config.interactiveSliceNanos(), now);
    if (closed) {
      requestEnd(task, TaskEnd.SHUT_DOWN);
    }
    return new SubmitResult.Accepted(task);
  }

  private SubmitResult refused(SubmitResult refusal) {
    if (refusal instanceof SubmitResult.QueueFull) {
      refused.increment();
    }
    leftSubmitQueue();
    left();
    return refusal;
  }

  void requestEnd(TaskEntry task, TaskEnd end) {
    Worker home = task.lockHome();
    if (home == null) {
      if (!task.requestEnd(end)) {
        return;
      }
      // Whoever adopts the task from now on sees the request; perhaps somebody just did not.
      home = task.lockHome();
      if (home == null) {
        return;
      }
    }
    long now;
    try {
      boolean decided = task.state == TaskEntry.State.ENDING || task.state == TaskEntry.State.ENDED;
      boolean _ = task.requestEnd(end);
      TaskEnd requested = task.requestedEnd();
      if (decided || requested == null) {
        return;
      }
      now = clock.nanoTime();
      stop(home, task, requested, now);
    } finally {
      home.queue.publish();
      home.lock.unlock();
    }
    dispatch.callForService(config.sliceNanos(), now);
  }

  private void stop(Worker home, TaskEntry task, TaskEnd end, long now) {
    switch (task.state) {
      case QUEUED, PARKED -> moves.withdraw(home, task, end, now);
      case RUNNING -> home.interrupt(now);
      case INBOX, ENDING, ENDED -> {
        // Its end is decided, or whoever adopts it sees the request.
      }
    }
  }

  void lowerLimits(TaskEntry task, long deadlineNanos, long cpuLimitNanos) {
    Worker home = task.lockHome();
    if (home == null) {
      task.lowerTo(deadlineNanos, cpuLimitNanos);
      home = task.lockHome();
      if (home == null) {
        return;
      }
    }
    long now;
    boolean mustWake;
    try {
      task.lowerTo(deadlineNanos, cpuLimitNanos);
      now = clock.nanoTime();
      TaskEnd end = task.overrulingEnd(now);
      boolean waits = task.state == TaskEntry.State.QUEUED || task.state == TaskEntry.State.PARKED;
      if (end != null && waits) {
        stop(home, task, end, now);
      } else if (waits) {
        home.wheel.set(task, Math.min(task.alarmNanos(), task.deadlineNanos));
      } else if (task.state == TaskEntry.State.RUNNING) {
        // The next slice is measured against the new limits.
        home.interrupt(now);
      }
      mustWake = home.watchAlarms(now);
    } finally {
      home.queue.publish();
      home.lock.unlock();
    }
    if (mustWake) {
      wake(home);
    }
    dispatch.callForService(config.sliceNanos(), now);
  }

  void unpark(TaskEntry task) {
    Worker home = task.lockHome();
    if (home == null) {
      task.permit = true;
      // Perhaps it was adopted, ran and parked without having seen the permit.
      home = task.lockHome();
      if (home == null) {
        return;
      }
    }
    long now;
    try {
      if (task.state != TaskEntry.State.PARKED || task.parkedOnStage) {
        task.permit = true;
        return;
      }
      task.permit = false;
      now = clock.nanoTime();
      moves.unpark(home, task, now);
    } finally {
      home.lock.unlock();
    }
    runSoon(task, now);
  }

  void stageCompleted(TaskEntry task, int parkNumber) {
    Worker home = task.lockHome();
    if (home == null) {
      return;
    }
    long now;
    try {
      if (task.state != TaskEntry.State.PARKED || task.parkNumber != parkNumber) {
        return;
      }
      now = clock.nanoTime();
      moves.unpark(home, task, now);
    } finally {
      home.lock.unlock();
    }
    runSoon(task, now);
  }

  private void runSoon(TaskEntry task, long now) {
    moves.inbox.push(task);
    dispatch.callForService(config.interactiveSliceNanos(), now);
  }

  // ---------------------------------------------------------------- counts, and the end

  void leftSubmitQueue() {
    notStarted.getAndDecrement();
  }

  /** {@code task} has ended and was told. */
  void gone(TaskEntry task) {
    task.state = TaskEntry.State.ENDED;
    task.function.tenant.forget(task);
    left();
  }

  private void left() {
    if (live.decrementAndGet() == 0 && !accepting) {
      synchronized (this) {
        notifyAll();
      }
      if (closed) {
        wakeAll();
      }
    }
  }

  /** Whether the workers may leave. */
  boolean isOver() {
    return closed && live.get() == 0;
  }

  void wake(@Nullable Worker worker) {
    if (worker != null) {
      host.wake(worker);
    }
  }

  void wakeAll() {
    for (Worker worker : workers) {
      host.wake(worker);
    }
  }

  void callbackFailed(Throwable failure) {
    LOGGER.log(Level.ERROR, "Task.ended threw", failure);
    callbackFailures.increment();
  }

  /** Refuses new tasks and waits until all have ended. Returns whether they have. */
  synchronized boolean drain(long timeoutNanos) throws InterruptedException {
    accepting = false;
    long deadline = System.nanoTime() + timeoutNanos;
    while (live.get() > 0) {
      long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
      if (millis <= 0) {
        break;
      }
      wait(millis);
    }
    return live.get() == 0;
  }

  /** Ends all tasks and lets the workers leave. */
  void close() {
    List<TenantNode> nodes;
    synchronized (this) {
      accepting = false;
      closed = true;
      nodes = new ArrayList<>(tenants);
    }
    for (TenantNode tenant : nodes) {
      tenant.liveTasks().forEach(task -> requestEnd(task, TaskEnd.SHUT_DOWN));
    }
    wakeAll();
  }

  // ---------------------------------------------------------------- as seen from outside

  SchedulerSnapshot snapshot() {
    List<TenantNode> nodes;
    synchronized (this) {
      nodes = new ArrayList<>(tenants);
    }
    Accounts accounts = new Accounts();
    accounts.submitted(submitted.sum());
    accounts.refused(refused.sum());
    long steals = 0;
    for (Worker worker : workers) {
      worker.lock.lock();
      try {
        accounts.add(worker.accounts);
        steals += worker.steals;
      } finally {
        worker.lock.unlock();
      }
    }
    long now = clock.nanoTime();
    List<TenantSnapshot> snapshots = new ArrayList<>(nodes.size());
    int parked = 0;
    int queued = 0;
    long starvationAge = 0;
    long maxLag = 0;
    FairnessIndex fairness = new FairnessIndex();
    for (TenantNode tenant : nodes) {
      TenantSnapshot snapshot = tenant.snapshot(now);
      snapshots.add(snapshot);
      parked += snapshot.parked();
      queued += snapshot.queued();
      starvationAge = Math.max(starvationAge, snapshot.starvationAgeNanos());
      maxLag = Math.max(maxLag, Math.abs(snapshot.lagNanos()));
      double progress = tenant.progress();
      if (progress >= 0) {
        fairness.add(progress);
      }
    }
    return new SchedulerSnapshot(
        workers.length,
        crew.idleCount(),
        queued,
        live.get(),
        parked,
        fairness.jain(),
        starvationAge,
        maxLag,
        maxCreditNanos,
        steals,
        crew.wakeUps(),
        callbackFailures.sum(),
        accounts.snapshot(),
        snapshots);
  }

  TenantSnapshot snapshot(TenantNode tenant) {
    return tenant.snapshot(clock.nanoTime());
  }
}
