package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answered;
import static dev.troupe.actors.Fixture.done;
import static dev.troupe.actors.Fixture.rejection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.actors.port.StoredTenant;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants and functions as resources, and what happens when their actor fails. */
final class TenantTest {
  private static final TenantQuotas QUOTAS = TenantQuotas.defaults();

  /** A store that makes the actor that uses it throw. */
  private static final class FailingStore extends InMemoryTenantStore {
    volatile boolean failing;

    @Override
    public CompletionStage<Void> save(StoredTenant tenant) {
      if (failing) {
        throw new IllegalStateException("fault of the test");
      }
      return super.save(tenant);
    }
  }

  private final FailingStore store = new FailingStore();
  private final Fixture fixture;

  TenantTest(@TempDir Path folder) {
    fixture = new Fixture(folder, "default", store, PlatformSettings.defaults());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Rejection update(String etag) {
    return rejection(answered(fixture.platform.updateTenant(Fixture.TENANT, "x", QUOTAS, etag)));
  }

  @Test
  void tenantsAreCreatedReadListedChangedAndDeleted() {
    TenantView created = fixture.createTenant(QUOTAS);
    assertThat(created.tenant().revision()).isEqualTo(1);
    TenantView _ = fixture.createTenant("zeta", QUOTAS);
    TenantView _ = fixture.createTenant("beta", QUOTAS);
    assertThat(fixture.platform.listTenants())
        .extracting(view -> view.tenant().tenantId())
        .containsExactly("acme", "beta", "zeta");
    assertThat(rejection(answered(fixture.platform.createTenant("acme", "", QUOTAS))))
        .isEqualTo(new Rejection.AlreadyExists("tenants/acme"));
    assertThat(rejection(answered(fixture.platform.createTenant("Acme", "", QUOTAS))))
        .isInstanceOf(Rejection.Invalid.class);
    TenantView changed =
        done(answered(fixture.platform.updateTenant("acme", "A", QUOTAS.withWeight(5), "1")));
    assertThat(changed.tenant().quotas().weight()).isEqualTo(5);
    assertThat(changed.tenant().revision()).isEqualTo(2);
    assertThat(update("1")).isEqualTo(new Rejection.Stale("tenants/acme", "2"));
    StoredTenant gone = done(answered(fixture.platform.deleteTenant("acme", "2", false)));
    assertThat(gone.displayName()).isEqualTo("A");
    assertThat(rejection(fixture.platform.getTenant("acme")))
        .isEqualTo(new Rejection.NotFound("tenants/acme"));
    assertThat(update("")).isEqualTo(new Rejection.NotFound("tenants/acme"));
    TenantView again = fixture.createTenant(QUOTAS);
    assertThat(again.tenant().revision()).isEqualTo(1);
  }

  @Test
  void aTenantWithFunctionsIsDeletedOnlyByForce() {
    TenantView _ = fixture.createTenant(QUOTAS);
    Deployment _ = fixture.deploy("a");
    assertThat(rejection(answered(fixture.platform.deleteTenant("acme", "", false))))
        .isInstanceOf(Rejection.Precondition.class);
    var _ = done(answered(fixture.platform.deleteTenant("acme", "", true)));
  }

  @Test
  void modulesAreForgottenWithTheLastVersionThatHasThem() {
    TenantView _ = fixture.createTenant(QUOTAS);
    TenantView _ = fixture.createTenant("beta", QUOTAS);
    byte[] shared = FakeRuntime.module("shared");
    Deployment first = fixture.deploy("acme", "f", shared);
    Deployment _ = fixture.deploy("acme", "g", shared);
    Deployment _ = fixture.deploy("beta", "f", shared);
    Deployment _ = fixture.deploy("2");
    assertThat(store.moduleCount()).isEqualTo(2);
    var _ = done(answered(fixture.platform.deleteVersion("acme", "f", first.version().sha256())));
    var _ = done(answered(fixture.platform.deleteFunction("acme", "g", "")));
    assertThat(store.moduleCount()).as("beta has it").isEqualTo(2);
    var _ = done(answered(fixture.platform.deleteTenant("beta", "", true)));
    assertThat(store.moduleCount()).isEqualTo(1);
    var _ = done(answered(fixture.platform.deleteFunction("acme", "f", "")));
    assertThat(store.moduleCount()).isZero();
  }

  @Test
  void functionsAndVersionsAreDeleted() {
    TenantView _ = fixture.createTenant(QUOTAS);
    Deployment first = fixture.deploy("1");
    Deployment second = fixture.deploy("2");
    StoredTenant tenant = done(fixture.platform.getTenant("acme")).tenant();
    assertThat(tenant.functions().values())
        .singleElement()
        .satisfies(function ->
            assertThat(function.versions()).containsExactly(first.version(), second.version()));
    assertThat(
            rejection(
                answered(fixture.platform.deleteVersion("acme", "f", second.version().sha256()))))
        .isInstanceOf(Rejection.Precondition.class);
    var _ = done(answered(fixture.platform.deleteVersion("acme", "f", first.version().sha256())));
    assertThat(
            rejection(
                answered(fixture.platform.deleteVersion("acme", "f", first.version().sha256()))))
        .isInstanceOf(Rejection.NotFound.class);
    assertThat(rejection(answered(fixture.platform.deleteFunction("acme", "f", "1"))))
        .isEqualTo(new Rejection.Stale("tenants/acme/functions/f", "3"));
    var _ = done(answered(fixture.platform.deleteFunction("acme", "f", "3")));
    assertThat(done(fixture.platform.getTenant("acme")).tenant().functions()).isEmpty();
  }

  @Test
  void deploymentsAreBoundedInSizeAndNumber() {
    TenantView _ = fixture.createTenant(QUOTAS.withDeployments(6, 1));
    byte[] large = FakeRuntime.module("large");
    assertThat(deployRejection("f", large))
        .isInstanceOfSatisfying(
            Rejection.OverQuota.class,
            over -> assertThat(over.refusal().quota()).isEqualTo(Quota.MODULE_BYTES));
    Deployment _ = fixture.deploy("");
    assertThat(deployRejection("g", FakeRuntime.module("")))
        .isInstanceOfSatisfying(
            Rejection.OverQuota.class,
            over -> assertThat(over.refusal().quota()).isEqualTo(Quota.FUNCTIONS));
  }

  @Test
  void versionsOfAFunctionAreBounded() {
    TenantView _ = fixture.createTenant(QUOTAS);
    for (int version = 0; version < 100; version++) {
      Deployment _ = fixture.deploy("v" + version);
    }
    assertThat(deployRejection("f", FakeRuntime.module("one more")))
        .isInstanceOfSatisfying(
            Rejection.OverQuota.class,
            over -> assertThat(over.refusal().quota()).isEqualTo(Quota.VERSIONS));
    assertThat(fixture.deploy("v3").alreadyDeployed()).isTrue();
  }

  private Rejection deployRejection(String functionId, byte[] module) {
    return rejection(
        answered(
            fixture.platform.deploy("acme", functionId, Hex.sha256(module), module, null, false)));
  }

  @Test
  void actorsGoWithWhatTheyAreFor() {
    TenantView _ = fixture.createTenant(QUOTAS);
    awaitActors(1);
    for (int version = 0; version < 3; version++) {
      Deployment _ = fixture.deploy("v" + version);
    }
    assertThat(Fixture.result(fixture.start("calls"))).isEqualTo(1);
    int most = 1 + 1 + 3; // the tenant, its function, a pool per version
    awaitActors(most);
    for (int round = 0; round < 10; round++) {
      TenantView _ = fixture.createTenant("passing", QUOTAS);
      Deployment _ = fixture.deploy("passing", "f", FakeRuntime.module("memory=65536"));
      var _ = done(answered(fixture.platform.deleteTenant("passing", "", true)));
    }
    awaitActors(most);
    var _ = done(answered(fixture.platform.deleteFunction("acme", "f", "")));
    awaitActors(1);
    var _ = done(answered(fixture.platform.deleteTenant("acme", "", true)));
    awaitActors(0);
  }

  /** Actors start and stop after the answer to who asked for it. */
  private void awaitActors(int expected) {
    Fixture.patiently().until(fixture.platform::liveActors, actors -> actors == expected);
  }

  @Test
  void validationChangesNothing() {
    TenantView _ = fixture.createTenant(QUOTAS);
    byte[] module = FakeRuntime.module("x");
    Deployment checked =
        done(
            answered(fixture.platform.deploy("acme", "f", Hex.sha256(module), module, null, true)));
    assertThat(checked.version().description().bytesAbi()).isTrue();
    assertThat(done(fixture.platform.getTenant("acme")).tenant().functions()).isEmpty();
    assertThat(fixture.deploy("x").alreadyDeployed()).isFalse();
    assertThat(Fixture.result(fixture.start("calls"))).isEqualTo(1);
  }

  @Test
  void quotasThatMakeNoSenseAreNamed() {
    assertThatThrownBy(() -> QUOTAS.withWeight(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("quota weight cannot be 0");
  }

  @Test
  void aTenantThatFailsIsRestartedAndItsNeighboursNoticeNothing() {
    TenantView _ = fixture.createTenant(QUOTAS.withConcurrency(1, 10));
    TenantView _ = fixture.createTenant("other", QUOTAS);
    Deployment _ = fixture.deploy("memory=65536");
    Deployment _ = fixture.deploy("other", "f", FakeRuntime.module("memory=65536"));
    Call running = fixture.start("wait");
    Call queued = fixture.start("wait");
    fixture.awaitRunning(1);
    fixture.awaitQueued(1);
    int actors = 2 * (1 + 1 + 1); // a tenant, its function, a pool for its version; twice
    awaitActors(actors);
    store.failing = true;
    CompletionStage<Reply<TenantView>> lost =
        fixture.platform.updateTenant("acme", "boom", QUOTAS, "");
    assertThat(Fixture.answer(queued)).isInstanceOf(CallAnswer.Unavailable.class);
    store.failing = false;
    assertThat(fixture.usage().concurrency()).as("what runs keeps its account").isEqualTo(1);
    boolean _ = fixture.runtime.hostCall.complete(true);
    assertThat(Fixture.result(running)).isEqualTo(1);
    fixture.awaitNothingInUse();
    assertThat(Fixture.result(fixture.start("calls"))).isEqualTo(1);
    assertThat(done(fixture.platform.getTenant("acme")).tenant().displayName()).isEmpty();
    assertThat(lost.toCompletableFuture()).isNotDone();
    fixture.setQuotas(QUOTAS);
    Fixture.patiently().until(() -> fixture.platform.isQuiet());
    awaitActors(actors);
  }
}
