package dev.troupe.actors;

import dev.troupe.actors.Routes.Target;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.FunctionAccount;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantBudget;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallTask;
import dev.troupe.actors.call.IdleInstances.Leased;
import dev.troupe.actors.port.BadCallException;
import dev.troupe.scheduler.SubmitOptions;
import dev.troupe.scheduler.SubmitResult;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call of one tenant runs now, waits, or is refused, on the thread that brings
 * the call and without a message to anybody. Thread-safe.
 *
 * <pre>
 *   arrive ── place? ── yes ──────────────────> scheduler ──> finished ──┐
 *               │ no                                ^                    │
 *               v                                   │                    │
 *      queue (first come, first served, but  ── startQueued <────────────┘
 *      for functions at a limit of their own)
 * </pre>
 *
 * <p>One short lock per tenant. What happens is decided under it, as an {@link AdmissionStep}, and
 * done without it: calls are submitted and answered, instances are closed outside. Whoever frees
 * what a waiting call may need (a place, an instance, memory, a quota) calls {@link #startQueued}
 * afterwards. A call joins the queue under the same lock under which no place was found, so nothing
 * is freed unseen in between; one that finds others waiting joins them, so nobody is overtaken.
 *
 * <p>The tenant's actor publishes the {@link Routes}, loads versions and watches the deadlines of
 * the queue. This object belongs to the {@link TenantEntry} and survives a restart of the actor.
 */
final class Admission implements CallTask.Listener {
  /** Longer than any server runs, and short enough for sums. */
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 4;

  private static final System.Logger LOGGER = System.getLogger(Admission.class.getName());

  private final TenantEntry entry;
  private final Refusals refusals;
  private final Object lock = new Object();

  // Written under the lock.
  private final CallQueue queue = new CallQueue();
  private final Places places;
  private volatile Routes routes;
  private volatile int waiting;
  private @Nullable CallAnswer closed;
  private boolean starting;
  private boolean startAgain;
  private long watchedNanos = CallQueue.NEVER_NANOS;

  @SuppressWarnings("this-escape")
  Admission(TenantEntry entry) {
    this.entry = entry;
    this.refusals = new Refusals(entry);
    this.places = new Places(entry, refusals);
    this.routes = Routes.of(entry.state(), Map.of());
    entry.budget().whenReleased(this::startQueued);
  }

  /** Calls handed to the scheduler that have not ended. */
  int running() {
    return places.running();
  }

  /** Calls that wait. */
  int waiting() {
    return waiting;
  }

  // ---------------------------------------------------------------- a call comes, from any thread

  /** Sends a call on its way. It is answered through itself, whatever happens. */
  void arrive(Call call) {
    entry.metrics().arrived();
    admit(call, true);
  }

  private void admit(Call call, boolean newcomer) {
    try {
      boolean asksRate = newcomer;
      AdmissionStep step = look(call, asksRate);
      while (step instanceof AdmissionStep.LookAgain || step instanceof AdmissionStep.Evict) {
        asksRate &= step instanceof AdmissionStep.LookAgain;
        act(step);
        step = look(call, asksRate);
      }
      act(step);
    } catch (RuntimeException failure) {
      answer(call, new CallAnswer.Failed(failure));
    }
    // Memory is freed without the lock, perhaps before this call was seen to wait for it.
    startQueued();
  }

  private AdmissionStep look(Call call, boolean asksRate) {
    Routes seen = routes;
    Target target = seen.find(call.functionId(), call.sha256());
    CallAnswer mistake = mistake(call, target);
    long now = System.nanoTime();
    synchronized (lock) {
      if (closed != null) {
        return new AdmissionStep.Tell(call, closed);
      }
      if (routes != seen) {
        return AdmissionStep.LOOK_AGAIN;
      }
      // Whoever cancels sets the mark first and looks into the queue afterwards.
      if (call.isCancelled()) {
        return new AdmissionStep.Tell(call, call.withoutRun());
      }
      Refusal overRate = target != null && asksRate ? places.overRate(now) : null;
      if (overRate != null) {
        return new AdmissionStep.Tell(call, new CallAnswer.Refused(overRate));
      }
      if (target == null || mistake != null) {
        return new AdmissionStep.Tell(call, mistake == null ? notFound(call) : mistake);
      }
      InstancePool.Handle pool = target.pool();
      if (pool == null) {
        return load(call, target.key(), now);
      }
      AdmissionStep step =
          queue.noneIsBefore(pool.account())
              ? places.take(call, pool, seen, now)
              : othersFirst(pool.account());
      return step instanceof AdmissionStep.Blocked blocked
          ? enqueue(call, pool.account(), blocked, now)
          : step;
    }
  }

  /** What is in the way of a call that finds others waiting: its function's limit, or all's. */
  private AdmissionStep othersFirst(FunctionAccount account) {
    return account.hasRoom()
        ? new AdmissionStep.Blocked(entry.limits().limit(Quota.CONCURRENCY), running())
        : new AdmissionStep.Blocked(account.limits().limit(Quota.CONCURRENCY), account.running());
  }

  /** What is wrong with a call whatever is in use, or null. */
  private @Nullable CallAnswer mistake(Call call, @Nullable Target target) {
    InstancePool.Handle pool = target == null ? null : target.pool();
    if (pool == null) {
      return null;
    }
    try {
      pool.module().description().check(call.request());
    } catch (BadCallException e) {
      return new CallAnswer.Invalid(String.valueOf(e.getMessage()));
    }
    Refusal neverFits = refusals.neverFits(call, pool);
    return neverFits == null ? null : new CallAnswer.Refused(neverFits);
  }

  private CallAnswer notFound(Call call) {
    String function = entry.name() + "/functions/" + call.functionId();
    return new CallAnswer.NotFound(
        call.sha256() == null ? function : function + "/versions/" + call.sha256());
  }

  // ---------------------------------------------------------------- decisions, under the lock

  private AdmissionStep load(Call call, VersionKey key, long nowNanos) {
    // Even without a queue somebody has to wait, or the version would never be loaded.
    EffectiveLimits limits = entry.limits();
    if (queue.isLoading(key) && waiting >= limits.value(Quota.QUEUE_LENGTH)) {
      EffectiveLimits.Limit length = limits.limit(Quota.QUEUE_LENGTH);
      return refuse(call, refusals.notNow(new AdmissionStep.Blocked(length, waiting)));
    }
    // Whoever must not wait for a place may still wait for the code that it runs.
    long untilNanos = until(call.remainingNanos(limits, nowNanos), nowNanos);
    boolean first = queue.addLoading(key, call, untilNanos);
    waiting = queue.size();
    // The actor that loads looks at the clock too.
    return first ? new AdmissionStep.Load(key) : watch(untilNanos);
  }

  private AdmissionStep enqueue(
      Call call, FunctionAccount account, AdmissionStep.Blocked blocked, long nowNanos) {
    if (waiting >= entry.limits().value(Quota.QUEUE_LENGTH)) {
      return refuse(call, refusals.queueFull(blocked));
    }
    EffectiveLimits limits = account.limits();
    long waitNanos = call.remainingWaitNanos(limits, nowNanos);
    if (waitNanos <= 0 && call.remainingNanos(limits, nowNanos) > 0) {
      return refuse(call, refusals.notNow(blocked));
    }
    long untilNanos = until(waitNanos, nowNanos);
    queue.add(account, call, untilNanos);
    waiting = queue.size();
    return watch(untilNanos);
  }

  private static AdmissionStep refuse(Call call, Refusal refusal) {
    return new AdmissionStep.Tell(call, new CallAnswer.Refused(refusal));
  }

  private static long until(long leftNanos, long nowNanos) {
    return nowNanos + Math.min(leftNanos, FOREVER_NANOS);
  }

  private AdmissionStep watch(long atNanos) {
    if (watchedNanos != CallQueue.NEVER_NANOS && atNanos - watchedNanos >= 0) {
      return AdmissionStep.REST;
    }
    watchedNanos = atNanos;
    return AdmissionStep.WATCH;
  }

  /** What becomes of the call that waits longest; REST when it must go on waiting. */
  private AdmissionStep next() {
    long now = System.nanoTime();
    synchronized (lock) {
      Call call = queue.first();
      if (call == null) {
        return AdmissionStep.REST;
      }
      Target target = routes.find(call.functionId(), call.sha256());
      InstancePool.Handle pool = target == null ? null : target.pool();
      AdmissionStep step;
      if (call.isCancelled()) {
        step = new AdmissionStep.Tell(call, call.withoutRun());
      } else if (target == null || pool == null) {
        step = new AdmissionStep.Tell(call, notFound(call));
      } else {
        step = places.take(call, pool, routes, now);
      }
      if (step instanceof AdmissionStep.Blocked) {
        return AdmissionStep.REST;
      }
      if (!(step instanceof AdmissionStep.Evict)) {
        boolean _ = queue.remove(call);
        waiting = queue.size();
      }
      return step;
    }
  }

  // ---------------------------------------------------------------- deeds, without the lock

  private void act(AdmissionStep step) {
    switch (step) {
      case AdmissionStep.Rest _, AdmissionStep.LookAgain _, AdmissionStep.Blocked _ -> {
        // Somebody else acts, or the caller.
      }
      case AdmissionStep.Run run -> run(run);
      case AdmissionStep.Tell tell -> answer(tell.call(), tell.answer());
      case AdmissionStep.Evict evict -> evict(evict.victim());
      case AdmissionStep.Load load -> entry.actor().tell(new Tenant.Load(load.key()));
      case AdmissionStep.Watch _ -> entry.actor().tell(new Tenant.WatchQueue());
    }
  }

  private void evict(Leased victim) {
    try {
      victim.close();
    } catch (RuntimeException failure) {
      LOGGER.log(Level.ERROR, "an idle instance of " + entry.name() + " was not closed", failure);
    }
  }

  private void run(AdmissionStep.Run run) {
    Call call = run.call();
    SubmitOptions options = new SubmitOptions(run.timeoutNanos(), call.cpuLimitNanos(run.limits()));
    SubmitResult result;
    try {
      result = run.pool().run(call, run.warm(), run.lease(), options, entry.claimant(), this);
    } catch (RuntimeException failure) {
      run.lease().release();
      notRun(run, new CallAnswer.Failed(failure));
      return;
    }
    switch (result) {
      case SubmitResult.Accepted _ -> {
        // A worker answers, or has answered already.
        if (!run.limits().equals(run.pool().account().limits())) {
          // Lowered since the decision, perhaps before the scheduler knew of the task.
          lowerRunning();
        }
      }
      case SubmitResult.QueueFull full ->
          notRun(run, new CallAnswer.Refused(refusals.schedulerFull(full.limit(), full.length())));
      case SubmitResult.Closed _ ->
          notRun(run, new CallAnswer.Unavailable("the server or the tenant goes away"));
    }
  }

  private void notRun(AdmissionStep.Run run, CallAnswer answer) {
    boolean _ = leave(run.pool().account());
    answer(run.call(), answer);
  }

  private boolean leave(FunctionAccount account) {
    synchronized (lock) {
      places.leave(account);
      return waiting > 0;
    }
  }

  private void lowerRunning() {
    entry
        .schedulerQueue()
        .forEachLive((task, handle) -> {
          if (task instanceof CallTask call) {
            call.lowerLimits(handle);
          }
        });
  }

  /** On a worker: the call has given everything back and is about to be answered. */
  @Override
  public void finished(Call call, FunctionAccount account, CallAnswer answer, long fuel) {
    entry.metrics().ran(call, answer, fuel);
    entry.metrics().answered(answer, System.nanoTime() - call.arrivalNanos());
    if (leave(account)) {
      startQueued();
    }
  }

  /** Starts waiting calls as long as there are places. To be called after something was freed. */
  void startQueued() {
    if (waiting > 0 && beginStarting()) {
      do {
        AdmissionStep step;
        do {
          step = next();
          act(step);
        } while (!(step instanceof AdmissionStep.Rest));
      } while (!endStarting());
    }
  }

  /** One thread at a time starts what waits, in order; whoever comes meanwhile only leaves word. */
  private boolean beginStarting() {
    synchronized (lock) {
      startAgain = starting;
      starting = true;
      return !startAgain;
    }
  }

  private boolean endStarting() {
    synchronized (lock) {
      starting = startAgain;
      startAgain = false;
      return !starting;
    }
  }

  /** Answers a call that does not run, and counts it. */
  private void answer(Call call, CallAnswer answer) {
    if (!call.isAnswered()) {
      entry.metrics().answered(answer, System.nanoTime() - call.arrivalNanos());
      boolean _ = call.complete(answer);
    }
  }

  /** The caller has lost interest; the mark is on the call already. */
  void cancel(Call call) {
    boolean waited;
    synchronized (lock) {
      waited = queue.remove(call);
      waiting = queue.size();
    }
    if (waited) {
      answer(call, call.withoutRun());
      // The next one may need less.
      startQueued();
    }
  }

  /** The limits in force for a call, wherever it is. */
  EffectiveLimits limitsOf(Call call) {
    Target target = routes.find(call.functionId(), call.sha256());
    InstancePool.Handle pool = target == null ? null : target.pool();
    return call.within(pool == null ? entry.limits() : pool.account().limits());
  }

  // ---------------------------------------------------------------- from the actor

  /** The state or what is loaded of it has changed. */
  void publish(Routes changed) {
    synchronized (lock) {
      routes = changed;
    }
  }

  /** A version was loaded and published: its calls go on. */
  void loaded(VersionKey key) {
    takeLoading(key).forEach(call -> admit(call, false));
  }

  /** A version cannot be loaded: its calls get {@code answer}. */
  void loadFailed(VersionKey key, CallAnswer answer) {
    takeLoading(key).forEach(call -> answer(call, answer));
  }

  private List<Call> takeLoading(VersionKey key) {
    synchronized (lock) {
      List<Call> calls = queue.removeLoading(key);
      waiting = queue.size();
      return calls;
    }
  }

  /** Calls that wait for a version that is gone have nothing to wait for. */
  void answerOrphans() {
    List<VersionKey> orphans;
    synchronized (lock) {
      orphans = new ArrayList<>(queue.loadingKeys());
      orphans.removeIf(key -> routes.find(key.functionId(), key.sha256()) != null);
    }
    for (VersionKey key : orphans) {
      takeLoading(key).forEach(call -> answer(call, notFound(call)));
    }
    startQueued();
  }

  /** Answers the calls that waited for long enough. Returns when to look again, or NEVER_NANOS. */
  long expire(long nowNanos) {
    List<Call> expired;
    long earliestNanos;
    synchronized (lock) {
      expired = queue.removeExpired(nowNanos);
      waiting = queue.size();
      earliestNanos = queue.earliestNanos(nowNanos);
      watchedNanos = earliestNanos;
    }
    expired.forEach(call -> answer(call, waitedTooLong(call, nowNanos)));
    startQueued();
    return earliestNanos;
  }

  private CallAnswer waitedTooLong(Call call, long nowNanos) {
    Target target = routes.find(call.functionId(), call.sha256());
    InstancePool.Handle pool = target == null ? null : target.pool();
    EffectiveLimits limits = pool == null ? entry.limits() : pool.account().limits();
    return call.remainingNanos(limits, nowNanos) <= 0
        ? new CallAnswer.TooLate(nowNanos - call.arrivalNanos())
        : new CallAnswer.Refused(refusals.waitedTooLong(call, limits, nowNanos));
  }

  /**
   * Takes over changed limits: what they forbid ends, what they allow begins. Idle instances beyond
   * them are closed; calls that run beyond them go on, but get no more memory, and end when the
   * time is up that the new limits give them. Afterwards {@link #expire} is to be called.
   */
  void limitsChanged() {
    EffectiveLimits limits = entry.limits();
    List<Call> youngest = new ArrayList<>();
    synchronized (lock) {
      places.limitsChanged();
      long now = System.nanoTime();
      queue.reschedule((account, call) ->
          account == null
              ? until(call.remainingNanos(limits, now), now)
              : until(call.remainingWaitNanos(account.limits(), now), now));
      Call last = null;
      do {
        last = queue.size() > limits.value(Quota.QUEUE_LENGTH) ? queue.removeLast() : null;
        if (last != null) {
          youngest.add(last);
        }
      } while (last != null);
      waiting = queue.size();
    }
    EffectiveLimits.Limit length = limits.limit(Quota.QUEUE_LENGTH);
    AdmissionStep.Blocked full = new AdmissionStep.Blocked(length, length.value());
    youngest.forEach(call -> answer(call, new CallAnswer.Refused(refusals.notNow(full))));
    lowerRunning();
    shrink();
    startQueued();
  }

  /** Closes idle instances until the limits are kept, or none is left. */
  private void shrink() {
    TenantBudget budget = entry.budget();
    for (InstancePool.Handle pool : routes.pools()) {
      pool.idle().evictLarger(pool.account().limits().value(Quota.INSTANCE_MEMORY_BYTES));
      boolean more = true;
      while (more && budget.isOverdrawn()) {
        more = pool.idle().evictOne();
      }
    }
  }

  /** Instances that wait for their next call. */
  int idleInstances() {
    return routes.pools().stream().mapToInt(pool -> pool.idle().size()).sum();
  }

  /** Closes that part of the idle instances of every version, one at least. Returns how many. */
  int evictIdle(double part) {
    int evicted = 0;
    for (InstancePool.Handle pool : routes.pools()) {
      for (int left = (int) Math.ceil(pool.idle().size() * part); left > 0; left--) {
        evicted += pool.idle().evictOne() ? 1 : 0;
      }
    }
    return evicted;
  }

  /** Answers all that wait; calls that come from now on wait for the actor's next start. */
  void restart(CallAnswer answer) {
    end(answer, false);
  }

  /** Answers all that wait, and whatever comes from now on. */
  void close(CallAnswer answer) {
    end(answer, true);
  }

  private void end(CallAnswer answer, boolean forEver) {
    List<Call> calls;
    synchronized (lock) {
      if (forEver && closed == null) {
        closed = answer;
      }
      routes = Routes.of(entry.state(), Map.of());
      watchedNanos = CallQueue.NEVER_NANOS;
      calls = queue.removeAll();
      waiting = 0;
    }
    calls.forEach(call -> answer(call, answer));
  }
}
