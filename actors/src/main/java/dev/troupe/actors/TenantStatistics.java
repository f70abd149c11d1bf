package dev.troupe.actors;

import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.scheduler.DurationSnapshot;
import dev.troupe.scheduler.TenantSnapshot;
import java.util.Map;

/**
 * What a tenant does and has done.
 *
 * @param tenantId last part of its name
 * @param usage what it uses now
 * @param consumption what it has consumed
 * @param arrived calls that came
 * @param completed calls that returned
 * @param trapped calls that were stopped
 * @param refused calls refused by a quota
 * @param abandoned calls that ended in any other way
 * @param coldStarts calls that ran in a place that had not held the module
 * @param latency from arrival to the end, of calls that ran
 * @param traps stopped calls by reason
 * @param refusals refused calls by quota
 * @param scheduler the scheduler's account
 */
public record TenantStatistics(
    String tenantId,
    TenantUsage usage,
    TenantConsumption consumption,
    long arrived,
    long completed,
    long trapped,
    long refused,
    long abandoned,
    long coldStarts,
    DurationSnapshot latency,
    Map<TrapReason, Long> traps,
    Map<Quota, Long> refusals,
    TenantSnapshot scheduler) {

  static TenantStatistics of(TenantEntry entry) {
    TenantMetrics.Snapshot counted = entry.metrics().snapshot();
    return new TenantStatistics(
        entry.tenantId(),
        TenantUsage.of(entry),
        TenantConsumption.of(entry),
        counted.arrived(),
        counted.completed(),
        counted.trapped(),
        counted.refused(),
        counted.abandoned(),
        counted.coldStarts(),
        counted.latency(),
        counted.traps(),
        counted.refusals(),
        entry.schedulerQueue().snapshot());
  }
}
