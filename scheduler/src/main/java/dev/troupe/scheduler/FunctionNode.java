package dev.troupe.scheduler;

/** A function among the functions of its tenant. Guarded by the core's lock. */
final class FunctionNode extends FairEntity {
  static final int WEIGHT = 1;

  final TenantNode tenant;
  final FairQueue<TaskEntry> tasks;

  FunctionNode(TenantNode tenant, long maxCreditNanos) {
    super(WEIGHT);
    this.tenant = tenant;
    this.tasks = new FairQueue<>(maxCreditNanos);
  }
}
