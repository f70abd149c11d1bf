package dev.troupe.actors.admission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may use: the {@link Limits} of its level under the names of the quotas. A quota
 * that is not limited has the largest value of its type.
 */
public record TenantQuotas(Limits limits) {

  private static final double MICROS = 1e6;
  private static final int MOST = 1_000_000_000;

  /** Calls over time: a bucket of {@code burst} calls that fills up at {@code callsPerSecond}. */
  public record RateQuota(double callsPerSecond, int burst) {
    /** Checks the ranges. */
    public RateQuota {
      require(callsPerSecond > 0 && callsPerSecond <= 1e9, "rate.calls_per_second", callsPerSecond);
      require(burst >= 1, "rate.burst", burst);
    }

    private static void require(boolean holds, String quota, Object value) {
      if (!holds) {
        throw new IllegalArgumentException("quota " + quota + " cannot be " + value);
      }
    }
  }

  /** The defaults of the table {@link Quota}. */
  public static TenantQuotas defaults() {
    Limits limits = Limits.EMPTY;
    for (Quota quota : Quota.values()) {
      if (quota.tenantDefault() != Limits.NONE) {
        limits = limits.with(quota, quota.tenantDefault());
      }
    }
    return new TenantQuotas(limits);
  }

  private int count(Quota quota) {
    return (int) Math.min(MOST, limits.get(quota));
  }

  /** Memories and tables of all instances, in bytes. */
  public long memoryBytes() {
    return limits.get(Quota.MEMORY_BYTES);
  }

  /** Memories and tables of one instance, in bytes. */
  public long instanceMemoryBytes() {
    return limits.get(Quota.INSTANCE_MEMORY_BYTES);
  }

  /** Live instances, idle ones included. */
  public int instances() {
    return count(Quota.INSTANCES);
  }

  /** Calls at once, beyond the queue. */
  public int concurrency() {
    return count(Quota.CONCURRENCY);
  }

  /** Calls that may wait for a place. */
  public int queueLength() {
    return count(Quota.QUEUE_LENGTH);
  }

  /** Share of the processor, 1 to 10,000. */
  public int weight() {
    return limits.has(Quota.WEIGHT) ? count(Quota.WEIGHT) : (int) Quota.WEIGHT.tenantDefault();
  }

  /** Calls over time; null for no limit. */
  public @Nullable RateQuota rate() {
    return limits.has(Quota.RATE)
        ? new RateQuota(limits.get(Quota.RATE) / MICROS, Math.max(1, count(Quota.RATE_BURST)))
        : null;
  }

  /** Longest time from arrival to the end of a call, and the default. */
  public Duration deadline() {
    return Duration.ofNanos(limits.get(Quota.DEADLINE));
  }

  /** Largest module, in bytes. */
  public long moduleBytes() {
    return limits.get(Quota.MODULE_BYTES);
  }

  /** Functions that may exist. */
  public int functions() {
    return count(Quota.FUNCTIONS);
  }

  /** The same with another value of one quota. */
  public TenantQuotas with(Quota quota, long value) {
    return new TenantQuotas(limits.with(quota, value));
  }

  /** The same without a limit of one quota. */
  public TenantQuotas without(Quota quota) {
    return new TenantQuotas(limits.without(quota));
  }

  /** The same with another weight. */
  public TenantQuotas withWeight(int value) {
    return with(Quota.WEIGHT, value);
  }

  /** The same with another concurrency and queue. */
  public TenantQuotas withConcurrency(int value, int newQueueLength) {
    return with(Quota.CONCURRENCY, value).with(Quota.QUEUE_LENGTH, newQueueLength);
  }

  /** The same with another rate; null for no limit. */
  public TenantQuotas withRate(@Nullable RateQuota value) {
    return value == null
        ? without(Quota.RATE).without(Quota.RATE_BURST)
        : with(Quota.RATE, Math.round(value.callsPerSecond() * MICROS))
            .with(Quota.RATE_BURST, value.burst());
  }

  /** The same with other limits of memory. */
  public TenantQuotas withMemory(long value, long instanceValue) {
    return with(Quota.MEMORY_BYTES, value).with(Quota.INSTANCE_MEMORY_BYTES, instanceValue);
  }

  /** The same with another number of instances. */
  public TenantQuotas withInstances(int value) {
    return with(Quota.INSTANCES, value);
  }

  /** The same with another deadline. */
  public TenantQuotas withDeadline(Duration value) {
    return with(Quota.DEADLINE, value.toNanos());
  }

  /** The same with other limits of deployment. */
  public TenantQuotas withDeployments(long newModuleBytes, int newFunctions) {
    return with(Quota.MODULE_BYTES, newModuleBytes).with(Quota.FUNCTIONS, newFunctions);
  }
}
