package dev.troupe.actors;

import dev.troupe.actors.admission.TenantBudget;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.scheduler.TenantQueue;
import dev.troupe.scheduler.TenantShare;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What is shared of a tenant and outlives a restart of its actor: its published state and the
 * accounts of calls that run. Thread-safe.
 */
final class TenantEntry {
  /** The scheduler's own bound; the tenant's quotas are narrower. */
  private static final int MAX_SUBMITTED = 1_000_000;

  private final TenantBudget budget;
  private final TenantQueue schedulerQueue;
  private final TenantMetrics metrics = new TenantMetrics();
  private final Admission admission;
  private volatile StoredTenant state;
  private volatile @Nullable ActorRef<Tenant.Command> actor;

  TenantEntry(StoredTenant state, TenantQueue schedulerQueue) {
    this.state = state;
    this.budget = new TenantBudget(state.quotas());
    this.schedulerQueue = schedulerQueue;
    this.admission = new Admission(this);
  }

  static TenantShare share(TenantQuotas quotas) {
    return new TenantShare(quotas.weight(), MAX_SUBMITTED);
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

  /** Publishes a state that was saved; quotas act at once. */
  void publish(StoredTenant saved) {
    state = saved;
    budget.setQuotas(saved.quotas());
    schedulerQueue.setShare(share(saved.quotas()));
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
