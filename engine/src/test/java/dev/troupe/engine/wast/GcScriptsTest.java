package dev.troupe.engine.wast;

import dev.troupe.engine.Engine;
import dev.troupe.engine.StressedEngine;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The official scripts of structs, arrays, casts and small integers in every configuration. */
class GcScriptsTest extends CompiledScripts {
  private static final int ASSERTIONS = 677;

  @Override
  WasmFeatures features() {
    return WasmFeatures.WASM3;
  }

  @Override
  void prepareSlow(Engine engine) {
    StressedEngine.collectAtEveryAllocation(engine);
  }

  @Test
  void collectingAtEveryAllocation() throws IOException {
    try (Engine engine = Engine.create(config().build())) {
      StressedEngine.collectAtEveryAllocation(engine);
      check(() -> EngineHost.open(engine));
    }
  }

  @Override
  void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    checkAll(Corpora.scripts("core/gc"), ASSERTIONS, hosts);
  }
}
