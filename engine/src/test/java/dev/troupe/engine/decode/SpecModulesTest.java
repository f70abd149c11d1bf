package dev.troupe.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.testing.ModuleText;
import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.testing.SpecScripts;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Decodes and validates the modules of the official scripts and of real programs. */
class SpecModulesTest {
  private int checked;

  @Test
  void scalarScriptsAreAcceptedAndRejectedAsTheySay() throws IOException {
    List<String> failures = new ArrayList<>();
    for (String script : Corpora.scalarScripts()) {
      for (SpecScripts.Command command : SpecScripts.commands(script)) {
        if (command.hasBinary()) {
          check(script, command, command.file(), failures);
          if (Files.exists(command.secondFile())) {
            check(script, command, command.secondFile(), failures);
          }
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(checked).isGreaterThan(5000);
  }

  private void check(String script, SpecScripts.Command command, Path file, List<String> failures)
      throws IOException {
    checked++;
    WasmException error = load(Files.readAllBytes(file), WasmFeatures.DEFAULT);
    boolean asExpected =
        switch (command.type()) {
          case "assert_malformed" ->
              error instanceof MalformedException && startsAsExpected(error, command);
          case "assert_invalid" ->
              error instanceof InvalidException
                  && (error instanceof FeatureDisabledException
                      || startsAsExpected(error, command));
          default -> error == null;
        };
    if (!asExpected) {
      failures.add(
          "%s:%d %s: %s \"%s\", got %s"
              .formatted(
                  script,
                  command.line(),
                  file.getFileName(),
                  command.type(),
                  command.text("text"),
                  error));
    }
  }

  private static boolean startsAsExpected(WasmException error, SpecScripts.Command command) {
    String message = error.getMessage();
    // What follows the colon is the reference interpreter's own detail.
    String wanted = command.text("text").replaceFirst(": instruction requires.*", "");
    return message != null && message.startsWith(wanted) && error.offset() >= 0;
  }

  private static @Nullable WasmException load(byte[] bytes, WasmFeatures features) {
    try {
      WasmModule module = ModuleDecoder.decode(bytes, features, WasmLimits.DEFAULT);
      ModuleValidator.validate(module, features, WasmLimits.DEFAULT);
      return null;
    } catch (WasmException e) {
      return e;
    }
  }

  /** Scripts beyond the default features, where validation supports the features they need. */
  @Test
  void scriptsOfWebAssembly3AreCheckedToo() throws IOException {
    List<String> failures = new ArrayList<>();
    int modules = 0;
    Path spec = Corpora.root().resolve("spec");
    WasmFeatures standard = ModuleValidator.SUPPORTED.without(WasmFeature.CUSTOM_PAGE_SIZES);
    for (Path file : Corpora.files("spec/core", ".wast")) {
      String name = spec.relativize(file).toString();
      for (SpecScripts.Command command : SpecScripts.commands(name)) {
        if (!command.hasBinary()) {
          continue;
        }
        WasmException error = load(Files.readAllBytes(command.file()), standard);
        if (error instanceof FeatureDisabledException) {
          continue;
        }
        modules++;
        boolean asExpected =
            switch (command.type()) {
              case "assert_malformed", "assert_invalid" ->
                  error != null && startsAsExpected(error, command);
              default -> error == null;
            };
        if (!asExpected) {
          failures.add(
              "%s:%d %s %s: %s"
                  .formatted(name, command.line(), command.type(), command.text("text"), error));
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(modules).isGreaterThan(4_000);
  }

  @Test
  void realProgramsAreValid() throws IOException {
    List<Path> programs = Corpora.files("programs", ".wasm");
    assertThat(programs).isNotEmpty();
    for (Path program : programs) {
      byte[] bytes = Files.readAllBytes(program);
      assertThat(load(bytes, ModuleValidator.SUPPORTED)).as("%s", program).isNull();
    }
  }

  @Test
  void encodingADecodedModuleGivesTheSameModule() throws IOException {
    List<Path> files = new ArrayList<>(Corpora.files("programs", ".wasm"));
    for (String script : Corpora.scalarScripts()) {
      for (SpecScripts.Command command : SpecScripts.commands(script)) {
        if (command.type().equals("module") && command.hasBinary()) {
          files.add(command.file());
        }
      }
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      WasmModule first = decode(bytes);
      byte[] written = ModuleWriter.write(first);
      WasmModule second = decode(written);
      assertThat(ModuleText.of(second)).as("%s", file).isEqualTo(ModuleText.of(first));
      assertThat(ModuleText.customSections(second)).isEqualTo(ModuleText.customSections(first));
      assertThat(ModuleWriter.write(second)).as("%s", file).isEqualTo(written);
    }
  }

  /** The two encoders of the corpus agree on the module unless the corpus says otherwise. */
  @Test
  void bothEncodingsOfAScriptAreTheSameModule() throws IOException {
    int compared = 0;
    List<String> different = new ArrayList<>();
    for (String script : Corpora.scalarScripts()) {
      for (SpecScripts.Command command : SpecScripts.commands(script)) {
        if (command.type().equals("module") && Files.exists(command.secondFile())) {
          List<String> first = ModuleText.of(decode(Files.readAllBytes(command.file())));
          List<String> second = ModuleText.of(decode(Files.readAllBytes(command.secondFile())));
          compared++;
          if (!first.equals(second)) {
            different.add(script + ":" + command.line());
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(500);
    // Implicit types are numbered differently, and element segments spelled differently.
    assertThat(different.size()).isLessThan(compared / 10);
  }

  private static WasmModule decode(byte[] bytes) {
    return ModuleDecoder.decode(bytes, ModuleValidator.SUPPORTED, WasmLimits.DEFAULT);
  }
}
