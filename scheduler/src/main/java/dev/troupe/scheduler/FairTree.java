package dev.troupe.scheduler;

/**
 * Tenants over functions over tasks, one {@link FairQueue} per level: a tenant gains nothing by
 * many functions, a function gains nothing by many tasks. Guarded by the core's lock.
 */
final class FairTree {

  private final FairQueue<TenantNode> tenants;
  private int queued;
  private long sequence;

  FairTree(long maxCreditNanos) {
    this.tenants = new FairQueue<>(maxCreditNanos);
  }

  /** Number of tasks that are runnable, not running, and not throttled with their tenant. */
  int queued() {
    return queued;
  }

  /** {@code task} becomes runnable after it was new or parked. */
  void admit(TaskEntry task, long nowNanos) {
    FunctionNode function = task.function;
    TenantNode tenant = function.tenant;
    if (tenant.activeTasks++ == 0) {
      tenants.activate(tenant);
      tenant.virtualAtActivation = tenant.virtualTime;
      tenant.clockAtActivation = tenants.virtualNow();
    }
    if (function.activeTasks++ == 0) {
      tenant.functions.activate(function);
    }
    task.activeTasks = 1;
    function.tasks.activate(task);
    putBack(task, nowNanos);
  }

  /** {@code task} stays runnable after a slice. */
  void putBack(TaskEntry task, long nowNanos) {
    FunctionNode function = task.function;
    TenantNode tenant = function.tenant;
    function.tasks.insert(task, ++sequence);
    if (function.heapIndex == FairEntity.NOT_IN_HEAP) {
      tenant.functions.insert(function, sequence);
    }
    if (tenant.queued++ == 0) {
      tenant.unservedSinceNanos = nowNanos;
    }
    if (tenant.throttled) {
      return;
    }
    if (tenant.heapIndex == FairEntity.NOT_IN_HEAP) {
      tenants.insert(tenant, sequence);
    }
    queued++;
  }

  /** Takes the task whose turn it is. There must be one. */
  TaskEntry takeFirst() {
    TaskEntry task = tenants.first().functions.first().tasks.first();
    takeOut(task);
    return task;
  }

  /** Takes out a queued task, wherever it stands. It stays active. */
  void takeOut(TaskEntry task) {
    FunctionNode function = task.function;
    TenantNode tenant = function.tenant;
    function.tasks.remove(task);
    if (function.tasks.isEmpty()) {
      tenant.functions.remove(function);
      if (tenant.functions.isEmpty() && !tenant.throttled) {
        tenants.remove(tenant);
      }
    }
    tenant.queued--;
    if (!tenant.throttled) {
      queued--;
    }
  }

  /** Nothing of {@code tenant} is taken until {@link #release(TenantNode)}. */
  void throttle(TenantNode tenant) {
    tenant.throttled = true;
    if (tenant.heapIndex != FairEntity.NOT_IN_HEAP) {
      tenants.remove(tenant);
      queued -= tenant.queued;
    }
  }

  /** Ends {@link #throttle}. */
  void release(TenantNode tenant, long nowNanos) {
    tenant.throttled = false;
    tenant.unservedSinceNanos = nowNanos;
    if (tenant.queued > 0) {
      tenants.insert(tenant, ++sequence);
      queued += tenant.queued;
    }
  }

  /** Processor time that {@code tenant} is behind its fair share; 0 while it wants nothing. */
  long lagNanos(TenantNode tenant) {
    return tenant.activeTasks == 0
        ? 0
        : (tenants.virtualNow() - tenant.virtualTime) / FairQueue.SCALE * tenant.weight;
  }

  /** What {@code tenant} got relative to its fair share since it began to want the processor. */
  double progress(TenantNode tenant) {
    long due = tenants.virtualNow() - tenant.clockAtActivation;
    return due <= 0 ? 1 : (double) (tenant.virtualTime - tenant.virtualAtActivation) / due;
  }

  /** {@code task}, taken out before, parks or ends. */
  void release(TaskEntry task) {
    FunctionNode function = task.function;
    TenantNode tenant = function.tenant;
    function.tasks.deactivate(task);
    task.activeTasks = 0;
    if (--function.activeTasks == 0) {
      tenant.functions.deactivate(function);
    }
    if (--tenant.activeTasks == 0) {
      tenants.deactivate(tenant);
    }
  }

  /** {@code task}, taken out before, starts a slice. */
  void start(TaskEntry task, long expectedNanos) {
    FunctionNode function = task.function;
    TenantNode tenant = function.tenant;
    tenants.start(tenant, expectedNanos);
    tenant.functions.start(function, expectedNanos);
    function.tasks.start(task, expectedNanos);
  }

  /** The slice of {@code task} is over. */
  void charge(TaskEntry task, long expectedNanos, long chargedNanos) {
    FunctionNode function = task.function;
    TenantNode tenant = function.tenant;
    function.tasks.charge(task, expectedNanos, chargedNanos);
    tenant.functions.charge(function, expectedNanos, chargedNanos);
    tenants.charge(tenant, expectedNanos, chargedNanos);
  }

  void setWeight(TenantNode tenant, int weight) {
    tenants.setWeight(tenant, weight);
  }
}
