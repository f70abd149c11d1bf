package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.testing.GoldenFile;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.WasmLimits;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * SSA after inlining and the passes ({@code stage = inlined}), the machine instructions ({@code
 * stage = mach}) and the machine code ({@code stage = asm}) of small modules, as comments at the
 * end of their files. Headers: {@code tunables} may list explicit, no-spectre and fuel; {@code isa}
 * lists processor features, BMI1, BMI2 and LZCNT if absent.
 */
class CodeGoldenTest {
  @TestFactory
  Stream<DynamicTest> goldenFiles() {
    var files = GoldenFile.withStage("inlined", "mach", "asm");
    assertThat(files).as("golden files").isNotEmpty();
    return files.stream().map(file -> DynamicTest.dynamicTest(file.name(), () -> run(file)));
  }

  private static void run(GoldenFile file) {
    CompileRequest request =
        new CompileRequest(
            Wat.toBinary(file.source()),
            ModuleValidator.SUPPORTED,
            WasmLimits.DEFAULT,
            tunables(file),
            features(file),
            1,
            true);
    String stage = file.property("stage");
    file.check(
        ModuleCompiler.printAll(
            request, stage.equals("inlined") ? CompileStage.OPT : CompileStage.of(stage)));
  }

  private static Tunables tunables(GoldenFile file) {
    Tunables tunables = Tunables.DEFAULT;
    for (String word : file.property("tunables").split("[ ,]+", -1)) {
      tunables =
          switch (word) {
            case "explicit" -> tunables.withTraps(TrapMode.EXPLICIT);
            case "no-spectre" -> tunables.withSpectre(false);
            case "fuel" -> tunables.withFuel(true);
            case "" -> tunables;
            default -> throw new IllegalArgumentException(file.path() + ": tunable " + word);
          };
    }
    return tunables;
  }

  private static Set<IsaFeature> features(GoldenFile file) {
    String words = file.property("isa");
    if (words.isEmpty()) {
      return EnumSet.of(IsaFeature.BMI1, IsaFeature.BMI2, IsaFeature.LZCNT);
    }
    Set<IsaFeature> features = EnumSet.noneOf(IsaFeature.class);
    for (String word : words.split("[ ,]+", -1)) {
      if (!word.equals("none")) {
        features.add(IsaFeature.valueOf(word.toUpperCase(Locale.ROOT)));
      }
    }
    return features;
  }
}
