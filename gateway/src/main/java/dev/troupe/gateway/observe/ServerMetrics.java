package dev.troupe.gateway.observe;

import dev.troupe.actors.TenantStatistics;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.artifact.ArtifactCacheSnapshot;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.pooling.PoolMetrics;
import dev.troupe.scheduler.SchedulerSnapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * All statistics of a server as metrics. The server is looked at once a second at most, however
 * many scrape; what they cost together does not depend on them. Thread-safe.
 */
public final class ServerMetrics implements MultiCollector {
  private static final Duration AGE = Duration.ofSeconds(1);

  /** What a tenant may be billed for, besides calls and processor time: a counter in a unit. */
  private record Consumed(String name, String help, int counter, double unit) {}

  private static final List<Consumed> CONSUMED =
      List.of(
          new Consumed(
              "troupe_tenant_memory_byte_seconds",
              "Memory in use over time.",
              TenantCounters.MEMORY_BYTE_SECONDS,
              1),
          new Consumed(
              "troupe_tenant_deployed_byte_seconds",
              "Deployed modules over time.",
              TenantCounters.DEPLOYED_BYTE_SECONDS,
              1),
          new Consumed(
              "troupe_tenant_request_bytes",
              "Payloads, values and streams that calls took in.",
              TenantCounters.REQUEST_BYTES,
              1),
          new Consumed(
              "troupe_tenant_response_bytes",
              "Payloads, values and streams that calls gave.",
              TenantCounters.RESPONSE_BYTES,
              1),
          new Consumed("troupe_tenant_fuel", "Fuel of calls.", TenantCounters.FUEL, 1),
          new Consumed(
              "troupe_tenant_compile_cpu_seconds",
              "Processor time of compilations, failed ones included.",
              TenantCounters.COMPILE_CPU_NANOS,
              1e-9),
          new Consumed(
              "troupe_tenant_compilations",
              "Compilations, failed ones included.",
              TenantCounters.COMPILATIONS,
              1));

  private final Observed server;
  private final TenantSeries series;
  private final Sampled<MetricSnapshots> latest;

  /**
   * Metrics of {@code server}.
   *
   * @param mostTenants tenants with series of their own
   * @param nanoTime a clock
   */
  public ServerMetrics(Observed server, int mostTenants, LongSupplier nanoTime) {
    this.server = server;
    series = new TenantSeries(mostTenants, TenantCounters.WIDTH, TenantCounters.CPU_NANOS);
    latest = new Sampled<>(this::look, AGE, nanoTime);
  }

  @Override
  public MetricSnapshots collect() {
    return latest.get();
  }

  private MetricSnapshots look() {
    MetricFamilies into = new MetricFamilies();
    into.gauge(
        "troupe_build_info",
        "What runs here.",
        1,
        "version",
        BuildInfo.VERSION,
        "java",
        Runtime.version().toString());
    process(server.process(), into);
    scheduler(server.scheduler(), into);
    pool(server.memories(), "memory", into);
    pool(server.stacks(), "stack", into);
    HeapReadings heaps = server.heaps();
    places(heaps.places(), heaps.inUse(), heaps.waiters(), "heap", into);
    cache(server.cache(), into);
    gateway(server.gateway(), into);
    pressure(server.pressure(), into);
    List<TenantStatistics> tenants = server.tenants();
    into.gauge("troupe_tenants", "Tenants.", tenants.size());
    Map<String, long[]> rows = new HashMap<>();
    tenants.forEach(tenant -> rows.put(tenant.tenantId(), TenantCounters.of(tenant)));
    series.advance(rows);
    tenantCounters(into);
    tenantGauges(tenants, into);
    return into.build();
  }

  private static void process(ProcessReadings process, MetricFamilies into) {
    into.gauge("troupe_resident_bytes", "Resident memory.", process.rssBytes());
    into.gauge("troupe_mappings", "Memory mappings.", process.mappings());
    into.seconds(
        "troupe_process_cpu_seconds", "Processor time of all threads.", process.cpuNanos());
  }

  private static void scheduler(SchedulerSnapshot scheduler, MetricFamilies into) {
    into.gauge("troupe_scheduler_workers", "Threads that run guests.", scheduler.workers());
    into.gauge("troupe_scheduler_idle_workers", "Workers asleep.", scheduler.idleWorkers());
    into.gauge("troupe_scheduler_queued_tasks", "Runnable tasks.", scheduler.queued());
    into.gauge("troupe_scheduler_live_tasks", "Tasks that have not ended.", scheduler.live());
    into.gauge("troupe_scheduler_parked_tasks", "Tasks that wait.", scheduler.parked());
    into.gauge(
        "troupe_scheduler_jain_index",
        "Jain's index of fairness over tenants that want the processor; 1 is fair.",
        scheduler.jainIndex());
    into.gaugeSeconds(
        "troupe_scheduler_starvation_age_seconds",
        "Longest time that a tenant with runnable tasks has waited.",
        scheduler.starvationAgeNanos());
    into.gaugeSeconds(
        "troupe_scheduler_max_lag_seconds",
        "Largest distance of a tenant from its fair share.",
        scheduler.maxLagNanos());
    into.gaugeSeconds(
        "troupe_scheduler_lag_bound_seconds",
        "What that distance cannot exceed.",
        scheduler.lagBoundNanos());
    into.counter("troupe_scheduler_steals", "Tasks that changed workers.", scheduler.steals());
    into.counter("troupe_scheduler_wake_ups", "Workers woken for work.", scheduler.wakeUps());
    into.counter(
        "troupe_scheduler_callback_failures",
        "Ends of tasks that threw: bugs.",
        scheduler.callbackFailures());
    var accounts = scheduler.accounts();
    into.counter("troupe_scheduler_slices", "Slices.", accounts.slices());
    into.counter("troupe_scheduler_preemptions", "Slices cut short.", accounts.preemptions());
    into.seconds("troupe_scheduler_cpu_seconds", "Processor time of guests.", accounts.cpuNanos());
    accounts
        .ended()
        .forEach((end, count) ->
            into.counter(
                "troupe_scheduler_tasks_ended",
                "Tasks by how they ended.",
                count,
                "end",
                lower(end)));
    into.histogram(
        "troupe_scheduler_wait_seconds",
        "Runnable and not running, before each slice.",
        accounts.waits()::countAtMost,
        accounts.waits().count());
  }

  private static void places(int all, int inUse, int waiters, String kind, MetricFamilies into) {
    into.gauge("troupe_pool_slots", "Slots.", all, "kind", kind);
    into.gauge("troupe_pool_slots_in_use", "Slots in use.", inUse, "kind", kind);
    into.gauge("troupe_pool_waiters", "Calls that wait for a slot.", waiters, "kind", kind);
  }

  private static void pool(PoolMetrics pool, String kind, MetricFamilies into) {
    places(pool.capacity(), pool.live(), pool.waiters(), kind, into);
    into.gauge(
        "troupe_pool_resident_bytes",
        "Most memory that slots have kept from earlier uses.",
        pool.residentBytes(),
        "kind",
        kind);
    into.gauge(
        "troupe_pool_warm_slots", "Free slots that remember a module.", pool.warm(), "kind", kind);
    into.gauge(
        "troupe_pool_slots_awaiting_reset",
        "Slots that nobody uses and that are not reset yet.",
        pool.awaitingDrop(),
        "kind",
        kind);
    into.counter("troupe_pool_allocations", "Slots handed out.", pool.allocations(), "kind", kind);
    into.counter(
        "troupe_pool_affinity_hits",
        "Slots that still held the right image.",
        pool.affinityHits(),
        "kind",
        kind);
    into.counter(
        "troupe_pool_exhaustions",
        "Requests that found no free slot.",
        pool.exhaustions(),
        "kind",
        kind);
  }

  private static void cache(ArtifactCacheSnapshot cache, MetricFamilies into) {
    String hits = "troupe_cache_hits";
    String help = "Artifacts found, by where.";
    into.counter(hits, help, cache.memoryHits(), "source", "memory");
    into.counter(hits, help, cache.folderHits(), "source", "folder");
    into.gauge("troupe_cache_entries", "Artifacts in memory.", cache.entries());
    into.counter("troupe_cache_compilations", "Modules compiled.", cache.compilations());
    into.counter(
        "troupe_cache_failed_compilations", "Modules refused.", cache.failedCompilations());
    into.counter("troupe_cache_rejected_files", "Files rejected.", cache.rejectedFiles());
    into.seconds("troupe_cache_compile_seconds", "Time spent compiling.", cache.compileNanos());
  }

  private static void gateway(GatewayReadings gateway, MetricFamilies into) {
    into.gauge("troupe_grpc_connections", "Open connections.", gateway.connections());
    into.gauge("troupe_uploads", "Uploads on their way.", gateway.uploads());
    into.gauge("troupe_uploads_waiting", "Uploads that wait.", gateway.waitingUploads());
    into.gauge("troupe_upload_bytes", "What uploads may hold.", gateway.uploadBytes());
    into.gauge("troupe_remembered_answers", "Answers by request id.", gateway.rememberedAnswers());
    into.gauge("troupe_remembered_bytes", "What these hold.", gateway.rememberedBytes());
    into.gauge("troupe_actors", "Actors of tenants, functions, versions.", gateway.actors());
    for (GatewayReadings.Method method : gateway.methods()) {
      String name = method.name();
      into.gauge(
          "troupe_grpc_in_flight",
          "Remote calls that have not ended.",
          method.inFlight(),
          "method",
          name);
      into.counter(
          "troupe_grpc_received_bytes",
          "Messages received.",
          method.receivedBytes(),
          "method",
          name);
      into.counter("troupe_grpc_sent_bytes", "Messages sent.", method.sentBytes(), "method", name);
      method
          .endedByStatus()
          .forEach((status, count) ->
              into.counter(
                  "troupe_grpc_calls",
                  "Remote calls by status.",
                  count,
                  "method",
                  name,
                  "status",
                  status));
    }
  }

  private static void pressure(PressureReadings pressure, MetricFamilies into) {
    into.gauge("troupe_held_bytes", "What calls in flight keep on the heap.", pressure.heldBytes());
    into.gauge("troupe_held_limit_bytes", "What they may keep.", pressure.mostHeldBytes());
    into.counter("troupe_calls_shed", "Calls refused for want of heap.", pressure.shedCalls());
    into.counter(
        "troupe_slow_requests",
        "Calls sent away because their request did not become complete.",
        pressure.slowRequests());
    into.counter(
        "troupe_relief_trimmed_bytes",
        "Unused pages given back because memory was short.",
        pressure.trimmedBytes());
    into.counter(
        "troupe_relief_evicted_instances",
        "Idle instances closed because memory was short.",
        pressure.evictedInstances());
  }

  private void tenantCounters(MetricFamilies into) {
    for (TrapReason reason : TrapReason.values()) {
      long count = series.total(TenantCounters.trap(reason));
      if (count > 0) {
        into.counter("troupe_traps", "Calls stopped, by reason.", count, "kind", lower(reason));
      }
    }
    for (Quota quota : Quota.values()) {
      long count = series.total(TenantCounters.refusal(quota));
      if (count > 0) {
        into.counter(
            "troupe_refusals", "Calls refused, by quota.", count, "quota", quota.publicName());
      }
    }
    Map<String, Integer> outcomes = new TreeMap<>();
    outcomes.put("completed", TenantCounters.COMPLETED);
    outcomes.put("trapped", TenantCounters.TRAPPED);
    outcomes.put("refused", TenantCounters.REFUSED);
    outcomes.put("abandoned", TenantCounters.ABANDONED);
    for (String name : series.names()) {
      into.counter(
          "troupe_tenant_invocations",
          "Calls that arrived.",
          series.counter(name, TenantCounters.ARRIVED),
          "tenant",
          name);
      outcomes.forEach((outcome, index) ->
          into.counter(
              "troupe_tenant_calls",
              "Calls by how they ended.",
              series.counter(name, index),
              "tenant",
              name,
              "outcome",
              outcome));
      into.counter(
          "troupe_tenant_cold_starts",
          "Calls in a place that had not held the module.",
          series.counter(name, TenantCounters.COLD_STARTS),
          "tenant",
          name);
      into.seconds(
          "troupe_tenant_cpu_seconds",
          "Processor time.",
          series.counter(name, TenantCounters.CPU_NANOS),
          "tenant",
          name);
      into.counter(
          "troupe_tenant_slices",
          "Slices.",
          series.counter(name, TenantCounters.SLICES),
          "tenant",
          name);
      into.counter(
          "troupe_tenant_preemptions",
          "Slices cut short.",
          series.counter(name, TenantCounters.PREEMPTIONS),
          "tenant",
          name);
      into.histogram(
          "troupe_tenant_latency_seconds",
          "From arrival to the end, of calls that ran.",
          bound -> series.counter(name, TenantCounters.latencyBucket(bucketOf(bound))),
          series.counter(name, TenantCounters.LATENCIES),
          "tenant",
          name);
    }
    for (Consumed consumed : CONSUMED) {
      for (String name : series.names()) {
        double value = series.counter(name, consumed.counter()) * consumed.unit();
        into.counter(consumed.name(), consumed.help(), value, "tenant", name);
      }
    }
  }

  private static int bucketOf(long boundNanos) {
    return Arrays.binarySearch(MetricFamilies.BOUNDS_NANOS, boundNanos);
  }

  private void tenantGauges(List<TenantStatistics> tenants, MetricFamilies into) {
    Map<String, double[]> sums = new TreeMap<>();
    for (TenantStatistics tenant : tenants) {
      double[] sum =
          sums.computeIfAbsent(series.seriesOf(tenant.tenantId()), none -> new double[5]);
      sum[0] += tenant.usage().concurrency();
      sum[1] += tenant.usage().queueLength();
      sum[2] += tenant.usage().instances();
      sum[3] += tenant.usage().memoryBytes();
      sum[4] += tenant.scheduler().throttled() ? 1 : 0;
    }
    sums.forEach((name, sum) -> {
      into.gauge("troupe_tenant_concurrency", "Calls that run.", sum[0], "tenant", name);
      into.gauge("troupe_tenant_queue_length", "Calls that wait.", sum[1], "tenant", name);
      into.gauge("troupe_tenant_instances", "Live instances.", sum[2], "tenant", name);
      into.gauge("troupe_tenant_memory_bytes", "Memories and tables.", sum[3], "tenant", name);
      into.gauge(
          "troupe_tenant_throttled", "Whether its bandwidth is used up.", sum[4], "tenant", name);
    });
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
