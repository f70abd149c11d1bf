package dev.troupe.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * The runnable tasks that one worker owns: tenants over functions over tasks, a heap per level.
 * Order follows the standings, which all workers share; a tenant gains nothing by many functions, a
 * function gains nothing by many tasks, nobody gains by being on several workers. Guarded by the
 * worker's lock.
 *
 * <p>The keys of tenants and functions grow while other workers serve them. A key in a heap may
 * therefore be out of date; it is brought up to date when it comes to the top.
 */
final class RunQueue {
  private final int workerIndex;
  private final FairHeap<TenantRun> tenants = new FairHeap<>();
  private final TimerWheel wheel;
  private final long shortNanos;
  private long sequence;
  private int queued;
  private int queuedShort;

  /** What {@link #first} would have said last; a hint for other workers, who read it unlocked. */
  private volatile @Nullable TaskEntry head;

  /** {@link #size} for other workers. */
  private volatile int publishedSize;

  RunQueue(int workerIndex, TimerWheel wheel, long shortNanos) {
    this.workerIndex = workerIndex;
    this.wheel = wheel;
    this.shortNanos = shortNanos;
  }

  /** Number of tasks, without those known to be throttled with their tenant. */
  int size() {
    return queued;
  }

  /** How long the next slice may be: nobody takes long while somebody asks for little. */
  long grant(TaskEntry task) {
    return queuedShort > 0 ? Math.min(shortNanos, task.requestNanos) : task.requestNanos;
  }

  int publishedSize() {
    return publishedSize;
  }

  @Nullable TaskEntry publishedHead() {
    return head;
  }

  /** Makes the state visible to other workers; called before the lock is released. */
  void publish() {
    TenantRun tenant = tenants.first();
    TaskEntry first = tenant == null ? null : tenant.first();
    if (head != first) {
      head = first;
    }
    if (publishedSize != queued) {
      publishedSize = queued;
    }
  }

  void add(TaskEntry task) {
    FunctionRun function = task.function.runOn(workerIndex);
    TenantRun tenant = function.tenantRun;
    task.key = task.deadlineKey(task.requestNanos);
    queuedShort += task.requestNanos <= shortNanos ? 1 : 0;
    function.tasks.insert(task, ++sequence);
    settle(tenant.functions, function, function.currentKey());
    tenant.queued++;
    if (!tenant.throttled) {
      queued++;
      settle(tenants, tenant, tenant.currentKey());
    }
  }

  /** Takes out a task, wherever it stands. */
  void remove(TaskEntry task) {
    FunctionRun function = task.function.runOn(workerIndex);
    TenantRun tenant = function.tenantRun;
    function.tasks.remove(task);
    queuedShort -= task.requestNanos <= shortNanos ? 1 : 0;
    tenant.queued--;
    if (function.tasks.isEmpty()) {
      tenant.functions.remove(function);
    } else {
      settle(tenant.functions, function, function.currentKey());
    }
    if (tenant.throttled) {
      if (tenant.queued == 0) {
        tenant.throttled = false;
        wheel.cancel(tenant);
      }
      return;
    }
    queued--;
    if (tenant.functions.isEmpty()) {
      tenants.remove(tenant);
    } else {
      settle(tenants, tenant, tenant.currentKey());
    }
  }

  /** The task whose turn it is, or null. */
  @Nullable TaskEntry first(long nowNanos) {
    while (true) {
      TenantRun tenant = tenants.first();
      if (tenant == null) {
        return null;
      }
      if (tenant.tenant.throttledUntilNanos > nowNanos) {
        throttle(tenant);
      } else if (isCurrent(tenants, tenant, tenant.currentKey())) {
        FunctionRun function = tenant.functions.first();
        if (function == null) {
          throw new IllegalStateException("a tenant without functions is queued");
        }
        if (isCurrent(tenant.functions, function, function.currentKey())) {
          TaskEntry task = function.tasks.first();
          if (task == null) {
            throw new IllegalStateException("a function without tasks is queued");
          }
          return task;
        }
      }
    }
  }

  /** The alarm of {@code tenant} rang: looks at its bandwidth again. */
  void lookAgain(TenantRun tenant, long nowNanos) {
    if (!tenant.throttled) {
      return;
    }
    if (tenant.tenant.throttledUntilNanos > nowNanos) {
      wheel.set(tenant, tenant.tenant.throttledUntilNanos);
      return;
    }
    wheel.cancel(tenant);
    tenant.throttled = false;
    queued += tenant.queued;
    settle(tenants, tenant, tenant.currentKey());
  }

  /** Another weight or bandwidth: its place must be found anew. */
  void changed(TenantNode node, long nowNanos) {
    TenantRun tenant = node.runOn(workerIndex);
    lookAgain(tenant, nowNanos);
    if (tenant.isInHeap()) {
      settle(tenants, tenant, tenant.currentKey());
    }
  }

  private void throttle(TenantRun tenant) {
    tenants.remove(tenant);
    tenant.throttled = true;
    queued -= tenant.queued;
    wheel.set(tenant, tenant.tenant.throttledUntilNanos);
  }

  private <E extends FairHeap.Node> void settle(FairHeap<E> heap, E node, long key) {
    FairHeap.Node keyed = node;
    if (!keyed.isInHeap()) {
      keyed.key = key;
      heap.insert(node, ++sequence);
    } else if (keyed.key != key) {
      keyed.key = key;
      heap.rekeyed(node);
    }
  }

  /** Whether the first of {@code heap} has its right key; otherwise it gets it and moves. */
  private static <E extends FairHeap.Node> boolean isCurrent(FairHeap<E> heap, E first, long key) {
    FairHeap.Node keyed = first;
    boolean grew = key - keyed.key > 0;
    keyed.key = key;
    if (grew) {
      heap.rekeyed(first);
    }
    return !grew;
  }
}
