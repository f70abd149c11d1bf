package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Func;
import dev.troupe.engine.Module;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.testing.Corpora;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All official scripts of WebAssembly 3.0 through every configuration of the engine, and through
 * the plain interpreter that it is compared with. The interpreter of SSA knows those of WebAssembly
 * 2.0, of several and of 64-bit memories and tables, of tail calls and of relaxed vectors.
 *
 * <p>What a configuration cannot do yet is listed in {@code spec/failures.<configuration>.txt}, one
 * {@code file:line} each. A listed directive that passes fails the test too, so the lists only
 * shrink.
 */
class SpecScriptsTest {
  private static final int SCALAR_ASSERTIONS = 25_584;
  private static final int MEMORY_ASSERTIONS = 8_381;
  private static final int TAIL_CALL_ASSERTIONS = 124;
  private static final int VECTOR_ASSERTIONS = 25_584;
  private static final int CORE_ASSERTIONS = 62_955;
  private static final int CORE_FILES = 258;
  private static final int INTERPRETED_ASSERTIONS =
      SCALAR_ASSERTIONS + MEMORY_ASSERTIONS + TAIL_CALL_ASSERTIONS + VECTOR_ASSERTIONS;
  private static final long INTERPRETER_STACK_BYTES = 64L << 20;
  private static final long SLICE_NANOS = 100_000;

  @TempDir private Path folder;

  @Test
  void oracle() throws Throwable {
    interpreted("oracle", OracleHost::new, Corpora.scripts("core"), CORE_ASSERTIONS);
  }

  @Test
  void interpretedSsa() throws Throwable {
    interpreted("ssa", () -> new SsaHost(Tunables.DEFAULT.withOptimize(false)));
    interpreted("ssa-optimized", () -> new SsaHost(Tunables.DEFAULT));
    interpreted(
        "ssa-instrumented",
        () -> new SsaHost(Tunables.DEFAULT.withFuel(true).withPreemption(PreemptionMode.EPOCH)));
  }

  /** Checks an interpreter, for which the guest's stack is the thread's and the scripts go deep. */
  private static void interpreted(String name, Supplier<ScriptHost<?, ?>> hosts) throws Throwable {
    interpreted(name, hosts, interpretedScripts(), INTERPRETED_ASSERTIONS);
  }

  private static void interpreted(
      String name, Supplier<ScriptHost<?, ?>> hosts, List<String> scripts, int assertions)
      throws Throwable {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          check(name, hosts, scripts, assertions);
          return true;
        });
    new Thread(null, task, name, INTERPRETER_STACK_BYTES).start();
    try {
      assertThat(task.get()).isTrue();
    } catch (ExecutionException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  @Test
  void signals() throws IOException {
    try (Engine engine = Engine.create()) {
      check("signals", () -> EngineHost.open(engine));
    }
  }

  @Test
  void explicitWithFuelAndEpochsAndEveryCheckOfTheCompiler() throws IOException {
    EngineConfig config =
        EngineConfig.builder()
            .traps(TrapMode.EXPLICIT)
            .preemption(PreemptionMode.EPOCH)
            .fuel(true)
            .debugChecks(true)
            .build();
    try (Engine engine = Engine.create(config)) {
      check("explicit", () -> EngineHost.open(engine));
    }
  }

  @Test
  void withoutPassesAndMasks() throws IOException {
    EngineConfig config =
        EngineConfig.builder()
            .preemption(PreemptionMode.NONE)
            .optimize(false)
            .spectre(false)
            .debugChecks(true)
            .build();
    try (Engine engine = Engine.create(config)) {
      check("unoptimized", () -> EngineHost.open(engine));
    }
  }

  @Test
  void artifactsThatOneEngineWroteAndAnotherMapped() throws IOException {
    try (Engine writer = Engine.create();
        Engine reader = Engine.create()) {
      check(
          "reload",
          () -> EngineHost.open(reader, (e, wasm) -> reload(writer, e, wasm), Func::call));
    }
  }

  private Module reload(Engine writer, Engine reader, byte[] wasm) {
    byte[] artifact = writer.precompileModule(wasm);
    try {
      Path file = Files.createTempFile(folder, "module", ".elf");
      Files.write(file, artifact);
      Module module = Module.deserializeFile(reader, file);
      assertThat(module.serialize()).isEqualTo(artifact);
      return module;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void preemptedEveryHundredMicroseconds() throws IOException {
    sliced("preempted", PreemptionMode.SIGNALS);
  }

  @Test
  void yieldingEveryHundredMicroseconds() throws IOException {
    sliced("yielding", PreemptionMode.EPOCH);
  }

  private static void sliced(String name, PreemptionMode mode) throws IOException {
    EngineConfig config = EngineConfig.builder().preemption(mode).build();
    try (Engine engine = Engine.create(config);
        SlicedCalls calls = new SlicedCalls(engine, SLICE_NANOS)) {
      check(name, () -> EngineHost.open(engine, Module::fromBinary, calls));
      assertThat(calls.preemptions()).as("preemptions").isPositive();
    }
  }

  /** The sequences of instructions differ: every one of them is the floor or an extension of it. */
  @Test
  void vectorsOnProcessorsWithLess() throws IOException {
    vectors("sse", IsaFeature.none(), false);
    vectors("avx", EnumSet.of(IsaFeature.AVX), true);
    vectors("avx2", EnumSet.of(IsaFeature.AVX, IsaFeature.AVX2, IsaFeature.FMA), false);
  }

  private static void vectors(String name, Set<IsaFeature> isa, boolean deterministic)
      throws IOException {
    EngineConfig config =
        EngineConfig.builder()
            .isa(isa)
            .relaxedSimdDeterministic(deterministic)
            .debugChecks(true)
            .build();
    try (Engine engine = Engine.create(config)) {
      Supplier<ScriptHost<?, ?>> hosts = () -> EngineHost.open(engine);
      check(name, hosts, Corpora.vectorScripts(), VECTOR_ASSERTIONS);
    }
  }

  private static void check(String configuration, Supplier<ScriptHost<?, ?>> hosts)
      throws IOException {
    List<String> scripts = Corpora.scripts("core");
    assertThat(scripts).hasSize(CORE_FILES);
    check(configuration, hosts, scripts, CORE_ASSERTIONS);
  }

  private static void check(
      String configuration, Supplier<ScriptHost<?, ?>> hosts, List<String> scripts, int assertions)
      throws IOException {
    Path spec = Corpora.root().resolve("spec");
    WastRunner runner = new WastRunner(hosts);
    WastReport total = WastReport.EMPTY;
    for (String script : scripts) {
      total = total.plus(runner.run(script, Files.readAllBytes(spec.resolve(script))));
    }
    Set<String> expected = expectedFailures(configuration);
    List<String> unexpected =
        total.failures().stream()
            .filter(failure -> !expected.contains(failure.file() + ":" + failure.line()))
            .map(WastReport.Failure::toString)
            .toList();
    assertThat(unexpected).as("failing directives").isEmpty();
    Set<String> passing = new TreeSet<>(expected);
    total.failures().forEach(failure -> passing.remove(failure.file() + ":" + failure.line()));
    assertThat(passing).as("listed as failing, but passing").isEmpty();
    assertThat(total.skipped()).as("skipped").isZero();
    assertThat(total.passed() + total.failed()).isEqualTo(assertions);
  }

  private static List<String> interpretedScripts() {
    return Stream.of(
            Corpora.scalarScripts(),
            Corpora.memoryScripts(),
            Corpora.tailCallScripts(),
            Corpora.vectorScripts())
        .flatMap(List::stream)
        .toList();
  }

  private static Set<String> expectedFailures(String configuration) throws IOException {
    String name = "/spec/failures." + configuration + ".txt";
    try (InputStream in = SpecScriptsTest.class.getResourceAsStream(name)) {
      return in == null
          ? Set.of()
          : new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
