package dev.troupe.gateway.observe;

import dev.troupe.actors.TenantConsumption;
import dev.troupe.actors.TenantStatistics;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.port.TrapReason;

/** The counters of a tenant as one row of numbers, for {@link TenantSeries}. */
final class TenantCounters {
  static final int ARRIVED = 0;
  static final int COMPLETED = 1;
  static final int TRAPPED = 2;
  static final int REFUSED = 3;
  static final int ABANDONED = 4;
  static final int COLD_STARTS = 5;
  static final int CPU_NANOS = 6;
  static final int SLICES = 7;
  static final int PREEMPTIONS = 8;
  static final int LATENCIES = 9;
  static final int MEMORY_BYTE_SECONDS = 10;
  static final int DEPLOYED_BYTE_SECONDS = 11;
  static final int REQUEST_BYTES = 12;
  static final int RESPONSE_BYTES = 13;
  static final int FUEL = 14;
  static final int COMPILE_CPU_NANOS = 15;
  static final int COMPILATIONS = 16;
  private static final int LATENCY_BUCKETS = 17;
  private static final int TRAPS = LATENCY_BUCKETS + MetricFamilies.BOUNDS_NANOS.length;
  private static final int REFUSALS = TRAPS + TrapReason.values().length;

  /** Numbers in a row. */
  static final int WIDTH = REFUSALS + Quota.values().length;

  private TenantCounters() {}

  /** Index of the calls that took at most the bound of a bucket. */
  static int latencyBucket(int bucket) {
    return LATENCY_BUCKETS + bucket;
  }

  static int trap(TrapReason reason) {
    return TRAPS + reason.ordinal();
  }

  static int refusal(Quota quota) {
    return REFUSALS + quota.ordinal();
  }

  static long[] of(TenantStatistics tenant) {
    long[] row = new long[WIDTH];
    var accounts = tenant.scheduler().accounts();
    row[ARRIVED] = tenant.arrived();
    row[COMPLETED] = tenant.completed();
    row[TRAPPED] = tenant.trapped();
    row[REFUSED] = tenant.refused();
    row[ABANDONED] = tenant.abandoned();
    row[COLD_STARTS] = tenant.coldStarts();
    row[CPU_NANOS] = accounts.cpuNanos();
    row[SLICES] = accounts.slices();
    row[PREEMPTIONS] = accounts.preemptions();
    row[LATENCIES] = tenant.latency().count();
    TenantConsumption consumed = tenant.consumption();
    row[MEMORY_BYTE_SECONDS] = consumed.memoryByteSeconds();
    row[DEPLOYED_BYTE_SECONDS] = consumed.deployedByteSeconds();
    row[REQUEST_BYTES] = consumed.requestBytes();
    row[RESPONSE_BYTES] = consumed.responseBytes();
    row[FUEL] = consumed.fuel();
    row[COMPILE_CPU_NANOS] = consumed.compileCpuNanos();
    row[COMPILATIONS] = consumed.compilations();
    for (int bucket = 0; bucket < MetricFamilies.BOUNDS_NANOS.length; bucket++) {
      row[latencyBucket(bucket)] =
          tenant.latency().countAtMost(MetricFamilies.BOUNDS_NANOS[bucket]);
    }
    tenant.traps().forEach((reason, count) -> row[trap(reason)] = count);
    tenant.refusals().forEach((quota, count) -> row[refusal(quota)] = count);
    return row;
  }
}
