package dev.troupe.actors;

import dev.troupe.actors.admission.FunctionAccount;
import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.artifact.ArtifactClaims;
import dev.troupe.actors.artifact.CompileAccount;
import dev.troupe.scheduler.FunctionQueue;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** Makes the versions of one function ready to run and owns an {@link InstancePool} for each. */
final class Function extends AbstractBehavior<Function.Command> {

  /** The protocol. */
  sealed interface Command {}

  /**
   * Makes a version ready. The answer is {@link Tenant.VersionPrepared}.
   *
   * @param module the module, or null to take it from the store
   * @param ticket comes back with the answer
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Prepare(String sha256, byte @Nullable [] module, long ticket) implements Command {}

  /** Forgets a version: its idle instances are closed, running calls go on. */
  record Forget(String sha256) implements Command {}

  private record Obtained(String sha256, long ticket, long claim, @Nullable Throwable failure)
      implements Command {}

  private record Pool(
      InstancePool.Handle handle, ActorRef<InstancePool.Command> actor, Artifact artifact) {}

  private static final long NO_CLAIM = 0;

  private final String functionId;
  private final Shared shared;
  private final FunctionAccount account;
  private final CompileAccount payer;
  private final FunctionQueue queue;
  private final ActorRef<Tenant.Command> tenant;
  private final Map<String, Pool> pools = new HashMap<>();
  private final ArtifactClaims claims;

  private Function(
      ActorContext<Command> context,
      String functionId,
      Shared shared,
      FunctionAccount account,
      CompileAccount payer,
      FunctionQueue queue,
      ActorRef<Tenant.Command> tenant) {
    super(context);
    this.functionId = functionId;
    this.shared = shared;
    this.account = account;
    this.payer = payer;
    this.queue = queue;
    this.tenant = tenant;
    this.claims = new ArtifactClaims(shared.artifacts());
  }

  static Behavior<Command> create(
      String functionId,
      Shared shared,
      FunctionAccount account,
      CompileAccount payer,
      FunctionQueue queue,
      ActorRef<Tenant.Command> tenant) {
    return Behaviors.setup(
        context -> new Function(context, functionId, shared, account, payer, queue, tenant));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onCommand)
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Prepare prepare -> onPrepare(prepare);
      case Forget forget -> onForget(forget);
      case Obtained obtained -> onObtained(obtained);
    }
    return this;
  }

  private void onPrepare(Prepare prepare) {
    byte[] module = prepare.module();
    CompletionStage<Artifact> artifact =
        module != null
            ? shared.artifacts().get(module, payer)
            : shared.store().loadModule(prepare.sha256()).thenCompose(this::fromStore);
    getContext()
        .pipeToSelf(
            artifact,
            (obtained, failure) ->
                new Obtained(
                    prepare.sha256(),
                    prepare.ticket(),
                    obtained == null ? NO_CLAIM : claims.arrived(obtained),
                    failure));
  }

  private CompletionStage<Artifact> fromStore(byte @Nullable [] module) {
    return module == null
        ? CompletableFuture.failedStage(
            new IllegalStateException("the store has lost a module of function " + functionId))
        : shared.artifacts().get(module, payer);
  }

  private void onObtained(Obtained obtained) {
    Artifact artifact = claims.take(obtained.claim());
    if (artifact == null) {
      Throwable failure = obtained.failure();
      tenant.tell(
          new Tenant.VersionPrepared(
              functionId,
              obtained.sha256(),
              obtained.ticket(),
              null,
              null,
              failure != null ? failure : new IllegalStateException("neither artifact nor cause")));
      return;
    }
    Pool known = pools.get(obtained.sha256());
    Pool pool = known == null ? open(obtained.sha256(), artifact) : known;
    if (known == null) {
      pools.put(obtained.sha256(), pool);
    } else {
      shared.artifacts().release(artifact);
    }
    tenant.tell(
        new Tenant.VersionPrepared(
            functionId, obtained.sha256(), obtained.ticket(), pool.handle(), artifact, null));
  }

  private Pool open(String sha256, Artifact artifact) {
    InstancePool.Handle handle =
        InstancePool.Handle.of(artifact.module(), sha256, account, queue, shared.settings());
    ActorRef<InstancePool.Command> actor =
        getContext()
            .spawnAnonymous(
                shared
                    .actors()
                    .counted(
                        InstancePool.Command.class,
                        InstancePool.create(handle, shared.settings())));
    return new Pool(handle, actor, artifact);
  }

  private void onForget(Forget forget) {
    Pool pool = pools.remove(forget.sha256());
    if (pool != null) {
      getContext().stop(pool.actor());
      shared.artifacts().release(pool.artifact());
    }
  }

  /** The pools' actors stop with this one and close their idle instances. */
  private Behavior<Command> onStop() {
    claims.close();
    pools.values().forEach(pool -> shared.artifacts().release(pool.artifact()));
    pools.clear();
    return this;
  }
}
