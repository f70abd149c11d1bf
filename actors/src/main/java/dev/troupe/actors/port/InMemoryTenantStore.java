package dev.troupe.actors.port;

import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.actors.port.StoredTenant.StoredVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Forgets everything when the process ends, and a module when no tenant has it any more. Open, so
 * that tests can make it fail.
 */
public class InMemoryTenantStore implements TenantStore {
  private final TreeMap<String, StoredTenant> tenants = new TreeMap<>();
  private final Map<String, byte[]> modules = new HashMap<>();

  /** For each module the tenants that it is kept for, and the other way round. */
  private final Map<String, Set<String>> tenantsOf = new HashMap<>();

  private final Map<String, Set<String>> modulesOf = new HashMap<>();

  @Override
  public synchronized CompletionStage<List<StoredTenant>> loadAll() {
    return CompletableFuture.completedFuture(List.copyOf(tenants.values()));
  }

  @Override
  public synchronized CompletionStage<@Nullable StoredTenant> load(String tenantId) {
    return CompletableFuture.completedFuture(tenants.get(tenantId));
  }

  @Override
  public synchronized CompletionStage<Void> save(StoredTenant tenant) {
    tenants.put(tenant.tenantId(), tenant);
    keepOnly(tenant.tenantId(), named(tenant));
    return CompletableFuture.allOf();
  }

  @Override
  public synchronized CompletionStage<Void> delete(String tenantId) {
    tenants.remove(tenantId);
    keepOnly(tenantId, Set.of());
    return CompletableFuture.allOf();
  }

  @Override
  public synchronized CompletionStage<Void> saveModule(
      String tenantId, String sha256, byte[] module) {
    modules.computeIfAbsent(sha256, key -> module.clone());
    tenantsOf.computeIfAbsent(sha256, key -> new HashSet<>()).add(tenantId);
    modulesOf.computeIfAbsent(tenantId, key -> new HashSet<>()).add(sha256);
    return CompletableFuture.allOf();
  }

  @Override
  public synchronized CompletionStage<byte @Nullable []> loadModule(String sha256) {
    byte[] module = modules.get(sha256);
    return CompletableFuture.completedFuture(module == null ? null : module.clone());
  }

  /** Modules that are kept. */
  public synchronized int moduleCount() {
    return modules.size();
  }

  private static Set<String> named(StoredTenant tenant) {
    Set<String> named = new HashSet<>();
    for (StoredFunction function : tenant.functions().values()) {
      for (StoredVersion version : function.versions()) {
        named.add(version.sha256());
      }
    }
    return named;
  }

  private void keepOnly(String tenantId, Set<String> named) {
    Set<String> kept = modulesOf.get(tenantId);
    if (kept == null) {
      return;
    }
    boolean _ =
        kept.removeIf(sha256 -> {
          boolean goes = !named.contains(sha256);
          if (goes) {
            release(tenantId, sha256);
          }
          return goes;
        });
    if (kept.isEmpty()) {
      modulesOf.remove(tenantId);
    }
  }

  private void release(String tenantId, String sha256) {
    Set<String> owners = tenantsOf.get(sha256);
    if (owners != null && owners.remove(tenantId) && owners.isEmpty()) {
      tenantsOf.remove(sha256);
      modules.remove(sha256);
    }
  }
}
