package dev.troupe.pooling;

import java.util.concurrent.atomic.AtomicLong;

/** A number of something that the slots of a pool share. Thread-safe. */
final class SharedBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  SharedBudget(long limit) {
    this.limit = limit;
  }

  /** Takes {@code amount} if so much is left. */
  boolean tryTake(long amount) {
    if (used.addAndGet(amount) <= limit) {
      return true;
    }
    used.addAndGet(-amount);
    return false;
  }

  void give(long amount) {
    used.addAndGet(-amount);
  }

  long used() {
    return used.get();
  }
}
