package dev.troupe.actors;

/**
 * What a tenant uses now, in the terms of its quotas.
 *
 * @param memoryBytes memories and tables of all live instances
 * @param instances live instances
 * @param concurrency calls that run
 * @param queueLength calls that wait
 * @param functions functions that exist
 * @param deployedBytes modules of all versions of all functions
 * @param deployments deployments on their way
 */
public record TenantUsage(
    long memoryBytes,
    int instances,
    int concurrency,
    int queueLength,
    int functions,
    long deployedBytes,
    int deployments) {

  static TenantUsage of(TenantEntry entry) {
    return new TenantUsage(
        entry.budget().memoryBytes(),
        entry.budget().instances(),
        entry.running(),
        entry.queued(),
        entry.state().functions().size(),
        entry.state().deployedBytes(),
        entry.deployments());
  }
}
