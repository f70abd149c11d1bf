package dev.troupe.actors.call;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a caller allows its call at most. Only what is below the tenant's quotas matters.
 *
 * @param deadline from arrival to the end; null for the tenant's
 * @param cpuTime processor time; null for any
 * @param memoryBytes memory of the instance
 * @param fuel fuel, where it is metered
 */
public record CallLimits(
    @Nullable Duration deadline,
    @Nullable Duration cpuTime,
    OptionalLong memoryBytes,
    OptionalLong fuel) {

  /** Nothing beyond the quotas of the tenant. */
  public static final CallLimits NONE =
      new CallLimits(null, null, OptionalLong.empty(), OptionalLong.empty());

  /** Only a deadline. */
  public static CallLimits withDeadline(Duration deadline) {
    return new CallLimits(deadline, null, OptionalLong.empty(), OptionalLong.empty());
  }
}
