package dev.troupe.scheduler;

/**
 * What a tenant may claim of the scheduler.
 *
 * @param weight share of the processor relative to the other tenants that want it, 1 to {@link
 *     #MAX_WEIGHT}
 * @param maxQueuedTasks accepted tasks that may wait for their first slice
 */
public record TenantShare(int weight, int maxQueuedTasks) {

  /** Largest weight. */
  public static final int MAX_WEIGHT = 10_000;

  /** Weight 100 and a queue of 1,000. */
  public static final TenantShare DEFAULT = new TenantShare(100, 1_000);

  /** Checks the ranges. */
  public TenantShare {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight " + weight + " is not in 1.." + MAX_WEIGHT);
    }
    if (maxQueuedTasks < 0) {
      throw new IllegalArgumentException("maxQueuedTasks " + maxQueuedTasks + " is negative");
    }
  }
}
