package dev.troupe.scheduler;

/** A function of a tenant, to which tasks are submitted. May be used from any thread. */
public final class FunctionQueue {
  private final SchedulerCore core;
  private final FunctionNode node;

  FunctionQueue(SchedulerCore core, FunctionNode node) {
    this.core = core;
    this.node = node;
  }

  /**
   * Queues {@code task}. Never blocks, never throws for lack of room.
   *
   * <p>The task may run, and even end, before this method returns.
   */
  public SubmitResult submit(Task task, SubmitOptions options) {
    return core.submit(node, task, options);
  }
}
