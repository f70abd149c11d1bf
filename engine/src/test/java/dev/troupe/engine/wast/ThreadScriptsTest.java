package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Func;
import dev.troupe.engine.Module;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts of the threads proposal. They are written for WebAssembly 1.0, which has one memory,
 * one table and 32-bit limits: what 3.0 decides otherwise is listed, with the reason, in {@code
 * spec/failures.threads.txt}, and has to fail everywhere.
 */
class ThreadScriptsTest {
  private static final List<String> SCRIPTS = List.of("atomic", "exports", "imports", "memory");
  private static final int ASSERTIONS = 503;
  private static final WasmFeatures FEATURES = WasmFeatures.DEFAULT.with(WasmFeature.THREADS);
  private static final long SLICE_NANOS = 100_000;

  @TempDir private Path folder;

  private static EngineConfig.Builder config() {
    return EngineConfig.builder().features(FEATURES);
  }

  private static void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    WastRunner runner = new WastRunner(hosts);
    WastReport total = WastReport.EMPTY;
    for (String script : SCRIPTS) {
      String name = "proposals/threads/" + script + ".wast";
      Path file = Corpora.root().resolve("spec").resolve(name);
      total = total.plus(runner.run(name, Files.readAllBytes(file)));
    }
    Set<String> failed = new TreeSet<>();
    List<String> unexpected = new ArrayList<>();
    Set<String> expected = expectedFailures();
    for (WastReport.Failure failure : total.failures()) {
      String place = failure.file() + ":" + failure.line();
      failed.add(place);
      if (!expected.contains(place)) {
        unexpected.add(failure.toString());
      }
    }
    assertThat(unexpected).as("failing directives").isEmpty();
    assertThat(failed).as("those that must fail").isEqualTo(expected);
    assertThat(total.skipped()).isZero();
    assertThat(total.passed() + total.failed()).isEqualTo(ASSERTIONS);
  }

  private static Set<String> expectedFailures() throws IOException {
    try (var in =
        Objects.requireNonNull(
            ThreadScriptsTest.class.getResourceAsStream("/spec/failures.threads.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void interpreted() throws IOException {
    check(() -> new OracleHost(FEATURES));
    check(() -> new SsaHost(Tunables.DEFAULT, FEATURES));
    check(() -> new SsaHost(Tunables.DEFAULT.withOptimize(false), FEATURES));
  }

  @Test
  void signals() throws IOException {
    try (Engine engine = Engine.create(config().debugChecks(true).build())) {
      check(() -> EngineHost.open(engine));
    }
  }

  @Test
  void explicitWithFuelAndEpochs() throws IOException {
    EngineConfig config =
        config()
            .traps(TrapMode.EXPLICIT)
            .preemption(PreemptionMode.EPOCH)
            .fuel(true)
            .debugChecks(true)
            .build();
    try (Engine engine = Engine.create(config)) {
      check(() -> EngineHost.open(engine));
    }
  }

  @Test
  void withoutPassesAndMasks() throws IOException {
    EngineConfig config =
        config()
            .isa(Set.of())
            .preemption(PreemptionMode.NONE)
            .optimize(false)
            .spectre(false)
            .debugChecks(true)
            .build();
    try (Engine engine = Engine.create(config)) {
      check(() -> EngineHost.open(engine));
    }
  }

  @Test
  void artifactsThatOneEngineWroteAndAnotherMapped() throws IOException {
    try (Engine writer = Engine.create(config().build());
        Engine reader = Engine.create(config().build())) {
      check(() -> EngineHost.open(reader, (e, wasm) -> reload(writer, e, wasm), Func::call));
    }
  }

  private Module reload(Engine writer, Engine reader, byte[] wasm) {
    try {
      Path file = Files.createTempFile(folder, "module", ".elf");
      Files.write(file, writer.precompileModule(wasm));
      return Module.deserializeFile(reader, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void preemptedEveryHundredMicroseconds() throws IOException {
    try (Engine engine = Engine.create(config().build());
        SlicedCalls calls = new SlicedCalls(engine, SLICE_NANOS)) {
      check(() -> EngineHost.open(engine, Module::fromBinary, calls));
    }
  }
}
