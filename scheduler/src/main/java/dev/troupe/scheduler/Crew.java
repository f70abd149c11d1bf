package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Who of the workers is idle or on the way.
 *
 * <p><b>No wake-up is lost.</b> Whoever makes work visible (the inbox, the list of endings, a run
 * queue) looks at {@link #idleCount} and {@link #wakingCount} afterwards; whoever goes idle says so
 * here and looks for work afterwards. One of the two sees the other.
 *
 * <p><b>One at a time.</b> Nobody is woken while another worker is on its way: that one calls the
 * next when it finds more than it can do. A burst of submissions costs one system call.
 */
final class Crew {
  private final Worker[] idle;

  /** Written under the monitor. */
  private volatile int idleCount;

  /** Written under the monitor. */
  private volatile int wakingCount;

  private long wakeUps;

  Crew(int workers) {
    this.idle = new Worker[workers];
    // A worker that starts is on its way like one that was woken.
    this.wakingCount = workers;
  }

  int idleCount() {
    return idleCount;
  }

  int wakingCount() {
    return wakingCount;
  }

  synchronized long wakeUps() {
    return wakeUps;
  }

  /** {@code worker} finds nothing to do; it must look again before it sleeps. */
  synchronized void rest(Worker worker) {
    worker.idle = true;
    idle[idleCount] = worker;
    idleCount = idleCount + 1;
  }

  /** {@code worker} is here, woken or not, and looks for work. */
  synchronized void arrived(Worker worker) {
    if (worker.waking) {
      worker.waking = false;
      wakingCount = wakingCount - 1;
    } else if (worker.idle) {
      remove(worker);
    }
  }

  /** Chooses a worker for the caller to wake, or null when none is idle or one is on its way. */
  @Nullable Worker call() {
    if (idleCount == 0 || wakingCount > 0) {
      return null;
    }
    return claim();
  }

  private synchronized @Nullable Worker claim() {
    if (idleCount == 0 || wakingCount > 0) {
      return null;
    }
    // The one that slept least: its cache is warm.
    Worker called = idle[idleCount - 1];
    remove(called);
    called.waking = true;
    wakingCount = wakingCount + 1;
    wakeUps++;
    return called;
  }

  private void remove(Worker worker) {
    int index = 0;
    while (idle[index] != worker) {
      index++;
    }
    int left = idleCount - 1;
    System.arraycopy(idle, index + 1, idle, index, left - index);
    idleCount = left;
    worker.idle = false;
  }
}
