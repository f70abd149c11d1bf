package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Who of the workers is busy, idle or on the way, when each will be interrupted, and for how long
 * somebody has been waiting. Guarded by the core's lock.
 *
 * <p><b>Invariant of the alarms.</b> As long as a task has an alarm, somebody looks at the clock in
 * time: an idle worker (the keeper) that sleeps no longer than the earliest alarm, or a busy worker
 * whose preempter is armed for it, or a worker that is on its way to {@link SchedulerCore#next}.
 */
final class Crew {
  private final Worker[] workers;
  private final Worker[] idle;
  private final long sliceNanos;
  private int idleCount;
  private int waking;
  private @Nullable Worker keeper;
  private long keeperWakeNanos = AlarmHeap.NEVER_NANOS;

  private boolean contended;
  private long contendedSinceNanos;
  private long contendedNanos;

  Crew(Worker[] workers, long sliceNanos) {
    this.workers = workers;
    this.idle = workers.clone();
    this.sliceNanos = sliceNanos;
    // A worker that starts is on its way like one that was woken.
    this.waking = workers.length;
    for (Worker worker : workers) {
      worker.waking = true;
    }
  }

  int idleCount() {
    return idleCount;
  }

  /** Whether somebody is runnable for whom no worker is on the way. */
  boolean contended() {
    return contended;
  }

  /** How long {@link #contended()} has held in total. */
  long contendedNanos(long nowNanos) {
    return contended ? contendedNanos + nowNanos - contendedSinceNanos : contendedNanos;
  }

  /** Takes note of the number of queued tasks after it changed. */
  void noteQueued(int queued, long nowNanos) {
    boolean contendedNow = queued > waking;
    if (contendedNow == contended) {
      return;
    }
    if (contendedNow) {
      contendedSinceNanos = nowNanos;
    } else {
      contendedNanos += nowNanos - contendedSinceNanos;
    }
    contended = contendedNow;
  }

  /** {@code worker} is here and looks for work. */
  void arrived(Worker worker) {
    if (worker.waking) {
      worker.waking = false;
      waking--;
    } else if (worker.idle) {
      removeIdle(worker);
    }
  }

  /** {@code worker} found nothing to do. */
  void rest(Worker worker, long earliestAlarmNanos) {
    worker.disarm();
    worker.idle = true;
    idle[idleCount++] = worker;
    if (keeper == null) {
      keeper = worker;
      keeperWakeNanos = earliestAlarmNanos;
      worker.parkUntilNanos = earliestAlarmNanos;
    } else {
      worker.parkUntilNanos = AlarmHeap.NEVER_NANOS;
    }
  }

  /**
   * Sees to it that one of {@code waiting} things to do is looked at within a slice.
   *
   * @return a worker to wake after the lock is released, or null
   */
  @Nullable Worker callForService(int waiting, long nowNanos) {
    if (waiting <= waking) {
      return null;
    }
    if (idleCount > 0) {
      Worker called = idle[idleCount - 1];
      if (called == keeper && idleCount > 1) {
        called = idle[idleCount - 2];
      }
      removeIdle(called);
      called.waking = true;
      waking++;
      return called;
    }
    armLongest(nowNanos);
    return null;
  }

  /** Sees to it that the slice that runs longest without an end in sight gets one. */
  private void armLongest(long nowNanos) {
    Worker longest = null;
    for (Worker worker : workers) {
      boolean open = worker.current != null && worker.armedAtNanos > sliceEndNanos(worker);
      if (open && (longest == null || worker.sliceStartNanos < longest.sliceStartNanos)) {
        longest = worker;
      }
    }
    if (longest != null) {
      longest.armAt(Math.max(nowNanos, sliceEndNanos(longest)), nowNanos);
    }
  }

  /**
   * Restores the invariant of the alarms after an earlier one was set.
   *
   * @return a worker to wake after the lock is released, or null
   */
  @Nullable Worker guardAlarms(long earliestNanos, long nowNanos) {
    if (earliestNanos == AlarmHeap.NEVER_NANOS) {
      return null;
    }
    if (keeper != null) {
      if (earliestNanos >= keeperWakeNanos) {
        return null;
      }
      keeperWakeNanos = earliestNanos;
      return keeper;
    }
    Worker busy = null;
    for (Worker worker : workers) {
      if (worker.current != null) {
        if (worker.armedAtNanos <= earliestNanos) {
          return null;
        }
        busy = worker;
      }
    }
    if (busy != null) {
      busy.armAt(Math.max(nowNanos, earliestNanos), nowNanos);
      return null;
    }
    return waking == 0 && idleCount > 0 ? idle[idleCount - 1] : null;
  }

  /** Arms {@code worker}, whose slice begins now, for whatever must interrupt it first. */
  void armForSlice(
      Worker worker, boolean somebodyWaits, long ownLimitNanos, long earliestNanos, long nowNanos) {
    long desired = ownLimitNanos;
    if (somebodyWaits) {
      desired = Math.min(desired, nowNanos + sliceNanos);
      // Whoever waits may be due on another worker, whose slice began when nobody waited.
      armLongest(nowNanos);
    }
    if (keeper == null) {
      desired = Math.min(desired, earliestNanos);
    }
    // An alarm left over from an earlier slice will do when it is not too early: the far alarm of a
    // deadline then costs one system call in many slices, not two in each.
    boolean keeps =
        worker.armedAtNanos <= desired && worker.armedAtNanos >= nowNanos + sliceNanos / 2;
    if (keeps) {
      return;
    }
    if (desired == AlarmHeap.NEVER_NANOS) {
      worker.disarm();
    } else {
      worker.armAt(desired, nowNanos);
    }
  }

  private long sliceEndNanos(Worker worker) {
    return worker.sliceStartNanos + sliceNanos;
  }

  private void removeIdle(Worker worker) {
    int index = 0;
    while (idle[index] != worker) {
      index++;
    }
    idleCount--;
    System.arraycopy(idle, index + 1, idle, index, idleCount - index);
    worker.idle = false;
    if (keeper == worker) {
      keeper = null;
      keeperWakeNanos = AlarmHeap.NEVER_NANOS;
    }
  }
}
