package dev.troupe.actors.admission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A quota that stands in the way.
 *
 * @param quota which
 * @param limit its value
 * @param usage what is used, or what was asked for when it alone is too much
 * @param retryAfter when trying again makes sense; null when it does not without a change
 */
public record Refusal(Quota quota, long limit, long usage, @Nullable Duration retryAfter) {

  /** One sentence that names all variables. */
  public String message() {
    return "quota %s is %d, usage %d%s"
        .formatted(
            quota.publicName(),
            limit,
            usage,
            retryAfter == null ? "" : ", retry after " + retryAfter.toMillis() + " ms");
  }
}
