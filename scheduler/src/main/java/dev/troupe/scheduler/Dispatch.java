package dev.troupe.scheduler;

import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does between two slices: take back the task that ran, ring its alarms, empty the
 * inbox, tell ends, steal, and pick the next.
 */
final class Dispatch {
  /** Shortest slice that is worth a change of tasks. */
  private static final long MIN_SLICE_NANOS = 50_000;

  private final SchedulerCore core;
  private final SchedulerConfig config;
  private final SchedulerClock clock;
  private final Worker[] workers;
  private final Crew crew;
  private final Inbox inbox;
  private final Moves moves;
  private final Stealing stealing;

  Dispatch(
      SchedulerCore core,
      SchedulerConfig config,
      SchedulerClock clock,
      Worker[] workers,
      Crew crew,
      Moves moves) {
    this.core = core;
    this.config = config;
    this.clock = clock;
    this.workers = workers;
    this.crew = crew;
    this.moves = moves;
    this.inbox = moves.inbox;
    this.stealing = new Stealing(workers, config);
  }

  /** Takes back the finished slice of {@code worker}, if any, and says what it does next. */
  Worker.Step next(Worker worker) {
    if (worker.rested) {
      worker.rested = false;
      worker.parkUntilNanos = Long.MIN_VALUE;
      crew.arrived(worker);
    }
    TaskEntry finished = worker.current;
    long now = finished == null ? clock.nanoTime() : worker.sliceEndNanos;
    CompletionStage<?> stage = null;
    int parkNumber = 0;
    Worker.Step step;
    worker.lock.lock();
    try {
      if (finished != null) {
        takeBack(worker, finished, now);
        if (finished.parkedOnStage && worker.outcome instanceof SliceOutcome.ParkedOn parked) {
          stage = parked.stage();
          parkNumber = finished.parkNumber;
        }
      }
      step = look(worker, null, true, now);
    } finally {
      worker.queue.publish();
      worker.lock.unlock();
    }
    if (stage != null && finished != null) {
      moves.parkOn(stage, finished, parkNumber);
    }
    while (step == null) {
      step = stealAndLook(worker, now);
    }
    callOthers(worker, step, now);
    return step;
  }

  private Worker.@Nullable Step stealAndLook(Worker worker, long now) {
    Worker victim = worker.victim;
    TaskEntry loot = victim == null ? null : plunder(victim, worker, now);
    worker.victim = null;
    worker.lock.lock();
    try {
      // Having found nothing it looks around again; having found something it runs.
      return look(worker, loot, loot == null, now);
    } finally {
      worker.queue.publish();
      worker.lock.unlock();
    }
  }

  /**
   * One look at everything that could be done, under the worker's lock.
   *
   * @return what to do, or null when there is something to steal from {@link Worker#victim} or the
   *     look must be repeated
   */
  private Worker.@Nullable Step look(
      Worker worker, @Nullable TaskEntry arrivals, boolean maySteal, long now) {
    moves.adoptAll(worker, arrivals, now);
    ring(worker, now);
    moves.adoptAll(worker, inbox.takeAll(), now);
    TaskEntry first = worker.queue.first(now);
    if (tellsEnd(worker, first, now)) {
      return Worker.Step.TELL_END;
    }
    if (maySteal) {
      worker.victim = stealing.victimFor(worker, first);
      if (worker.victim != null) {
        worker.stealsAll = first == null;
        return null;
      }
    }
    if (first != null) {
      begin(worker, first, now);
      return Worker.Step.RUN;
    }
    return core.isOver() ? leave(worker) : rest(worker);
  }

  private static Worker.Step leave(Worker worker) {
    worker.disarm();
    return Worker.Step.LEAVE;
  }

  private Worker.@Nullable Step rest(Worker worker) {
    worker.disarm();
    worker.forgetCpuReading();
    worker.endingsSinceNanos = TimerWheel.NEVER_NANOS;
    worker.parkUntilNanos = worker.wheel.earliestNanos();
    crew.rest(worker);
    if (somebodyWaits(worker) || core.isOver()) {
      crew.arrived(worker);
      worker.parkUntilNanos = Long.MIN_VALUE;
      return null;
    }
    worker.rested = true;
    return Worker.Step.REST;
  }

  /** Ends come first, but not for longer than a slice at a time while somebody waits to run. */
  private boolean tellsEnd(Worker worker, @Nullable TaskEntry first, long now) {
    if (worker.endingsSinceNanos == TimerWheel.NEVER_NANOS) {
      worker.endingsSinceNanos = now;
    }
    if (first != null && now - worker.endingsSinceNanos > config.sliceNanos()) {
      return false;
    }
    worker.ending = moves.endings.poll();
    return worker.ending != null;
  }

  private TaskEntry plunderOne(Worker victim, TaskEntry task) {
    victim.queue.remove(task);
    victim.wheel.cancel(task);
    task.state = TaskEntry.State.INBOX;
    task.home = null;
    return task;
  }

  /** Takes tasks of {@code victim}; on their way they are like tasks in the inbox. */
  private @Nullable TaskEntry plunder(Worker victim, Worker thief, long now) {
    TaskEntry loot = null;
    boolean mustWake;
    int taken = 0;
    victim.lock.lock();
    try {
      int wanted = Stealing.loot(victim.queue.size(), thief.stealsAll);
      while (taken < wanted) {
        TaskEntry task = victim.queue.first(now);
        if (task == null) {
          break;
        }
        plunderOne(victim, task).nextInInbox = loot;
        loot = task;
        taken++;
      }
      mustWake = victim.watchAlarms(now);
    } finally {
      victim.queue.publish();
      victim.lock.unlock();
    }
    if (mustWake) {
      core.wake(victim);
    }
    thief.steals += taken;
    return loot;
  }

  private void begin(Worker worker, TaskEntry task, long now) {
    TenantNode tenant = task.function.tenant;
    worker.queue.remove(task);
    worker.wheel.cancel(task);
    long waitNanos = now - task.runnableSinceNanos;
    task.waitedNanos += waitNanos;
    worker.accounts.sliceBegan(waitNanos);
    boolean contended = somebodyWaits(worker) && allAreBusy();
    long grantNanos = worker.queue.grant(task);
    worker.expectedNanos = contended ? grantNanos : 0;
    tenant.begin(task, worker.expectedNanos, waitNanos, now);
    if (task.slices++ == 0) {
      task.queuedNanos = waitNanos;
      core.leftSubmitQueue();
    }
    task.state = TaskEntry.State.RUNNING;
    worker.endingsSinceNanos = TimerWheel.NEVER_NANOS;
    worker.sliceNumber++;
    worker.sliceStartNanos = now;
    worker.companyNanos = contended ? now : TimerWheel.NEVER_NANOS;
    worker.current = task;
    long limit = ownLimit(worker, task, now);
    if (contended) {
      limit = Math.min(limit, now + grantNanos);
    }
    boolean isShort = grantNanos <= config.interactiveSliceNanos();
    worker.armForSlice(limit, isShort ? Patience.GRACE_NANOS / 2 : grantNanos / 2, now);
    if (!contended) {
      // Whoever submits now sees this slice without an end in sight, or is seen here.
      VarHandle.fullFence();
      if ((!inbox.isEmpty() || !moves.endings.isEmpty()) && allAreBusy()) {
        worker.companyNanos = now;
        worker.endSliceBy(now + grantNanos, now);
      }
    }
  }

  /** When the slice must end even if nobody waits. */
  private long ownLimit(Worker worker, TaskEntry task, long now) {
    long limit = Math.min(task.deadlineNanos, worker.wheel.earliestNanos());
    if (task.cpuLimitNanos != SubmitOptions.UNLIMITED_NANOS) {
      long left = Math.max(0, task.cpuLimitNanos - task.cpuNanos);
      limit = Math.min(limit, TaskEntry.saturatedAdd(now, left));
    }
    TenantNode tenant = task.function.tenant;
    if (!tenant.bandwidth.isUnlimited()) {
      long left = Math.max(MIN_SLICE_NANOS, tenant.availableNanos(now) / workers.length);
      limit = Math.min(limit, TaskEntry.saturatedAdd(now, left));
    }
    return limit;
  }

  private void takeBack(Worker worker, TaskEntry task, long now) {
    TenantNode tenant = task.function.tenant;
    worker.current = null;
    worker.typicalNanos = Patience.typicalNanos(worker.typicalNanos, now - worker.sliceStartNanos);
    // Only what was used while somebody waited is charged: an idle processor is free.
    long company = worker.companyNanos;
    long contended = company == TimerWheel.NEVER_NANOS ? 0 : Math.max(0, now - company);
    boolean preempted = worker.outcome instanceof SliceOutcome.Preempted;
    if (preempted) {
      task.preemptions++;
    }
    worker.accounts.sliceEnded(worker.sliceCpuNanos, preempted);
    synchronized (tenant) {
      tenant.charge(
          task, worker.expectedNanos, Math.min(worker.sliceCpuNanos, contended), worker, now);
      TaskEnd end = worker.taskEnd;
      if (end != null) {
        moves.finished(worker, task, end);
        return;
      }
      TaskEnd overruling = task.overrulingEnd(now);
      if (overruling != null) {
        tenant.end(task, overruling);
        moves.willEnd(worker, task, overruling);
        return;
      }
      switch (worker.outcome) {
        case SliceOutcome.Done _ -> throw new IllegalStateException("a done task has no end");
        case SliceOutcome.Preempted _, SliceOutcome.Yielded _ -> moves.requeue(worker, task, now);
        case SliceOutcome.Parked parked ->
            moves.park(worker, task, parked.timeoutNanos(), false, now);
        case SliceOutcome.ParkedOn _ ->
            moves.park(worker, task, SliceOutcome.Parked.NO_TIMEOUT_NANOS, true, now);
      }
    }
  }

  private void ring(Worker worker, long now) {
    for (TimerWheel.Timer due = worker.wheel.poll(now); due != null; due = worker.wheel.poll(now)) {
      switch (due) {
        case TenantRun tenant -> worker.queue.lookAgain(tenant, now);
        case TaskEntry task -> moves.ring(worker, task, now);
        default -> throw new IllegalStateException("an alarm of something else: " + due);
      }
    }
  }

  // ---------------------------------------------------------------- who else is needed

  private boolean allAreBusy() {
    return crew.idleCount() == 0 && crew.wakingCount() == 0;
  }

  /** Whether there is something to do besides what {@code worker} does. */
  private boolean somebodyWaits(Worker worker) {
    if (worker.queue.size() > 0 || !inbox.isEmpty() || !moves.endings.isEmpty()) {
      return true;
    }
    for (Worker other : workers) {
      if (other != worker && other.queue.publishedSize() > 0) {
        return true;
      }
    }
    return false;
  }

  /** The worker has something to do: is there more than it can do? */
  private void callOthers(Worker worker, Worker.Step step, long now) {
    switch (step) {
      case RUN -> {
        if (somebodyWaits(worker)
            && !leavesTo(worker, worker.queue.size() + inbox.size() + 1, now)) {
          passOn(worker, now);
        }
      }
      case TELL_END -> {
        if (somebodyWaits(worker)) {
          passOn(worker, now);
        }
      }
      case LEAVE -> core.wakeAll();
      case REST -> {
        // It has looked around.
      }
    }
  }

  /**
   * Sees to it that somebody looks for work within {@code withinNanos}: leaves it to a worker that
   * will soon be free, wakes an idle one, or relies on one that is on its way or whose slice ends
   * in time, or ends the slice that has lasted longest. Takes the lock of one worker, so the caller
   * must hold none. A worker that submits while it tells an end looks next itself.
   */
  void callForService(long withinNanos, long now) {
    if (!isTellingHere() && !leavesToAny(now) && !wakeOne()) {
      Worker longest = null;
      for (Worker worker : workers) {
        if (worker.current == null) {
          // It is between two slices and about to look.
          return;
        }
        if (!worker.runsBeyond(now + withinNanos)) {
          if (worker.companyNanos == TimerWheel.NEVER_NANOS) {
            worker.companyNanos = now;
          }
          return;
        }
        longest = longerOf(longest, worker);
      }
      endSlice(longest, withinNanos, now);
    }
  }

  /**
   * {@code worker} has looked and leaves something for others: wakes one, or ends the slice that
   * has lasted longest of those without an end in sight. Whoever waits may be due there.
   */
  private void passOn(Worker worker, long now) {
    if (!wakeOne()) {
      Worker longest = null;
      for (Worker other : workers) {
        if (other != worker
            && other.current != null
            && other.runsBeyond(now + config.sliceNanos())) {
          longest = longerOf(longest, other);
        }
      }
      endSlice(longest, config.sliceNanos(), now);
    }
  }

  private boolean isTellingHere() {
    for (Worker worker : workers) {
      if (worker.isTellingHere()) {
        return true;
      }
    }
    return false;
  }

  private boolean leavesToAny(long now) {
    if (crew.idleCount() > 0) {
      int arrivals = inbox.size();
      for (Worker worker : workers) {
        if (leavesTo(worker, worker.queue.publishedSize() + arrivals, now)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether it is cheaper to leave {@code backlog} to {@code worker} than to wake somebody. */
  private boolean leavesTo(Worker worker, int backlog, long now) {
    if (worker.current == null
        || crew.idleCount() == 0
        || !moves.endings.isEmpty()
        || !Patience.pays(worker, backlog, now)) {
      return false;
    }
    if (worker.runsBeyond(now + Patience.GRACE_NANOS)) {
      worker.lock.lock();
      try {
        if (worker.current == null) {
          // It has just ended its slice and will see for itself.
          return true;
        }
        worker.endSliceBy(now + Patience.GRACE_NANOS, now);
      } finally {
        worker.lock.unlock();
      }
    }
    if (worker.companyNanos == TimerWheel.NEVER_NANOS) {
      worker.companyNanos = now;
    }
    return true;
  }

  /** Whether an idle worker was woken or another is on its way. */
  private boolean wakeOne() {
    Worker called = crew.call();
    if (called != null) {
      core.wake(called);
    }
    return called != null || crew.wakingCount() > 0;
  }

  private static Worker longerOf(@Nullable Worker left, Worker right) {
    return left != null && left.sliceStartNanos <= right.sliceStartNanos ? left : right;
  }

  private static void endSlice(@Nullable Worker worker, long withinNanos, long now) {
    if (worker == null) {
      return;
    }
    worker.lock.lock();
    try {
      // Without a task it is about to look anyway.
      if (worker.current != null) {
        if (worker.companyNanos == TimerWheel.NEVER_NANOS) {
          worker.companyNanos = now;
        }
        worker.endSliceBy(Math.max(now, worker.sliceStartNanos + withinNanos), now);
      }
    } finally {
      worker.lock.unlock();
    }
  }
}
