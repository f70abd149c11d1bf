package dev.troupe.actors;

import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantQuotas;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Words the refusals of one tenant: which quota, how much of it is used, when to come back. */
final class Refusals {
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(10);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final TenantEntry entry;

  Refusals(TenantEntry entry) {
    this.entry = entry;
  }

  /** Why the version can never run within the quotas, or null. */
  @Nullable Refusal neverFits(InstancePool.Handle pool) {
    TenantQuotas quotas = entry.state().quotas();
    long needed = pool.module().description().initialMemoryBytes();
    if (needed > quotas.instanceMemoryBytes()) {
      return new Refusal(Quota.INSTANCE_MEMORY_BYTES, quotas.instanceMemoryBytes(), needed, null);
    }
    if (needed > quotas.memoryBytes()) {
      return new Refusal(Quota.MEMORY_BYTES, quotas.memoryBytes(), needed, null);
    }
    return null;
  }

  /** The rate does not allow a call before {@code waitNanos} have passed. */
  Refusal overRate(TenantQuotas.RateQuota rate, long waitNanos) {
    return new Refusal(Quota.RATE, rate.burst(), rate.burst(), Duration.ofNanos(waitNanos));
  }

  /** A call finds the queue full, because {@code quota} is in its way. */
  Refusal queueFull(Quota quota, long quotaLimit, long usage) {
    int limit = entry.state().quotas().queueLength();
    // Without a queue the quota behind it is the one to name.
    return limit == 0
        ? new Refusal(quota, quotaLimit, usage, retryAfter())
        : new Refusal(Quota.QUEUE_LENGTH, limit, entry.queued(), retryAfter());
  }

  /** The scheduler takes no more. */
  Refusal schedulerFull(int limit, int length) {
    return new Refusal(Quota.SCHEDULER_QUEUE, limit, length, retryAfter());
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
