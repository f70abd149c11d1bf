package dev.troupe.actors;

import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.RateLimiter;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantBudget;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.IdleInstances;
import dev.troupe.scheduler.SubmitOptions;
import dev.troupe.scheduler.SubmitResult;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may run now, must wait, or is refused, and starts it. Belongs to one
 * {@link Tenant} and runs on its thread; only {@link #finished} runs on workers.
 */
final class Admission {
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(10);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  /** What became of a call. */
  sealed interface Verdict {
    /** It was started or answered. */
    record Settled() implements Verdict {}

    /** It must wait for this quota. */
    record Blocked(Quota quota, long limit, long usage) implements Verdict {}
  }

  private static final Verdict SETTLED = new Verdict.Settled();

  private final TenantEntry entry;
  private final RateLimiter limiter;
  private final Runnable placeFreed;

  /** {@code placeFreed} is run on a worker when a call ended and others wait. */
  Admission(TenantEntry entry, Runnable placeFreed) {
    this.entry = entry;
    this.limiter = new RateLimiter(entry.state().quotas().rate());
    this.placeFreed = placeFreed;
  }

  /** Takes over changed quotas. */
  void quotasChanged() {
    limiter.setQuota(entry.state().quotas().rate());
  }

  /** Nanoseconds that a call may take from its arrival. */
  long timeoutNanos(Call call) {
    long tenantNanos = entry.state().quotas().deadline().toNanos();
    Duration own = call.limits().deadline();
    return own == null ? tenantNanos : Math.min(tenantNanos, Math.max(0, nanos(own)));
  }

  /** Asks the rate; to be called once for each call. */
  @Nullable Refusal overRate(long nowNanos) {
    long waitNanos = limiter.tryAcquire(nowNanos);
    TenantQuotas.RateQuota rate = entry.state().quotas().rate();
    if (waitNanos == 0 || rate == null) {
      return null;
    }
    return new Refusal(Quota.RATE, rate.burst(), rate.burst(), Duration.ofNanos(waitNanos));
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

  /** Starts the call if there is a place. */
  Verdict tryStart(
      Call call,
      InstancePool.Handle pool,
      Collection<InstancePool.Handle> allPools,
      long nowNanos) {
    TenantQuotas quotas = entry.state().quotas();
    int running = entry.running().get();
    if (running >= quotas.concurrency()) {
      return new Verdict.Blocked(Quota.CONCURRENCY, quotas.concurrency(), running);
    }
    long remainingNanos = timeoutNanos(call) - (nowNanos - call.arrivalNanos());
    if (remainingNanos <= 0) {
      answer(call, new CallAnswer.TooLate(nowNanos - call.arrivalNanos()));
      return SETTLED;
    }
    // A limit of memory binds an instance from its beginning: it needs one of its own.
    IdleInstances.Leased warm = call.limits().memoryBytes().isEmpty() ? pool.idle().take() : null;
    if (warm == null) {
      Verdict.Blocked blocked = makeRoom(pool, allPools);
      if (blocked != null) {
        return blocked;
      }
    }
    start(call, pool, warm, remainingNanos);
    return SETTLED;
  }

  private Verdict.@Nullable Blocked makeRoom(
      InstancePool.Handle pool, Collection<InstancePool.Handle> allPools) {
    TenantBudget budget = entry.budget();
    long needed = pool.module().description().initialMemoryBytes();
    while (!budget.hasRoomFor(needed)) {
      if (!evictAny(allPools)) {
        TenantQuotas quotas = entry.state().quotas();
        return budget.instances() >= quotas.instances()
            ? new Verdict.Blocked(Quota.INSTANCES, quotas.instances(), budget.instances())
            : new Verdict.Blocked(Quota.MEMORY_BYTES, quotas.memoryBytes(), budget.memoryBytes());
      }
    }
    return null;
  }

  private void start(
      Call call,
      InstancePool.Handle pool,
      IdleInstances.@Nullable Leased warm,
      long remainingNanos) {
    InstanceLease lease = warm == null ? new InstanceLease(entry.budget()) : warm.lease();
    Duration cpuTime = call.limits().cpuTime();
    SubmitOptions options =
        new SubmitOptions(
            remainingNanos,
            cpuTime == null ? SubmitOptions.UNLIMITED_NANOS : Math.max(0, nanos(cpuTime)));
    entry.running().incrementAndGet();
    SubmitResult result = pool.run(call, warm, lease, options, answer -> finished(call, answer));
    switch (result) {
      case SubmitResult.Accepted _ -> {
        // A worker answers, or has answered already.
      }
      case SubmitResult.QueueFull full -> {
        entry.running().decrementAndGet();
        answer(
            call,
            new CallAnswer.Refused(
                new Refusal(Quota.SCHEDULER_QUEUE, full.limit(), full.length(), retryAfter())));
      }
      case SubmitResult.Closed _ -> {
        entry.running().decrementAndGet();
        answer(call, new CallAnswer.Unavailable("the server or the tenant goes away"));
      }
    }
  }

  /** On a worker: the call has given everything back and is about to be answered. */
  private void finished(Call call, CallAnswer answer) {
    entry.metrics().answered(answer, System.nanoTime() - call.arrivalNanos());
    entry.running().decrementAndGet();
    if (entry.queued().get() > 0) {
      placeFreed.run();
    }
  }

  /** Answers a call that does not run, and counts it. */
  void answer(Call call, CallAnswer answer) {
    if (!call.isAnswered()) {
      entry.metrics().answered(answer, System.nanoTime() - call.arrivalNanos());
      boolean _ = call.complete(answer);
    }
  }

  /** The refusal of a call that finds the queue full, because {@code blocked} is in its way. */
  Refusal queueFull(Verdict.Blocked blocked) {
    int limit = entry.state().quotas().queueLength();
    // Without a queue the quota behind it is the one to name.
    return limit == 0
        ? new Refusal(blocked.quota(), blocked.limit(), blocked.usage(), retryAfter())
        : new Refusal(Quota.QUEUE_LENGTH, limit, entry.queued().get(), retryAfter());
  }

  /** When the queue has probably moved by one: the mean time of a call for each that runs. */
  Duration retryAfter() {
    double ahead = 1 + entry.queued().get();
    double places = Math.max(1, entry.running().get());
    double nanos = entry.metrics().meanRunNanos() * ahead / places;
    Duration estimate = Duration.ofNanos((long) Math.min(nanos, LONGEST_RETRY.toNanos()));
    return estimate.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : estimate;
  }

  /** Closes idle instances until the budget is kept, or none is left. */
  void shrink(Collection<InstancePool.Handle> allPools) {
    TenantQuotas quotas = entry.state().quotas();
    TenantBudget budget = entry.budget();
    boolean over = true;
    while (over) {
      over = budget.instances() > quotas.instances() || budget.memoryBytes() > quotas.memoryBytes();
      over = over && evictAny(allPools);
    }
  }

  private static boolean evictAny(Collection<InstancePool.Handle> allPools) {
    for (InstancePool.Handle pool : allPools) {
      if (pool.idle().evictOne()) {
        return true;
      }
    }
    return false;
  }

  private static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE;
    }
  }
}
