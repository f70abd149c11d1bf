package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Func;
import dev.troupe.engine.Module;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeature;
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

/** The scripts about exceptions, those of the form before WebAssembly 3.0 included. */
class ExceptionScriptsTest {
  private static final List<String> SCRIPTS =
      List.of(
          "core/exceptions/tag.wast",
          "core/exceptions/throw.wast",
          "core/exceptions/throw_ref.wast",
          "core/exceptions/try_table.wast",
          "legacy/exceptions/core/rethrow.wast",
          "legacy/exceptions/core/throw.wast",
          "legacy/exceptions/core/try_catch.wast",
          "legacy/exceptions/core/try_delegate.wast");

  private static final int ASSERTIONS = 90 + 89;

  private static final long SLICE_NANOS = 100_000;

  @TempDir private Path folder;

  private static EngineConfig.Builder config() {
    return EngineConfig.builder()
        .features(WasmFeatures.DEFAULT.with(WasmFeature.LEGACY_EXCEPTIONS));
  }

  private static void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    WastRunner runner = new WastRunner(hosts);
    WastReport total = WastReport.EMPTY;
    for (String name : SCRIPTS) {
      Path file = Corpora.root().resolve("spec").resolve(name);
      total = total.plus(runner.run(name, Files.readAllBytes(file)));
    }
    assertThat(total.failures()).isEmpty();
    assertThat(total.skipped()).isZero();
    assertThat(total.passed()).isEqualTo(ASSERTIONS);
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
