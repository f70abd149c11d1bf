package dev.troupe.scheduler;

/** A tenant registered with a {@link Scheduler}. May be used from any thread. */
public final class TenantQueue {
  private final SchedulerCore core;
  private final TenantNode node;

  TenantQueue(SchedulerCore core, TenantNode node) {
    this.core = core;
    this.node = node;
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

  /** Cancels all tasks of the tenant and refuses new ones. */
  public void remove() {
    core.removeTenant(node);
  }

  /** The tenant's state and counters. */
  public TenantSnapshot snapshot() {
    return core.snapshot(node);
  }
}
