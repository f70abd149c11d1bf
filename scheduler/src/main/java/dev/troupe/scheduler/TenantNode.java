package dev.troupe.scheduler;

/** A tenant among its siblings, with its functions and its accounts. Guarded by the core's lock. */
final class TenantNode extends FairEntity {
  final String name;
  final FairQueue<FunctionNode> functions;
  final Accounts accounts = new Accounts();
  int maxQueuedTasks;

  /** Accepted tasks that have not had their first slice. */
  int notStarted;

  int parked;
  int running;
  int queued;
  boolean removed;

  TenantNode(String name, TenantShare share, long maxCreditNanos) {
    super(share.weight());
    this.name = name;
    this.maxQueuedTasks = share.maxQueuedTasks();
    this.functions = new FairQueue<>(maxCreditNanos);
  }

  TenantSnapshot snapshot() {
    return new TenantSnapshot(
        name, weight, maxQueuedTasks, notStarted, queued, running, parked, accounts.snapshot());
  }
}
