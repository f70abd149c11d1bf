package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Func;
import dev.troupe.engine.Module;
import dev.troupe.engine.StressedEngine;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The official scripts of structs, arrays, casts and small integers in every configuration. */
class GcScriptsTest {
  private static final long SLICE_NANOS = 100_000;
  private static final int ASSERTIONS = 677;

  private static EngineConfig.Builder config() {
    return EngineConfig.builder().features(WasmFeatures.WASM3);
  }

  @Test
  void signals() throws IOException {
    try (Engine engine = Engine.create(config().debugChecks(true).build())) {
      check(() -> EngineHost.open(engine));
    }
  }

  @Test
  void collectingAtEveryAllocation() throws IOException {
    try (Engine engine = Engine.create(config().build())) {
      StressedEngine.collectAtEveryAllocation(engine);
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
      StressedEngine.collectAtEveryAllocation(engine);
      check(() -> EngineHost.open(engine));
    }
  }

  @Test
  void withoutPassesAndMasks() throws IOException {
    EngineConfig config =
        config().preemption(PreemptionMode.NONE).optimize(false).spectre(false).build();
    try (Engine engine = Engine.create(config)) {
      StressedEngine.collectAtEveryAllocation(engine);
      check(() -> EngineHost.open(engine));
    }
  }

  @Test
  void artifactsThatAnotherEngineWrote() throws IOException {
    try (Engine writer = Engine.create(config().build());
        Engine reader = Engine.create(config().build())) {
      check(
          () ->
              EngineHost.open(
                  reader,
                  (engine, wasm) -> Module.deserialize(engine, writer.precompileModule(wasm)),
                  Func::call));
    }
  }

  @Test
  void preemptedEveryHundredMicroseconds() throws IOException {
    try (Engine engine = Engine.create(config().preemption(PreemptionMode.SIGNALS).build());
        SlicedCalls calls = new SlicedCalls(engine, SLICE_NANOS)) {
      check(() -> EngineHost.open(engine, Module::fromBinary, calls));
    }
  }

  private static void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    Path folder = Corpora.root().resolve("spec/core/gc");
    WastRunner runner = new WastRunner(hosts);
    WastReport total = WastReport.EMPTY;
    for (Path script : scripts(folder)) {
      total = total.plus(runner.run(script.toString(), Files.readAllBytes(script)));
    }
    assertThat(total.failures()).isEmpty();
    assertThat(total.skipped()).isZero();
    assertThat(total.passed()).isEqualTo(ASSERTIONS);
  }

  private static List<Path> scripts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".wast")).sorted().toList();
    }
  }
}
