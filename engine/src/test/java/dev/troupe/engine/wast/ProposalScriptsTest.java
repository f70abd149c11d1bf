package dev.troupe.engine.wast;

import dev.troupe.engine.Engine;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The scripts of proposals that are not in WebAssembly 3.0 and off by default, and those about
 * custom sections and annotations.
 */
class ProposalScriptsTest extends CompiledScripts {
  private static final String WIDE = "proposals/wide-arithmetic";
  private static final String PAGES = "proposals/custom-page-sizes";
  private static final String CUSTOM = "custom";
  private static final int WIDE_ASSERTIONS = 107;
  private static final int PAGES_ASSERTIONS = 164;
  private static final int CUSTOM_ASSERTIONS = 20;

  private static final WasmFeatures FEATURES =
      WasmFeatures.DEFAULT
          .with(WasmFeature.WIDE_ARITHMETIC)
          .with(WasmFeature.CUSTOM_PAGE_SIZES)
          .with(WasmFeature.BRANCH_HINTING);

  @Override
  WasmFeatures features() {
    return FEATURES;
  }

  @Override
  void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    checkAll(Corpora.scripts(WIDE), WIDE_ASSERTIONS, hosts);
    checkAll(Corpora.scripts(PAGES), PAGES_ASSERTIONS, hosts);
    checkAll(Corpora.scripts(CUSTOM), CUSTOM_ASSERTIONS, hosts);
  }

  /** Annotations are part of the text, and custom sections are ignored, whatever is on. */
  @Test
  void annotationsWithoutTheFeature() throws IOException {
    try (Engine engine = Engine.create()) {
      checkAll(Corpora.scripts(CUSTOM), CUSTOM_ASSERTIONS, () -> EngineHost.open(engine));
    }
  }

  @Test
  void interpreted() throws IOException {
    List<Supplier<ScriptHost<?, ?>>> interpreters =
        List.of(
            () -> new OracleHost(FEATURES),
            () -> new SsaHost(Tunables.DEFAULT, FEATURES),
            () -> new SsaHost(Tunables.DEFAULT.withOptimize(false), FEATURES));
    for (Supplier<ScriptHost<?, ?>> interpreter : interpreters) {
      check(interpreter);
    }
  }

  @Test
  void wideArithmeticOnTheOldestProcessor() throws IOException {
    try (Engine engine = Engine.create(config().isa(Set.of()).debugChecks(true).build())) {
      checkAll(Corpora.scripts(WIDE), WIDE_ASSERTIONS, () -> EngineHost.open(engine));
    }
  }
}
