package dev.troupe.actors;

import static dev.troupe.actors.Fixture.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.engine.EngineRuntime;
import dev.troupe.actors.engine.GuestSlot;
import dev.troupe.actors.engine.GuestWorlds;
import dev.troupe.actors.engine.HostModule;
import dev.troupe.actors.engine.WorkerCarriers;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.WasmValue;
import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Linker;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.engine.text.Wat;
import dev.troupe.scheduler.Preempter;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.SchedulerClock;
import dev.troupe.scheduler.SchedulerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A platform with the real engine. */
final class EngineFixture implements AutoCloseable {
  final Engine engine;
  final Scheduler scheduler;
  final HostModule hostModule = new HostModule();
  final ExecutorService compilers = Executors.newSingleThreadExecutor();
  final Platform platform;

  EngineFixture(Path folder, int workers) {
    this(folder, workers, true);
  }

  EngineFixture(Path folder, int workers, boolean spectre) {
    ArtifactFolder artifacts;
    try {
      artifacts = ArtifactFolder.open(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    engine =
        Engine.create(
            EngineConfig.builder().spectre(spectre).artifactKeyFile(artifacts.keyFile()).build());
    WorkerCarriers carriers = new WorkerCarriers(engine, workers);
    CountDownLatch attached = new CountDownLatch(workers);
    scheduler =
        new Scheduler(
            SchedulerConfig.defaults().withWorkers(workers),
            SchedulerClock.system(),
            index -> {
              Preempter preempter = carriers.forCurrentWorker(index);
              attached.countDown();
              return preempter;
            });
    awaitAll(attached);
    EngineRuntime runtime =
        new EngineRuntime(
            engine,
            hostModule.addTo(Linker.<GuestSlot>create(engine)),
            GuestWorlds.NONE,
            carriers,
            EngineRuntime.Lines.NONE);
    platform =
        Platform.start(
            PlatformSettings.defaults(),
            scheduler,
            new ArtifactCache(runtime, artifacts, compilers),
            new InMemoryTenantStore());
  }

  /** Whoever counts mappings and threads wants those of all workers there. */
  private static void awaitAll(CountDownLatch workers) {
    try {
      assertThat(workers.await(2, TimeUnit.MINUTES)).as("workers have started").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void createTenant(String tenantId, TenantQuotas quotas) {
    TenantView _ = Fixture.done(Fixture.answered(platform.createTenant(tenantId, "", quotas)));
  }

  void deploy(String tenantId, String functionId, String wat) {
    byte[] module = Wat.toBinary(wat);
    Deployment _ =
        Fixture.done(
            Fixture.answered(
                platform.deploy(tenantId, functionId, Hex.sha256(module), module, null, false)));
  }

  Call start(
      String tenantId, String functionId, CallLimits limits, String entry, WasmValue... values) {
    return start(tenantId, functionId, limits, entry, new CallInput.Values(List.of(values)));
  }

  Call start(String tenantId, String functionId, CallLimits limits, String entry, CallInput input) {
    Call call =
        new Call(
            functionId,
            null,
            new CallRequest(entry, input, OptionalLong.empty()),
            limits,
            System.nanoTime());
    platform.invoke(tenantId, call);
    return call;
  }

  void awaitNothingInUse() {
    patiently().until(() -> engine.openStores() == 0 && scheduler.snapshot().live() == 0);
    patiently()
        .until(() ->
            platform.listTenants().stream()
                .allMatch(
                    view -> view.usage().instances() == 0 && view.usage().memoryBytes() == 0));
  }

  @Override
  public void close() {
    platform.close();
    scheduler.close();
    hostModule.close();
    compilers.close();
  }
}
