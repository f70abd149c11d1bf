package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts of proposals that are not in WebAssembly 3.0 and off by default. */
class ProposalScriptsTest {
  private static final List<String> WIDE =
      List.of("proposals/wide-arithmetic/wide-arithmetic.wast");
  private static final int WIDE_ASSERTIONS = 107;

  private static final List<String> PAGES =
      List.of(
          "proposals/custom-page-sizes/custom-page-sizes.wast",
          "proposals/custom-page-sizes/custom-page-sizes-invalid.wast",
          "proposals/custom-page-sizes/memory_max.wast",
          "proposals/custom-page-sizes/memory_max_i64.wast");
  private static final int PAGES_ASSERTIONS = 57;

  private static final WasmFeatures FEATURES =
      WasmFeatures.DEFAULT.with(WasmFeature.WIDE_ARITHMETIC).with(WasmFeature.CUSTOM_PAGE_SIZES);

  private static final List<String> TYPES =
      List.of("core/type-rec.wast", "core/gc/type-subtyping.wast");
  private static final int TYPES_ASSERTIONS = 88;

  private static EngineConfig.Builder config(TrapMode traps) {
    return EngineConfig.builder().features(FEATURES).traps(traps).debugChecks(true);
  }

  private static void check(List<String> scripts, int assertions, Supplier<ScriptHost<?, ?>> hosts)
      throws IOException {
    WastRunner runner = new WastRunner(hosts);
    WastReport total = WastReport.EMPTY;
    for (String script : scripts) {
      Path file = Corpora.root().resolve("spec").resolve(script);
      total = total.plus(runner.run(script, Files.readAllBytes(file)));
    }
    assertThat(total.failures()).isEmpty();
    assertThat(total.skipped()).isZero();
    assertThat(total.passed()).isEqualTo(assertions);
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void wideArithmetic(TrapMode traps) throws IOException {
    try (Engine engine = Engine.create(config(traps).build())) {
      check(WIDE, WIDE_ASSERTIONS, () -> EngineHost.open(engine));
    }
  }

  @Test
  void wideArithmeticOnTheOldestProcessor() throws IOException {
    Set<IsaFeature> none = Set.of();
    EngineConfig config = config(TrapMode.SIGNALS).isa(none).optimize(false).build();
    try (Engine engine = Engine.create(config)) {
      check(WIDE, WIDE_ASSERTIONS, () -> EngineHost.open(engine));
    }
  }

  /** What garbage collection adds to types, without an object. */
  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void declaredTypes(TrapMode traps) throws IOException {
    EngineConfig config = config(traps).features(FEATURES.with(WasmFeature.GC)).build();
    try (Engine engine = Engine.create(config)) {
      check(TYPES, TYPES_ASSERTIONS, () -> EngineHost.open(engine));
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void customPageSizes(TrapMode traps) throws IOException {
    try (Engine engine = Engine.create(config(traps).build())) {
      check(PAGES, PAGES_ASSERTIONS, () -> EngineHost.open(engine));
    }
  }

  @Test
  void customPageSizesInterpreted() throws IOException {
    check(PAGES, PAGES_ASSERTIONS, () -> new OracleHost(FEATURES));
    check(PAGES, PAGES_ASSERTIONS, () -> new SsaHost(Tunables.DEFAULT, FEATURES));
  }

  @Test
  void wideArithmeticInterpreted() throws IOException {
    check(WIDE, WIDE_ASSERTIONS, () -> new OracleHost(FEATURES));
    check(WIDE, WIDE_ASSERTIONS, () -> new SsaHost(Tunables.DEFAULT, FEATURES));
    check(WIDE, WIDE_ASSERTIONS, () -> new SsaHost(Tunables.DEFAULT.withOptimize(false), FEATURES));
  }
}
