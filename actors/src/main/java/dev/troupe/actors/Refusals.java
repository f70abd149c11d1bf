package dev.troupe.actors;

import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.EffectiveLimits.Limit;
import dev.troupe.actors.admission.Level;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.call.Call;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Words the refusals of one tenant: which limit, how much of it is used, when to come back. */
final class Refusals {
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(10);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final TenantEntry entry;

  Refusals(TenantEntry entry) {
    this.entry = entry;
  }

  /** Why the call can never run within the limits, or null. */
  @Nullable Refusal neverFits(Call call, InstancePool.Handle pool) {
    EffectiveLimits limits = pool.account().limits();
    long payload = call.request().input().byteCount();
    if (payload > limits.value(Quota.REQUEST_BYTES)) {
      return Refusal.of(limits.limit(Quota.REQUEST_BYTES), payload, null);
    }
    long needed = pool.module().description().initialMemoryBytes();
    if (needed > limits.value(Quota.INSTANCE_MEMORY_BYTES)) {
      return Refusal.of(limits.limit(Quota.INSTANCE_MEMORY_BYTES), needed, null);
    }
    if (needed > limits.value(Quota.MEMORY_BYTES)) {
      return Refusal.of(limits.limit(Quota.MEMORY_BYTES), needed, null);
    }
    return null;
  }

  /** The rate does not allow a call before {@code waitNanos} have passed. */
  Refusal overRate(long usageMicros, long waitNanos) {
    return Refusal.of(entry.limits().limit(Quota.RATE), usageMicros, Duration.ofNanos(waitNanos));
  }

  /** A call finds the queue full, because {@code blocked} is in its way. */
  Refusal queueFull(AdmissionStep.Blocked blocked) {
    Limit limit = entry.limits().limit(Quota.QUEUE_LENGTH);
    // Without a queue the quota behind it is the one to name.
    return limit.value() == 0 ? notNow(blocked) : Refusal.of(limit, entry.queued(), retryAfter());
  }

  /** What is in the way of a call that may not wait. */
  Refusal notNow(AdmissionStep.Blocked blocked) {
    return Refusal.of(blocked.limit(), blocked.usage(), retryAfter());
  }

  /** A call has waited for as long as it may. */
  Refusal waitedTooLong(Call call, EffectiveLimits limits, long nowNanos) {
    return Refusal.of(
        call.within(limits).limit(Quota.QUEUE_WAIT), nowNanos - call.arrivalNanos(), retryAfter());
  }

  /** The scheduler takes no more. */
  Refusal schedulerFull(int limit, int length) {
    return new Refusal(Quota.SCHEDULER_QUEUE, Level.PLATFORM, limit, length, retryAfter());
  }

  /** When the queue has probably moved by one: the mean time of a call for each that runs. */
  private Duration retryAfter() {
    double ahead = 1 + entry.queued();
    double places = Math.max(1, entry.running());
    double nanos = entry.metrics().meanRunNanos() * ahead / places;
    Duration estimate = Duration.ofNanos((long) Math.min(nanos, LONGEST_RETRY.toNanos()));
    return estimate.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : estimate;
  }
}
