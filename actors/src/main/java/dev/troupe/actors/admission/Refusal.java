package dev.troupe.actors.admission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A quota that stands in the way.
 *
 * @param quota which
 * @param level who set it
 * @param limit its value, in the quota's unit
 * @param usage what is used, or what was asked for when it alone is too much, in the same unit
 * @param retryAfter when trying again makes sense; null when it does not without a change
 */
public record Refusal(
    Quota quota, Level level, long limit, long usage, @Nullable Duration retryAfter) {

  /** A limit in force. */
  public static Refusal of(EffectiveLimits.Limit limit, long usage, @Nullable Duration retryAfter) {
    return new Refusal(limit.quota(), limit.level(), limit.value(), usage, retryAfter);
  }

  /** One sentence that names all variables. */
  public String message() {
    QuotaUnit unit = quota.unit();
    return "quota %s of the %s is %s, usage %s%s"
        .formatted(
            quota.publicName(),
            level.publicName(),
            unit.describe(limit),
            unit.text(usage),
            retryAfter == null ? "" : ", retry after " + retryAfter.toMillis() + " ms");
  }
}
