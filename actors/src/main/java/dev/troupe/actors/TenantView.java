package dev.troupe.actors;

import dev.troupe.actors.port.StoredTenant;

/** A tenant as it is stored, and what it uses now. */
public record TenantView(StoredTenant tenant, TenantUsage usage) {

  static TenantView of(TenantEntry entry) {
    return new TenantView(entry.state(), TenantUsage.of(entry));
  }
}
