package dev.troupe.scheduler;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The changes of place of a task. Except where it says otherwise, the caller holds the lock of the
 * worker that is, or becomes, the task's home.
 *
 * <pre>
 *   submit ──> INBOX ──adopt──> QUEUED ──begin──> RUNNING ──> ENDED
 *                ^ ^              │ ^                │ │         ^
 *                │ └───steal──────┘ └────requeue─────┘ │         │
 *                │ unpark                              │         │
 *                └────────────── PARKED <──────────────┘         │
 *          any of these when its end is requested ──> ENDING ────┘
 * </pre>
 */
final class Moves {
  private final SchedulerCore core;
  private final SchedulerConfig config;

  /** Tasks that nobody owns. */
  final Inbox inbox = new Inbox();

  /** Tasks that must be told that they were ended from outside. */
  final ConcurrentLinkedQueue<TaskEntry> endings = new ConcurrentLinkedQueue<>();

  Moves(SchedulerCore core, SchedulerConfig config) {
    this.core = core;
    this.config = config;
  }

  /** {@code worker} becomes the home of a chain of tasks from the inbox. */
  void adoptAll(Worker worker, @Nullable TaskEntry first, long now) {
    TaskEntry task = first;
    while (task != null) {
      TaskEntry following = task.nextInInbox;
      task.nextInInbox = null;
      adopt(worker, task, now);
      task = following;
    }
  }

  private void adopt(Worker worker, TaskEntry task, long now) {
    // First the home, then the look at requests: whoever requests does it the other way round.
    task.home = worker;
    TaskEnd end = task.overrulingEnd(now);
    if (end == null) {
      enqueue(worker, task);
    } else {
      endQueued(worker, task, end, now);
    }
  }

  private void enqueue(Worker worker, TaskEntry task) {
    task.state = TaskEntry.State.QUEUED;
    task.requestNanos = requestOf(task);
    if (task.deadlineNanos != TimerWheel.NEVER_NANOS) {
      worker.wheel.set(task, task.deadlineNanos);
    }
    worker.queue.add(task);
  }

  /**
   * A task that has used little so far, or with the hint little since it parked, asks for a short
   * slice: its turn comes sooner and it gets less.
   */
  private long requestOf(TaskEntry task) {
    long shortNanos = config.interactiveSliceNanos();
    long used = task.cpuNanos - (task.hinted ? task.cpuAtParkNanos : 0);
    return used < 2 * shortNanos ? shortNanos : config.sliceNanos();
  }

  /** A running task goes on later. Also under the tenant's monitor. */
  void requeue(Worker worker, TaskEntry task, long now) {
    task.function.tenant.requeue(task, now);
    enqueue(worker, task);
  }

  /** A running task waits. Also under the tenant's monitor. */
  void park(Worker worker, TaskEntry task, long timeoutNanos, boolean onStage, long now) {
    task.cpuAtParkNanos = task.cpuNanos;
    if (task.permit && !onStage) {
      task.permit = false;
      requeue(worker, task, now);
      return;
    }
    task.state = TaskEntry.State.PARKED;
    task.parkedOnStage = onStage;
    task.parkNumber++;
    task.function.tenant.park(task);
    long alarm = Math.min(task.deadlineNanos, TaskEntry.saturatedAdd(now, timeoutNanos));
    worker.wheel.set(task, alarm);
  }

  /** Without any lock: {@code task}, parked as number {@code parkNumber}, waits for a stage. */
  void parkOn(CompletionStage<?> stage, TaskEntry task, int parkNumber) {
    try {
      var _ = stage.whenComplete((value, failure) -> core.stageCompleted(task, parkNumber));
    } catch (RuntimeException failure) {
      task.failure = failure;
      core.requestEnd(task, TaskEnd.FAILED);
    }
  }

  /** A parked task becomes runnable; the caller pushes it into the inbox. */
  void unpark(Worker home, TaskEntry task, long now) {
    home.wheel.cancel(task);
    task.parkedOnStage = false;
    task.function.tenant.unpark(task, now);
    task.state = TaskEntry.State.INBOX;
    task.home = null;
  }

  /** The alarm of {@code task} rang. */
  void ring(Worker worker, TaskEntry task, long now) {
    TaskEnd end = task.overrulingEnd(now);
    switch (task.state) {
      case QUEUED, PARKED -> {
        if (end != null) {
          withdraw(worker, task, end, now);
        } else if (task.state == TaskEntry.State.PARKED) {
          task.parkedOnStage = false;
          task.function.tenant.unpark(task, now);
          enqueue(worker, task);
        } else {
          worker.wheel.set(task, task.deadlineNanos);
        }
      }
      case INBOX, RUNNING, ENDING, ENDED ->
          throw new IllegalStateException("a task that is " + task.state + " has an alarm");
    }
  }

  /** Takes a queued or parked task out of wherever it is; a worker will tell it the end. */
  void withdraw(Worker home, TaskEntry task, TaskEnd end, long now) {
    home.wheel.cancel(task);
    if (task.state == TaskEntry.State.QUEUED) {
      home.queue.remove(task);
      endQueued(home, task, end, now);
    } else {
      task.parkedOnStage = false;
      task.function.tenant.endParked(end);
      willEnd(home, task, end);
    }
  }

  private void endQueued(Worker home, TaskEntry task, TaskEnd end, long now) {
    task.waitedNanos += now - task.runnableSinceNanos;
    task.function.tenant.endQueued(task, end);
    if (task.slices == 0) {
      task.queuedNanos = task.waitedNanos;
      core.leftSubmitQueue();
    }
    willEnd(home, task, end);
  }

  /** A worker will tell {@code task}, which is nowhere any more, that it has ended. */
  void willEnd(Worker home, TaskEntry task, TaskEnd end) {
    task.state = TaskEntry.State.ENDING;
    boolean _ = task.requestEnd(end);
    home.accounts.ended(end);
    endings.add(task);
  }

  /** A task has ended by itself and was told. Also under the tenant's monitor. */
  void finished(Worker worker, TaskEntry task, TaskEnd end) {
    task.state = TaskEntry.State.ENDED;
    boolean _ = task.requestEnd(end);
    task.function.tenant.end(task, end);
    worker.accounts.ended(end);
    core.gone(task);
  }
}
