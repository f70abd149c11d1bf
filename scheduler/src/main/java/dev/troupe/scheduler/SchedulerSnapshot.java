package dev.troupe.scheduler;

import java.util.List;

/**
 * The scheduler at one moment.
 *
 * @param workers number of workers
 * @param idleWorkers workers that sleep
 * @param queued tasks that are runnable and not running
 * @param live tasks accepted and not ended
 * @param callbackFailures how often {@link Task#ended} threw
 * @param accounts counters over all tenants, removed ones included
 * @param tenants the registered tenants in order of registration
 */
public record SchedulerSnapshot(
    int workers,
    int idleWorkers,
    int queued,
    int live,
    long callbackFailures,
    AccountsSnapshot accounts,
    List<TenantSnapshot> tenants) {

  /** Copies the list. */
  public SchedulerSnapshot {
    tenants = List.copyOf(tenants);
  }
}
