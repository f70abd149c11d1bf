package dev.troupe.pooling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Those who found the pool full, first come first served. A stage completes when a slot has become
 * free; whoever waits then tries again, and waits again if somebody was faster.
 */
final class SlotWaiters {
  private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();

  /** A stage that completes when a slot becomes free; cancel it to stop waiting. */
  synchronized CompletionStage<Void> add() {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    waiting.add(waiter);
    return waiter;
  }

  /** A slot is free: wakes the first who still waits. Call without holding the pool's lock. */
  void wakeOne() {
    CompletableFuture<Void> waiter;
    do {
      waiter = next();
    } while (waiter != null && !waiter.complete(null));
  }

  private synchronized @Nullable CompletableFuture<Void> next() {
    return waiting.poll();
  }

  /** Whether somebody may be waiting. */
  synchronized boolean any() {
    return !waiting.isEmpty();
  }

  synchronized int count() {
    waiting.removeIf(CompletableFuture::isDone);
    return waiting.size();
  }
}
