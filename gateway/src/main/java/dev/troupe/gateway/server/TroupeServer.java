package dev.troupe.gateway.server;

import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.TenantStore;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.engine.os.TerminationSignals;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: every part is made here or in {@link ServerParts}, handed to those that
 * need it, and closed here in the opposite order.
 */
public final class TroupeServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TroupeServer.class);
  private static final long SWEEP_SECONDS = 10;
  private static final int SWEEPS_PER_TIMEOUT = 4;

  private final ServerConfig config;
  private final ServerParts parts;
  private final HealthStatusManager health = new HealthStatusManager();
  private final CallLedger ledger = GrpcTransport.newLedger();
  private final ScheduledThreadPoolExecutor timer = newTimer();
  private final Retries retries;
  private final ProgramLog programLog;
  private final HeapBudget heap;
  private final HeapGuard guard;
  private final Uploads uploads;
  private final Drain drain;
  private final GrpcTransport grpc;
  private @Nullable Operations operations;

  private TroupeServer(ServerConfig config, ArtifactFolder folder, TenantStore store) {
    this.config = config;
    heap = HeapBudget.of(config.requests().maxHeldBytes(), Runtime.getRuntime().maxMemory());
    guard = new HeapGuard(heap, config.requests().receiveTimeout(), System::nanoTime);
    parts = new ServerParts(config, folder, store);
    retries = new Retries(config.retries(), System::nanoTime);
    programLog = new ProgramLog(config.programLog(), System::nanoTime);
    uploads =
        new Uploads(parts.platform, config.maxModuleBytes(), config.uploads(), retries, timer);
    var unused =
        timer.scheduleWithFixedDelay(
            retries::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    long sweepNanos = config.requests().receiveTimeout().toNanos() / SWEEPS_PER_TIMEOUT;
    var unusedToo =
        timer.scheduleWithFixedDelay(guard::sweep, sweepNanos, sweepNanos, TimeUnit.NANOSECONDS);
    drain = new Drain(config.drain(), health, parts.platform::startDraining, this::isQuiet);
    grpc = new GrpcTransport(config, guard, ledger, services());
  }

  /** Runs what is short and late: looks at uploads and at what is remembered. */
  private static ScheduledThreadPoolExecutor newTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("troupe-timer").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    // What is still on its way when the server ends needs no more looks.
    timer.setRejectedExecutionHandler((task, executor) -> {});
    return timer;
  }

  private List<ServerServiceDefinition> services() {
    return List.of(
        untilDrained(new TenantGrpcService(parts.platform, retries)),
        untilDrained(new FunctionGrpcService(parts.platform, uploads)),
        // The platform refuses calls itself while the server drains.
        new InvocationGrpcService(parts.platform, retries, programLog).bindService(),
        new StatisticsGrpcService(
                parts.platform,
                parts.memories,
                parts.stacks,
                parts.probe,
                config.admin().statisticsAge())
            .bindService(),
        health.getHealthService().bindService(),
        ProtoReflectionServiceV1.newInstance().bindService());
  }

  private ServerServiceDefinition untilDrained(BindableService service) {
    return ServerInterceptors.intercept(service, drain.gate());
  }

  /**
   * Starts everything.
   *
   * @throws IOException when the port is taken or the data folder cannot be written; the message
   *     says which and what to do
   */
  static TroupeServer start(ServerConfig config) throws IOException {
    return start(config, new InMemoryTenantStore());
  }

  /** The same with another store of tenants. */
  static TroupeServer start(ServerConfig config, TenantStore store) throws IOException {
    ArtifactFolder folder =
        ArtifactFolder.open(config.dataFolder().resolve("artifacts"), config.maxArtifactBytes());
    TroupeServer server = new TroupeServer(config, folder, store);
    try {
      server.grpc.start();
      if (config.admin().enabled()) {
        server.operations = server.startOperations();
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    server.parts.platform.awaitRestored().toCompletableFuture().join();
    server.setHealth(ServingStatus.SERVING);
    LOG.info("serving on {}, pool of {}", server.address(), server.poolSizing());
    LOG.info("metrics and health on {}", server.adminAddress());
    return server;
  }

  private Operations startOperations() throws IOException {
    return Operations.start(
        config, parts, grpc, ledger, uploads, drain, new Operations.Pressure(heap, guard));
  }

  private void setHealth(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    GrpcTransport.SERVICES.forEach(service -> health.setStatus(service.getName(), status));
  }

  /** Host and port that it listens on. */
  public String address() {
    return config.address() + ":" + grpc.port();
  }

  /** URL for operators, or "no port" when there is none. */
  public String adminAddress() {
    Operations open = operations;
    return open == null ? "no port" : "http://" + open.address();
  }

  /** What the pool holds and which limit decided. */
  public String poolSizing() {
    return parts.sizing.reason();
  }

  /**
   * Waits for SIGTERM, SIGINT or SIGHUP, drains and stops. A second signal ends the waiting.
   *
   * @return 0 when everything in flight ended, 1 when calls had to be stopped
   */
  int runUntilTerminated(TerminationSignals signals) {
    if (signals.await() > 1) {
      hurry();
    }
    Thread.ofPlatform()
        .name("troupe-signals")
        .daemon()
        .start(() -> {
          long unused = signals.await();
          hurry();
        });
    boolean clean = drain();
    stopServing();
    // Guest memory and code stay mapped: the process ends anyway.
    return clean ? 0 : 1;
  }

  /**
   * Says that it ends, refuses new calls after a while, and waits for those in flight, each as long
   * as configured. Returns whether all have ended.
   */
  public boolean drain() {
    return drain.run();
  }

  /** Ends the waiting of a drain. */
  void hurry() {
    drain.force();
  }

  /** Where the server is on its way out. */
  Drain.Phase drainPhase() {
    return drain.phase();
  }

  /** Idle instances closed for their memory. */
  long evictedInstances() {
    return parts.relief.evictedInstances();
  }

  /** Calls that wait for a collected heap. */
  int waitForHeaps() {
    return parts.heapReadings().waiters();
  }

  /** How often somebody found no free memory in the pool. */
  long memoryExhaustions() {
    return parts.memories.metrics().exhaustions();
  }

  /** What calls in flight keep on the heap, by {@link HeapBudget}. */
  long heapOfCallsBytes() {
    return heap.usedBytes();
  }

  /** Actors that live. */
  int liveActors() {
    return parts.platform.liveActors();
  }

  /** Who shed and sent away what. */
  HeapGuard guard() {
    return guard;
  }

  /** Remote calls of our services that have not ended. */
  long callsInFlight() {
    return ledger.inFlight(GrpcTransport.OURS);
  }

  /** Uploads, and what they hold. */
  Uploads uploads() {
    return uploads;
  }

  private boolean isQuiet() {
    return parts.platform.isQuiet() && callsInFlight() == 0;
  }

  /** Ends calls, actors and workers; calls that are stopped still get their answer. */
  private void stopServing() {
    grpc.sayGoodbye();
    parts.stop();
    grpc.stop();
    var unused = timer.shutdownNow();
    programLog.close();
    Operations open = operations;
    if (open != null) {
      // Last: operators want to see the end.
      operations = null;
      open.close();
    }
    LOG.info("stopped");
  }

  /** Closes what was opened, the users before what they use. */
  @Override
  public void close() {
    stopServing();
    parts.close();
  }
}
