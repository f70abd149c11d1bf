package dev.troupe.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.artifact.ArtifactCacheSnapshot;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.port.ProgramSettings;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.actors.port.StoredTenant.StoredVersion;
import dev.troupe.actors.port.TenantStore;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.SchedulerSnapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/**
 * The actors, as the gateway sees them: plain Java, thread-safe, never blocking except where said.
 *
 * <p>Commands answer with a {@link Reply}; the stage fails only when the answer takes longer than
 * {@link PlatformSettings#askTimeout()}. Reads are answered at once from the state that was
 * published last.
 */
public final class Platform implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private final Shared shared;
  private final ActorSystem<TenantGuardian.Command> system;

  private Platform(Shared shared, ActorSystem<TenantGuardian.Command> system) {
    this.shared = shared;
    this.system = system;
  }

  /** Starts the actors; tenants in the store come back, see {@link #awaitRestored()}. */
  public static Platform start(
      PlatformSettings settings, Scheduler scheduler, ArtifactCache artifacts, TenantStore store) {
    Shared shared =
        new Shared(settings, new TenantDirectory(), scheduler, artifacts, new LiveActors(), store);
    return new Platform(
        shared, ActorSystem.create(TenantGuardian.create(shared), "troupe", config()));
  }

  /** The JVM belongs to whoever embeds us; the log goes through SLF4J. */
  private static Config config() {
    return ConfigFactory.parseString(
            """
            pekko {
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              jvm-shutdown-hooks = off
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
              coordinated-shutdown.exit-jvm = off
              coordinated-shutdown.terminate-actor-system = on
            }
            """)
        .withFallback(ConfigFactory.load());
  }

  /** Whether {@code id} may be the last part of the name of a tenant or a function. */
  public static boolean isValidId(String id) {
    return ID.matcher(id).matches();
  }

  /** Quotas of a tenant that names none. */
  public TenantQuotas defaultQuotas() {
    return shared.settings().defaultQuotas();
  }

  /** Completes with the number of tenants when those of the store are back. */
  public CompletionStage<Integer> awaitRestored() {
    return this.<Integer>ask(TenantGuardian.AwaitRestored::new)
        .thenApply(reply ->
            switch (reply) {
              case Reply.Done<Integer> done -> done.value();
              case Reply.Rejected<Integer> rejected ->
                  throw new IllegalStateException(rejected.reason().message());
            });
  }

  // ---------------------------------------------------------------- tenants

  /** Creates a tenant. */
  public CompletionStage<Reply<TenantView>> createTenant(
      String tenantId, String displayName, TenantQuotas quotas) {
    if (!isValidId(tenantId)) {
      return rejected(badId("tenant_id", tenantId));
    }
    return ask(replyTo -> new TenantGuardian.CreateTenant(tenantId, displayName, quotas, replyTo));
  }

  /** The tenant and what it uses now. */
  public Reply<TenantView> getTenant(String tenantId) {
    TenantEntry entry = shared.directory().find(tenantId);
    return entry == null
        ? new Reply.Rejected<>(noTenant(tenantId))
        : new Reply.Done<>(TenantView.of(entry));
  }

  /** The limits in force for the tenant: of platform and tenant. */
  public Reply<EffectiveLimits> tenantLimits(String tenantId) {
    TenantEntry entry = shared.directory().find(tenantId);
    return entry == null
        ? new Reply.Rejected<>(noTenant(tenantId))
        : new Reply.Done<>(entry.limits());
  }

  /** All tenants, in the order of their ids. */
  public List<TenantView> listTenants() {
    return shared.directory().all().stream().map(TenantView::of).toList();
  }

  /**
   * Changes name and quotas at once, for running calls too.
   *
   * @param expectedEtag must be current when not empty; the etag is the revision
   */
  public CompletionStage<Reply<TenantView>> updateTenant(
      String tenantId, String displayName, TenantQuotas quotas, String expectedEtag) {
    return askTenant(
        tenantId, replyTo -> new Tenant.Update(displayName, quotas, expectedEtag, replyTo));
  }

  /** Removes a tenant, with its functions when {@code force} is set. */
  public CompletionStage<Reply<StoredTenant>> deleteTenant(
      String tenantId, String expectedEtag, boolean force) {
    return ask(replyTo -> new TenantGuardian.DeleteTenant(tenantId, expectedEtag, force, replyTo));
  }

  // ---------------------------------------------------------------- functions

  /**
   * Deploys {@code module} as the current version of a function. Takes as long as compiling takes.
   *
   * @param sha256 64 hexadecimal digits, already checked against the bytes
   * @param module not copied; the caller must not change it
   * @param limits new limits of the function, or null to keep them
   */
  public CompletionStage<Reply<Deployment>> deploy(
      String tenantId,
      String functionId,
      String sha256,
      byte[] module,
      @Nullable Limits limits,
      boolean validateOnly) {
    return deploy(tenantId, functionId, sha256, module, limits, null, validateOnly);
  }

  /**
   * The same with settings.
   *
   * @param program new settings of the program, or null to keep them
   */
  public CompletionStage<Reply<Deployment>> deploy(
      String tenantId,
      String functionId,
      String sha256,
      byte[] module,
      @Nullable Limits limits,
      @Nullable ProgramSettings program,
      boolean validateOnly) {
    if (!isValidId(functionId)) {
      return rejected(badId("function_id", functionId));
    }
    return askTenant(
        tenantId,
        replyTo ->
            new Tenant.Deploy(functionId, sha256, module, limits, program, validateOnly, replyTo));
  }

  /**
   * Replaces the limits of a function at once, for running calls too.
   *
   * @param expectedEtag must be current when not empty; the etag is the function's revision
   */
  public CompletionStage<Reply<StoredFunction>> updateFunction(
      String tenantId, String functionId, Limits limits, String expectedEtag) {
    return updateFunction(tenantId, functionId, limits, null, expectedEtag);
  }

  /**
   * The same with settings.
   *
   * @param program new settings of the program for calls that begin from now on, or null to keep
   *     them
   */
  public CompletionStage<Reply<StoredFunction>> updateFunction(
      String tenantId,
      String functionId,
      Limits limits,
      @Nullable ProgramSettings program,
      String expectedEtag) {
    return askTenant(
        tenantId,
        replyTo -> new Tenant.UpdateFunction(functionId, limits, program, expectedEtag, replyTo));
  }

  /** Removes a function with all its versions. */
  public CompletionStage<Reply<StoredFunction>> deleteFunction(
      String tenantId, String functionId, String expectedEtag) {
    return askTenant(
        tenantId, replyTo -> new Tenant.DeleteFunction(functionId, expectedEtag, replyTo));
  }

  /** Removes a version that is not current. */
  public CompletionStage<Reply<StoredVersion>> deleteVersion(
      String tenantId, String functionId, String sha256) {
    return askTenant(tenantId, replyTo -> new Tenant.DeleteVersion(functionId, sha256, replyTo));
  }

  // ---------------------------------------------------------------- calls

  /**
   * Sends a call on its way, on the calling thread as far as it goes: no actor is asked unless the
   * version has to be loaded. It is answered through {@link Call#answer()}, always.
   */
  public void invoke(String tenantId, Call call) {
    TenantEntry entry = shared.directory().find(tenantId);
    if (entry == null) {
      boolean _ = call.complete(new CallAnswer.NotFound("tenants/" + tenantId));
      return;
    }
    if (shared.directory().draining()) {
      boolean _ = call.complete(new CallAnswer.Unavailable("the server drains"));
      return;
    }
    entry.admission().arrive(call);
  }

  /** Why the caller of a stream may not have sent so many bytes by now, or null when it may. */
  public @Nullable Refusal refusalOfInput(String tenantId, Call call, long bytes) {
    TenantEntry entry = shared.directory().find(tenantId);
    if (entry == null) {
      return null;
    }
    EffectiveLimits limits = entry.admission().limitsOf(call);
    return bytes <= limits.value(Quota.REQUEST_BYTES)
        ? null
        : Refusal.of(limits.limit(Quota.REQUEST_BYTES), bytes, null);
  }

  /** Stops a call, wherever it is; its answer is the refusal. */
  public void refuse(String tenantId, Call call, Refusal refusal) {
    call.refuse(refusal);
    cancel(tenantId, call);
  }

  /** Stops a call, wherever it is. */
  public void cancel(String tenantId, Call call) {
    call.cancel();
    TenantEntry entry = shared.directory().find(tenantId);
    if (entry != null && !call.isAnswered()) {
      entry.admission().cancel(call);
    }
  }

  // ---------------------------------------------------------------- statistics and end

  /** What a tenant does and has done. */
  public Reply<TenantStatistics> tenantStatistics(String tenantId) {
    TenantEntry entry = shared.directory().find(tenantId);
    return entry == null
        ? new Reply.Rejected<>(noTenant(tenantId))
        : new Reply.Done<>(TenantStatistics.of(entry));
  }

  /** The same of all tenants, in the order of their ids. */
  public List<TenantStatistics> allTenantStatistics() {
    return shared.directory().all().stream().map(TenantStatistics::of).toList();
  }

  /** Actors that live: one for each tenant, for each function in use, for each version loaded. */
  public int liveActors() {
    return shared.actors().count();
  }

  /** Instances that wait for their next call. */
  public long idleInstances() {
    return shared.directory().all().stream()
        .mapToLong(entry -> entry.admission().idleInstances())
        .sum();
  }

  /**
   * Closes idle instances, of each tenant the same part and those that have been idle longest.
   * Running calls are not touched.
   *
   * @param part 0 to 1; of few instances one is closed at least
   * @return how many were closed
   */
  public long evictIdleInstances(double part) {
    long evicted = 0;
    for (TenantEntry entry : shared.directory().all()) {
      evicted += entry.admission().evictIdle(part);
    }
    return evicted;
  }

  /** State and counters of the scheduler. */
  public SchedulerSnapshot schedulerStatistics() {
    return shared.scheduler().snapshot();
  }

  /** Counters of the compilation cache. */
  public ArtifactCacheSnapshot cacheStatistics() {
    return shared.artifacts().snapshot();
  }

  /**
   * From now on calls are unavailable; those that were accepted go on. Commands are not refused: an
   * upload that began before may still be deployed, and whoever drains waits for it.
   */
  public void startDraining() {
    shared.directory().startDraining();
  }

  /** Whether no call runs or waits. */
  public boolean isQuiet() {
    return shared.directory().all().stream()
        .allMatch(entry -> entry.running() == 0 && entry.queued() == 0);
  }

  /** Stops the actors; waits 10 s at most. The scheduler is not closed: it was not ours. */
  @Override
  public void close() {
    startDraining();
    system.terminate();
    try {
      var _ =
          system
              .getWhenTerminated()
              .toCompletableFuture()
              .completeOnTimeout(Done.getInstance(), 10, TimeUnit.SECONDS)
              .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the actors did not stop", e.getCause());
    }
  }

  private <T> CompletionStage<Reply<T>> ask(
      java.util.function.Function<ActorRef<Reply<T>>, TenantGuardian.Command> message) {
    return AskPattern.ask(
        system, message::apply, shared.settings().askTimeout(), system.scheduler());
  }

  private <T> CompletionStage<Reply<T>> askTenant(
      String tenantId, java.util.function.Function<ActorRef<Reply<T>>, Tenant.Command> message) {
    @Nullable TenantEntry entry = shared.directory().find(tenantId);
    if (entry == null) {
      return rejected(noTenant(tenantId));
    }
    return AskPattern.ask(
        entry.actor(), message::apply, shared.settings().askTimeout(), system.scheduler());
  }

  private static <T> CompletionStage<Reply<T>> rejected(Rejection rejection) {
    return CompletableFuture.completedFuture(new Reply.Rejected<>(rejection));
  }

  private static Rejection noTenant(String tenantId) {
    return new Rejection.NotFound("tenants/" + tenantId);
  }

  private static Rejection badId(String field, String id) {
    return new Rejection.Invalid(
        field, "'" + id + "' is not 1 to 63 of a-z, 0-9 and '-', beginning with a letter");
  }
}
