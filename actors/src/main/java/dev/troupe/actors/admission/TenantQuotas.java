package dev.troupe.actors.admission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may use.
 *
 * @param memoryBytes linear memory, summed over all memories of all live instances
 * @param instances live instances, idle ones included
 * @param concurrency calls that were admitted and have not ended, beyond the queue
 * @param weight share of the processor, 1 to 10,000
 * @param rate calls over time; null for no limit
 * @param deadline longest time from arrival to the end of a call, and the default
 * @param queueLength calls that may wait for a place
 * @param instanceMemoryBytes linear memory of one instance, summed over all its memories
 * @param moduleBytes largest module that may be deployed
 * @param functions functions that may exist
 */
public record TenantQuotas(
    long memoryBytes,
    int instances,
    int concurrency,
    int weight,
    @Nullable RateQuota rate,
    Duration deadline,
    int queueLength,
    long instanceMemoryBytes,
    long moduleBytes,
    int functions) {

  private static final int MAX_WEIGHT = 10_000;
  private static final Duration MAX_DEADLINE = Duration.ofDays(1);

  /** Calls over time: a bucket of {@code burst} calls that fills up at {@code callsPerSecond}. */
  public record RateQuota(double callsPerSecond, int burst) {
    /** Checks the ranges. */
    public RateQuota {
      require(callsPerSecond > 0 && callsPerSecond <= 1e9, "rate.calls_per_second", callsPerSecond);
      require(burst >= 1, "rate.burst", burst);
    }
  }

  /** 1 GiB, 1,000 instances, 100 calls at once, weight 100, 30 s, a queue of 1,000. */
  public static TenantQuotas defaults() {
    return new TenantQuotas(
        1L << 30, 1_000, 100, 100, null, Duration.ofSeconds(30), 1_000, 256L << 20, 32L << 20, 100);
  }

  /** Checks the ranges; the message of the exception names the quota and the value. */
  public TenantQuotas {
    require(memoryBytes >= 0, "memory_bytes", memoryBytes);
    require(instances >= 0, "instances", instances);
    require(concurrency >= 0, "concurrency", concurrency);
    require(weight >= 1 && weight <= MAX_WEIGHT, "weight", weight);
    require(deadline.isPositive() && deadline.compareTo(MAX_DEADLINE) <= 0, "deadline", deadline);
    require(queueLength >= 0, "queue_length", queueLength);
    require(instanceMemoryBytes >= 0, "instance_memory_bytes", instanceMemoryBytes);
    require(moduleBytes >= 0, "module_bytes", moduleBytes);
    require(functions >= 0, "functions", functions);
  }

  private static void require(boolean holds, String quota, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("quota " + quota + " cannot be " + value);
    }
  }

  /** The same with another weight. */
  public TenantQuotas withWeight(int value) {
    return new TenantQuotas(
        memoryBytes,
        instances,
        concurrency,
        value,
        rate,
        deadline,
        queueLength,
        instanceMemoryBytes,
        moduleBytes,
        functions);
  }

  /** The same with another concurrency and queue. */
  public TenantQuotas withConcurrency(int value, int newQueueLength) {
    return new TenantQuotas(
        memoryBytes,
        instances,
        value,
        weight,
        rate,
        deadline,
        newQueueLength,
        instanceMemoryBytes,
        moduleBytes,
        functions);
  }

  /** The same with another rate. */
  public TenantQuotas withRate(@Nullable RateQuota value) {
    return new TenantQuotas(
        memoryBytes,
        instances,
        concurrency,
        weight,
        value,
        deadline,
        queueLength,
        instanceMemoryBytes,
        moduleBytes,
        functions);
  }

  /** The same with other limits of memory. */
  public TenantQuotas withMemory(long value, long instanceValue) {
    return new TenantQuotas(
        value,
        instances,
        concurrency,
        weight,
        rate,
        deadline,
        queueLength,
        instanceValue,
        moduleBytes,
        functions);
  }

  /** The same with another number of instances. */
  public TenantQuotas withInstances(int value) {
    return new TenantQuotas(
        memoryBytes,
        value,
        concurrency,
        weight,
        rate,
        deadline,
        queueLength,
        instanceMemoryBytes,
        moduleBytes,
        functions);
  }

  /** The same with another deadline. */
  public TenantQuotas withDeadline(Duration value) {
    return new TenantQuotas(
        memoryBytes,
        instances,
        concurrency,
        weight,
        rate,
        value,
        queueLength,
        instanceMemoryBytes,
        moduleBytes,
        functions);
  }

  /** The same with other limits of deployment. */
  public TenantQuotas withDeployments(long newModuleBytes, int newFunctions) {
    return new TenantQuotas(
        memoryBytes,
        instances,
        concurrency,
        weight,
        rate,
        deadline,
        queueLength,
        instanceMemoryBytes,
        newModuleBytes,
        newFunctions);
  }
}
