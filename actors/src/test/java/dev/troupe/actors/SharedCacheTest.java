package dev.troupe.actors;

import static dev.troupe.actors.Fixture.answered;
import static dev.troupe.actors.Fixture.done;
import static dev.troupe.actors.Fixture.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.CompileBudget;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.artifact.CompileAccount;
import dev.troupe.actors.port.BadModuleException;
import dev.troupe.actors.port.InMemoryTenantStore;
import dev.troupe.engine.cache.ArtifactFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One compilation and one file per module and engine setting, whoever asks and however often. */
final class SharedCacheTest {
  private static final byte[] MODULE = FakeRuntime.module("memory=65536");

  private final Path folder;

  SharedCacheTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Fixture fixture(String setting) {
    return new Fixture(folder, setting, new InMemoryTenantStore(), PlatformSettings.defaults());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void aHundredDeploymentsOfTenTenantsCompileOnce() throws IOException {
    try (Fixture fixture = fixture("default")) {
      CompletableFuture<Boolean> gate = new CompletableFuture<>();
      fixture.runtime.compilerGate = gate;
      List<CompletionStage<Reply<Deployment>>> deployments = new ArrayList<>();
      for (int tenant = 0; tenant < 10; tenant++) {
        TenantView _ = fixture.createTenant("tenant-" + tenant, TenantQuotas.defaults());
        for (int function = 0; function < 10; function++) {
          deployments.add(
              fixture.platform.deploy(
                  "tenant-" + tenant, "f" + function, Hex.sha256(MODULE), MODULE, null, false));
        }
      }
      boolean _ = gate.complete(true);
      List<Artifact.Source> sources = new ArrayList<>();
      deployments.forEach(deployment -> sources.add(done(answered(deployment)).source()));
      assertThat(sources).hasSize(100);
      assertThat(sources).filteredOn(source -> source == Artifact.Source.COMPILED).hasSize(1);
      assertThat(fixture.runtime.compilations).hasValue(1);
      assertThat(fixture.platform.cacheStatistics().compilations()).isEqualTo(1);
      assertThat(fixture.platform.cacheStatistics().memoryHits()).isEqualTo(99);
      assertThat(files()).hasSize(1);
    }
  }

  @Test
  void aRestartCompilesNothingAndAnotherSettingDoes() throws IOException {
    try (Fixture first = fixture("default")) {
      TenantView _ = first.createTenant(TenantQuotas.defaults());
      assertThat(first.deploy("memory=65536").source()).isEqualTo(Artifact.Source.COMPILED);
      assertThat(first.deploy("memory=65536").source()).isEqualTo(Artifact.Source.MEMORY);
    }
    try (Fixture second = fixture("default")) {
      TenantView _ = second.createTenant(TenantQuotas.defaults());
      assertThat(second.deploy("memory=65536").source()).isEqualTo(Artifact.Source.FOLDER);
      assertThat(second.runtime.compilations).hasValue(0);
    }
    try (Fixture other = fixture("spectre=off")) {
      TenantView _ = other.createTenant(TenantQuotas.defaults());
      assertThat(other.deploy("memory=65536").source()).isEqualTo(Artifact.Source.COMPILED);
    }
    assertThat(files()).hasSize(2);
  }

  @Test
  void aRestartWithADurableStoreBringsEverythingBack() {
    InMemoryTenantStore store = new InMemoryTenantStore();
    try (Fixture first = new Fixture(folder, "default", store, PlatformSettings.defaults())) {
      TenantView _ = first.createTenant(TenantQuotas.defaults().withWeight(7));
      Deployment _ = first.deploy("memory=65536");
    }
    try (Fixture second = new Fixture(folder, "default", store, PlatformSettings.defaults())) {
      assertThat(done(second.platform.getTenant(Fixture.TENANT)).tenant().quotas().weight())
          .isEqualTo(7);
      assertThat(Fixture.result(second.start("calls"))).isEqualTo(1);
      assertThat(second.runtime.compilations).hasValue(0);
    }
  }

  @Test
  void aCorruptEntryIsRejectedCompiledAgainAndCounted() throws IOException {
    try (Fixture first = fixture("default")) {
      TenantView _ = first.createTenant(TenantQuotas.defaults());
      Deployment _ = first.deploy("memory=65536");
    }
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    byte[] bad = good.clone();
    bad[bad.length - 1] ^= 1;
    Files.write(file, bad);
    try (Fixture second = fixture("default")) {
      TenantView _ = second.createTenant(TenantQuotas.defaults());
      assertThat(second.deploy("memory=65536").source()).isEqualTo(Artifact.Source.COMPILED);
      assertThat(second.platform.cacheStatistics().rejectedFiles()).isEqualTo(1);
      assertThat(Fixture.result(second.start("calls"))).isEqualTo(1);
    }
    assertThat(files()).containsExactly(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(good);
  }

  @Test
  void aBadModuleIsTheTenantsFaultAndIsNotRemembered() {
    try (Fixture fixture = fixture("default")) {
      TenantView _ = fixture.createTenant(TenantQuotas.defaults());
      byte[] bad = {1, 2, 3};
      for (int round = 1; round <= 2; round++) {
        Rejection rejection =
            rejection(
                answered(
                    fixture.platform.deploy(
                        Fixture.TENANT, "f", Hex.sha256(bad), bad, null, false)));
        assertThat(rejection)
            .isEqualTo(
                new Rejection.BadModule(
                    BadModuleException.Phase.MALFORMED, 3, "magic header not found", null));
        assertThat(fixture.platform.cacheStatistics().failedCompilations()).isEqualTo(round);
      }
      assertThat(done(fixture.platform.getTenant(Fixture.TENANT)).tenant().functions()).isEmpty();
      byte[] unlinkable = FakeRuntime.module("unlinkable");
      assertThat(
              rejection(
                  answered(
                      fixture.platform.deploy(
                          Fixture.TENANT, "f", Hex.sha256(unlinkable), unlinkable, null, false))))
          .isInstanceOfSatisfying(
              Rejection.BadModule.class,
              rejected ->
                  assertThat(rejected.phase()).isEqualTo(BadModuleException.Phase.UNLINKABLE));
    }
  }

  @Test
  void aServerWithoutRoomForCodeSaysSo() {
    try (Fixture fixture = fixture("default")) {
      TenantView _ = fixture.createTenant(TenantQuotas.defaults());
      byte[] module = FakeRuntime.module("no-room");
      for (int round = 1; round <= 2; round++) {
        assertThat(
                rejection(
                    answered(
                        fixture.platform.deploy(
                            Fixture.TENANT, "f", Hex.sha256(module), module, null, false))))
            .isEqualTo(new Rejection.Unavailable("the code region is full"));
      }
      assertThat(fixture.runtime.compilations).as("the file is as good as before").hasValue(1);
    }
  }

  @Test
  void twoProcessesOnOneFolderLeaveOneValidFile() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int index = 0; index < 2; index++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .start());
    }
    for (Process process : processes) {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
    }
    assertThat(files()).hasSize(1);
    try (Fixture fixture = fixture("default")) {
      TenantView _ = fixture.createTenant(TenantQuotas.defaults());
      assertThat(fixture.deploy("memory=65536").source()).isEqualTo(Artifact.Source.FOLDER);
    }
  }

  @Test
  void aFullFolderLosesWhatIsNotInMemory(@TempDir Path small) throws IOException {
    ArtifactFolder folder = ArtifactFolder.open(small, 1);
    ArtifactCache cache = new ArtifactCache(new FakeRuntime("default"), folder, Runnable::run);
    Artifact first = answered(cache.get(FakeRuntime.module("1"), OtherProcess.FREE));
    Artifact second = answered(cache.get(FakeRuntime.module("2"), OtherProcess.FREE));
    assertThat(folder.find(first.key())).isPresent();
    assertThat(folder.find(second.key())).isPresent();
    cache.release(first);
    Artifact third = answered(cache.get(FakeRuntime.module("3"), OtherProcess.FREE));
    assertThat(folder.find(first.key())).isEmpty();
    assertThat(folder.find(second.key())).isPresent();
    assertThat(folder.find(third.key())).isPresent();
  }

  /** What each of the two processes runs: compiles again and again over an empty folder. */
  static final class OtherProcess {
    private static final CompileAccount FREE =
        new TenantCompilations(new CompileBudget(EffectiveLimits.NONE));

    private OtherProcess() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      for (int round = 0; round < 50; round++) {
        ArtifactCache cache =
            new ArtifactCache(
                new FakeRuntime("default"), ArtifactFolder.open(folder), Runnable::run);
        Artifact artifact = answered(cache.get(MODULE, FREE));
        if (artifact.module().description().exports().isEmpty()
            || cache.snapshot().rejectedFiles() > 0) {
          throw new IllegalStateException("a file was not whole");
        }
        // The other process may find it, miss it, or write it at the same time.
        Path _ = ArtifactFolder.open(folder).put(artifact.key(), bytes(artifact.key(), folder));
      }
    }

    private static byte[] bytes(String key, Path folder) throws IOException {
      return Files.readAllBytes(
          ArtifactFolder.open(folder)
              .find(key)
              .orElseThrow(() -> new IllegalStateException("the entry is gone")));
    }
  }
}
