package dev.troupe.gateway.server;

import com.google.gson.JsonObject;
import dev.troupe.actors.TenantStatistics;
import dev.troupe.actors.artifact.ArtifactCacheSnapshot;
import dev.troupe.gateway.admin.AdminServer;
import dev.troupe.gateway.admin.HealthPages;
import dev.troupe.gateway.admin.HealthPages.Component;
import dev.troupe.gateway.admin.MetricsPage;
import dev.troupe.gateway.admin.Page;
import dev.troupe.gateway.admin.Router;
import dev.troupe.gateway.observe.BuildInfo;
import dev.troupe.gateway.observe.GatewayReadings;
import dev.troupe.gateway.observe.HeapReadings;
import dev.troupe.gateway.observe.Observed;
import dev.troupe.gateway.observe.PressureReadings;
import dev.troupe.gateway.observe.ProcessReadings;
import dev.troupe.gateway.observe.Sampled;
import dev.troupe.gateway.observe.ServerMetrics;
import dev.troupe.pooling.PoolMetrics;
import dev.troupe.scheduler.SchedulerSnapshot;
import io.grpc.Status;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What operators see of a server, and the port where they see it. */
final class Operations implements Observed, AutoCloseable {
  private static final int HIGHEST_PORT = 65_535;

  /** Where the server's bounds are kept. */
  record Pressure(HeapBudget heap, HeapGuard guard) {}

  private final ServerConfig config;
  private final ServerParts parts;
  private final GrpcTransport grpc;
  private final CallLedger ledger;
  private final Uploads uploads;
  private final Drain drain;
  private final Pressure pressure;
  private final MetricsPage metrics;
  private final AdminServer admin;

  private Operations(
      ServerConfig config,
      ServerParts parts,
      GrpcTransport grpc,
      CallLedger ledger,
      Uploads uploads,
      Drain drain,
      Pressure pressure)
      throws IOException {
    this.config = config;
    this.parts = parts;
    this.grpc = grpc;
    this.ledger = ledger;
    this.uploads = uploads;
    this.drain = drain;
    this.pressure = pressure;
    metrics =
        new MetricsPage(new ServerMetrics(this, config.admin().topTenants(), System::nanoTime));
    admin = listen();
  }

  /**
   * Opens the port.
   *
   * @throws IOException when it is taken; the message says what to do
   */
  static Operations start(
      ServerConfig config,
      ServerParts parts,
      GrpcTransport grpc,
      CallLedger ledger,
      Uploads uploads,
      Drain drain,
      Pressure pressure)
      throws IOException {
    return new Operations(config, parts, grpc, ledger, uploads, drain, pressure);
  }

  private AdminServer listen() throws IOException {
    AdminSettings settings = config.admin();
    Router router =
        new Router(
            Map.of(
                "/metrics",
                metrics,
                "/health/live",
                HealthPages.live(),
                "/health/ready",
                HealthPages.ready(
                    new Sampled<>(
                        this::components, config.admin().statisticsAge(), System::nanoTime)),
                "/info",
                this::info));
    AdminServer.Limits limits =
        new AdminServer.Limits(settings.maxConnections(), settings.timeout());
    boolean auto = settings.port() == AdminSettings.AUTO;
    int wanted = auto ? Math.min(HIGHEST_PORT, grpc.port() + 1) : settings.port();
    try {
      return AdminServer.start(new InetSocketAddress(settings.address(), wanted), limits, router);
    } catch (BindException e) {
      if (auto) {
        return AdminServer.start(new InetSocketAddress(settings.address(), 0), limits, router);
      }
      throw new IOException(
          "cannot listen on "
              + settings.address()
              + ":"
              + wanted
              + " for operators: the port is in use or not ours; name another with --set"
              + " admin.port=N, or none with --set admin.enabled=false",
          e);
    }
  }

  /** Host and port for operators. */
  String address() {
    return config.admin().address() + ":" + admin.port();
  }

  private List<Component> components() {
    List<Component> all = new ArrayList<>();
    Drain.Phase phase = drain.phase();
    all.add(
        new Component(
            "grpc",
            phase == Drain.Phase.SERVING,
            phase == Drain.Phase.SERVING ? "serving" : "the server drains"));
    SchedulerSnapshot scheduler = scheduler();
    all.add(
        new Component(
            "scheduler",
            scheduler.workers() > 0,
            scheduler.workers() + " workers, " + scheduler.live() + " tasks live"));
    all.add(pool("memories", memories().capacity(), memories().live(), memories().waiters()));
    all.add(pool("stacks", stacks().capacity(), stacks().live(), stacks().waiters()));
    all.add(pool("collected-heaps", heaps().places(), heaps().inUse(), heaps().waiters()));
    Path folder = config.dataFolder().resolve("artifacts");
    boolean writable = Files.isWritable(folder);
    all.add(
        new Component(
            "artifacts",
            writable,
            writable ? "the folder can be written" : folder + " cannot be written"));
    return all;
  }

  /**
   * A full pool is no reason to send calls elsewhere: they queue, and admission bounds the queue.
   */
  private static Component pool(String name, int places, int inUse, int waiters) {
    return new Component(
        name, places > 0, inUse + " of " + places + " in use, " + waiters + " wait");
  }

  private Page.Answer info() {
    JsonObject info = new JsonObject();
    info.addProperty("version", BuildInfo.VERSION);
    info.addProperty("java", BuildInfo.java());
    info.addProperty("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    info.addProperty("processors", Runtime.getRuntime().availableProcessors());
    info.addProperty("grpc", config.address() + ":" + grpc.port());
    info.addProperty("pool", parts.sizing.reason());
    return Page.Answer.json(200, info);
  }

  @Override
  public SchedulerSnapshot scheduler() {
    return parts.platform.schedulerStatistics();
  }

  @Override
  public List<TenantStatistics> tenants() {
    return parts.platform.allTenantStatistics();
  }

  @Override
  public ArtifactCacheSnapshot cache() {
    return parts.platform.cacheStatistics();
  }

  @Override
  public PoolMetrics memories() {
    return parts.memories.metrics();
  }

  @Override
  public PoolMetrics stacks() {
    return parts.stacks.metrics();
  }

  @Override
  public HeapReadings heaps() {
    return parts.heapReadings();
  }

  @Override
  public ProcessReadings process() {
    return parts.probe.read();
  }

  @Override
  public PressureReadings pressure() {
    return new PressureReadings(
        pressure.heap.usedBytes(),
        pressure.heap.limitBytes(),
        pressure.guard.shed(),
        pressure.guard.tooSlow(),
        parts.relief.trimmedBytes(),
        parts.relief.evictedInstances());
  }

  @Override
  public GatewayReadings gateway() {
    List<GatewayReadings.Method> methods = new ArrayList<>();
    for (CallLedger.Entry entry : ledger.entries()) {
      Map<String, Long> ended = new TreeMap<>();
      for (Status.Code code : Status.Code.values()) {
        long count = entry.endedByCode()[code.value()];
        if (count > 0) {
          ended.put(code.name(), count);
        }
      }
      methods.add(
          new GatewayReadings.Method(
              entry.method(), entry.inFlight(), ended, entry.receivedBytes(), entry.sentBytes()));
    }
    return new GatewayReadings(
        grpc.connections(),
        uploads.receiving.get(),
        uploads.budget.usedBytes(),
        uploads.budget.waiting(),
        uploads.retries.answers(),
        uploads.retries.bytes(),
        parts.platform.liveActors(),
        methods);
  }

  @Override
  public void close() {
    admin.close();
    metrics.close();
  }
}
