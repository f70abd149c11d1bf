package dev.troupe.load.run;

import dev.troupe.load.scenario.Scenario;
import dev.troupe.load.scenario.Scenario.Phase;
import dev.troupe.load.scenario.Scenario.TenantGroup;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a phase says of client and server: differences between two looks, as metrics. */
final class Findings {
  private static final int DEFAULT_WEIGHT = 100;

  private final Phase phase;
  private final Scenario scenario;
  private final SortedMap<String, Double> metrics;

  Findings(Phase phase, Scenario scenario, SortedMap<String, Double> metrics) {
    this.phase = phase;
    this.scenario = scenario;
    this.metrics = metrics;
  }

  void put(
      ServerFigures serverBefore,
      ServerFigures serverAfter,
      ClientFigures clientBefore,
      ClientFigures clientAfter) {
    double seconds = (clientAfter.atNanos() - clientBefore.atNanos()) / 1e9;
    String client = phase.name() + ".client.";
    metrics.put(
        client + "cpu-cores", (clientAfter.cpuNanos() - clientBefore.cpuNanos()) / 1e9 / seconds);
    metrics.put(client + "gc-ms", (double) clientAfter.gcMillis() - clientBefore.gcMillis());
    metrics.put(client + "gc-count", (double) clientAfter.gcCount() - clientBefore.gcCount());
    // After a restart everything that was counted was counted since then.
    boolean sameServer = !(serverAfter.value("uptime-ms") < serverBefore.value("uptime-ms"));
    serverAfter
        .values()
        .forEach((name, value) -> {
          metrics.put(phase.name() + ".server." + name, value);
          Double earlier = sameServer ? serverBefore.values().get(name) : Double.valueOf(0);
          if (earlier != null && !earlier.equals(value)) {
            metrics.put(phase.name() + ".server." + name + ".change", value - earlier);
          }
        });
    double serverSeconds = (serverAfter.atNanos() - serverBefore.atNanos()) / 1e9;
    Double cpuMillis = metrics.get(phase.name() + ".server.process.cpu-time-ms.change");
    if (cpuMillis != null) {
      metrics.put(phase.name() + ".server.process.cpu-cores", cpuMillis / 1e3 / serverSeconds);
    }
    Double guestMillis = metrics.get(phase.name() + ".server.scheduler.cpu-time-ms.change");
    if (guestMillis != null) {
      metrics.put(phase.name() + ".server.scheduler.cpu-cores", guestMillis / 1e3 / serverSeconds);
    }
    cpu(serverBefore, serverAfter, serverSeconds);
  }

  private void cpu(ServerFigures before, ServerFigures after, double seconds) {
    SortedMap<String, Double> used = new TreeMap<>();
    double total = 0;
    for (Map.Entry<String, Long> group : after.groupCpuNanos().entrySet()) {
      double nanos =
          Math.max(0, group.getValue() - before.groupCpuNanos().getOrDefault(group.getKey(), 0L));
      used.put(group.getKey(), nanos);
      total += nanos;
    }
    for (Map.Entry<String, Double> group : used.entrySet()) {
      String prefix = phase.name() + ".cpu." + group.getKey() + ".";
      metrics.put(prefix + "cores", group.getValue() / 1e9 / seconds);
      metrics.put(prefix + "share", total == 0 ? 0 : group.getValue() / total);
    }
    if (!phase.saturated().isEmpty()) {
      metrics.put(phase.name() + ".cpu.share-error", shareError(used));
    }
  }

  /** How far the worst of the saturated groups is from its weight's share, relative to it. */
  private double shareError(Map<String, Double> used) {
    double cpu = 0;
    double weights = 0;
    for (String group : phase.saturated()) {
      cpu += used.getOrDefault(group, 0.0);
      weights += weight(group);
    }
    double worst = cpu == 0 ? 1 : 0;
    for (String group : phase.saturated()) {
      double fair = weight(group) / weights;
      double share = cpu == 0 ? 0 : used.getOrDefault(group, 0.0) / cpu;
      worst = Math.max(worst, Math.abs(share / fair - 1));
    }
    return worst;
  }

  private double weight(String name) {
    TenantGroup group = scenario.tenants().get(name);
    if (group == null) {
      return 0;
    }
    int weight = group.quotas().hasWeight() ? group.quotas().getWeight() : DEFAULT_WEIGHT;
    return (double) weight * group.count();
  }
}
