package dev.troupe.actors;

/**
 * What a tenant has consumed since the server started. No number ever decreases.
 *
 * @param cpuNanos processor time of finished slices
 * @param memoryByteSeconds memory in use over time
 * @param deployedByteSeconds deployed modules over time
 * @param completed calls that returned
 * @param trapped calls that were stopped
 * @param refused calls refused by a quota
 * @param abandoned calls that ended in any other way
 * @param requestBytes payloads and values of calls that ran
 * @param responseBytes payloads and values of answers
 * @param fuel fuel used, where it is metered
 * @param compileCpuNanos processor time of compilations, failed ones included
 * @param compilations compilations
 */
public record TenantConsumption(
    long cpuNanos,
    long memoryByteSeconds,
    long deployedByteSeconds,
    long completed,
    long trapped,
    long refused,
    long abandoned,
    long requestBytes,
    long responseBytes,
    long fuel,
    long compileCpuNanos,
    long compilations) {

  static TenantConsumption of(TenantEntry entry) {
    TenantMetrics.Snapshot counted = entry.metrics().snapshot();
    return new TenantConsumption(
        entry.schedulerQueue().snapshot().accounts().cpuNanos(),
        entry.budget().memoryByteSeconds(),
        entry.deployedByteSeconds(),
        counted.completed(),
        counted.trapped(),
        counted.refused(),
        counted.abandoned(),
        counted.requestBytes(),
        counted.responseBytes(),
        counted.fuel(),
        entry.compilations().budget().spentNanos(),
        entry.compilations().budget().compilations());
  }
}
