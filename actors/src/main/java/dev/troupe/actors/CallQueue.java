package dev.troupe.actors;

import dev.troupe.actors.call.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls of a tenant that wait for a place, first come, first served. Not thread-safe. */
final class CallQueue {

  /**
   * A call that waits.
   *
   * @param deadlineNanos {@link System#nanoTime()} of its deadline
   */
  record Waiting(Call call, long deadlineNanos) {}

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  int size() {
    return waiting.size();
  }

  void add(Waiting call) {
    waiting.addLast(call);
  }

  @Nullable Waiting first() {
    return waiting.peekFirst();
  }

  void removeFirst() {
    waiting.removeFirst();
  }

  boolean remove(Call call) {
    return waiting.removeIf(entry -> entry.call().equals(call));
  }

  /** Takes out the youngest call. */
  Waiting removeLast() {
    return waiting.removeLast();
  }

  /** Takes out all calls whose deadline has passed. */
  List<Waiting> removeExpired(long nowNanos) {
    List<Waiting> expired = new ArrayList<>();
    for (Iterator<Waiting> calls = waiting.iterator(); calls.hasNext(); ) {
      Waiting call = calls.next();
      if (call.deadlineNanos() - nowNanos <= 0) {
        expired.add(call);
        calls.remove();
      }
    }
    return expired;
  }

  /** Takes out everything. */
  List<Waiting> removeAll() {
    List<Waiting> all = new ArrayList<>(waiting);
    waiting.clear();
    return all;
  }

  /** Time until the earliest deadline; the queue must not be empty. */
  long nanosToEarliestDeadline(long nowNanos) {
    long earliest = Long.MAX_VALUE;
    for (Waiting call : waiting) {
      earliest = Math.min(earliest, call.deadlineNanos() - nowNanos);
    }
    return earliest;
  }
}
