package dev.troupe.actors;

import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.TenantQuotas;
import java.time.Duration;

/**
 * Settings of the actors.
 *
 * @param limits what no tenant, function or call may exceed
 * @param defaultQuotas quotas of a tenant that names none
 * @param callsPerInstance calls that one instance may serve; 1: every call begins with fresh memory
 * @param idleInstancesPerVersion idle instances kept for each version
 * @param idleTimeout how long an instance may be idle
 * @param askTimeout how long a command may take, deployment included
 */
public record PlatformSettings(
    Limits limits,
    TenantQuotas defaultQuotas,
    int callsPerInstance,
    int idleInstancesPerVersion,
    Duration idleTimeout,
    Duration askTimeout) {

  /** Fresh instances for every call, no limits of the platform, two minutes for a command. */
  public static PlatformSettings defaults() {
    return new PlatformSettings(
        Limits.EMPTY,
        TenantQuotas.defaults(),
        1,
        16,
        Duration.ofSeconds(30),
        Duration.ofMinutes(2));
  }

  /** The same with other bounds of what stays idle. */
  public PlatformSettings withIdle(int instancesPerVersion, Duration timeout) {
    return new PlatformSettings(
        limits, defaultQuotas, callsPerInstance, instancesPerVersion, timeout, askTimeout);
  }

  /** The same with reuse of instances. */
  public PlatformSettings withCallsPerInstance(int calls) {
    return new PlatformSettings(
        limits, defaultQuotas, calls, idleInstancesPerVersion, idleTimeout, askTimeout);
  }

  /** The same with other quotas for tenants that name none. */
  public PlatformSettings withDefaultQuotas(TenantQuotas quotas) {
    return new PlatformSettings(
        limits, quotas, callsPerInstance, idleInstancesPerVersion, idleTimeout, askTimeout);
  }

  /** The same with other limits that bind all tenants. */
  public PlatformSettings withLimits(Limits newLimits) {
    return new PlatformSettings(
        newLimits,
        defaultQuotas,
        callsPerInstance,
        idleInstancesPerVersion,
        idleTimeout,
        askTimeout);
  }

  /** Checks the ranges. */
  public PlatformSettings {
    if (callsPerInstance < 1 || idleInstancesPerVersion < 0) {
      throw new IllegalArgumentException("a limit is too small: " + this);
    }
  }
}
