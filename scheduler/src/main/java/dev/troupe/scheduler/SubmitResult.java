package dev.troupe.scheduler;

/** The answer to a submission. A refused task was not touched: its {@code ended} is not called. */
public sealed interface SubmitResult {

  /** The task is queued. */
  record Accepted(TaskHandle handle) implements SubmitResult {}

  /**
   * A queue is full.
   *
   * @param bound which bound was hit
   * @param limit the bound in force
   * @param length what the queue held
   */
  record QueueFull(Bound bound, int limit, int length) implements SubmitResult {}

  /** The scheduler drains or is closed, or the tenant was removed. */
  record Closed() implements SubmitResult {}

  /** The bounds on tasks that were accepted and have not had their first slice. */
  enum Bound {
    /** {@link TenantShare#maxQueuedTasks()}. */
    TENANT_QUEUE,
    /** {@link SchedulerConfig#maxQueuedTasks()}. */
    SCHEDULER_QUEUE
  }
}
