package dev.troupe.actors;

import dev.troupe.actors.port.StoredTenant;

/** A tenant as it is stored, what it uses now, and what it has consumed. */
public record TenantView(StoredTenant tenant, TenantUsage usage, TenantConsumption consumption) {

  static TenantView of(TenantEntry entry) {
    return new TenantView(entry.state(), TenantUsage.of(entry), TenantConsumption.of(entry));
  }
}
