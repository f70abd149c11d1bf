package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answer;
import static dev.troupe.actors.Fixture.answered;
import static dev.troupe.actors.Fixture.done;
import static dev.troupe.actors.Fixture.rejection;
import static dev.troupe.actors.Fixture.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.DeploymentLimits.Upload;
import dev.troupe.actors.admission.CompileRefusedException;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.Level;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.artifact.CompileAccount;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of functions, of deployments and of compilations; lowered ones and idle instances. */
final class LimitsTest {
  private static final TenantQuotas QUOTAS = TenantQuotas.defaults();
  private static final long PAGE = 65_536;
  private static final long SECOND = 1_000_000_000;

  private final Fixture fixture;

  LimitsTest(@TempDir Path folder) {
    fixture =
        new Fixture(
            folder,
            "default",
            new InMemoryTenantStore(),
            PlatformSettings.defaults()
                .withCallsPerInstance(100)
                .withLimits(Limits.EMPTY.with(Quota.MODULE_COMPILE_TIME, 5 * SECOND)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private CompletionStage<Reply<Deployment>> deploy(String tenant, String function, String text) {
    byte[] module = FakeRuntime.module(text);
    return fixture.platform.deploy(tenant, function, Hex.sha256(module), module, null, false);
  }

  private StoredFunction limit(Limits limits) {
    return done(
        answered(fixture.platform.updateFunction(Fixture.TENANT, Fixture.FUNCTION, limits, "")));
  }

  private static Refusal overQuota(Reply<?> reply) {
    if (rejection(reply) instanceof Rejection.OverQuota over) {
      return over.refusal();
    }
    throw new AssertionError(reply);
  }

  @Test
  void idleInstancesBeyondALoweredLimitEndAtOnce() {
    TenantView _ = fixture.createTenant(QUOTAS);
    Deployment _ = fixture.deploy("memory=65536");
    assertThat(result(fixture.start("calls"))).isEqualTo(1);
    assertThat(result(fixture.start("calls"))).as("the instance is kept").isEqualTo(2);
    StoredFunction _ = limit(Limits.EMPTY.with(Quota.INSTANCE_MEMORY_BYTES, PAGE));
    assertThat(result(fixture.start("calls"))).as("it still fits").isEqualTo(3);
    fixture.setQuotas(QUOTAS.withMemory(PAGE - 1, PAGE));
    fixture.awaitNothingInUse();
    fixture.setQuotas(QUOTAS);
    assertThat(result(fixture.start("calls"))).isEqualTo(1);
    StoredFunction _ = limit(Limits.EMPTY.with(Quota.INSTANCE_MEMORY_BYTES, PAGE - 1));
    fixture.awaitNothingInUse();
  }

  @Test
  void anInstanceThatRunsBeyondALoweredLimitIsNotKept() {
    TenantView _ = fixture.createTenant(QUOTAS);
    Deployment _ = fixture.deploy("memory=65536");
    Call running = fixture.start("wait");
    fixture.awaitRunning(1);
    fixture.setQuotas(QUOTAS.withInstances(0));
    assertThat(fixture.usage().instances()).as("what runs goes on").isEqualTo(1);
    boolean _ = fixture.runtime.hostCall.complete(true);
    assertThat(result(running)).isEqualTo(1);
    fixture.awaitNothingInUse();
  }

  @Test
  void limitsOfAFunctionStayWhenAVersionIsDeployedAndGoWithTheFunction() {
    TenantView _ = fixture.createTenant(QUOTAS);
    byte[] module = FakeRuntime.module("a");
    Limits limits = Limits.EMPTY.with(Quota.CONCURRENCY, 1);
    Deployment _ =
        done(
            answered(
                fixture.platform.deploy(
                    Fixture.TENANT, "f", Hex.sha256(module), module, limits, false)));
    Deployment _ = fixture.deploy("b");
    Call running = fixture.start("wait");
    Call waiting = fixture.start("wait");
    fixture.awaitRunning(1);
    fixture.awaitQueued(1);
    assertThat(done(fixture.platform.getTenant(Fixture.TENANT)).tenant().functions().get("f"))
        .extracting(StoredFunction::limits)
        .isEqualTo(limits);
    StoredFunction _ = done(answered(fixture.platform.deleteFunction(Fixture.TENANT, "f", "")));
    assertThat(answer(waiting)).as("nothing holds it up").isInstanceOf(CallAnswer.NotFound.class);
    boolean _ = fixture.runtime.hostCall.complete(true);
    assertThat(result(running)).isEqualTo(1);
    Deployment _ = fixture.deploy("b");
    assertThat(done(fixture.platform.getTenant(Fixture.TENANT)).tenant().functions().get("f"))
        .extracting(StoredFunction::limits)
        .isEqualTo(Limits.EMPTY);
  }

  @Test
  void whoHasNoBudgetIsRefusedUntilSomebodyElseHasPaid() {
    TenantView _ =
        fixture.createTenant(
            QUOTAS.with(Quota.COMPILE_PER_SECOND, 1_000).with(Quota.COMPILE_BURST, SECOND));
    TenantView _ = fixture.createTenant("rich", QUOTAS);
    Deployment _ = fixture.deploy("cost=2000000000");
    Refusal refusal = overQuota(answered(deploy(Fixture.TENANT, "g", "salt=2")));
    assertThat(refusal.quota()).isEqualTo(Quota.COMPILE_PER_SECOND);
    assertThat(refusal.retryAfter()).isNotNull();
    assertThat(done(answered(deploy("rich", "g", "salt=2"))).alreadyDeployed()).isFalse();
    Deployment _ = done(answered(deploy(Fixture.TENANT, "g", "salt=2")));
    assertThat(fixture.statistics().consumption().compileCpuNanos()).isEqualTo(2 * SECOND);
    assertThat(fixture.statistics().consumption().compilations()).isEqualTo(1);
  }

  @Test
  void whoWaitsForAModuleThatIsRefusedToAnotherAsksItsOwnAccount() {
    byte[] module = FakeRuntime.module("salt=3");
    CompletableFuture<Boolean> gate = new CompletableFuture<>();
    CompletionStage<Artifact> poor =
        fixture.artifacts.get(
            module,
            bytes -> {
              boolean _ = gate.join();
              throw new CompileRefusedException(
                  new Refusal(Quota.COMPILE_PER_SECOND, Level.TENANT, 1, 2, null));
            });
    Fixture.patiently().until(() -> fixture.artifacts.snapshot().entries() == 1);
    CompletionStage<Artifact> waiting = fixture.artifacts.get(module, bytes -> new Free());
    Fixture.patiently().until(() -> fixture.artifacts.snapshot().memoryHits() == 1);
    boolean _ = gate.complete(true);
    assertThatThrownBy(() -> answered(poor)).hasRootCauseInstanceOf(CompileRefusedException.class);
    Artifact artifact = answered(waiting);
    assertThat(artifact.source()).isEqualTo(Artifact.Source.COMPILED);
    fixture.artifacts.release(artifact);
  }

  /** A compilation that costs nobody anything. */
  private record Free() implements CompileAccount.Turn {
    @Override
    public long limitNanos() {
      return Long.MAX_VALUE;
    }

    @Override
    public void spent(long cpuNanos) {
      // Nobody pays.
    }

    @Override
    public CompileRefusedException tooMuch(long cpuNanos) {
      throw new AssertionError("there is no limit");
    }
  }

  @Test
  void aModuleThatTakesTooLongNamesThePlatformsLimitAndIsPaid() {
    TenantView _ = fixture.createTenant(QUOTAS);
    Refusal refusal = overQuota(answered(deploy(Fixture.TENANT, "f", "cost=6000000000")));
    assertThat(refusal)
        .isEqualTo(
            new Refusal(Quota.MODULE_COMPILE_TIME, Level.PLATFORM, 5 * SECOND, 6 * SECOND, null));
    assertThat(fixture.statistics().consumption().compileCpuNanos()).isEqualTo(6 * SECOND);
  }

  @Test
  void deploymentsOnTheirWayCountAsIfTheyWereDone() {
    Instant now = Instant.now();
    StoredTenant tenant = new StoredTenant("acme", "", QUOTAS, now, now, 1, new TreeMap<>());
    EffectiveLimits limits =
        EffectiveLimits.of(
            Limits.EMPTY,
            QUOTAS
                .with(Quota.FUNCTIONS, 2)
                .with(Quota.VERSIONS, 2)
                .with(Quota.DEPLOYED_BYTES, 100)
                .with(Quota.DEPLOYMENTS, 3)
                .limits(),
            Limits.EMPTY,
            Limits.EMPTY);
    Upload a = new Upload("f", "a", 60, true);
    Upload b = new Upload("f", "b", 40, true);
    Upload c = new Upload("g", "c", 10, true);
    Upload check = new Upload("h", "d", 90, false);
    assertThat(DeploymentLimits.refusal(tenant, limits, List.of(a), b)).isNull();
    assertThat(DeploymentLimits.refusal(tenant, limits, List.of(a, b), a)).as("twice").isNull();
    assertThat(DeploymentLimits.refusal(tenant, limits, List.of(check), a))
        .as("a validation stores nothing")
        .isNull();
    assertThat(DeploymentLimits.refusal(tenant, limits, List.of(a, b), c))
        .isEqualTo(new Refusal(Quota.DEPLOYED_BYTES, Level.TENANT, 100, 110, null));
    assertThat(
            DeploymentLimits.refusal(tenant, limits, List.of(a, c), new Upload("h", "x", 1, true)))
        .isEqualTo(new Refusal(Quota.FUNCTIONS, Level.TENANT, 2, 2, null));
    Refusal versions =
        DeploymentLimits.refusal(tenant, limits, List.of(a, b), new Upload("f", "x", 0, true));
    assertThat(versions).isEqualTo(new Refusal(Quota.VERSIONS, Level.TENANT, 2, 2, null));
    Refusal atOnce = DeploymentLimits.refusal(tenant, limits, List.of(a, b, c), c);
    assertThat(atOnce).extracting(Refusal::quota).isEqualTo(Quota.DEPLOYMENTS);
  }

  @Test
  void requestsBeyondTheLimitAreRefusedBeforeTheyRun() {
    TenantView _ = fixture.createTenant(QUOTAS.with(Quota.REQUEST_BYTES, 3));
    Deployment _ = fixture.deploy("a");
    Call large =
        fixture.start(
            Fixture.TENANT, "f", CallLimits.NONE, "handle", new CallInput.Payload(new byte[4]));
    assertThat(answer(large))
        .isEqualTo(
            new CallAnswer.Refused(new Refusal(Quota.REQUEST_BYTES, Level.TENANT, 3, 4, null)));
    assertThat(fixture.runtime.opened.get()).isZero();
  }
}
