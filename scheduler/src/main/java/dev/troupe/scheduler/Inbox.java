package dev.troupe.scheduler;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that became runnable and that no worker owns yet: a stack without a lock (Treiber, 1986),
 * linked through the tasks. Whichever worker comes first takes all of it into its own run queue;
 * the others steal from there.
 */
final class Inbox {
  private final AtomicReference<@Nullable TaskEntry> top = new AtomicReference<>();

  boolean isEmpty() {
    return top.get() == null;
  }

  int size() {
    TaskEntry newest = top.get();
    return newest == null ? 0 : newest.inboxDepth;
  }

  void push(TaskEntry task) {
    TaskEntry below;
    do {
      below = top.get();
      task.nextInInbox = below;
      task.inboxDepth = below == null ? 1 : below.inboxDepth + 1;
    } while (!top.compareAndSet(below, task));
  }

  /** Takes everything, the oldest first, linked by {@link TaskEntry#nextInInbox}. */
  @Nullable TaskEntry takeAll() {
    if (isEmpty()) {
      return null;
    }
    TaskEntry oldest = null;
    TaskEntry task = top.getAndSet(null);
    while (task != null) {
      TaskEntry below = task.nextInInbox;
      task.nextInInbox = oldest;
      oldest = task;
      task = below;
    }
    return oldest;
  }
}
