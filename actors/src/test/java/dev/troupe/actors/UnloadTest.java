package dev.troupe.actors;

import static dev.troupe.actors.Fixture.patiently;
import static dev.troupe.actors.Fixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas;
import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.WasmValue;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.CodeRegion;
import dev.troupe.engine.text.Wat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted leaves memory: code, mappings, open files, entries of the cache. */
final class UnloadTest {
  /** With {@code -Dtroupe.test.deployments=2000} the full figure. */
  private static final int DEPLOYMENTS = Integer.getInteger("troupe.test.deployments", 200);

  // Of tests before this one in the same process.
  private final int othersModules = CodeRegion.instance().mappedCount();
  private final EngineFixture fixture;

  UnloadTest(@TempDir Path folder) {
    fixture = new EngineFixture(folder, 2);
    fixture.createTenant("acme", TenantQuotas.defaults().withDeadline(Duration.ofHours(1)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String wat(int constant) {
    return """
    (module
      (import "troupe" "sleep" (func $sleep (param i64)))
      (memory (export "memory") 1)
      (data (i32.const 65000) "%d")
      (func (export "get") (result i32) (i32.const %d))
      (func (export "late") (result i32)
        (call $sleep (i64.const 3600000000000))
        (i32.const %d)))
    """
        .formatted(constant, constant, constant);
  }

  /** What a loaded module holds. */
  private record Holdings(int modules, long mappedBytes, long files, long cached) {}

  private Holdings holdings() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return new Holdings(
          CodeRegion.instance().mappedCount(),
          VirtualMemory.mappedBytes(),
          files.filter(UnloadTest::isOurs).count(),
          fixture.platform.cacheStatistics().entries());
    }
  }

  /** Whether it is not one of the class path, which the JVM opens when it likes. */
  private static boolean isOurs(Path descriptor) {
    try {
      return !Files.readSymbolicLink(descriptor).toString().endsWith(".jar");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private void delete(String functionId) {
    var _ = Fixture.done(Fixture.answered(fixture.platform.deleteFunction("acme", functionId, "")));
  }

  private void callAndDelete(int i) {
    fixture.deploy("acme", "f" + i, wat(i));
    assertThat(result(fixture.start("acme", "f" + i, CallLimits.NONE, "get"))).isEqualTo(i);
    delete("f" + i);
  }

  @Test
  void manyVersionsComeAndGoAndLeaveNothing() throws IOException {
    for (int i = 0; i < 20; i++) {
      callAndDelete(i);
    }
    patiently().until(() -> fixture.platform.cacheStatistics().entries() == 0);
    patiently().until(() -> CodeRegion.instance().mappedCount() <= othersModules);
    Holdings before = holdings();
    for (int i = 0; i < DEPLOYMENTS; i++) {
      callAndDelete(100 + i);
    }
    patiently()
        .untilAsserted(() -> {
          Holdings after = holdings();
          assertThat(after.modules()).isLessThanOrEqualTo(before.modules());
          assertThat(after.cached()).isEqualTo(before.cached());
          assertThat(after.mappedBytes()).isLessThanOrEqualTo(before.mappedBytes());
          assertThat(after.files()).isLessThanOrEqualTo(before.files());
        });
    fixture.awaitNothingInUse();
  }

  @Test
  void aModuleWithoutAnImageKeepsNoFileOpen() throws IOException {
    fixture.deploy("acme", "first", "(module (func (export \"f0\")))");
    long before = holdings().files();
    int modules = holdings().modules();
    for (int i = 0; i < 50; i++) {
      fixture.deploy("acme", "f" + i, "(module (func (export \"f%d\")))".formatted(i + 1));
    }
    assertThat(holdings().modules()).isGreaterThanOrEqualTo(modules + 50);
    assertThat(holdings().files()).isLessThan(before + 25);
  }

  @Test
  void codeStaysAsLongAsACallRunsIt() {
    fixture.deploy("acme", "f", wat(5));
    Call sleeper = fixture.start("acme", "f", CallLimits.NONE, "late");
    patiently().until(() -> fixture.hostModule.sleeping() == 1);
    int loaded = CodeRegion.instance().mappedCount();
    delete("f");
    patiently().until(() -> fixture.platform.cacheStatistics().entries() == 0);
    assertThat(CodeRegion.instance().mappedCount()).isEqualTo(loaded);
    fixture.platform.cancel("acme", sleeper);
    assertThat(Fixture.answer(sleeper)).isInstanceOf(CallAnswer.Trapped.class);
    patiently().until(() -> CodeRegion.instance().mappedCount() == loaded - 1);
    fixture.awaitNothingInUse();
  }

  @Test
  void aModuleOfSeveralFunctionsGoesWithTheLastOfThem() {
    byte[] module = Wat.toBinary(wat(9));
    List<Deployment> deployments = new ArrayList<>();
    for (String function : List.of("a", "b", "c")) {
      deployments.add(
          Fixture.done(
              Fixture.answered(
                  fixture.platform.deploy(
                      "acme", function, Hex.sha256(module), module, null, false))));
    }
    assertThat(deployments.get(2).source()).isEqualTo(Artifact.Source.MEMORY);
    // A second deployment of the same, and one that is not kept, hold nothing.
    fixture.deploy("acme", "c", wat(9));
    var _ =
        Fixture.done(
            Fixture.answered(
                fixture.platform.deploy("acme", "d", Hex.sha256(module), module, null, true)));
    delete("a");
    delete("b");
    assertThat(fixture.platform.cacheStatistics().entries()).isEqualTo(1);
    assertThat(result(fixture.start("acme", "c", CallLimits.NONE, "get", new WasmValue[0])))
        .isEqualTo(9);
    delete("c");
    patiently().until(() -> fixture.platform.cacheStatistics().entries() == 0);
  }
}
