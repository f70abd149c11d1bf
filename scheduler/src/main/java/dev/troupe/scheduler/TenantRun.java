package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/** The functions of one tenant that have tasks waiting on one worker, under the worker's lock. */
final class TenantRun extends FairHeap.Node {
  final TenantNode tenant;
  final FairHeap<FunctionRun> functions = new FairHeap<>();

  /** Tasks below. */
  int queued;

  /** Out of the worker's heap, with an alarm for the next look at the tenant's bandwidth. */
  boolean throttled;

  TenantRun(TenantNode tenant) {
    this.tenant = tenant;
  }

  @Nullable TaskEntry first() {
    FunctionRun function = functions.first();
    return function == null ? null : function.tasks.first();
  }

  /** The key as of now; it asks for what its first task asks for. */
  long currentKey() {
    TaskEntry first = first();
    return tenant.deadlineKey(first == null ? 0 : first.requestNanos);
  }
}
