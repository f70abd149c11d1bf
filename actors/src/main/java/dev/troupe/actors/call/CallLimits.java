package dev.troupe.actors.call;

import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a caller allows its call at most. Only what is below the limits of platform, tenant and
 * function matters.
 *
 * @param deadline from arrival to the end; null for the tenant's
 * @param cpuTime processor time; null for any
 * @param memoryBytes memories and tables of the instance
 * @param fuel fuel, where it is metered
 * @param queueWait how long it may wait for a place; null for any time
 * @param responseBytes largest answer
 */
public record CallLimits(
    @Nullable Duration deadline,
    @Nullable Duration cpuTime,
    OptionalLong memoryBytes,
    OptionalLong fuel,
    @Nullable Duration queueWait,
    OptionalLong responseBytes) {

  /** Nothing beyond the quotas of the tenant. */
  public static final CallLimits NONE =
      new CallLimits(null, null, OptionalLong.empty(), OptionalLong.empty());

  /** Without limits of the queue and of the answer. */
  public CallLimits(
      @Nullable Duration deadline,
      @Nullable Duration cpuTime,
      OptionalLong memoryBytes,
      OptionalLong fuel) {
    this(deadline, cpuTime, memoryBytes, fuel, null, OptionalLong.empty());
  }

  /** Only a deadline. */
  public static CallLimits withDeadline(Duration deadline) {
    return new CallLimits(deadline, null, OptionalLong.empty(), OptionalLong.empty());
  }

  /** The same as a level of limits; what is out of a quota's range limits nothing. */
  public Limits limits() {
    Limits limits = Limits.EMPTY;
    limits = with(limits, Quota.DEADLINE, nanos(deadline));
    limits = with(limits, Quota.CPU_TIME, nanos(cpuTime));
    limits = with(limits, Quota.INSTANCE_MEMORY_BYTES, memoryBytes.orElse(Limits.NONE));
    limits = with(limits, Quota.FUEL, fuel.orElse(Limits.NONE));
    limits = with(limits, Quota.QUEUE_WAIT, nanos(queueWait));
    return with(limits, Quota.RESPONSE_BYTES, responseBytes.orElse(Limits.NONE));
  }

  private static Limits with(Limits limits, Quota quota, long value) {
    return quota.allows(value) ? limits.with(quota, value) : limits;
  }

  /** A duration in nanoseconds, at least 0; {@link Limits#NONE} for null and for what is longer. */
  static long nanos(@Nullable Duration duration) {
    if (duration == null) {
      return Limits.NONE;
    }
    try {
      return Math.max(0, duration.toNanos());
    } catch (ArithmeticException tooLong) {
      return Limits.NONE;
    }
  }
}
