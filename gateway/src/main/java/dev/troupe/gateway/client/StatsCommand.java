package dev.troupe.gateway.client;

import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.GetServerStatisticsRequest;
import dev.troupe.functions.v1.GetTenantStatisticsRequest;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.StatisticsServiceGrpc;
import dev.troupe.functions.v1.StatisticsServiceGrpc.StatisticsServiceBlockingStub;
import dev.troupe.functions.v1.TenantStatistics;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code troupe stats [TENANT]}. */
@Command(name = "stats", description = "Show what a tenant, or the whole server, has done.")
public final class StatsCommand extends ClientCommand {
  @Parameters(paramLabel = "TENANT", arity = "0..1")
  @Nullable String tenant;

  @Override
  int ask(ManagedChannel channel, PrintStream out) throws IOException {
    StatisticsServiceBlockingStub statistics = StatisticsServiceGrpc.newBlockingStub(channel);
    if (tenant != null) {
      TenantStatistics answer =
          statistics.getTenantStatistics(
              GetTenantStatisticsRequest.newBuilder().setName(tenantName(tenant)).build());
      if (json) {
        out.println(toJson(answer));
      } else {
        table(List.of(answer), out);
        out.print(QuotaText.of(answer.getConsumption()));
      }
      return 0;
    }
    ServerStatistics answer =
        statistics.getServerStatistics(GetServerStatisticsRequest.getDefaultInstance());
    if (json) {
      out.println(toJson(answer));
      return 0;
    }
    server(answer, out);
    table(answer.getTenantsList(), out);
    return 0;
  }

  private static void server(ServerStatistics answer, PrintStream out) {
    var process = answer.getProcess();
    var scheduler = answer.getScheduler();
    var fibers = answer.getFibers();
    var pool = answer.getPool();
    var cache = answer.getCache();
    out.printf(
        Locale.ROOT,
        "process    %.1f s CPU of %d processors in %.1f s, %d collections in %.2f s%n",
        Durations.toMillis(process.getCpuTime()) / 1e3,
        process.getProcessors(),
        Durations.toMillis(answer.getUptime()) / 1e3,
        process.getGcCount(),
        Durations.toMillis(process.getGcTime()) / 1e3);
    out.printf(
        Locale.ROOT,
        "memory     %d MiB resident, %d of %d MiB heap, %d mappings, %d files, %d threads%n",
        process.getRssBytes() >> 20,
        process.getHeapUsedBytes() >> 20,
        process.getHeapMaxBytes() >> 20,
        process.getMappings(),
        process.getOpenFiles(),
        process.getThreads());
    out.printf(
        Locale.ROOT,
        "scheduler  %d workers, %d tasks live, %d fibers (%d parked), %d slices, %d preemptions%n",
        scheduler.getWorkers(),
        scheduler.getLive(),
        fibers.getLive(),
        fibers.getParked(),
        scheduler.getSlices(),
        scheduler.getPreemptions());
    out.printf(
        Locale.ROOT,
        "pool       %d of %d memories, %d of %d stacks, %d warm instances%n",
        pool.getSlotsInUse(),
        pool.getSlots(),
        pool.getStacksInUse(),
        pool.getStacks(),
        pool.getWarmInstances());
    out.printf(
        Locale.ROOT,
        "cache      %d compilations, %d hits in memory, %d in the folder, %d files rejected%n",
        cache.getCompilations(),
        cache.getMemoryHits(),
        cache.getFolderHits(),
        cache.getRejectedFiles());
  }

  private static void table(List<TenantStatistics> tenants, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%-24s %6s %10s %8s %8s %10s %9s %9s%n",
        "tenant",
        "weight",
        "calls",
        "traps",
        "refused",
        "cpu ms",
        "p50 ms",
        "p99 ms");
    for (TenantStatistics tenant : tenants) {
      out.printf(
          Locale.ROOT,
          "%-24s %6d %10d %8d %8d %10d %9.2f %9.2f%n",
          tenant.getName().replace("tenants/", ""),
          tenant.getWeight(),
          tenant.getInvocations(),
          tenant.getTrapped(),
          tenant.getRefused(),
          Durations.toMillis(tenant.getCpuTime()),
          Durations.toNanos(tenant.getLatency().getP50()) / 1e6,
          Durations.toNanos(tenant.getLatency().getP99()) / 1e6);
    }
  }
}
