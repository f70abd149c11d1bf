package dev.troupe.gateway.server;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back when there is little: first the pages that free slots and stacks have kept,
 * then a quarter of the idle instances, and again as long as it is not enough. Running calls keep
 * what they have.
 */
final class MemoryRelief implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryRelief.class);
  private static final double EVICTED_PART = 0.25;
  private static final long PERIOD_MILLIS = 1000;

  /** What can be given back. */
  interface Sources {
    /** Drops pages that nobody uses, about so many bytes. Returns how many it were. */
    long trim(long bytes);

    /** Closes that part of the idle instances. Returns how many. */
    long evict(double part);
  }

  private final LongSupplier excessBytes;
  private final Sources sources;
  private final LongAdder trimmedBytes = new LongAdder();
  private final LongAdder evictedInstances = new LongAdder();
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("troupe-relief").daemon().factory());

  /**
   * Does nothing by itself before {@link #start}.
   *
   * @param excessBytes how much too much is in use; not positive when all is well
   */
  MemoryRelief(LongSupplier excessBytes, Sources sources) {
    this.excessBytes = excessBytes;
    this.sources = sources;
  }

  /** Looks once a second. */
  MemoryRelief start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::checkSafely, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  private void checkSafely() {
    try {
      check();
    } catch (RuntimeException e) {
      LOG.error("memory could not be given back", e);
    }
  }

  /** Looks now. */
  void check() {
    long excess = excessBytes.getAsLong();
    if (excess <= 0) {
      return;
    }
    long trimmed = sources.trim(excess);
    long evicted = 0;
    if (trimmed < excess) {
      evicted = sources.evict(EVICTED_PART);
      trimmed += sources.trim(excess - trimmed);
    }
    trimmedBytes.add(trimmed);
    evictedInstances.add(evicted);
    if (trimmed + evicted > 0) {
      LOG.info(
          "memory is short by {} KiB: dropped {} KiB of unused pages, closed {} idle instances",
          excess >> 10,
          trimmed >> 10,
          evicted);
    }
  }

  /** Bytes of unused pages given back since the start. */
  long trimmedBytes() {
    return trimmedBytes.sum();
  }

  /** Idle instances closed for their memory since the start. */
  long evictedInstances() {
    return evictedInstances.sum();
  }

  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }
}
