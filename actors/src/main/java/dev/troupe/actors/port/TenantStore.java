package dev.troupe.actors.port;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what must survive: tenants, their functions, and the bytes of modules. Thread-safe.
 *
 * <p>A tenant is written by one actor at a time; the store need not resolve conflicts.
 */
public interface TenantStore {

  /** All tenants, in the order of their ids. */
  CompletionStage<List<StoredTenant>> loadAll();

  /** The tenant, or null. */
  CompletionStage<@Nullable StoredTenant> load(String tenantId);

  /**
   * Creates or replaces a tenant. When the stage completes, the change is durable. Modules that
   * were kept for the tenant and that no version of the new record names are forgotten, unless they
   * are kept for another tenant.
   */
  CompletionStage<Void> save(StoredTenant tenant);

  /** Forgets a tenant, and the modules that were kept only for it. */
  CompletionStage<Void> delete(String tenantId);

  /**
   * Keeps the bytes of a module under the 64 hexadecimal digits of its SHA-256, once for all
   * tenants. The next record of the tenant must name it.
   */
  CompletionStage<Void> saveModule(String tenantId, String sha256, byte[] module);

  /** The bytes of a module, or null. */
  CompletionStage<byte @Nullable []> loadModule(String sha256);
}
