package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import dev.troupe.actors.PlatformSettings;
import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.engine.EngineRuntime;
import dev.troupe.actors.engine.GuestSlot;
import dev.troupe.actors.engine.HostModule;
import dev.troupe.actors.engine.WorkerCarriers;
import dev.troupe.actors.port.TenantStore;
import dev.troupe.engine.Engine;
import dev.troupe.engine.Linker;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.gateway.observe.GroupMemory;
import dev.troupe.gateway.observe.HeapReadings;
import dev.troupe.gateway.observe.ProcessProbe;
import dev.troupe.gateway.program.WasiWorlds;
import dev.troupe.pooling.KernelLimits;
import dev.troupe.pooling.MemoryPool;
import dev.troupe.pooling.PoolConfig;
import dev.troupe.pooling.PoolSizing;
import dev.troupe.pooling.SlotLine;
import dev.troupe.pooling.StackPool;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.SchedulerClock;
import dev.troupe.scheduler.SchedulerConfig;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What runs functions: pool, engine, scheduler, actors. Made in this order, closed in reverse. */
final class ServerParts implements AutoCloseable {
  final PoolSizing sizing;
  final MemoryPool memories;
  final StackPool stacks;
  final SlotLine heaps;
  final Platform platform;
  final ProcessProbe probe = new ProcessProbe();
  final MemoryRelief relief;

  private final Engine engine;
  private final Scheduler scheduler;
  private final HostModule hostModule;
  private final ExecutorService compilers;
  private final GroupMemory group = GroupMemory.ofThisProcess();

  ServerParts(ServerConfig config, ArtifactFolder folder, TenantStore store) {
    sizing = poolSizing(config, KernelLimits.probe());
    memories = new MemoryPool(sizing.config());
    stacks = new StackPool(sizing.config());
    engine =
        Engine.create(
            config
                .engine()
                .builder()
                .memoryAllocator(memories)
                .stackAllocator(stacks)
                .collectedHeaps(config.collectedHeaps())
                .artifactKeyFile(folder.keyFile())
                .build());
    heaps = new SlotLine(engine.collectedHeaps(), engine::freeCollectedHeaps);
    engine.whenCollectedHeapIsFreed(heaps::call);
    SchedulerConfig workers = schedulerConfig(config);
    WorkerCarriers carriers = new WorkerCarriers(engine, workers.workers());
    scheduler = new Scheduler(workers, SchedulerClock.system(), carriers);
    hostModule = new HostModule();
    Linker<GuestSlot> imports = WasiWorlds.addTo(hostModule.addTo(Linker.create(engine)));
    EngineRuntime runtime =
        new EngineRuntime(
            engine,
            imports,
            new WasiWorlds(config.requests().maxMessageBytes()),
            carriers,
            new EngineRuntime.Lines(
                new PoolLine(memories.line()), new PoolLine(stacks.line()), new PoolLine(heaps)));
    compilers =
        Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().name("troupe-compiler-", 0).daemon().factory());
    platform =
        Platform.start(
            PlatformSettings.defaults()
                .withCallsPerInstance(config.instances().calls())
                .withIdle(config.instances().idlePerVersion(), config.instances().idleTimeout())
                .withDefaultQuotas(config.quotas())
                .withLimits(config.limits()),
            scheduler,
            new ArtifactCache(runtime, folder, compilers),
            store);
    relief = new MemoryRelief(() -> excessBytes(config.instances()), new ReliefSources()).start();
  }

  /** The places for collected heaps. */
  HeapReadings heapReadings() {
    int places = heaps.slots();
    return new HeapReadings(places, places - engine.freeCollectedHeaps(), heaps.count());
  }

  /** How much more is in use than should be. */
  private long excessBytes(InstanceSettings settings) {
    long excess = 0;
    if (settings.maxResidentBytes() > 0) {
      excess = probe.residentBytes() - settings.maxResidentBytes();
    }
    long groupLimit = group.limitBytes();
    if (settings.maxGroupPart() > 0 && groupLimit > 0) {
      long bound = (long) (groupLimit * settings.maxGroupPart());
      excess = Math.max(excess, group.usedBytes() - bound);
    }
    return excess;
  }

  /** Free slots first; free stacks when that is not enough. */
  private final class ReliefSources implements MemoryRelief.Sources {
    @Override
    public long trim(long bytes) {
      long trimmed = memories.trim(bytes);
      return trimmed < bytes ? trimmed + stacks.trim() : trimmed;
    }

    @Override
    public long evict(double part) {
      return platform.evictIdleInstances(part);
    }
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

  /** Ends calls, actors and workers. Guest memory and code stay mapped. */
  void stop() {
    relief.close();
    platform.close();
    scheduler.close();
    hostModule.close();
    compilers.shutdownNow();
  }

  /** Ends everything and gives the memory back. */
  @Override
  public void close() {
    stop();
    engine.close();
    stacks.close();
    memories.close();
  }
}
