package dev.troupe.scheduler;

/**
 * A tenant at one moment.
 *
 * @param name name given at registration
 * @param weight weight in force
 * @param maxQueuedTasks bound in force on {@code notStarted}
 * @param notStarted accepted tasks without a first slice
 * @param queued tasks that are runnable and not running, {@code notStarted} included
 * @param running tasks that run
 * @param parked tasks that wait
 * @param accounts counters
 */
public record TenantSnapshot(
    String name,
    int weight,
    int maxQueuedTasks,
    int notStarted,
    int queued,
    int running,
    int parked,
    AccountsSnapshot accounts) {}
