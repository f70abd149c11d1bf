package dev.troupe.load.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU shares between two readings of the tenants' CPU clocks.
 *
 * @param used of each tenant, as a part of what the saturated ones used together
 * @param fair of each saturated tenant, by its weight
 * @param worst how far a saturated tenant is from its fair share, as a part of that
 */
record CpuShares(Map<String, Double> used, Map<String, Double> fair, double worst) {
  /** A saturated tenant's CPU share may differ from its weight's share by so much of it. */
  private static final double TOLERANCE = 0.10;

  static CpuShares of(List<Actor> cast, Map<String, Long> before, Map<String, Long> after) {
    double totalCpu = 0;
    double totalWeight = 0;
    Map<String, Long> nanos = new HashMap<>();
    for (Actor actor : cast) {
      long cpu = after.getOrDefault(actor.tenant(), 0L) - before.getOrDefault(actor.tenant(), 0L);
      nanos.put(actor.tenant(), cpu);
      if (actor.saturated()) {
        totalCpu += cpu;
        totalWeight += actor.weight();
      }
    }
    Map<String, Double> used = new HashMap<>();
    Map<String, Double> fair = new HashMap<>();
    double worst = 0;
    for (Actor actor : cast) {
      double share = totalCpu == 0 ? 0 : nanos.getOrDefault(actor.tenant(), 0L) / totalCpu;
      used.put(actor.tenant(), share);
      if (actor.saturated()) {
        double due = actor.weight() / totalWeight;
        fair.put(actor.tenant(), due);
        worst = Math.max(worst, Math.abs(share / due - 1));
      }
    }
    return new CpuShares(used, fair, worst);
  }

  boolean areFair() {
    return worst <= TOLERANCE;
  }
}
