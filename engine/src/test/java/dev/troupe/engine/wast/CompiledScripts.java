package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Func;
import dev.troupe.engine.Module;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts of a feature, compiled in the five ways that differ most. */
abstract class CompiledScripts {
  private static final long SLICE_NANOS = 100_000;

  @TempDir private Path folder;

  /** What has to be on. */
  abstract WasmFeatures features();

  /** Runs the scripts and checks what comes of them. */
  abstract void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException;

  /** Makes an engine harder where speed is not what is tested. */
  void prepareSlow(Engine engine) {}

  final EngineConfig.Builder config() {
    return EngineConfig.builder().features(features());
  }

  /** What scripts give, named from the folder of the specification. */
  static WastReport run(List<String> scripts, Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    WastRunner runner = new WastRunner(hosts);
    WastReport total = WastReport.EMPTY;
    for (String name : scripts) {
      Path file = Corpora.root().resolve("spec").resolve(name);
      total = total.plus(runner.run(name, Files.readAllBytes(file)));
    }
    return total;
  }

  /** Checks that all scripts pass, with so many assertions. */
  static void checkAll(List<String> scripts, int assertions, Supplier<ScriptHost<?, ?>> hosts)
      throws IOException {
    WastReport total = run(scripts, hosts);
    assertThat(total.failures()).isEmpty();
    assertThat(total.skipped()).isZero();
    assertThat(total.passed()).isEqualTo(assertions);
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
      prepareSlow(engine);
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
      prepareSlow(engine);
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
