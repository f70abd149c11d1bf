package dev.troupe.actors.port;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Forgets everything when the process ends. */
public final class InMemoryTenantStore implements TenantStore {
  private final ConcurrentSkipListMap<String, StoredTenant> tenants = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<String, byte[]> modules = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<List<StoredTenant>> loadAll() {
    return CompletableFuture.completedFuture(List.copyOf(tenants.values()));
  }

  @Override
  public CompletionStage<@Nullable StoredTenant> load(String tenantId) {
    return CompletableFuture.completedFuture(tenants.get(tenantId));
  }

  @Override
  public CompletionStage<Void> save(StoredTenant tenant) {
    tenants.put(tenant.tenantId(), tenant);
    return CompletableFuture.allOf();
  }

  @Override
  public CompletionStage<Void> delete(String tenantId) {
    tenants.remove(tenantId);
    return CompletableFuture.allOf();
  }

  @Override
  public CompletionStage<Void> saveModule(String sha256, byte[] module) {
    modules.putIfAbsent(sha256, module.clone());
    return CompletableFuture.allOf();
  }

  @Override
  public CompletionStage<byte @Nullable []> loadModule(String sha256) {
    byte[] module = modules.get(sha256);
    return CompletableFuture.completedFuture(module == null ? null : module.clone());
  }
}
