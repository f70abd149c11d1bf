package dev.troupe.actors;

import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.RateLimiter;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantBudget;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.IdleInstances.Leased;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a tenant need to run, as its quotas allow: a place among those that run, an
 * instance, memory, a turn by the rate. Guarded by the lock of {@link Admission}, but for the
 * counts, which may be read anywhere.
 */
final class Places {
  private final TenantEntry entry;
  private final Refusals refusals;
  private final RateLimiter limiter;
  private volatile int running;

  Places(TenantEntry entry, Refusals refusals) {
    this.entry = entry;
    this.refusals = refusals;
    this.limiter = new RateLimiter(entry.state().quotas().rate());
  }

  /** Calls that have a place. */
  int running() {
    return running;
  }

  /** Takes over changed quotas. */
  void quotasChanged() {
    limiter.setQuota(entry.state().quotas().rate());
  }

  /** Asks the rate; once for each call. Returns the refusal, or null. */
  @Nullable Refusal overRate(long nowNanos) {
    long waitNanos = limiter.tryAcquire(nowNanos);
    TenantQuotas.RateQuota rate = entry.state().quotas().rate();
    return waitNanos == 0 || rate == null ? null : refusals.overRate(rate, waitNanos);
  }

  /** What is left of the time that the call may take from its arrival. */
  long remainingNanos(Call call, long nowNanos) {
    long tenantNanos = entry.state().quotas().deadline().toNanos();
    Duration own = call.limits().deadline();
    long timeout = own == null ? tenantNanos : Math.min(tenantNanos, saturatedNanos(own));
    return timeout - (nowNanos - call.arrivalNanos());
  }

  /** A place for the call, or what it takes to get one. */
  AdmissionStep take(Call call, InstancePool.Handle pool, Routes routes, long nowNanos) {
    TenantQuotas quotas = entry.state().quotas();
    if (running >= quotas.concurrency()) {
      return new AdmissionStep.Blocked(Quota.CONCURRENCY, quotas.concurrency(), running);
    }
    long remainingNanos = remainingNanos(call, nowNanos);
    if (remainingNanos <= 0) {
      return new AdmissionStep.Tell(call, new CallAnswer.TooLate(nowNanos - call.arrivalNanos()));
    }
    // A limit of memory binds an instance from its beginning: it needs one of its own.
    Leased warm = call.limits().memoryBytes().isEmpty() ? pool.idle().take() : null;
    InstanceLease lease = warm == null ? open(pool) : warm.lease();
    if (lease != null) {
      running = running + 1;
      return new AdmissionStep.Run(call, pool, warm, lease, remainingNanos);
    }
    for (InstancePool.Handle other : routes.pools()) {
      Leased victim = other.idle().takeEldest();
      if (victim != null) {
        return new AdmissionStep.Evict(victim);
      }
    }
    TenantBudget budget = entry.budget();
    return budget.instances() >= quotas.instances()
        ? new AdmissionStep.Blocked(Quota.INSTANCES, quotas.instances(), budget.instances())
        : new AdmissionStep.Blocked(Quota.MEMORY_BYTES, quotas.memoryBytes(), budget.memoryBytes());
  }

  private @Nullable InstanceLease open(InstancePool.Handle pool) {
    return InstanceLease.tryOpen(entry.budget(), pool.module().description().initialMemoryBytes());
  }

  /** The place of a call that was started is free. */
  void leave() {
    running = running - 1;
  }

  /** The duration in nanoseconds, at least 0 and at most what fits. */
  static long saturatedNanos(Duration duration) {
    try {
      return Math.max(0, duration.toNanos());
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }
}
