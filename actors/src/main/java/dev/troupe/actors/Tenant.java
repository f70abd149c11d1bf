package dev.troupe.actors;

import dev.troupe.actors.Admission.Verdict;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.port.BadCallException;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.actors.port.StoredTenant.StoredVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * A tenant: admits its calls, keeps those that must wait, owns its functions and is the only writer
 * of its durable record ({@link TenantRecordKeeper}).
 */
final class Tenant extends AbstractBehavior<Tenant.Command> {

  /** The protocol. */
  sealed interface Command {}

  /** A call. It is answered through itself, whatever happens. */
  record Invoke(Call call) implements Command {}

  /** The caller has lost interest in the call. */
  record CancelCall(Call call) implements Command {}

  /**
   * Changes name and quotas.
   *
   * @param expectedEtag must be current when not empty
   */
  record Update(
      String displayName,
      TenantQuotas quotas,
      String expectedEtag,
      ActorRef<Reply<TenantView>> replyTo)
      implements Command {}

  /** Deploys a module as the current version of a function. */
  @SuppressWarnings("ArrayRecordComponent")
  record Deploy(
      String functionId,
      String sha256,
      byte[] module,
      boolean validateOnly,
      ActorRef<Reply<Deployment>> replyTo)
      implements Command {}

  /** Removes a function with all its versions. */
  record DeleteFunction(
      String functionId, String expectedEtag, ActorRef<Reply<StoredFunction>> replyTo)
      implements Command {}

  /** Removes a version that is not current. */
  record DeleteVersion(String functionId, String sha256, ActorRef<Reply<StoredVersion>> replyTo)
      implements Command {}

  /** The tenant is gone: stops. */
  record Stop() implements Command {}

  /** Answer of a {@link Function} to {@link Function.Prepare}. */
  record VersionPrepared(
      String functionId,
      String sha256,
      long ticket,
      InstancePool.@Nullable Handle pool,
      @Nullable Artifact artifact,
      @Nullable Throwable failure)
      implements Command {}

  private record PlaceFreed() implements Command {}

  private record ExpireQueued() implements Command {}

  /** A message of {@link TenantRecordKeeper} to itself. */
  record RecordSaved(long number, @Nullable Throwable failure) implements Command {}

  private record VersionKey(String functionId, String sha256) {}

  private record PendingDeploy(Deploy command) {}

  private static final String EXPIRY_TIMER = "expire-queued";

  private final TenantEntry entry;
  private final Shared shared;
  private final TimerScheduler<Command> timers;
  private final Admission admission;
  private final TenantRecordKeeper keeper;
  private final CallQueue queue = new CallQueue();
  private final Map<String, ActorRef<Function.Command>> functions = new HashMap<>();
  private final Map<VersionKey, InstancePool.Handle> pools = new LinkedHashMap<>();
  private final Map<VersionKey, List<Call>> loading = new HashMap<>();
  private final Map<Long, PendingDeploy> deploys = new HashMap<>();
  private long lastTicket;
  private long nextExpiryNanos;

  private Tenant(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      TenantEntry entry,
      Shared shared) {
    super(context);
    this.entry = entry;
    this.shared = shared;
    this.timers = timers;
    ActorRef<Command> self = context.getSelf();
    this.admission = new Admission(entry, () -> self.tell(new PlaceFreed()));
    this.keeper = new TenantRecordKeeper(context, entry, shared);
  }

  static Behavior<Command> create(TenantEntry entry, Shared shared) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Tenant(context, timers, entry, shared)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onCommand)
        .onSignal(PreRestart.class, signal -> onEnd())
        .onSignal(PostStop.class, signal -> onEnd())
        .build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Invoke invoke -> onInvoke(invoke.call());
      case CancelCall cancel -> onCancel(cancel.call());
      case Update update -> onUpdate(update);
      case Deploy deploy -> onDeploy(deploy);
      case DeleteFunction delete -> onDeleteFunction(delete);
      case DeleteVersion delete -> onDeleteVersion(delete);
      case VersionPrepared prepared -> onVersionPrepared(prepared);
      case PlaceFreed _ -> startQueued();
      case ExpireQueued _ -> onExpireQueued();
      case RecordSaved saved -> keeper.onSaved(saved);
      case Stop _ -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  // ---------------------------------------------------------------- calls

  private void onInvoke(Call call) {
    entry.leaveMailbox();
    entry.metrics().arrived();
    try {
      admit(call);
    } catch (RuntimeException failure) {
      // The supervisor restarts this actor; the call must not wait for ever.
      admission.answer(call, new CallAnswer.Failed(failure));
      throw failure;
    }
  }

  private void admit(Call call) {
    if (call.isCancelled()) {
      admission.answer(call, new CallAnswer.Cancelled());
      return;
    }
    VersionKey key = resolve(call);
    if (key == null) {
      admission.answer(call, new CallAnswer.NotFound(resourceOf(call)));
      return;
    }
    Refusal overRate = admission.overRate(System.nanoTime());
    if (overRate != null) {
      admission.answer(call, new CallAnswer.Refused(overRate));
      return;
    }
    InstancePool.Handle pool = pools.get(key);
    if (pool == null) {
      load(key, call);
    } else {
      startOrQueue(call, pool);
    }
  }

  private @Nullable VersionKey resolve(Call call) {
    StoredFunction function = entry.state().functions().get(call.functionId());
    if (function == null) {
      return null;
    }
    String sha256 = call.sha256();
    StoredVersion version = sha256 == null ? function.current() : function.version(sha256);
    return version == null ? null : new VersionKey(function.functionId(), version.sha256());
  }

  private String resourceOf(Call call) {
    String function = entry.name() + "/functions/" + call.functionId();
    return call.sha256() == null ? function : function + "/versions/" + call.sha256();
  }

  private void startOrQueue(Call call, InstancePool.Handle pool) {
    try {
      pool.module().description().check(call.request());
    } catch (BadCallException e) {
      admission.answer(call, new CallAnswer.Invalid(String.valueOf(e.getMessage())));
      return;
    }
    Refusal neverFits = admission.neverFits(pool);
    if (neverFits != null) {
      admission.answer(call, new CallAnswer.Refused(neverFits));
      return;
    }
    // Who comes later does not overtake.
    Verdict verdict =
        queue.size() > 0
            ? new Verdict.Blocked(
                Quota.QUEUE_LENGTH, entry.state().quotas().queueLength(), queue.size())
            : admission.tryStart(call, pool, pools.values(), System.nanoTime());
    if (verdict instanceof Verdict.Blocked blocked) {
      enqueue(call, blocked);
    }
  }

  private void enqueue(Call call, Verdict.Blocked blocked) {
    if (waiting() >= entry.state().quotas().queueLength()) {
      admission.answer(call, new CallAnswer.Refused(admission.queueFull(blocked)));
      return;
    }
    CallQueue.Waiting newest =
        new CallQueue.Waiting(call, call.arrivalNanos() + admission.timeoutNanos(call));
    queue.add(newest);
    entry.queued().set(waiting());
    if (queue.size() == 1 || newest.deadlineNanos() - nextExpiryNanos < 0) {
      planExpiry(newest.deadlineNanos());
    }
    // A worker that looked before this call was counted does not tell us of the place it left.
    startQueued();
  }

  private int waiting() {
    return queue.size() + loading.values().stream().mapToInt(List::size).sum();
  }

  private void startQueued() {
    boolean more = true;
    while (more) {
      CallQueue.Waiting next = queue.first();
      more = next != null && settle(next.call());
      if (more) {
        queue.removeFirst();
      }
    }
    entry.queued().set(waiting());
  }

  /** Starts or answers a waiting call; false when it must go on waiting. */
  private boolean settle(Call call) {
    if (call.isAnswered()) {
      return true;
    }
    if (call.isCancelled()) {
      admission.answer(call, new CallAnswer.Cancelled());
      return true;
    }
    VersionKey key = resolve(call);
    InstancePool.Handle pool = key == null ? null : pools.get(key);
    if (pool == null) {
      admission.answer(call, new CallAnswer.NotFound(resourceOf(call)));
      return true;
    }
    return admission.tryStart(call, pool, pools.values(), System.nanoTime())
        instanceof Verdict.Settled;
  }

  private void planExpiry(long atNanos) {
    nextExpiryNanos = atNanos;
    timers.startSingleTimer(
        EXPIRY_TIMER,
        new ExpireQueued(),
        Duration.ofNanos(Math.max(0, atNanos - System.nanoTime())));
  }

  private void onExpireQueued() {
    long now = System.nanoTime();
    for (CallQueue.Waiting expired : queue.removeExpired(now)) {
      admission.answer(expired.call(), new CallAnswer.TooLate(now - expired.call().arrivalNanos()));
    }
    entry.queued().set(waiting());
    if (queue.size() > 0) {
      planExpiry(now + queue.nanosToEarliestDeadline(now));
    }
  }

  private void onCancel(Call call) {
    call.cancel();
    if (queue.remove(call)) {
      admission.answer(call, new CallAnswer.Cancelled());
      entry.queued().set(waiting());
    }
  }

  // ---------------------------------------------------------------- versions

  /** Keeps a call until its version, known to the store, is loaded. */
  private void load(VersionKey key, Call call) {
    List<Call> calls = loading.get(key);
    if (calls == null) {
      calls = new ArrayList<>();
      loading.put(key, calls);
      function(key.functionId()).tell(new Function.Prepare(key.sha256(), null, ++lastTicket));
    }
    if (waiting() >= entry.state().quotas().queueLength()) {
      Verdict.Blocked blocked = new Verdict.Blocked(Quota.QUEUE_LENGTH, 0, waiting());
      admission.answer(call, new CallAnswer.Refused(admission.queueFull(blocked)));
      return;
    }
    calls.add(call);
    entry.queued().set(waiting());
  }

  private ActorRef<Function.Command> function(String functionId) {
    return functions.computeIfAbsent(
        functionId,
        id ->
            getContext()
                .spawnAnonymous(
                    Function.create(
                        id, shared, entry.schedulerQueue().newFunction(), getContext().getSelf())));
  }

  private void onDeploy(Deploy deploy) {
    Rejection rejection = mayDeploy(deploy);
    if (rejection != null) {
      deploy.replyTo().tell(new Reply.Rejected<>(rejection));
      return;
    }
    long ticket = ++lastTicket;
    deploys.put(ticket, new PendingDeploy(deploy));
    function(deploy.functionId())
        .tell(new Function.Prepare(deploy.sha256(), deploy.module(), ticket));
  }

  private @Nullable Rejection mayDeploy(Deploy deploy) {
    TenantQuotas quotas = entry.state().quotas();
    if (deploy.module().length > quotas.moduleBytes()) {
      return new Rejection.OverQuota(
          new Refusal(Quota.MODULE_BYTES, quotas.moduleBytes(), deploy.module().length, null));
    }
    int count = entry.state().functions().size();
    if (!entry.state().functions().containsKey(deploy.functionId())
        && count >= quotas.functions()) {
      return new Rejection.OverQuota(new Refusal(Quota.FUNCTIONS, quotas.functions(), count, null));
    }
    StoredFunction function = entry.state().functions().get(deploy.functionId());
    int most = shared.settings().versionsPerFunction();
    if (function != null
        && function.version(deploy.sha256()) == null
        && function.versions().size() >= most) {
      return new Rejection.OverQuota(
          new Refusal(Quota.VERSIONS, most, function.versions().size(), null));
    }
    int limit = shared.settings().deploymentsPerTenant();
    if (deploys.size() >= limit) {
      return new Rejection.OverQuota(
          new Refusal(Quota.DEPLOYMENTS, limit, deploys.size(), Duration.ofSeconds(1)));
    }
    return null;
  }

  private void onVersionPrepared(VersionPrepared prepared) {
    VersionKey key = new VersionKey(prepared.functionId(), prepared.sha256());
    PendingDeploy pending = deploys.remove(prepared.ticket());
    InstancePool.Handle pool = prepared.pool();
    Artifact artifact = prepared.artifact();
    if (pool == null || artifact == null) {
      failed(key, pending, prepared.failure());
    } else {
      pools.put(key, pool);
      if (pending != null) {
        deployed(key, pending.command(), artifact);
      }
      List<Call> calls = loading.remove(key);
      if (calls != null) {
        calls.forEach(call -> startOrQueue(call, pool));
      }
    }
    forgetIfUnknown(key);
    entry.queued().set(waiting());
  }

  private void deployed(VersionKey key, Deploy deploy, Artifact artifact) {
    StoredFunction before = entry.state().functions().get(key.functionId());
    StoredVersion old = before == null ? null : before.version(key.sha256());
    StoredVersion version =
        old != null
            ? old
            : new StoredVersion(
                key.sha256(),
                deploy.module().length,
                keeper.now(),
                artifact.module().description());
    Deployment deployment =
        new Deployment(version, old != null, artifact.source(), artifact.nanos());
    if (deploy.validateOnly()) {
      deploy.replyTo().tell(new Reply.Done<>(deployment));
      return;
    }
    keeper.change(
        () -> entry.state().withVersion(key.functionId(), version, keeper.now()),
        shared.store().saveModule(key.sha256(), deploy.module()),
        () -> deploy.replyTo().tell(new Reply.Done<>(deployment)),
        rejection -> {
          deploy.replyTo().tell(new Reply.Rejected<>(rejection));
          forgetIfUnknown(key);
        });
  }

  private void failed(
      VersionKey key, @Nullable PendingDeploy pending, @Nullable Throwable failure) {
    Rejection rejection = TenantRecordKeeper.rejectionOf(failure);
    if (pending != null) {
      pending.command().replyTo().tell(new Reply.Rejected<>(rejection));
    }
    List<Call> calls = loading.remove(key);
    if (calls != null) {
      calls.forEach(
          call -> admission.answer(call, new CallAnswer.Unavailable(rejection.message())));
    }
  }

  /** After a validation or a failure, a version that is not stored must not stay loaded. */
  private void forgetIfUnknown(VersionKey key) {
    StoredFunction function = entry.state().functions().get(key.functionId());
    boolean known = function != null && function.version(key.sha256()) != null;
    if (known || keeper.busy() || loading.containsKey(key)) {
      return;
    }
    InstancePool.Handle _ = pools.remove(key);
    ActorRef<Function.Command> actor = functions.get(key.functionId());
    if (actor == null) {
      return;
    }
    boolean pending =
        deploys.values().stream()
            .anyMatch(deploy -> deploy.command().functionId().equals(key.functionId()));
    if (function == null && !pending) {
      getContext().stop(actor);
      ActorRef<Function.Command> _ = functions.remove(key.functionId());
    } else {
      actor.tell(new Function.Forget(key.sha256()));
    }
  }

  // ---------------------------------------------------------------- changes of the record

  private void onUpdate(Update update) {
    if (staleEtag(update.expectedEtag(), entry.state().revision())) {
      update
          .replyTo()
          .tell(
              new Reply.Rejected<>(
                  new Rejection.Stale(entry.name(), Long.toString(entry.state().revision()))));
      return;
    }
    keeper.change(
        () -> entry.state().withSettings(update.displayName(), update.quotas(), keeper.now()),
        null,
        () -> {
          admission.quotasChanged();
          admission.shrink(pools.values());
          trimQueue();
          startQueued();
          update.replyTo().tell(new Reply.Done<>(TenantView.of(entry)));
        },
        rejection -> update.replyTo().tell(new Reply.Rejected<>(rejection)));
  }

  private void trimQueue() {
    int limit = entry.state().quotas().queueLength();
    while (queue.size() > limit) {
      CallQueue.Waiting youngest = queue.removeLast();
      entry.queued().set(waiting());
      admission.answer(
          youngest.call(),
          new CallAnswer.Refused(
              admission.queueFull(new Verdict.Blocked(Quota.QUEUE_LENGTH, limit, limit))));
    }
  }

  private void onDeleteFunction(DeleteFunction delete) {
    StoredFunction function = entry.state().functions().get(delete.functionId());
    if (function == null) {
      delete.replyTo().tell(new Reply.Rejected<>(notFound(delete.functionId())));
      return;
    }
    if (staleEtag(delete.expectedEtag(), function.revision())) {
      delete
          .replyTo()
          .tell(
              new Reply.Rejected<>(
                  new Rejection.Stale(
                      functionName(delete.functionId()), Long.toString(function.revision()))));
      return;
    }
    keeper.change(
        () -> entry.state().withoutFunction(delete.functionId(), keeper.now()),
        null,
        () -> {
          pools.keySet().removeIf(key -> key.functionId().equals(delete.functionId()));
          ActorRef<Function.Command> actor = functions.remove(delete.functionId());
          if (actor != null) {
            getContext().stop(actor);
          }
          startQueued();
          delete.replyTo().tell(new Reply.Done<>(function));
        },
        rejection -> delete.replyTo().tell(new Reply.Rejected<>(rejection)));
  }

  private void onDeleteVersion(DeleteVersion delete) {
    StoredFunction function = entry.state().functions().get(delete.functionId());
    StoredVersion version = function == null ? null : function.version(delete.sha256());
    if (function == null || version == null) {
      delete
          .replyTo()
          .tell(
              new Reply.Rejected<>(
                  new Rejection.NotFound(
                      functionName(delete.functionId()) + "/versions/" + delete.sha256())));
      return;
    }
    if (function.current().equals(version)) {
      delete
          .replyTo()
          .tell(
              new Reply.Rejected<>(
                  new Rejection.Precondition("the current version cannot be deleted")));
      return;
    }
    keeper.change(
        () -> entry.state().withoutVersion(delete.functionId(), version, keeper.now()),
        null,
        () -> {
          InstancePool.Handle _ =
              pools.remove(new VersionKey(delete.functionId(), delete.sha256()));
          ActorRef<Function.Command> actor = functions.get(delete.functionId());
          if (actor != null) {
            actor.tell(new Function.Forget(delete.sha256()));
          }
          delete.replyTo().tell(new Reply.Done<>(version));
        },
        rejection -> delete.replyTo().tell(new Reply.Rejected<>(rejection)));
  }

  private static boolean staleEtag(String expected, long revision) {
    return !expected.isEmpty() && !expected.equals(Long.toString(revision));
  }

  private String functionName(String functionId) {
    return entry.name() + "/functions/" + functionId;
  }

  private Rejection notFound(String functionId) {
    return new Rejection.NotFound(functionName(functionId));
  }

  // ---------------------------------------------------------------- the end

  private Behavior<Command> onEnd() {
    CallAnswer gone = new CallAnswer.Unavailable("the tenant goes away or is restarted");
    queue.removeAll().forEach(waiting -> admission.answer(waiting.call(), gone));
    loading.values().forEach(calls -> calls.forEach(call -> admission.answer(call, gone)));
    loading.clear();
    entry.queued().set(0);
    deploys
        .values()
        .forEach(deploy ->
            deploy
                .command()
                .replyTo()
                .tell(
                    new Reply.Rejected<>(
                        new Rejection.Unavailable("the tenant goes away or is restarted"))));
    return this;
  }
}
