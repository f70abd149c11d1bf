package dev.troupe.actors;

import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a tenant may deploy one module more: size, number, bytes of all modules. Deployments on
 * their way count as if they were done, so that many at once do not exceed a limit together.
 */
final class DeploymentLimits {
  private static final Duration LATER = Duration.ofSeconds(1);

  /**
   * A module that somebody wants to deploy.
   *
   * @param stays whether it will be stored; a validation will not
   */
  record Upload(String functionId, String sha256, long bytes, boolean stays) {
    static Upload of(Tenant.Deploy deploy) {
      return new Upload(
          deploy.functionId(), deploy.sha256(), deploy.module().length, !deploy.validateOnly());
    }

    boolean isIn(StoredTenant tenant) {
      StoredFunction function = tenant.functions().get(functionId);
      return function != null && function.version(sha256) != null;
    }
  }

  private DeploymentLimits() {}

  /** What the tenant has, and will have when {@code underway} is done. */
  private static final class Plan {
    private final Set<String> functions = new HashSet<>();
    private final Set<String> versions = new HashSet<>();
    private long bytes;

    Plan(StoredTenant tenant, String functionId) {
      functions.addAll(tenant.functions().keySet());
      bytes = tenant.deployedBytes();
      StoredFunction function = tenant.functions().get(functionId);
      if (function != null) {
        function.versions().forEach(version -> versions.add(version.sha256()));
      }
    }
  }

  /** The limit in the way of {@code upload}, or null. */
  static @Nullable Refusal refusal(
      StoredTenant tenant, EffectiveLimits limits, Collection<Upload> underway, Upload upload) {
    if (upload.bytes() > limits.value(Quota.MODULE_BYTES)) {
      return Refusal.of(limits.limit(Quota.MODULE_BYTES), upload.bytes(), null);
    }
    if (underway.size() >= limits.value(Quota.DEPLOYMENTS)) {
      return Refusal.of(limits.limit(Quota.DEPLOYMENTS), underway.size(), LATER);
    }
    if (upload.isIn(tenant)) {
      return null;
    }
    Plan plan = new Plan(tenant, upload.functionId());
    Set<Upload> counted = new HashSet<>();
    for (Upload other : underway) {
      if (other.stays() && !other.isIn(tenant) && counted.add(other)) {
        plan.bytes += other.bytes();
        plan.functions.add(other.functionId());
        if (other.functionId().equals(upload.functionId())) {
          plan.versions.add(other.sha256());
        }
      }
    }
    if (counted.contains(upload)) {
      return null;
    }
    if (!plan.functions.contains(upload.functionId())
        && plan.functions.size() >= limits.value(Quota.FUNCTIONS)) {
      return Refusal.of(limits.limit(Quota.FUNCTIONS), plan.functions.size(), null);
    }
    if (plan.versions.size() >= limits.value(Quota.VERSIONS)) {
      return Refusal.of(limits.limit(Quota.VERSIONS), plan.versions.size(), null);
    }
    return plan.bytes + upload.bytes() > limits.value(Quota.DEPLOYED_BYTES)
        ? Refusal.of(limits.limit(Quota.DEPLOYED_BYTES), plan.bytes + upload.bytes(), null)
        : null;
  }
}
