package dev.troupe.scheduler;

import java.time.Duration;

/**
 * Settings of a scheduler.
 *
 * @param workers number of worker threads
 * @param sliceNanos length of a slice when somebody waits
 * @param maxQueuedTasks accepted tasks of all tenants that may wait for their first slice
 * @param threadNamePrefix name of the worker threads, followed by their index
 */
public record SchedulerConfig(
    int workers, long sliceNanos, int maxQueuedTasks, String threadNamePrefix) {

  private static final long MIN_SLICE_NANOS = 1_000;

  /** A worker per core, slices of 1 ms, 100,000 waiting tasks. */
  public static SchedulerConfig defaults() {
    return new SchedulerConfig(
        Runtime.getRuntime().availableProcessors(), 1_000_000, 100_000, "troupe-worker-");
  }

  /** Checks the ranges. */
  public SchedulerConfig {
    if (workers < 1) {
      throw new IllegalArgumentException("workers " + workers + " is less than 1");
    }
    if (sliceNanos < MIN_SLICE_NANOS) {
      throw new IllegalArgumentException("sliceNanos " + sliceNanos + " is less than 1000");
    }
    if (maxQueuedTasks < 0) {
      throw new IllegalArgumentException("maxQueuedTasks " + maxQueuedTasks + " is negative");
    }
  }

  /** The same with another number of workers. */
  public SchedulerConfig withWorkers(int newWorkers) {
    return new SchedulerConfig(newWorkers, sliceNanos, maxQueuedTasks, threadNamePrefix);
  }

  /** The same with another slice. */
  public SchedulerConfig withSlice(Duration slice) {
    return new SchedulerConfig(workers, slice.toNanos(), maxQueuedTasks, threadNamePrefix);
  }

  /** The same with another bound on waiting tasks. */
  public SchedulerConfig withMaxQueuedTasks(int newMaxQueuedTasks) {
    return new SchedulerConfig(workers, sliceNanos, newMaxQueuedTasks, threadNamePrefix);
  }
}
