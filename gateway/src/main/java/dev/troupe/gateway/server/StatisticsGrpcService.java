package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import dev.troupe.actors.TenantStatistics;
import dev.troupe.actors.artifact.ArtifactCacheSnapshot;
import dev.troupe.functions.v1.CacheStatistics;
import dev.troupe.functions.v1.Distribution;
import dev.troupe.functions.v1.FiberStatistics;
import dev.troupe.functions.v1.GetServerStatisticsRequest;
import dev.troupe.functions.v1.GetTenantStatisticsRequest;
import dev.troupe.functions.v1.PoolStatistics;
import dev.troupe.functions.v1.ProcessStatistics;
import dev.troupe.functions.v1.RefusalCount;
import dev.troupe.functions.v1.SchedulerStatistics;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.StatisticsServiceGrpc;
import dev.troupe.functions.v1.TrapCount;
import dev.troupe.gateway.observe.ProcessProbe;
import dev.troupe.gateway.observe.ProcessReadings;
import dev.troupe.gateway.observe.Sampled;
import dev.troupe.pooling.MemoryPool;
import dev.troupe.pooling.PoolMetrics;
import dev.troupe.pooling.StackPool;
import dev.troupe.scheduler.DurationSnapshot;
import dev.troupe.scheduler.SchedulerSnapshot;
import dev.troupe.scheduler.TenantSnapshot;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** What tenants and the server have done and are doing. */
final class StatisticsGrpcService extends StatisticsServiceGrpc.StatisticsServiceImplBase {
  private final Platform platform;
  private final MemoryPool memories;
  private final StackPool stacks;
  private final ProcessProbe probe;
  private final long startNanos = System.nanoTime();
  private final Sampled<ServerStatistics> latest;

  /**
   * The service.
   *
   * @param age how old statistics of the server may be: to make them takes time on an event loop,
   *     that of all tenants together
   */
  StatisticsGrpcService(
      Platform platform, MemoryPool memories, StackPool stacks, ProcessProbe probe, Duration age) {
    this.platform = platform;
    this.memories = memories;
    this.stacks = stacks;
    this.probe = probe;
    this.latest = new Sampled<>(this::look, age, System::nanoTime);
  }

  @Override
  public void getTenantStatistics(
      GetTenantStatisticsRequest request,
      StreamObserver<dev.troupe.functions.v1.TenantStatistics> observer) {
    Answers.send(
        () -> {
          String id = ResourceName.tenant(request.getName()).tenant();
          return tenant(Answers.value(platform.tenantStatistics(id), id));
        },
        observer);
  }

  @Override
  public void getServerStatistics(
      GetServerStatisticsRequest request, StreamObserver<ServerStatistics> observer) {
    Answers.send(latest::get, observer);
  }

  private ServerStatistics look() {
    SchedulerSnapshot scheduled = platform.schedulerStatistics();
    ServerStatistics.Builder message =
        ServerStatistics.newBuilder()
            .setUptime(Times.nanos(System.nanoTime() - startNanos))
            .setScheduler(scheduler(scheduled))
            .setProcess(process(probe.read()))
            .setFibers(fibers(scheduled))
            .setPool(pool())
            .setCache(cache(platform.cacheStatistics()));
    int idleInstances = 0;
    for (TenantStatistics statistics : platform.allTenantStatistics()) {
      message.addTenants(tenant(statistics));
      idleInstances +=
          Math.max(0, statistics.usage().instances() - statistics.usage().concurrency());
    }
    message.getPoolBuilder().setWarmInstances(idleInstances);
    return message.build();
  }

  private static dev.troupe.functions.v1.TenantStatistics tenant(TenantStatistics statistics) {
    var accounts = statistics.scheduler().accounts();
    var message =
        dev.troupe.functions.v1.TenantStatistics.newBuilder()
            .setName("tenants/" + statistics.tenantId())
            .setWeight(statistics.scheduler().weight())
            .setUsage(Messages.usage(statistics.usage()))
            .setConsumption(Messages.consumption(statistics.consumption()))
            .setInvocations(statistics.arrived())
            .setCompleted(statistics.completed())
            .setTrapped(statistics.trapped())
            .setRefused(statistics.refused())
            .setAbandoned(statistics.abandoned())
            .setColdStarts(statistics.coldStarts())
            .setCpuTime(Times.nanos(accounts.cpuNanos()))
            .setSlices(accounts.slices())
            .setPreemptions(accounts.preemptions())
            .setLatency(distribution(statistics.latency()))
            .setSchedulerWait(distribution(accounts.waits()));
    statistics
        .traps()
        .forEach((reason, count) ->
            message.addTraps(TrapCount.newBuilder().setKind(reason.name()).setCount(count)));
    statistics
        .refusals()
        .forEach((quota, count) ->
            message.addRefusals(
                RefusalCount.newBuilder().setQuota(quota.publicName()).setCount(count)));
    return message.build();
  }

  private static Distribution distribution(DurationSnapshot snapshot) {
    return Distribution.newBuilder()
        .setCount(snapshot.count())
        .setP50(Times.nanos(snapshot.quantileNanos(0.5)))
        .setP90(Times.nanos(snapshot.quantileNanos(0.9)))
        .setP99(Times.nanos(snapshot.quantileNanos(0.99)))
        .setP999(Times.nanos(snapshot.quantileNanos(0.999)))
        .build();
  }

  private static SchedulerStatistics scheduler(SchedulerSnapshot snapshot) {
    return SchedulerStatistics.newBuilder()
        .setWorkers(snapshot.workers())
        .setIdleWorkers(snapshot.idleWorkers())
        .setQueued(snapshot.queued())
        .setLive(snapshot.live())
        .setSlices(snapshot.accounts().slices())
        .setPreemptions(snapshot.accounts().preemptions())
        .setCpuTime(Times.nanos(snapshot.accounts().cpuNanos()))
        .setWait(distribution(snapshot.accounts().waits()))
        .setJainIndex(snapshot.jainIndex())
        .setStarvationAge(Times.nanos(snapshot.starvationAgeNanos()))
        .setMaxLag(Times.nanos(snapshot.maxLagNanos()))
        .setLagBound(Times.nanos(snapshot.lagBoundNanos()))
        .setSteals(snapshot.steals())
        .setWakeUps(snapshot.wakeUps())
        .build();
  }

  private PoolStatistics.Builder pool() {
    PoolMetrics memory = memories.metrics();
    PoolMetrics stack = stacks.metrics();
    return PoolStatistics.newBuilder()
        .setSlots(memory.capacity())
        .setSlotsInUse(memory.live())
        .setStacks(stack.capacity())
        .setStacksInUse(stack.live())
        .setInstancesCreated(memory.allocations())
        .setAffinityHits(memory.affinityHits())
        .setWarmSlots(memory.warm())
        .setSlotsAwaitingDrop(memory.awaitingDrop())
        .setSlotExhaustions(memory.exhaustions())
        .setStackExhaustions(stack.exhaustions())
        .setSlotWaiters(memory.waiters())
        .setStackWaiters(stack.waiters());
  }

  private static ProcessStatistics process(ProcessReadings readings) {
    return ProcessStatistics.newBuilder()
        .setCpuTime(Times.nanos(readings.cpuNanos()))
        .setGcTime(Times.nanos(readings.gcNanos()))
        .setGcCount(readings.gcCount())
        .setHeapUsedBytes(readings.heapUsedBytes())
        .setHeapMaxBytes(readings.heapMaxBytes())
        .setRssBytes(readings.rssBytes())
        .setOpenFiles(readings.openFiles())
        .setMappings(readings.mappings())
        .setThreads(readings.threads())
        .setProcessors(readings.processors())
        .build();
  }

  /** A task that has not begun has no fiber yet. */
  private static FiberStatistics fibers(SchedulerSnapshot snapshot) {
    long live = 0;
    long parked = 0;
    for (TenantSnapshot tenant : snapshot.tenants()) {
      live += tenant.queued() - tenant.notStarted() + tenant.running() + tenant.parked();
      parked += tenant.parked();
    }
    return FiberStatistics.newBuilder().setLive(live).setParked(parked).build();
  }

  private static CacheStatistics cache(ArtifactCacheSnapshot snapshot) {
    return CacheStatistics.newBuilder()
        .setEntries(snapshot.entries())
        .setMemoryHits(snapshot.memoryHits())
        .setFolderHits(snapshot.folderHits())
        .setCompilations(snapshot.compilations())
        .setFailedCompilations(snapshot.failedCompilations())
        .setRejectedFiles(snapshot.rejectedFiles())
        .setCompileTime(Times.nanos(snapshot.compileNanos()))
        .build();
  }
}
