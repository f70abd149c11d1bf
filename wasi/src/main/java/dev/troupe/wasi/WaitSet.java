package dev.troupe.wasi;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Those who wait for one thing, in the order in which they came. Who cancels its wait is forgotten
 * at once, however many wait. Thread-safe; calls nobody while it holds its lock.
 */
final class WaitSet {
  /** Equal to itself only, so a set finds it at once. */
  private final class Wait extends CompletableFuture<Boolean> {
    @Override
    public boolean cancel(boolean mayInterrupt) {
      synchronized (waits) {
        boolean _ = waits.remove(this);
      }
      return super.cancel(mayInterrupt);
    }
  }

  private final Set<Wait> waits = new LinkedHashSet<>();

  /** One more who waits. */
  CompletableFuture<Boolean> add() {
    Wait wait = new Wait();
    synchronized (waits) {
      boolean _ = waits.add(wait);
    }
    return wait;
  }

  /** Takes out all who wait, for {@link #wake}. */
  List<CompletableFuture<Boolean>> drain() {
    synchronized (waits) {
      if (waits.isEmpty()) {
        return List.of();
      }
      List<CompletableFuture<Boolean>> all = List.copyOf(waits);
      waits.clear();
      return all;
    }
  }

  /** How many wait. */
  int size() {
    synchronized (waits) {
      return waits.size();
    }
  }

  /** Without any lock: whoever waits may do anything at once. */
  static void wake(List<CompletableFuture<Boolean>> woken) {
    for (CompletableFuture<Boolean> wait : woken) {
      boolean _ = wait.complete(Boolean.TRUE);
    }
  }
}
