package dev.troupe.actors;

import dev.troupe.actors.admission.TenantQuotas;
import java.time.Duration;

/**
 * Settings of the actors.
 *
 * @param defaultQuotas quotas of a tenant that names none
 * @param callsPerInstance calls that one instance may serve; 1: every call begins with fresh memory
 * @param idleInstancesPerVersion idle instances kept for each version
 * @param idleTimeout how long an instance may be idle
 * @param deploymentsPerTenant deployments of a tenant at once
 * @param versionsPerFunction versions that a function may have; older ones are deleted by hand
 * @param askTimeout how long a command may take, deployment included
 */
public record PlatformSettings(
    TenantQuotas defaultQuotas,
    int callsPerInstance,
    int idleInstancesPerVersion,
    Duration idleTimeout,
    int deploymentsPerTenant,
    int versionsPerFunction,
    Duration askTimeout) {

  /** Fresh instances for every call, 64 deployments at once, two minutes for a command. */
  public static PlatformSettings defaults() {
    return new PlatformSettings(
        TenantQuotas.defaults(), 1, 16, Duration.ofSeconds(30), 64, 100, Duration.ofMinutes(2));
  }

  /** The same with reuse of instances. */
  public PlatformSettings withCallsPerInstance(int calls) {
    return new PlatformSettings(
        defaultQuotas,
        calls,
        idleInstancesPerVersion,
        idleTimeout,
        deploymentsPerTenant,
        versionsPerFunction,
        askTimeout);
  }

  /** The same with other quotas for tenants that name none. */
  public PlatformSettings withDefaultQuotas(TenantQuotas quotas) {
    return new PlatformSettings(
        quotas,
        callsPerInstance,
        idleInstancesPerVersion,
        idleTimeout,
        deploymentsPerTenant,
        versionsPerFunction,
        askTimeout);
  }

  /** Checks the ranges. */
  public PlatformSettings {
    if (callsPerInstance < 1
        || idleInstancesPerVersion < 0
        || deploymentsPerTenant < 1
        || versionsPerFunction < 1) {
      throw new IllegalArgumentException("a limit is too small: " + this);
    }
  }
}
