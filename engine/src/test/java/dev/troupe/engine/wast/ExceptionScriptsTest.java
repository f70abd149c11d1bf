package dev.troupe.engine.wast;

import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** The scripts about exceptions, those of the form before WebAssembly 3.0 included. */
class ExceptionScriptsTest extends CompiledScripts {
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

  @Override
  WasmFeatures features() {
    return WasmFeatures.DEFAULT.with(WasmFeature.LEGACY_EXCEPTIONS);
  }

  @Override
  void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    checkAll(SCRIPTS, ASSERTIONS, hosts);
  }
}
