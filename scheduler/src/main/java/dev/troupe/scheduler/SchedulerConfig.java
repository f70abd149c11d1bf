package dev.troupe.scheduler;

import java.time.Duration;

/**
 * Settings of a scheduler.
 *
 * @param workers number of worker threads
 * @param sliceNanos length of a slice when somebody waits
 * @param interactiveSliceNanos length of the slices of tasks that are young or hinted to be
 *     interactive, and of what a running slice is left when such a task comes; at most {@code
 *     sliceNanos}
 * @param maxQueuedTasks accepted tasks of all tenants that may wait for their first slice
 * @param threadNamePrefix name of the worker threads, followed by their index
 */
public record SchedulerConfig(
    int workers,
    long sliceNanos,
    long interactiveSliceNanos,
    int maxQueuedTasks,
    String threadNamePrefix) {

  private static final long MIN_SLICE_NANOS = 1_000;

  /** A worker per core, slices of 1 ms and 250 us, 100,000 waiting tasks. */
  public static SchedulerConfig defaults() {
    return new SchedulerConfig(
        Runtime.getRuntime().availableProcessors(), 1_000_000, 250_000, 100_000, "troupe-worker-");
  }

  /** Checks the ranges. */
  public SchedulerConfig {
    if (workers < 1) {
      throw new IllegalArgumentException("workers " + workers + " is less than 1");
    }
    if (sliceNanos < MIN_SLICE_NANOS) {
      throw new IllegalArgumentException("sliceNanos " + sliceNanos + " is less than 1000");
    }
    if (interactiveSliceNanos < MIN_SLICE_NANOS || interactiveSliceNanos > sliceNanos) {
      throw new IllegalArgumentException(
          "interactiveSliceNanos " + interactiveSliceNanos + " is not in 1000.." + sliceNanos);
    }
    if (maxQueuedTasks < 0) {
      throw new IllegalArgumentException("maxQueuedTasks " + maxQueuedTasks + " is negative");
    }
  }

  /** The same with another number of workers. */
  public SchedulerConfig withWorkers(int newWorkers) {
    return new SchedulerConfig(
        newWorkers, sliceNanos, interactiveSliceNanos, maxQueuedTasks, threadNamePrefix);
  }

  /** The same with another slice; the interactive slice is shortened if it must be. */
  public SchedulerConfig withSlice(Duration slice) {
    long nanos = slice.toNanos();
    return new SchedulerConfig(
        workers, nanos, Math.min(interactiveSliceNanos, nanos), maxQueuedTasks, threadNamePrefix);
  }

  /** The same with another interactive slice. */
  public SchedulerConfig withInteractiveSlice(Duration slice) {
    return new SchedulerConfig(
        workers, sliceNanos, slice.toNanos(), maxQueuedTasks, threadNamePrefix);
  }

  /** The same with another bound on waiting tasks. */
  public SchedulerConfig withMaxQueuedTasks(int newMaxQueuedTasks) {
    return new SchedulerConfig(
        workers, sliceNanos, interactiveSliceNanos, newMaxQueuedTasks, threadNamePrefix);
  }
}
