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
 * @param throttled whether its bandwidth is used up, so that its tasks wait for the next refill
 * @param lagNanos processor time that it is behind its fair share (negative: ahead); 0 while it
 *     wants nothing
 * @param starvationAgeNanos how long it has had runnable tasks without one being picked; 0 while it
 *     has none or is throttled
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
    boolean throttled,
    long lagNanos,
    long starvationAgeNanos,
    AccountsSnapshot accounts) {}
