package dev.troupe.scheduler;

import java.util.function.BiConsumer;

/** A tenant registered with a {@link Scheduler}. May be used from any thread. */
public final class TenantQueue {
  private final SchedulerCore core;
  private final TenantNode node;

  TenantQueue(SchedulerCore core, TenantNode node) {
    this.core = core;
    this.node = node;
  }

  TenantNode node() {
    return node;
  }

  /**
   * A queue of its own for one function: functions share the tenant's part equally. Nothing needs
   * to be released; an unused queue is garbage.
   */
  public FunctionQueue newFunction() {
    return new FunctionQueue(core, core.addFunction(node));
  }

  /** Changes weight and bound at once, for what is queued and running too. */
  public void setShare(TenantShare share) {
    core.setShare(node, share);
  }

  /** Changes the weight at once; see {@link TenantShare#weight()}. */
  public void setWeight(int weight) {
    core.setShare(node, new TenantShare(weight, node.maxQueuedTasks));
  }

  /**
   * Bounds the processor time of the tenant: at most {@code burstNanos} at once and {@code
   * nanosPerSecond} per second in the long run, over all workers. While the bucket is empty, the
   * tenant's tasks wait; the clocks of their deadlines run on. Acts at once.
   *
   * @param nanosPerSecond nanoseconds of processor time per second, at least 1; {@link
   *     SubmitOptions#UNLIMITED_NANOS} for no bound
   * @param burstNanos at least 1; ignored without a bound
   */
  public void setCpuBandwidth(long nanosPerSecond, long burstNanos) {
    if (nanosPerSecond < 1 || burstNanos < 1) {
      throw new IllegalArgumentException(
          "bandwidth " + nanosPerSecond + " ns/s, burst " + burstNanos + " ns: less than 1");
    }
    core.setCpuBandwidth(node, nanosPerSecond, burstNanos);
  }

  /**
   * Hands every task of the tenant that has not ended to {@code action}, with its handle. Tasks
   * that are submitted or end meanwhile may be among them or not.
   */
  public void forEachLive(BiConsumer<Task, TaskHandle> action) {
    node.liveTasks().forEach(entry -> action.accept(entry.task, entry));
  }

  /** Cancels all tasks of the tenant and refuses new ones. */
  public void remove() {
    core.removeTenant(node);
  }

  /** The tenant's state and counters. */
  public TenantSnapshot snapshot() {
    return core.snapshot(node);
  }
}
