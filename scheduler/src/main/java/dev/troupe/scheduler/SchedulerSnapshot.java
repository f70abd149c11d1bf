package dev.troupe.scheduler;

import java.util.List;

/**
 * The scheduler at one moment.
 *
 * @param workers number of workers
 * @param idleWorkers workers that sleep
 * @param queued tasks that are runnable and not running
 * @param live tasks accepted and not ended
 * @param parked tasks that wait for something outside
 * @param jainIndex Jain's index of fairness over the tenants that want the processor now, of what
 *     each got since it began to want it, relative to its fair share: 1 when all are treated alike,
 *     1/n when one of n gets everything
 * @param starvationAgeNanos largest {@link TenantSnapshot#starvationAgeNanos()}
 * @param maxLagNanos largest absolute {@link TenantSnapshot#lagNanos()}
 * @param lagBoundNanos how far a tenant with enough tasks can be from its fair share, as long as
 *     tasks can be preempted
 * @param steals tasks that a worker took from another's run queue
 * @param wakeUps how often a sleeping worker was woken for work
 * @param callbackFailures how often {@link Task#ended} threw
 * @param accounts counters over all tenants, removed ones included
 * @param tenants the registered tenants in order of registration
 */
public record SchedulerSnapshot(
    int workers,
    int idleWorkers,
    int queued,
    int live,
    int parked,
    double jainIndex,
    long starvationAgeNanos,
    long maxLagNanos,
    long lagBoundNanos,
    long steals,
    long wakeUps,
    long callbackFailures,
    AccountsSnapshot accounts,
    List<TenantSnapshot> tenants) {

  /** Copies the list. */
  public SchedulerSnapshot {
    tenants = List.copyOf(tenants);
  }
}
