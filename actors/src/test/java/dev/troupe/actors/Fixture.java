package dev.troupe.actors;

import static org.awaitility.Awaitility.await;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.TenantStore;
import dev.troupe.actors.port.WasmValue;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.scheduler.Preempter;
import dev.troupe.scheduler.Scheduler;
import dev.troupe.scheduler.SchedulerClock;
import dev.troupe.scheduler.SchedulerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.core.ConditionFactory;

/** A platform with a fake runtime. */
final class Fixture implements AutoCloseable {
  static final String TENANT = "acme";
  static final String FUNCTION = "f";

  final FakeRuntime runtime;
  final TenantStore store;
  final Scheduler scheduler;
  final ExecutorService compilers = Executors.newFixedThreadPool(4);
  final ArtifactCache artifacts;
  final Platform platform;

  Fixture(Path folder) {
    this(folder, "default", new InMemoryTenantStore(), PlatformSettings.defaults());
  }

  Fixture(Path folder, String engineSetting, TenantStore store, PlatformSettings settings) {
    this(folder, engineSetting, store, settings, SchedulerClock.system());
  }

  Fixture(
      Path folder,
      String engineSetting,
      TenantStore store,
      PlatformSettings settings,
      SchedulerClock clock) {
    this(
        folder,
        engineSetting,
        store,
        settings,
        new Scheduler(SchedulerConfig.defaults().withWorkers(2), clock, Preempter.cooperative()));
  }

  Fixture(
      Path folder,
      String engineSetting,
      TenantStore store,
      PlatformSettings settings,
      Scheduler scheduler) {
    this.runtime = new FakeRuntime(engineSetting);
    this.store = store;
    this.scheduler = scheduler;
    try {
      this.artifacts = new ArtifactCache(runtime, ArtifactFolder.open(folder), compilers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.platform = Platform.start(settings, scheduler, artifacts, store);
    int _ = answered(platform.awaitRestored());
  }

  /** Waits long enough for a busy machine. */
  static ConditionFactory patiently() {
    return await().atMost(Duration.ofMinutes(2));
  }

  static <T> T answered(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(2, TimeUnit.MINUTES).join();
  }

  static <T> T done(Reply<T> reply) {
    return switch (reply) {
      case Reply.Done<T> done -> done.value();
      case Reply.Rejected<T> rejected -> throw new AssertionError(rejected.reason().message());
    };
  }

  static <T> Rejection rejection(Reply<T> reply) {
    return switch (reply) {
      case Reply.Done<T> done -> throw new AssertionError("done: " + done.value());
      case Reply.Rejected<T> rejected -> rejected.reason();
    };
  }

  TenantView createTenant(TenantQuotas quotas) {
    return createTenant(TENANT, quotas);
  }

  TenantView createTenant(String tenantId, TenantQuotas quotas) {
    return done(answered(platform.createTenant(tenantId, "", quotas)));
  }

  void setQuotas(TenantQuotas quotas) {
    TenantView _ = done(answered(platform.updateTenant(TENANT, "", quotas, "")));
  }

  Deployment deploy(String tenantId, String functionId, byte[] module) {
    return done(
        answered(platform.deploy(tenantId, functionId, Hex.sha256(module), module, null, false)));
  }

  Deployment deploy(String options) {
    return deploy(TENANT, FUNCTION, FakeRuntime.module(options));
  }

  Call start(String entryPoint, WasmValue... values) {
    return start(CallLimits.NONE, entryPoint, values);
  }

  Call start(CallLimits limits, String entryPoint, WasmValue... values) {
    return start(TENANT, FUNCTION, limits, entryPoint, new CallInput.Values(List.of(values)));
  }

  Call start(
      String tenantId, String functionId, CallLimits limits, String entryPoint, CallInput input) {
    Call call =
        new Call(
            functionId,
            null,
            new CallRequest(entryPoint, input, OptionalLong.empty()),
            limits,
            System.nanoTime());
    platform.invoke(tenantId, call);
    return call;
  }

  static CallAnswer answer(Call call) {
    return answered(call.answer());
  }

  /**
   * The answer to a call that began before its deadline: a machine that stalls may not come to one
   * in time, which is sent again with twice the time.
   *
   * @param start starts the call with this deadline
   */
  static CallAnswer answerOnceBegun(Function<Duration, Call> start) {
    Duration deadline = Duration.ofMillis(250);
    CallAnswer answer = answer(start.apply(deadline));
    while (answer instanceof CallAnswer.TooLate && deadline.toMinutes() < 2) {
      deadline = deadline.multipliedBy(2);
      answer = answer(start.apply(deadline));
    }
    return answer;
  }

  /** The single i32 that the call returned. */
  static int result(Call call) {
    CallAnswer answer = answer(call);
    if (answer instanceof CallAnswer.Returned returned
        && returned.output() instanceof CallOutput.Values values
        && values.values().getFirst() instanceof WasmValue.I32 number) {
      return number.value();
    }
    throw new AssertionError(answer);
  }

  TenantUsage usage() {
    return done(platform.getTenant(TENANT)).usage();
  }

  TenantStatistics statistics() {
    return done(platform.tenantStatistics(TENANT));
  }

  void awaitRunning(int count) {
    patiently().until(() -> usage().concurrency() == count);
  }

  /** So many instances were opened: each for a call that is in its first slice or beyond it. */
  void awaitBegun(int count) {
    patiently().until(() -> runtime.opened.get() == count);
  }

  void awaitQueued(int count) {
    patiently().until(() -> usage().queueLength() == count);
  }

  /** Everything that calls took was given back. */
  void awaitNothingInUse() {
    patiently().until(() -> runtime.live.get() == 0 && usage().memoryBytes() == 0);
    patiently().until(() -> usage().instances() == 0 && usage().concurrency() == 0);
    patiently().until(() -> scheduler.snapshot().live() == 0);
  }

  @Override
  public void close() {
    platform.close();
    scheduler.close();
    compilers.shutdownNow();
  }
}
