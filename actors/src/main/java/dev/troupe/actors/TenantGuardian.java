package dev.troupe.actors;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.port.StoredTenant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** Creates, restores and removes tenants, and supervises their actors. */
final class TenantGuardian extends AbstractBehavior<TenantGuardian.Command> {

  /** The protocol. */
  sealed interface Command {}

  /** Creates a tenant. */
  record CreateTenant(
      String tenantId, String displayName, TenantQuotas quotas, ActorRef<Reply<TenantView>> replyTo)
      implements Command {}

  /** Removes a tenant: its calls are cancelled, its record is forgotten. */
  record DeleteTenant(
      String tenantId, String expectedEtag, boolean force, ActorRef<Reply<StoredTenant>> replyTo)
      implements Command {}

  /** Tells when the tenants of the store are back. */
  record AwaitRestored(ActorRef<Reply<Integer>> replyTo) implements Command {}

  private record Loaded(@Nullable List<StoredTenant> tenants, @Nullable Throwable failure)
      implements Command {}

  private record Created(
      StoredTenant tenant, ActorRef<Reply<TenantView>> replyTo, @Nullable Throwable failure)
      implements Command {}

  private record Deleted(
      TenantEntry entry, ActorRef<Reply<StoredTenant>> replyTo, @Nullable Throwable failure)
      implements Command {}

  private static final int MAX_RESTARTS = 10;
  private static final Duration RESTART_WINDOW = Duration.ofMinutes(1);

  private final Shared shared;
  private final Set<String> beingChanged = new TreeSet<>();
  private final List<Command> beforeRestored = new ArrayList<>();
  private boolean restored;

  private TenantGuardian(ActorContext<Command> context, Shared shared) {
    super(context);
    this.shared = shared;
    context.pipeToSelf(shared.store().loadAll(), Loaded::new);
  }

  static Behavior<Command> create(Shared shared) {
    return Behaviors.setup(context -> new TenantGuardian(context, shared));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onCommand)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<Command> onCommand(Command command) {
    if (!restored && !(command instanceof Loaded)) {
      beforeRestored.add(command);
      return this;
    }
    switch (command) {
      case CreateTenant create -> onCreate(create);
      case DeleteTenant delete -> onDelete(delete);
      case AwaitRestored await ->
          await.replyTo().tell(new Reply.Done<>(shared.directory().all().size()));
      case Loaded loaded -> onLoaded(loaded);
      case Created created -> onCreated(created);
      case Deleted deleted -> onDeleted(deleted);
    }
    return this;
  }

  private void onLoaded(Loaded loaded) {
    List<StoredTenant> tenants = loaded.tenants();
    if (tenants == null) {
      throw new IllegalStateException("the tenants cannot be restored", loaded.failure());
    }
    tenants.forEach(this::start);
    restored = true;
    List<Command> waiting = List.copyOf(beforeRestored);
    beforeRestored.clear();
    waiting.forEach(this::onCommand);
  }

  private TenantEntry start(StoredTenant tenant) {
    TenantEntry entry = new TenantEntry(tenant, shared.settings().limits(), shared.scheduler());
    Behavior<Tenant.Command> behavior =
        Behaviors.supervise(Tenant.create(entry, shared))
            .onFailure(
                RuntimeException.class,
                SupervisorStrategy.restart().withLimit(MAX_RESTARTS, RESTART_WINDOW));
    ActorRef<Tenant.Command> actor =
        getContext().spawnAnonymous(shared.actors().counted(Tenant.Command.class, behavior));
    entry.bind(actor);
    getContext().watch(actor);
    shared.directory().add(entry);
    return entry;
  }

  private void onCreate(CreateTenant create) {
    String id = create.tenantId();
    if (shared.directory().find(id) != null || beingChanged.contains(id)) {
      create.replyTo().tell(new Reply.Rejected<>(new Rejection.AlreadyExists("tenants/" + id)));
      return;
    }
    beingChanged.add(id);
    Instant now = Instant.now();
    StoredTenant tenant =
        new StoredTenant(id, create.displayName(), create.quotas(), now, now, 1, new TreeMap<>());
    getContext()
        .pipeToSelf(
            shared.store().save(tenant),
            (ignored, failure) -> new Created(tenant, create.replyTo(), failure));
  }

  private void onCreated(Created created) {
    beingChanged.remove(created.tenant().tenantId());
    Throwable failure = created.failure();
    if (failure == null) {
      TenantEntry entry = start(created.tenant());
      created.replyTo().tell(new Reply.Done<>(TenantView.of(entry)));
    } else {
      created.replyTo().tell(new Reply.Rejected<>(TenantRecordKeeper.rejectionOf(failure)));
    }
  }

  private void onDelete(DeleteTenant delete) {
    TenantEntry entry = shared.directory().find(delete.tenantId());
    Rejection rejection = mayDelete(delete, entry);
    if (entry == null || rejection != null) {
      delete
          .replyTo()
          .tell(
              new Reply.Rejected<>(
                  rejection != null
                      ? rejection
                      : new Rejection.NotFound("tenants/" + delete.tenantId())));
      return;
    }
    beingChanged.add(delete.tenantId());
    getContext()
        .pipeToSelf(
            shared.store().delete(delete.tenantId()),
            (ignored, failure) -> new Deleted(entry, delete.replyTo(), failure));
  }

  private @Nullable Rejection mayDelete(DeleteTenant delete, @Nullable TenantEntry entry) {
    if (entry == null || beingChanged.contains(delete.tenantId())) {
      return new Rejection.NotFound("tenants/" + delete.tenantId());
    }
    String etag = Long.toString(entry.state().revision());
    if (!delete.expectedEtag().isEmpty() && !delete.expectedEtag().equals(etag)) {
      return new Rejection.Stale(entry.name(), etag);
    }
    if (!delete.force() && !entry.state().functions().isEmpty()) {
      return new Rejection.Precondition(entry.name() + " has functions and force is not set");
    }
    return null;
  }

  private void onDeleted(Deleted deleted) {
    TenantEntry entry = deleted.entry();
    beingChanged.remove(entry.tenantId());
    Throwable failure = deleted.failure();
    if (failure != null) {
      deleted.replyTo().tell(new Reply.Rejected<>(TenantRecordKeeper.rejectionOf(failure)));
      return;
    }
    shared.directory().remove(entry);
    entry.admission().close(new CallAnswer.NotFound(entry.name()));
    entry.actor().tell(new Tenant.Stop());
    entry.schedulerQueue().remove();
    deleted.replyTo().tell(new Reply.Done<>(entry.state()));
  }

  /** A tenant that fails again and again is given up until the server is restarted. */
  private Behavior<Command> onTerminated(Terminated terminated) {
    for (TenantEntry entry : shared.directory().all()) {
      if (entry.actor().path().equals(terminated.getRef().path())) {
        getContext().getLog().error("tenant {} is given up", entry.tenantId());
        shared.directory().remove(entry);
        entry.admission().close(new CallAnswer.Unavailable("the tenant is given up"));
        entry.schedulerQueue().remove();
      }
    }
    return this;
  }
}
