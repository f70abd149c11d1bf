package dev.troupe.actors;

import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.FunctionAccount;
import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.RateLimiter;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantBudget;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.IdleInstances.Leased;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a tenant need to run, as the limits in force allow: a place among those that
 * run, in the tenant and in the function, an instance, memory, a turn by the rate. Guarded by the
 * lock of {@link Admission}, but for the counts, which may be read anywhere.
 */
final class Places {
  private final TenantEntry entry;
  private final Refusals refusals;
  private final RateLimiter limiter;
  private volatile int running;

  Places(TenantEntry entry, Refusals refusals) {
    this.entry = entry;
    this.refusals = refusals;
    this.limiter = new RateLimiter(entry.limits());
  }

  /** Calls that have a place. */
  int running() {
    return running;
  }

  /** Takes over changed limits. */
  void limitsChanged() {
    limiter.setLimits(entry.limits(), System.nanoTime());
  }

  /** Asks the rate; once for each call. Returns the refusal, or null. */
  @Nullable Refusal overRate(long nowNanos) {
    long waitNanos = limiter.tryAcquire(nowNanos);
    return waitNanos == 0 ? null : refusals.overRate(limiter.usageMicros(nowNanos), waitNanos);
  }

  /** A place for the call, or what it takes to get one. */
  AdmissionStep take(Call call, InstancePool.Handle pool, Routes routes, long nowNanos) {
    EffectiveLimits tenant = entry.limits();
    if (running >= tenant.value(Quota.CONCURRENCY)) {
      return new AdmissionStep.Blocked(tenant.limit(Quota.CONCURRENCY), running);
    }
    FunctionAccount account = pool.account();
    EffectiveLimits limits = account.limits();
    if (!account.hasRoom()) {
      return new AdmissionStep.Blocked(limits.limit(Quota.CONCURRENCY), account.running());
    }
    long remainingNanos = call.remainingNanos(limits, nowNanos);
    if (remainingNanos <= 0) {
      return new AdmissionStep.Tell(call, new CallAnswer.TooLate(nowNanos - call.arrivalNanos()));
    }
    // A limit of memory binds an instance from its beginning: it needs one of its own.
    Leased warm = call.limits().memoryBytes().isEmpty() ? pool.idle().take() : null;
    InstanceLease lease = warm == null ? open(pool) : warm.lease();
    if (lease != null) {
      running = running + 1;
      account.enter();
      return new AdmissionStep.Run(call, pool, warm, lease, limits, remainingNanos);
    }
    for (InstancePool.Handle other : routes.pools()) {
      Leased victim = other.idle().takeEldest();
      if (victim != null) {
        return new AdmissionStep.Evict(victim);
      }
    }
    TenantBudget budget = entry.budget();
    return budget.instances() >= tenant.value(Quota.INSTANCES)
        ? new AdmissionStep.Blocked(tenant.limit(Quota.INSTANCES), budget.instances())
        : new AdmissionStep.Blocked(tenant.limit(Quota.MEMORY_BYTES), budget.memoryBytes());
  }

  private @Nullable InstanceLease open(InstancePool.Handle pool) {
    return InstanceLease.tryOpen(
        entry.budget(), pool.account(), pool.module().description().initialMemoryBytes());
  }

  /** The place of a call that was started is free. */
  void leave(FunctionAccount account) {
    running = running - 1;
    account.leave();
  }
}
