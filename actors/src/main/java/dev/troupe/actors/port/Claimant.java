package dev.troupe.actors.port;

import java.util.function.IntSupplier;

/**
 * On whose account a call takes places that all tenants share: where they are short, tenants take
 * turns by weight.
 *
 * @param tenantId the tenant
 * @param weight its weight at the moment
 */
public record Claimant(String tenantId, IntSupplier weight) {}
