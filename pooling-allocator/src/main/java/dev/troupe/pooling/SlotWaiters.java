package dev.troupe.pooling;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Those who found the pool full, first come first served. A stage completes when a slot has become
 * free; whoever waits then tries again, and waits again if somebody was faster.
 *
 * <p>Who stops waiting cancels the stage, even one that has completed: then the next one is woken
 * in his place, and no free slot is forgotten.
 */
final class SlotWaiters {

  /** One who waits. */
  private final class Waiter extends CompletableFuture<Void> {
    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean stillWaiting = super.cancel(mayInterrupt);
      if (stillWaiting) {
        remove(this);
      } else if (!isCancelled()) {
        wakeOne();
      }
      return stillWaiting;
    }
  }

  private final Set<Waiter> waiting = new LinkedHashSet<>();

  /** A stage that completes when a slot becomes free. */
  synchronized CompletionStage<Void> add() {
    Waiter waiter = new Waiter();
    waiting.add(waiter);
    return waiter;
  }

  private synchronized void remove(Waiter waiter) {
    waiting.remove(waiter);
  }

  /** A slot is free: wakes the first who still waits. Call without holding the pool's lock. */
  void wakeOne() {
    CompletableFuture<Void> waiter;
    do {
      waiter = next();
    } while (waiter != null && !waiter.complete(null));
  }

  private synchronized @Nullable CompletableFuture<Void> next() {
    Iterator<Waiter> all = waiting.iterator();
    if (!all.hasNext()) {
      return null;
    }
    Waiter first = all.next();
    all.remove();
    return first;
  }

  /** Whether somebody may be waiting. */
  synchronized boolean any() {
    return !waiting.isEmpty();
  }

  synchronized int count() {
    return waiting.size();
  }
}
