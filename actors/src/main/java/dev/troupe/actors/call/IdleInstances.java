package dev.troupe.actors.call;

import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.port.FunctionInstance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Instances of one version between two calls, the last one used first. Thread-safe: workers put
 * instances back while callers take them.
 */
public final class IdleInstances {

  /**
   * An instance with what it holds of the budget.
   *
   * @param calls calls it has served
   * @param idleSinceNanos {@link System#nanoTime()} of its last use
   */
  public record Leased(
      FunctionInstance instance, InstanceLease lease, int calls, long idleSinceNanos) {

    /** Closes the instance and gives back what it held. */
    public void close() {
      try {
        instance.close();
      } finally {
        lease.release();
      }
    }
  }

  private final ArrayDeque<Leased> idle = new ArrayDeque<>();
  private final int capacity;
  private boolean closed;

  /** Keeps {@code capacity} instances at most. */
  public IdleInstances(int capacity) {
    this.capacity = capacity;
  }

  /** The instance that was used last, or null. */
  public synchronized @Nullable Leased take() {
    return idle.pollLast();
  }

  /** Keeps the instance, or closes it when there is no room or the version is gone. */
  public void putBack(Leased leased) {
    synchronized (this) {
      if (!closed && idle.size() < capacity) {
        idle.addLast(leased);
        return;
      }
    }
    leased.close();
  }

  /** Takes out the instance that has been idle longest, or null. The caller closes it. */
  public synchronized @Nullable Leased takeEldest() {
    return idle.pollFirst();
  }

  /** Closes the instance that has been idle longest. Returns whether there was one. */
  public boolean evictOne() {
    Leased eldest = takeEldest();
    if (eldest == null) {
      return false;
    }
    eldest.close();
    return true;
  }

  /** Closes the instances that have been idle since before that time. */
  public void evictIdleSince(long nanoTime) {
    List<Leased> evicted = new ArrayList<>();
    synchronized (this) {
      while (!idle.isEmpty() && idle.peekFirst().idleSinceNanos() - nanoTime < 0) {
        evicted.add(idle.removeFirst());
      }
    }
    evicted.forEach(Leased::close);
  }

  /** Closes the instances that hold more memory than that. */
  public void evictLarger(long bytes) {
    List<Leased> evicted = new ArrayList<>();
    synchronized (this) {
      boolean _ =
          idle.removeIf(leased -> {
            boolean larger = leased.lease().bytes() > bytes;
            if (larger) {
              evicted.add(leased);
            }
            return larger;
          });
    }
    evicted.forEach(Leased::close);
  }

  /** Number of idle instances. */
  public synchronized int size() {
    return idle.size();
  }

  /** Closes all and keeps none from now on. */
  public void close() {
    List<Leased> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(idle);
      idle.clear();
    }
    all.forEach(Leased::close);
  }
}
