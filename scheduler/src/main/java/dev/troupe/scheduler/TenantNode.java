package dev.troupe.scheduler;

/** A tenant among its siblings, with its functions and its accounts. Guarded by the core's lock. */
final class TenantNode extends FairEntity {
  final String name;
  final FairQueue<FunctionNode> functions;
  final Accounts accounts = new Accounts();
  final CpuBandwidth bandwidth = new CpuBandwidth();
  volatile int maxQueuedTasks;

  /** Accepted tasks that have not had their first slice. */
  int notStarted;

  int parked;
  int running;
  int queued;
  boolean removed;

  /** Out of the fair tree until {@link #refilledAtNanos}. */
  boolean throttled;

  long refilledAtNanos;

  /** Since when it has had a runnable task without one being picked. */
  long unservedSinceNanos;

  /** Where its own clock and that of all tenants stood when it began to want the processor. */
  long virtualAtActivation;

  long clockAtActivation;

  TenantNode(String name, TenantShare share, long maxCreditNanos) {
    super(share.weight());
    this.name = name;
    this.maxQueuedTasks = share.maxQueuedTasks();
    this.functions = new FairQueue<>(maxCreditNanos);
  }

  /** Time since a task of it was picked while others waited. */
  long starvationAgeNanos(long nowNanos) {
    return queued == 0 || throttled ? 0 : Math.max(0, nowNanos - unservedSinceNanos);
  }

  TenantSnapshot snapshot(long nowNanos, long lagNanos) {
    return new TenantSnapshot(
        name,
        weight,
        maxQueuedTasks,
        notStarted,
        queued,
        running,
        parked,
        throttled,
        lagNanos,
        starvationAgeNanos(nowNanos),
        accounts.snapshot());
  }
}
