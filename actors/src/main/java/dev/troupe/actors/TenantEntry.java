package dev.troupe.actors;

import dev.troupe.actors.admission.CompileBudget;
import dev.troupe.actors.admission.DeployedBytes;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.FunctionAccount;
import dev.troupe.actors.admission.Level;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.TenantBudget;
import dev.troupe.actors.port.Claimant;
import dev.troupe.actors.port.ProgramSettings;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.TenantQueue;
import dev.troupe.scheduler.TenantShare;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What is shared of a tenant and outlives a restart of its actor: its published state and the
 * accounts of calls that run. Thread-safe.
 */
final class TenantEntry {
  /** The scheduler's own bound; the tenant's quotas are narrower. */
  private static final int MAX_SUBMITTED = 1_000_000;

  private final Claimant claimant;
  private final Limits platform;
  private final TenantBudget budget;
  private final TenantQueue schedulerQueue;
  private final TenantMetrics metrics = new TenantMetrics();
  private final DeployedBytes deployed = new DeployedBytes();
  private final TenantCompilations compilations;
  private final Map<String, FunctionAccount> accounts = new ConcurrentHashMap<>();
  private final Admission admission;
  private volatile StoredTenant state;
  private volatile EffectiveLimits limits;
  private volatile int deployments;
  private volatile @Nullable ActorRef<Tenant.Command> actor;

  /**
   * An entry of a tenant that is in force from now on.
   *
   * @param platform limits that bind all tenants
   */
  TenantEntry(StoredTenant state, Limits platform, Scheduler scheduler) {
    this.state = state;
    this.claimant = new Claimant(state.tenantId(), () -> share().weight());
    this.platform = platform;
    this.limits = limitsOf(state);
    this.budget = new TenantBudget(limits);
    this.compilations = new TenantCompilations(new CompileBudget(limits));
    this.schedulerQueue = scheduler.addTenant(state.tenantId(), share());
    this.schedulerQueue.setCpuBandwidth(
        limits.value(Quota.CPU_PER_SECOND), limits.value(Quota.CPU_BURST));
    this.deployed.set(state.deployedBytes());
    this.admission = new Admission(this);
  }

  private EffectiveLimits limitsOf(StoredTenant tenant) {
    return EffectiveLimits.of(platform, tenant.quotas().limits(), Limits.EMPTY, Limits.EMPTY);
  }

  private TenantShare share() {
    return new TenantShare(
        (int) Math.min(limits.value(Quota.WEIGHT), state.quotas().weight()), MAX_SUBMITTED);
  }

  /** On whose account the calls of the tenant take what all share. */
  Claimant claimant() {
    return claimant;
  }

  String tenantId() {
    return state.tenantId();
  }

  String name() {
    return "tenants/" + state.tenantId();
  }

  /** The durable state, as of the last change that was saved. */
  StoredTenant state() {
    return state;
  }

  /**
   * Publishes a state that was saved. Limits act on the next question; for what runs and waits
   * {@link Admission#limitsChanged} is to be called.
   */
  void publish(StoredTenant saved) {
    state = saved;
    deployed.set(saved.deployedBytes());
    EffectiveLimits before = limits;
    limits = limitsOf(saved);
    accounts.forEach(this::setUp);
    if (!limits.equals(before)) {
      budget.setLimits(limits);
      compilations.budget().setLimits(limits);
      schedulerQueue.setShare(share());
      schedulerQueue.setCpuBandwidth(
          limits.value(Quota.CPU_PER_SECOND), limits.value(Quota.CPU_BURST));
    }
  }

  /** The limits in force for the whole tenant: of platform and tenant. */
  EffectiveLimits limits() {
    return limits;
  }

  private EffectiveLimits limitsOf(String functionId) {
    StoredFunction function = state.functions().get(functionId);
    return function == null ? limits : limits.and(Level.FUNCTION, function.limits());
  }

  private void setUp(String functionId, FunctionAccount account) {
    account.setLimits(limitsOf(functionId));
    StoredFunction function = state.functions().get(functionId);
    account.setProgram(function == null ? ProgramSettings.DEFAULT : function.program());
  }

  /** The account of a function that exists or comes into being. */
  FunctionAccount account(String functionId) {
    return accounts.computeIfAbsent(
        functionId,
        id -> {
          FunctionAccount account = new FunctionAccount(limitsOf(id));
          setUp(id, account);
          return account;
        });
  }

  /** The function is gone, or never came into being. */
  void closeAccount(String functionId) {
    FunctionAccount account = accounts.remove(functionId);
    if (account != null) {
      account.close();
    }
  }

  /** Who pays for its compilations. */
  TenantCompilations compilations() {
    return compilations;
  }

  /** Deployments on their way. */
  int deployments() {
    return deployments;
  }

  void setDeployments(int count) {
    deployments = count;
  }

  /** Bytes of deployed modules over time: bytes times seconds. */
  long deployedByteSeconds() {
    return deployed.byteSeconds();
  }

  TenantBudget budget() {
    return budget;
  }

  TenantQueue schedulerQueue() {
    return schedulerQueue;
  }

  TenantMetrics metrics() {
    return metrics;
  }

  /** Where its calls go. */
  Admission admission() {
    return admission;
  }

  /** Calls handed to the scheduler that have not ended. */
  int running() {
    return admission.running();
  }

  /** Calls that wait. */
  int queued() {
    return admission.waiting();
  }

  void bind(ActorRef<Tenant.Command> ref) {
    actor = ref;
  }

  ActorRef<Tenant.Command> actor() {
    ActorRef<Tenant.Command> ref = actor;
    if (ref == null) {
      throw new IllegalStateException("tenant " + tenantId() + " has no actor yet");
    }
    return ref;
  }
}
