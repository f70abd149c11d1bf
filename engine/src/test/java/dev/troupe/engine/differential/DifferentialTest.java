package dev.troupe.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.oracle.WasmGenerator;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.ssa.pass.PassPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random modules must behave alike in the oracle and compiled, whatever the tunables. Number of
 * modules and first seed: system properties {@code differential.modules}, {@code
 * differential.seed}.
 */
class DifferentialTest {
  private static final int MODULES = Integer.getInteger("differential.modules", 120);
  private static final long FIRST_SEED = Long.getLong("differential.seed", 1_000_000L);
  private static final Path REGRESSIONS = Path.of("src/test/resources/differential");
  private static final Path FAILED = Path.of("target/differential");

  private static Map<String, Engine> engines() {
    Map<String, Engine> engines = new LinkedHashMap<>();
    engines.put("signals", Engine.create(config().build()));
    engines.put("explicit", Engine.create(config().traps(TrapMode.EXPLICIT).build()));
    engines.put("unoptimized", Engine.create(config().optimize(false).build()));
    engines.put("epoch", Engine.create(config().preemption(PreemptionMode.EPOCH).build()));
    engines.put("checked", Engine.create(config().guardBytes(65536).spectre(false).build()));
    engines.put("fuel", Engine.create(config().fuel(true).build()));
    return engines;
  }

  private static EngineConfig.Builder config() {
    return EngineConfig.builder()
        .debugChecks(true)
        .compileThreads(1)
        .relaxedSimdDeterministic(true);
  }

  @Test
  void randomModulesBehaveAsInTheOracle() {
    List<String> failures = new ArrayList<>();
    Map<String, Engine> engines = engines();
    List<String> names = List.copyOf(engines.keySet());
    for (int i = 0; i < MODULES; i++) {
      long seed = FIRST_SEED + i;
      String name = names.get(i % names.size());
      Engine engine = Objects.requireNonNull(engines.get(name));
      byte[] wasm = WasmGenerator.generate(seed, seed % 3 == 0, seed / 6 % 2 == 0);
      String difference = compare(engine, null, wasm, seed);
      if (difference != null) {
        failures.add("seed " + seed + ", " + name + ": " + difference + keep(seed, wasm));
      }
    }
    engines.values().forEach(Engine::close);
    assertThat(failures).isEmpty();
  }

  /** Every optimization keeps to itself: none relies on another for being right. */
  @Test
  void withoutOneOptimizationModulesBehaveAsInTheOracle() {
    List<String> failures = new ArrayList<>();
    Set<String> optional = new TreeSet<>(PassPipeline.optional());
    optional.add("inlining");
    long seed = FIRST_SEED + 2L * MODULES;
    for (String name : optional) {
      try (Engine engine = Engine.create(config().withoutPasses(Set.of(name)).build())) {
        for (int i = 0; i < MODULES / 60; i++, seed++) {
          byte[] wasm = WasmGenerator.generate(seed, seed % 3 == 0, seed % 2 == 0);
          String difference = compare(engine, null, wasm, seed);
          if (difference != null) {
            failures.add("seed " + seed + ", without " + name + ": " + difference);
          }
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  private static @Nullable String compare(
      Engine engine, @Nullable Slicer slicer, byte[] wasm, long seed) {
    try {
      return Comparison.difference(engine, slicer, wasm, seed);
    } catch (RuntimeException | AssertionError e) {
      return e.toString();
    }
  }

  private static String keep(long seed, byte[] wasm) {
    try {
      Files.createDirectories(FAILED);
      Path file = FAILED.resolve("seed-" + seed + ".wasm");
      Files.write(file, wasm);
      return "; once fixed, move " + file + " to " + REGRESSIONS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Preemption must not be seen by the guest, wherever it strikes. */
  @Test
  void preemptedModulesBehaveAsInTheOracle() {
    List<String> failures = new ArrayList<>();
    try (Engine engine = Engine.create(config().build());
        Carrier carrier = engine.attachCarrier()) {
      Slicer slicer = new Slicer(carrier);
      for (int i = 0; i < MODULES / 4; i++) {
        long seed = FIRST_SEED + MODULES + i;
        byte[] wasm = WasmGenerator.generate(seed, seed % 3 == 0, seed / 6 % 2 == 0);
        String difference = compare(engine, slicer, wasm, seed);
        if (difference != null) {
          failures.add("seed " + seed + ": " + difference + keep(seed, wasm));
        }
      }
      assertThat(slicer.preemptions()).isPositive();
    }
    assertThat(failures).isEmpty();
  }

  /**
   * Modules that once made a difference, and some that would have if a rotate were wrong by a bit,
   * in every configuration.
   */
  @Test
  void keptModulesBehaveAsInTheOracle() throws IOException {
    Map<String, Engine> engines = engines();
    List<String> failures = new ArrayList<>();
    for (Path file : regressions()) {
      byte[] wasm = Files.readAllBytes(file);
      // The number in the file's name seeds the arguments.
      String digits = file.getFileName().toString().replaceAll("\\D", "");
      long seed = Long.parseLong(digits);
      engines.forEach((name, engine) -> {
        String difference = compare(engine, null, wasm, seed);
        if (difference != null) {
          failures.add(file.getFileName() + ", " + name + ": " + difference);
        }
      });
    }
    engines.values().forEach(Engine::close);
    assertThat(failures).isEmpty();
    assertThat(regressions()).isNotEmpty();
  }

  private static List<Path> regressions() throws IOException {
    try (Stream<Path> list = Files.list(REGRESSIONS)) {
      return list.filter(file -> file.toString().endsWith(".wasm")).sorted().toList();
    }
  }
}
