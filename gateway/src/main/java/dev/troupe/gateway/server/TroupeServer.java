package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import dev.troupe.actors.PlatformSettings;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.engine.EngineRuntime;
import dev.troupe.actors.engine.HostModule;
import dev.troupe.actors.engine.WorkerCarriers;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Linker;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.gateway.observe.ProcessProbe;
import dev.troupe.pooling.KernelLimits;
import dev.troupe.pooling.MemoryPool;
import dev.troupe.pooling.PoolConfig;
import dev.troupe.pooling.PoolSizing;
import dev.troupe.pooling.StackPool;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.SchedulerClock;
import dev.troupe.scheduler.SchedulerConfig;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: every part is made here, handed to those that need it, and closed here in
 * the opposite order.
 */
public final class TroupeServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TroupeServer.class);
  private static final int MODULES_IN_MEMORY = 1000;
  private static final long POLL_NANOS = 20_000_000;

  private final ServerConfig config;
  private final PoolSizing sizing;
  private final MemoryPool memories;
  private final StackPool stacks;
  private final Engine engine;
  private final Scheduler scheduler;
  private final HostModule hostModule;
  private final ExecutorService compilers;
  private final Platform platform;
  private final ProcessProbe probe = new ProcessProbe();
  private final HealthStatusManager health = new HealthStatusManager();
  private final EventLoops loops = new EventLoops(Runtime.getRuntime().availableProcessors());
  private final Server grpc;
  private final CountDownLatch terminated = new CountDownLatch(1);

  private TroupeServer(ServerConfig config, ArtifactFolder folder) {
    this.config = config;
    sizing = poolSizing(config, KernelLimits.probe());
    memories = new MemoryPool(sizing.config());
    stacks = new StackPool(sizing.config());
    engine =
        Engine.create(
            EngineConfig.builder()
                .traps(config.traps())
                .preemption(config.preemption())
                .spectre(config.spectre())
                .fuel(config.fuel())
                .memoryAllocator(memories)
                .stackAllocator(stacks)
                .artifactKeyFile(folder.keyFile())
                .build());
    SchedulerConfig workers = schedulerConfig(config);
    WorkerCarriers carriers = new WorkerCarriers(engine, workers.workers());
    scheduler = new Scheduler(workers, SchedulerClock.system(), carriers);
    hostModule = new HostModule();
    Linker<Void> imports = hostModule.addTo(Linker.create(engine));
    EngineRuntime runtime =
        new EngineRuntime(
            engine,
            imports,
            carriers,
            new EngineRuntime.Waiting(memories::whenFree, stacks::whenFree));
    compilers =
        Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().name("troupe-compiler-", 0).daemon().factory());
    TenantQuotas quotas = TenantQuotas.defaults().withDeadline(config.defaultDeadline());
    platform =
        Platform.start(
            PlatformSettings.defaults().withDefaultQuotas(quotas),
            scheduler,
            new ArtifactCache(runtime, folder, compilers, MODULES_IN_MEMORY),
            new InMemoryTenantStore());
    grpc = grpcServer();
  }

  /**
   * Starts everything.
   *
   * @throws IOException when the port is taken or the data folder cannot be written; the message
   *     says which and what to do
   */
  static TroupeServer start(ServerConfig config) throws IOException {
    ArtifactFolder folder = ArtifactFolder.open(config.dataFolder().resolve("artifacts"));
    TroupeServer server = new TroupeServer(config, folder);
    try {
      server.grpc.start();
    } catch (IOException e) {
      server.close();
      throw new IOException(
          "cannot listen on "
              + config.address()
              + ":"
              + config.port()
              + ": the port is in use or not ours; name another with --port",
          e);
    }
    server.platform.awaitRestored().toCompletableFuture().join();
    server.health.setStatus("", io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING);
    LOG.info("serving on {}, pool of {}", server.address(), server.poolSizing());
    return server;
  }

  private Server grpcServer() {
    return loops
        .addTo(
            NettyServerBuilder.forAddress(new InetSocketAddress(config.address(), config.port())))
        // Nothing in the services blocks, so that a hop to another thread would only cost.
        .directExecutor()
        .maxInboundMessageSize(config.maxMessageBytes())
        .addService(new TenantGrpcService(platform))
        .addService(new FunctionGrpcService(platform, config.maxModuleBytes()))
        .addService(new InvocationGrpcService(platform, config.maxDeadline()))
        .addService(new StatisticsGrpcService(platform, memories, stacks, probe))
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .build();
  }

  private static PoolSizing poolSizing(ServerConfig config, KernelLimits limits) {
    int most = PoolSizing.most(limits);
    PoolConfig wanted =
        PoolConfig.DEFAULT
            .withSlots(
                config.memories() == 0 ? most : config.memories(),
                config.stacks() == 0 ? most : config.stacks())
            .withSizes(config.maxMemoryBytes(), config.stackBytes())
            .withReset(config.keepResidentBytes(), PoolConfig.DEFAULT.dropBatch());
    return PoolSizing.fit(wanted, limits);
  }

  private static SchedulerConfig schedulerConfig(ServerConfig config) {
    SchedulerConfig defaults =
        SchedulerConfig.defaults()
            .withSlice(config.slice())
            .withInteractiveSlice(config.interactiveSlice());
    return config.workers() == 0 ? defaults : defaults.withWorkers(config.workers());
  }

  /** Host and port that it listens on. */
  public String address() {
    return config.address() + ":" + grpc.getPort();
  }

  /** What the pool holds and which limit decided. */
  public String poolSizing() {
    return sizing.reason();
  }

  /** Waits for SIGTERM or SIGINT, and drains. */
  void runUntilTerminated() throws InterruptedException {
    Thread hook =
        Thread.ofPlatform()
            .name("troupe-shutdown")
            .unstarted(() -> {
              // Guest memory and code stay mapped: the process ends anyway.
              drain();
              stopServing();
              terminated.countDown();
            });
    Runtime.getRuntime().addShutdownHook(hook);
    terminated.await();
  }

  /** Refuses new calls, waits for those in flight as long as configured. */
  public void drain() {
    LOG.info("draining for at most {}", config.drain());
    health.enterTerminalState();
    platform.startDraining();
    long deadline = System.nanoTime() + config.drain().toNanos();
    while (!platform.isQuiet() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    if (!platform.isQuiet()) {
      LOG.warn("calls are still in flight after {}; they are stopped", config.drain());
    }
  }

  /** Ends the services, the actors and the workers. */
  private void stopServing() {
    grpc.shutdown();
    try {
      if (!grpc.awaitTermination(1, TimeUnit.SECONDS)) {
        grpc.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      grpc.shutdownNow();
    }
    loops.close();
    platform.close();
    scheduler.close();
    hostModule.close();
    compilers.shutdownNow();
    LOG.info("stopped");
  }

  /** Closes what was opened, the users before what they use. */
  @Override
  public void close() {
    stopServing();
    engine.close();
    stacks.close();
    memories.close();
  }
}
