package dev.troupe.actors;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The tenants that exist now. Written by the guardian, read by everybody. */
final class TenantDirectory {
  private final ConcurrentSkipListMap<String, TenantEntry> entries = new ConcurrentSkipListMap<>();
  private volatile boolean draining;

  @Nullable TenantEntry find(String tenantId) {
    return entries.get(tenantId);
  }

  List<TenantEntry> all() {
    return List.copyOf(entries.values());
  }

  void add(TenantEntry entry) {
    entries.put(entry.tenantId(), entry);
  }

  void remove(TenantEntry entry) {
    boolean _ = entries.remove(entry.tenantId(), entry);
  }

  /** From now on every call is unavailable. */
  void startDraining() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }
}
