package dev.troupe.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tasks that have an alarm, earliest first. Guarded by the core's lock. */
final class AlarmHeap {

  /** No alarm. */
  static final long NEVER_NANOS = Long.MAX_VALUE;

  private static final int INITIAL_CAPACITY = 16;

  private @Nullable TaskEntry[] heap = new @Nullable TaskEntry[INITIAL_CAPACITY];
  private int size;

  long earliestNanos() {
    return size == 0 ? NEVER_NANOS : at(0).alarmNanos;
  }

  /** Takes the earliest task whose alarm is not after {@code nowNanos}, or null. */
  @Nullable TaskEntry pollDue(long nowNanos) {
    if (size == 0) {
      return null;
    }
    TaskEntry first = at(0);
    if (first.alarmNanos > nowNanos) {
      return null;
    }
    set(first, NEVER_NANOS);
    return first;
  }

  /** Sets, moves or (with {@link #NEVER_NANOS}) clears the alarm of {@code task}. */
  void set(TaskEntry task, long alarmNanos) {
    boolean present = task.alarmIndex != FairEntity.NOT_IN_HEAP;
    task.alarmNanos = alarmNanos;
    if (alarmNanos == NEVER_NANOS) {
      if (present) {
        remove(task);
      }
      return;
    }
    if (!present) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      put(size, task);
      size++;
    }
    settle(task.alarmIndex);
  }

  private void remove(TaskEntry task) {
    int index = task.alarmIndex;
    task.alarmIndex = FairEntity.NOT_IN_HEAP;
    TaskEntry last = at(--size);
    heap[size] = null;
    if (last != task) {
      put(index, last);
      settle(index);
    }
  }

  private void settle(int from) {
    int index = from;
    while (index > 0 && earlier(index, (index - 1) >>> 1)) {
      swap(index, (index - 1) >>> 1);
      index = (index - 1) >>> 1;
    }
    while (2 * index + 1 < size) {
      int child = 2 * index + 1;
      if (child + 1 < size && earlier(child + 1, child)) {
        child++;
      }
      if (!earlier(child, index)) {
        break;
      }
      swap(child, index);
      index = child;
    }
  }

  private boolean earlier(int left, int right) {
    return at(left).alarmNanos < at(right).alarmNanos;
  }

  private void swap(int left, int right) {
    TaskEntry moved = at(left);
    put(left, at(right));
    put(right, moved);
  }

  private void put(int index, TaskEntry task) {
    heap[index] = task;
    task.alarmIndex = index;
  }

  private TaskEntry at(int index) {
    TaskEntry task = heap[index];
    if (task == null) {
      throw new IllegalStateException("the alarm heap has a hole at " + index);
    }
    return task;
  }
}
