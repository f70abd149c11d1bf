package dev.troupe.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits at one shared memory, by address, first come first served. Thread-safe.
 *
 * <p>Main invariant: whether a waiter is in its queue is decided under one lock, and so is whether
 * it becomes one: memory is compared there. Who writes first and notifies then either is seen by
 * that comparison or finds the waiter, so no wake-up is lost; and a waiter leaves its queue once,
 * by a notification, by its time or by giving up, so none is counted twice.
 */
public final class WaitQueues {
  /** Most waiters at one memory: each holds a fiber or a thread, this only bounds their sum. */
  static final int MOST_WAITERS = 1 << 16;

  private final Map<Long, LinkedHashSet<Waiter>> queues = new HashMap<>();
  private int waiting;

  /**
   * A fiber's or thread's place in a queue; completes when the wait is over. Whoever cancels it
   * leaves the queue at once and takes no wake-up from others.
   */
  public static final class Waiter extends CompletableFuture<WaitResult> {
    private final WaitQueues home;
    private final long offset;
    private final @Nullable Object owner;
    private volatile @Nullable Future<?> timer;

    private Waiter(WaitQueues home, long offset, @Nullable Object owner) {
      this.home = home;
      this.offset = offset;
      this.owner = owner;
    }

    /** Ends the wait after its time, unless it has ended. */
    public void timeOut() {
      if (home.leave(this)) {
        boolean _ = complete(WaitResult.TIMED_OUT);
      }
    }

    /** The timer that will call {@link #timeOut()}; it goes when the wait ends. */
    public void endBy(Future<?> newTimer) {
      timer = newTimer;
      if (isDone()) {
        stopTimer();
      }
    }

    private void stopTimer() {
      Future<?> known = timer;
      if (known != null) {
        boolean _ = known.cancel(false);
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean _ = home.leave(this);
      stopTimer();
      return super.cancel(mayInterruptIfRunning);
    }
  }

  /**
   * Queues a waiter if the memory still holds what is expected.
   *
   * @param owner whose {@link #abandon} ends the wait, or null
   * @return the waiter, or null when the memory holds something else
   * @throws AllocationException when there are too many
   */
  @Nullable Waiter enqueue(long offset, @Nullable Object owner, BooleanSupplier isExpected) {
    synchronized (queues) {
      if (!isExpected.getAsBoolean()) {
        return null;
      }
      if (waiting == MOST_WAITERS) {
        throw new AllocationException("more than " + MOST_WAITERS + " waiters at a shared memory");
      }
      Waiter waiter = new Waiter(this, offset, owner);
      boolean _ = queues.computeIfAbsent(offset, _ -> new LinkedHashSet<>()).add(waiter);
      waiting++;
      return waiter;
    }
  }

  /** Wakes up to {@code most} (unsigned) waiters at an address; says how many. */
  int wake(long offset, int most) {
    List<Waiter> woken = new ArrayList<>();
    synchronized (queues) {
      LinkedHashSet<Waiter> queue = queues.get(offset);
      if (queue == null) {
        return 0;
      }
      Iterator<Waiter> next = queue.iterator();
      while (next.hasNext() && Integer.compareUnsigned(woken.size(), most) < 0) {
        woken.add(next.next());
        next.remove();
      }
      waiting -= woken.size();
      if (queue.isEmpty()) {
        var unused = queues.remove(offset);
      }
    }
    // Not under the lock: what waits for a waiter runs here.
    for (Waiter waiter : woken) {
      waiter.stopTimer();
      boolean _ = waiter.complete(WaitResult.NOTIFIED);
    }
    return woken.size();
  }

  /** Takes a waiter out; whether it was in. */
  private boolean leave(Waiter waiter) {
    synchronized (queues) {
      LinkedHashSet<Waiter> queue = queues.get(waiter.offset);
      if (queue == null || !queue.remove(waiter)) {
        return false;
      }
      waiting--;
      if (queue.isEmpty()) {
        var unused = queues.remove(waiter.offset);
      }
      return true;
    }
  }

  /** Cancels all waiters of an owner. */
  void abandon(Object owner) {
    List<Waiter> abandoned = new ArrayList<>();
    synchronized (queues) {
      for (LinkedHashSet<Waiter> queue : queues.values()) {
        for (Waiter waiter : queue) {
          if (owner.equals(waiter.owner)) {
            abandoned.add(waiter);
          }
        }
      }
    }
    for (Waiter waiter : abandoned) {
      boolean _ = waiter.cancel(false);
    }
  }

  /** How many wait. */
  int waiting() {
    synchronized (queues) {
      return waiting;
    }
  }
}
