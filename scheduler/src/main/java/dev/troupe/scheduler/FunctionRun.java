package dev.troupe.scheduler;

/** The tasks of one function that wait on one worker. Guarded by the worker's lock. */
final class FunctionRun extends FairHeap.Node {
  final FunctionNode function;
  final TenantRun tenantRun;
  final FairHeap<TaskEntry> tasks = new FairHeap<>();

  FunctionRun(FunctionNode function, TenantRun tenantRun) {
    this.function = function;
    this.tenantRun = tenantRun;
  }

  /** The key as of now; it asks for what its first task asks for. */
  long currentKey() {
    TaskEntry first = tasks.first();
    return function.deadlineKey(first == null ? 0 : first.requestNanos);
  }
}
