package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * From whom a worker takes work. One with nothing to do takes half of the longest queue. One with
 * work of its own takes the first task of another queue when that one is more than a margin behind
 * its own first: the order of tenants, functions and tasks then holds across all workers, up to the
 * margin.
 *
 * <p>Everything is read without locks and may be out of date; the victim is asked under its lock.
 */
final class Stealing {
  private static final int MAX_LOOT = 16;

  private final Worker[] workers;
  private final long marginNanos;

  Stealing(Worker[] workers, SchedulerConfig config) {
    this.workers = workers;
    this.marginNanos = config.interactiveSliceNanos();
  }

  /** Whom {@code thief}, whose own first task is {@code first}, should take from, or null. */
  @Nullable Worker victimFor(Worker thief, @Nullable TaskEntry first) {
    Worker victim = null;
    int longest = 0;
    TaskEntry best = first;
    long margin = marginNanos;
    for (Worker worker : workers) {
      int size = worker == thief ? 0 : worker.queue.publishedSize();
      if (size == 0) {
        continue;
      }
      if (first == null) {
        if (size > longest) {
          longest = size;
          victim = worker;
        }
        continue;
      }
      TaskEntry head = worker.queue.publishedHead();
      if (head != null && best != null && isBehind(head, best, margin)) {
        victim = worker;
        best = head;
        margin = 0;
      }
    }
    return victim;
  }

  /** How many of {@code size} tasks a thief takes. */
  static int loot(int size, boolean isIdle) {
    return isIdle ? Math.min(MAX_LOOT, (size + 1) / 2) : 1;
  }

  /** Whether {@code left} should run before {@code right} even if it gets so much later. */
  private static boolean isBehind(TaskEntry left, TaskEntry right, long marginNanos) {
    FunctionNode leftFunction = left.function;
    FunctionNode rightFunction = right.function;
    if (leftFunction.tenant != rightFunction.tenant) {
      return isBehind(leftFunction.tenant, left, rightFunction.tenant, right, marginNanos);
    }
    return leftFunction == rightFunction
        ? isBehind(left, left, right, right, marginNanos)
        : isBehind(leftFunction, left, rightFunction, right, marginNanos);
  }

  private static boolean isBehind(
      Standing left, TaskEntry leftTask, Standing right, TaskEntry rightTask, long marginNanos) {
    long leftKey = left.deadlineKey(leftTask.requestNanos + marginNanos);
    return leftKey - right.deadlineKey(rightTask.requestNanos) < 0;
  }
}
