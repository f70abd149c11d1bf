package dev.troupe.engine.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.SsaPrinter;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.testing.GoldenFile;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The SSA of small modules, as comments at the end of their files. Header: {@code stage = ssa} for
 * what the front end makes, {@code stage = opt} for what the passes leave; {@code tunables} may
 * list fuel, epoch, nan and no-spectre.
 */
class SsaGoldenTest {
  @TestFactory
  Stream<DynamicTest> goldenFiles() {
    var files = GoldenFile.withStage("ssa", "opt");
    assertThat(files).as("golden files").isNotEmpty();
    return files.stream().map(file -> DynamicTest.dynamicTest(file.name(), () -> run(file)));
  }

  private static void run(GoldenFile file) {
    byte[] binary = Wat.toBinary(file.source());
    WasmFeatures features = WasmFeatures.DEFAULT;
    WasmModule module = ModuleDecoder.decode(binary, features, WasmLimits.DEFAULT);
    ModuleValidator.validate(module, features, WasmLimits.DEFAULT);
    FunctionTranslator translator =
        new FunctionTranslator(
            module,
            FunctionTranslator.layoutOf(module),
            tunables(file),
            features,
            BranchHints.EMPTY);
    StringBuilder text = new StringBuilder();
    for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
      String name = Objects.requireNonNullElse(module.names().function(i), "");
      SsaFunction function = translator.translate(i, name);
      if (file.property("stage").equals("opt")) {
        PassPipeline.run(function, true, true);
      }
      SsaVerifier.verify(function, file.name());
      String whole = SsaPrinter.print(function);
      assertThat(SsaPrinter.print(SsaParser.parse(whole))).isEqualTo(whole);
      text.append(SsaPrinter.printWithoutOffsets(function));
    }
    file.check(text.toString());
  }

  private static Tunables tunables(GoldenFile file) {
    Tunables tunables = Tunables.DEFAULT;
    for (String word : file.property("tunables").split("[ ,]+", -1)) {
      tunables =
          switch (word) {
            case "fuel" -> tunables.withFuel(true);
            case "epoch" -> tunables.withPreemption(PreemptionMode.EPOCH);
            case "no-spectre" -> tunables.withSpectre(false);
            case "nan" -> tunables.withNanCanonicalization(true);
            case "" -> tunables;
            default -> throw new IllegalArgumentException(file.path() + ": tunable " + word);
          };
    }
    return tunables;
  }
}
