package dev.troupe.actors;

import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.port.ProgramSettings;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.actors.port.StoredTenant.StoredVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * A tenant: owns its functions, loads their versions, publishes what calls can reach, watches the
 * deadlines of calls that wait, and is the only writer of its durable record ({@link
 * TenantRecordKeeper}). The calls themselves pass it by, see {@link Admission}.
 */
final class Tenant extends AbstractBehavior<Tenant.Command> {

  /** The protocol. */
  sealed interface Command {}

  /** Calls wait for a version; they are answered when it is loaded, or cannot be. */
  record Load(VersionKey key) implements Command {}

  /** A call waits whose deadline is earlier than the one that is watched. */
  record WatchQueue() implements Command {}

  private record FunctionGone(String functionId, ActorRef<Function.Command> actor)
      implements Command {}

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

  /**
   * Deploys a module as the current version of a function.
   *
   * @param limits new limits of the function, or null to keep them
   * @param program new settings of the program, or null to keep them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Deploy(
      String functionId,
      String sha256,
      byte[] module,
      @Nullable Limits limits,
      @Nullable ProgramSettings program,
      boolean validateOnly,
      ActorRef<Reply<Deployment>> replyTo)
      implements Command {}

  /** Replaces the limits of a function, and the settings of its program unless they are null. */
  record UpdateFunction(
      String functionId,
      Limits limits,
      @Nullable ProgramSettings program,
      String expectedEtag,
      ActorRef<Reply<StoredFunction>> replyTo)
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

  private record ExpireQueued() implements Command {}

  /** A message of {@link TenantRecordKeeper} to itself. */
  record RecordSaved(long number, @Nullable Throwable failure) implements Command {}

  private record PendingDeploy(Deploy command) {}

  private static final String EXPIRY_TIMER = "expire-queued";

  /** Deadlines that lie closer together are looked at together. */
  private static final Duration EXPIRY_GRAIN = Duration.ofMillis(1);

  private final TenantEntry entry;
  private final Shared shared;
  private final TimerScheduler<Command> timers;
  private final Admission admission;
  private final TenantRecordKeeper keeper;
  private final Map<String, ActorRef<Function.Command>> functions = new HashMap<>();
  private final Map<VersionKey, InstancePool.Handle> pools = new LinkedHashMap<>();
  private final Set<VersionKey> loading = new HashSet<>();
  private final Map<Long, PendingDeploy> deploys = new HashMap<>();
  private long lastTicket;

  private Tenant(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      TenantEntry entry,
      Shared shared) {
    super(context);
    this.entry = entry;
    this.shared = shared;
    this.timers = timers;
    this.admission = entry.admission();
    this.keeper = new TenantRecordKeeper(context, entry, shared, this::publishRoutes);
  }

  static Behavior<Command> create(TenantEntry entry, Shared shared) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Tenant(context, timers, entry, shared)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onCommand)
        .onSignal(PreRestart.class, signal -> onRestart())
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Load load -> onLoad(load.key());
      case WatchQueue _ -> onExpireQueued();
      case FunctionGone gone -> onFunctionGone(gone);
      case Update update -> onUpdate(update);
      case Deploy deploy -> onDeploy(deploy);
      case UpdateFunction update -> onUpdateFunction(update);
      case DeleteFunction delete -> onDeleteFunction(delete);
      case DeleteVersion delete -> onDeleteVersion(delete);
      case VersionPrepared prepared -> onVersionPrepared(prepared);
      case ExpireQueued _ -> onExpireQueued();
      case RecordSaved saved -> keeper.onSaved(saved);
      case Stop _ -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  // ---------------------------------------------------------------- calls

  private void planExpiry(long atNanos) {
    Duration left = Duration.ofNanos(atNanos - System.nanoTime());
    timers.startSingleTimer(
        EXPIRY_TIMER, new ExpireQueued(), left.compareTo(EXPIRY_GRAIN) < 0 ? EXPIRY_GRAIN : left);
  }

  private void onExpireQueued() {
    long nextNanos = admission.expire(System.nanoTime());
    if (nextNanos != CallQueue.NEVER_NANOS) {
      planExpiry(nextNanos);
    }
  }

  // ---------------------------------------------------------------- versions

  private void publishRoutes() {
    admission.publish(Routes.of(entry.state(), pools));
  }

  private void onLoad(VersionKey key) {
    StoredFunction function = entry.state().functions().get(key.functionId());
    if (pools.containsKey(key) || function == null || function.version(key.sha256()) == null) {
      // Loaded or deleted meanwhile: its calls find out when they look again.
      admission.loaded(key);
    } else if (loading.add(key)) {
      function(key.functionId()).tell(new Function.Prepare(key.sha256(), null, ++lastTicket));
    }
    onExpireQueued();
  }

  private ActorRef<Function.Command> function(String functionId) {
    return functions.computeIfAbsent(functionId, this::spawnFunction);
  }

  private ActorRef<Function.Command> spawnFunction(String functionId) {
    ActorRef<Function.Command> actor =
        getContext()
            .spawnAnonymous(
                shared
                    .actors()
                    .counted(
                        Function.Command.class,
                        Function.create(
                            functionId,
                            shared,
                            entry.account(functionId),
                            entry.compilations(),
                            entry.schedulerQueue().newFunction(),
                            getContext().getSelf())));
    getContext().watchWith(actor, new FunctionGone(functionId, actor));
    return actor;
  }

  /** A function's actor has failed: the next call or deployment starts another one. */
  private void onFunctionGone(FunctionGone gone) {
    String id = gone.functionId();
    if (!functions.remove(id, gone.actor())) {
      // It was stopped on purpose.
      return;
    }
    pools.keySet().removeIf(key -> key.functionId().equals(id));
    publishRoutes();
    Rejection failed = new Rejection.Unavailable("the function has failed and is restarted");
    deploys
        .values()
        .removeIf(pending -> {
          boolean lost = pending.command().functionId().equals(id);
          if (lost) {
            pending.command().replyTo().tell(new Reply.Rejected<>(failed));
          }
          return lost;
        });
    entry.setDeployments(deploys.size());
    for (VersionKey key : List.copyOf(loading)) {
      if (key.functionId().equals(id) && loading.remove(key)) {
        admission.loadFailed(key, new CallAnswer.Unavailable(failed.message()));
      }
    }
  }

  private void onDeploy(Deploy deploy) {
    Rejection rejection = mayDeploy(deploy);
    if (rejection != null) {
      deploy.replyTo().tell(new Reply.Rejected<>(rejection));
      return;
    }
    long ticket = ++lastTicket;
    deploys.put(ticket, new PendingDeploy(deploy));
    entry.setDeployments(deploys.size());
    function(deploy.functionId())
        .tell(new Function.Prepare(deploy.sha256(), deploy.module(), ticket));
  }

  private @Nullable Rejection mayDeploy(Deploy deploy) {
    Refusal refusal =
        DeploymentLimits.refusal(
            entry.state(),
            entry.limits(),
            deploys.values().stream()
                .map(pending -> DeploymentLimits.Upload.of(pending.command()))
                .toList(),
            DeploymentLimits.Upload.of(deploy));
    return refusal == null ? null : new Rejection.OverQuota(refusal);
  }

  private void onVersionPrepared(VersionPrepared prepared) {
    VersionKey key = new VersionKey(prepared.functionId(), prepared.sha256());
    PendingDeploy pending = deploys.get(prepared.ticket());
    InstancePool.Handle pool = prepared.pool();
    Artifact artifact = prepared.artifact();
    if (pool == null || artifact == null) {
      endDeploy(prepared.ticket());
      failed(key, pending, prepared.failure());
    } else {
      pools.put(key, pool);
      boolean _ = loading.remove(key);
      publishRoutes();
      if (pending != null) {
        deployed(key, prepared.ticket(), pending.command(), artifact);
      }
      admission.loaded(key);
    }
    forgetIfUnknown(key);
  }

  /** A deployment counts until it is stored, or will not be. */
  private void endDeploy(long ticket) {
    PendingDeploy _ = deploys.remove(ticket);
    entry.setDeployments(deploys.size());
  }

  private void deployed(VersionKey key, long ticket, Deploy deploy, Artifact artifact) {
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
      endDeploy(ticket);
      deploy.replyTo().tell(new Reply.Done<>(deployment));
      return;
    }
    keeper.change(
        () ->
            entry
                .state()
                .withVersion(
                    key.functionId(), version, deploy.limits(), deploy.program(), keeper.now()),
        () -> shared.store().saveModule(entry.tenantId(), key.sha256(), deploy.module()),
        () -> {
          endDeploy(ticket);
          if (deploy.limits() != null) {
            limitsChanged();
          }
          deploy.replyTo().tell(new Reply.Done<>(deployment));
        },
        rejection -> {
          endDeploy(ticket);
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
    if (loading.remove(key)) {
      admission.loadFailed(key, new CallAnswer.Unavailable(rejection.message()));
    }
  }

  /** After a validation or a failure, a version that is not stored must not stay loaded. */
  private void forgetIfUnknown(VersionKey key) {
    StoredFunction function = entry.state().functions().get(key.functionId());
    boolean known = function != null && function.version(key.sha256()) != null;
    if (known || keeper.busy() || loading.contains(key)) {
      return;
    }
    InstancePool.Handle _ = pools.remove(key);
    publishRoutes();
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
      entry.closeAccount(key.functionId());
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
          limitsChanged();
          update.replyTo().tell(new Reply.Done<>(TenantView.of(entry)));
        },
        rejection -> update.replyTo().tell(new Reply.Rejected<>(rejection)));
  }

  private void limitsChanged() {
    admission.limitsChanged();
    onExpireQueued();
  }

  private void onUpdateFunction(UpdateFunction update) {
    StoredFunction function = entry.state().functions().get(update.functionId());
    if (function == null) {
      update.replyTo().tell(new Reply.Rejected<>(notFound(update.functionId())));
      return;
    }
    if (staleEtag(update.expectedEtag(), function.revision())) {
      update
          .replyTo()
          .tell(
              new Reply.Rejected<>(
                  new Rejection.Stale(
                      functionName(update.functionId()), Long.toString(function.revision()))));
      return;
    }
    keeper.change(
        () ->
            entry
                .state()
                .withSettings(update.functionId(), update.limits(), update.program(), keeper.now()),
        null,
        () -> {
          limitsChanged();
          StoredFunction changed = entry.state().functions().get(update.functionId());
          update
              .replyTo()
              .tell(
                  changed == null
                      ? new Reply.Rejected<>(notFound(update.functionId()))
                      : new Reply.Done<>(changed));
        },
        rejection -> update.replyTo().tell(new Reply.Rejected<>(rejection)));
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
          loading.removeIf(key -> key.functionId().equals(delete.functionId()));
          entry.closeAccount(delete.functionId());
          publishRoutes();
          ActorRef<Function.Command> actor = functions.remove(delete.functionId());
          if (actor != null) {
            getContext().stop(actor);
          }
          admission.answerOrphans();
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
          publishRoutes();
          admission.answerOrphans();
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

  private Behavior<Command> onRestart() {
    admission.restart(new CallAnswer.Unavailable("the tenant is restarted"));
    rejectDeploys();
    return this;
  }

  private Behavior<Command> onStop() {
    admission.close(new CallAnswer.Unavailable("the tenant goes away"));
    rejectDeploys();
    return this;
  }

  private void rejectDeploys() {
    entry.setDeployments(0);
    deploys
        .values()
        .forEach(deploy ->
            deploy
                .command()
                .replyTo()
                .tell(
                    new Reply.Rejected<>(
                        new Rejection.Unavailable("the tenant goes away or is restarted"))));
  }
}
