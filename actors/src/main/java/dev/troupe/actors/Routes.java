package dev.troupe.actors;

import dev.troupe.actors.port.StoredTenant;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.actors.port.StoredTenant.StoredVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a tenant can reach: every stored version, and where it runs once it is loaded.
 * Immutable; the tenant's actor publishes a new one for each change.
 */
final class Routes {

  /**
   * A stored version.
   *
   * @param pool where it runs, or null as long as it is not loaded
   */
  record Target(VersionKey key, InstancePool.@Nullable Handle pool) {}

  /** A function: what runs by default, and every version by its digest. */
  private record Route(Target current, Map<String, Target> versions) {}

  private final Map<String, Route> functions;
  private final List<InstancePool.Handle> pools;

  private Routes(Map<String, Route> functions, List<InstancePool.Handle> pools) {
    this.functions = functions;
    this.pools = pools;
  }

  static Routes of(StoredTenant tenant, Map<VersionKey, InstancePool.Handle> loaded) {
    Map<String, Route> functions = new HashMap<>();
    for (StoredFunction function : tenant.functions().values()) {
      Map<String, Target> versions = new HashMap<>();
      for (StoredVersion version : function.versions()) {
        VersionKey key = new VersionKey(function.functionId(), version.sha256());
        versions.put(version.sha256(), new Target(key, loaded.get(key)));
      }
      Target current = versions.get(function.current().sha256());
      if (current == null) {
        throw new IllegalStateException("a function without its current version");
      }
      functions.put(function.functionId(), new Route(current, versions));
    }
    return new Routes(functions, List.copyOf(loaded.values()));
  }

  /**
   * What a call runs, or null when there is no such version.
   *
   * @param sha256 exact version, or null for the current one
   */
  @Nullable Target find(String functionId, @Nullable String sha256) {
    Route route = functions.get(functionId);
    if (route == null) {
      return null;
    }
    return sha256 == null ? route.current : route.versions.get(sha256);
  }

  /** All that is loaded, deployments on their way included. */
  List<InstancePool.Handle> pools() {
    return pools;
  }
}
