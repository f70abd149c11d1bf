package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Func;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.Module;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.Value;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wast.EngineHost;
import dev.troupe.engine.wast.WastReport;
import dev.troupe.engine.wast.WastRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * All official scripts on memories and stacks from the pool, and once more preempted: slots are
 * reused, nothing is left over.
 */
class PooledScriptsTest {
  private static final int CORE_FILES = 258;
  private static final int CORE_ASSERTIONS = 62_955;
  private static final int PROPOSAL_ASSERTIONS = 20 + 89 + 107 + 164;
  private static final int THREAD_ASSERTIONS = 503;

  /** What WebAssembly 3.0 decides otherwise; see {@code failures.threads.txt} of the engine. */
  private static final int THREAD_FAILURES = 11;

  private static final long SLICE_NANOS = 100_000;
  private static final PoolConfig POOL = PoolConfig.DEFAULT.withSlots(200, 20);

  private static final WasmFeatures PROPOSALS =
      WasmFeatures.DEFAULT
          .with(WasmFeature.WIDE_ARITHMETIC)
          .with(WasmFeature.CUSTOM_PAGE_SIZES)
          .with(WasmFeature.LEGACY_EXCEPTIONS)
          .with(WasmFeature.BRANCH_HINTING);

  private static final EngineHost.Calling PLAIN = Func::call;

  @Test
  void coreScripts() throws IOException {
    onPool(WasmFeatures.DEFAULT, engine -> core(engine, PLAIN));
  }

  @Test
  void coreScriptsPreempted() throws IOException {
    onPool(WasmFeatures.DEFAULT, engine -> preempted(engine, PooledScriptsTest::core));
  }

  @Test
  void proposals() throws IOException {
    onPool(PROPOSALS, engine -> proposals(engine, PLAIN));
  }

  @Test
  void proposalsPreempted() throws IOException {
    onPool(PROPOSALS, engine -> preempted(engine, PooledScriptsTest::proposals));
  }

  @FunctionalInterface
  private interface Check {
    void on(Engine engine) throws IOException;
  }

  @FunctionalInterface
  private interface CheckOfCalls {
    void on(Engine engine, EngineHost.Calling calling) throws IOException;
  }

  private static void onPool(WasmFeatures features, Check check) throws IOException {
    try (MemoryPool memories = new MemoryPool(POOL);
        StackPool stacks = new StackPool(POOL);
        Engine engine =
            Engine.create(
                EngineConfig.builder()
                    .features(features)
                    .memoryAllocator(memories)
                    .stackAllocator(stacks)
                    .build())) {
      check.on(engine);
    }
  }

  private static void preempted(Engine engine, CheckOfCalls check) throws IOException {
    try (Carrier carrier = engine.attachCarrier()) {
      check.on(engine, (function, arguments) -> sliced(carrier, function, arguments));
    }
  }

  private static List<Value> sliced(Carrier carrier, Func function, List<Value> arguments) {
    Invocation invocation = function.start(arguments);
    SliceOutcome outcome;
    do {
      carrier.preemptAfter(SLICE_NANOS);
      outcome = invocation.runSlice(carrier);
    } while (outcome == SliceOutcome.PREEMPTED);
    if (outcome == SliceOutcome.TRAPPED) {
      throw invocation.trap();
    }
    return invocation.results();
  }

  private static void core(Engine engine, EngineHost.Calling calling) throws IOException {
    List<String> scripts = scripts("core");
    assertThat(scripts).hasSize(CORE_FILES);
    WastReport total = run(scripts, engine, calling);
    assertThat(total.failures()).isEmpty();
    assertThat(total.skipped()).isZero();
    assertThat(total.passed()).isEqualTo(CORE_ASSERTIONS);
  }

  private static void proposals(Engine engine, EngineHost.Calling calling) throws IOException {
    List<String> scripts =
        Stream.of("custom", "legacy", "proposals/wide-arithmetic", "proposals/custom-page-sizes")
            .flatMap(folder -> scripts(folder).stream())
            .toList();
    WastReport total = run(scripts, engine, calling);
    assertThat(total.failures()).isEmpty();
    assertThat(total.skipped()).isZero();
    assertThat(total.passed()).isEqualTo(PROPOSAL_ASSERTIONS);
    WastReport threads = run(scripts("proposals/threads"), engine, calling);
    assertThat(threads.failures())
        .hasSize(THREAD_FAILURES)
        .allMatch(failure ->
            failure.message().contains("multiple ")
                || failure.message().contains("constant out of range"));
    assertThat(threads.skipped()).isZero();
    assertThat(threads.passed()).isEqualTo(THREAD_ASSERTIONS - THREAD_FAILURES);
  }

  private static WastReport run(List<String> scripts, Engine engine, EngineHost.Calling calling)
      throws IOException {
    WastRunner runner = new WastRunner(() -> EngineHost.open(engine, Module::fromBinary, calling));
    WastReport total = WastReport.EMPTY;
    for (String script : scripts) {
      total = total.plus(runner.run(script, Files.readAllBytes(spec().resolve(script))));
    }
    return total;
  }

  private static List<String> scripts(String folder) {
    Path spec = spec();
    try (Stream<Path> files = Files.walk(spec.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".wast"))
          .map(file -> spec.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path spec() {
    return corpora().resolve("spec");
  }

  /** {@code $TROUPE_CORPORA}, else {@code ../shared/corpora} beside the repository. */
  private static Path corpora() {
    String configured = System.getenv("TROUPE_CORPORA");
    Path path =
        configured == null
            ? Path.of("../../shared/corpora").toAbsolutePath().normalize()
            : Path.of(configured);
    boolean there = Files.isDirectory(path.resolve("spec"));
    if (!there) {
      System.err.println("SKIPPED: test corpora missing at " + path + "; set TROUPE_CORPORA");
    }
    Assumptions.assumeTrue(there, "test corpora missing");
    return path;
  }
}
