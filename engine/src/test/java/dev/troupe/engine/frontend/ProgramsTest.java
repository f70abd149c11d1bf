package dev.troupe.engine.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.SsaPrinter;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every function of real programs: verifies after every pass, prints and parses, is deterministic.
 */
class ProgramsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "real/hello-wasi.rs.wasm",
        "sightglass/bz2/benchmark.wasm",
        "sightglass/shootout/shootout-switch.wasm",
        "sightglass/pulldown-cmark/benchmark.wasm"
      })
  void verifies(String program) throws IOException {
    Path path = Corpora.root().resolve("programs").resolve(program);
    WasmModule module =
        ModuleDecoder.decode(
            Files.readAllBytes(path), WasmFeatures.WASM2_SCALAR, WasmLimits.DEFAULT);
    FunctionTranslator translator =
        new FunctionTranslator(
            module,
            FunctionTranslator.layoutOf(module),
            Tunables.DEFAULT,
            WasmFeatures.WASM2_SCALAR,
            BranchHints.EMPTY);
    for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
      SsaFunction function = translator.translate(i, "");
      String text = SsaPrinter.print(function);
      SsaFunction parsed = SsaParser.parse(text);
      PassPipeline.run(function, true, true);
      PassPipeline.run(parsed, true, false);
      // The parsed copy has no garbage ids in its tables; what is left must not depend on that.
      assertThat(List.of(blocks(parsed), instructions(parsed)))
          .as("function %d", i)
          .isEqualTo(List.of(blocks(function), instructions(function)));
    }
  }

  private static int blocks(SsaFunction function) {
    int count = 0;
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      count++;
    }
    return count;
  }

  private static int instructions(SsaFunction function) {
    int count = 0;
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != SsaFunction.NONE; i = function.next(i)) {
        count++;
      }
    }
    return count;
  }
}
