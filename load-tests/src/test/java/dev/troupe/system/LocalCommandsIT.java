package dev.troupe.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.system.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of {@code run}, {@code compile}, {@code inspect} and {@code wast}. */
class LocalCommandsIT {
  private static final String MODULE =
      """
      (module
        (func $add (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1)))
        (func (export "pair") (result i64 f64) (i64.const -1) (f64.const 0.5))
        (func $div (export "div") (param i32 i32) (result i32)
          (i32.div_s (local.get 0) (local.get 1)))
        (func (export "spin") (loop $l (br $l))))
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeModule() throws IOException {
    Files.writeString(folder.resolve("m.wat"), MODULE);
  }

  @Test
  void runPrintsResultsOneALine() {
    Outcome add = troupe("run", "--no-cache", "--invoke", "add", "m.wat", "40", "2");
    assertThat(add.status()).as(add.err()).isZero();
    assertThat(add.out()).isEqualTo("42\n");

    Outcome pair = troupe("run", "--no-cache", "--invoke", "pair", "m.wat");
    assertThat(pair.outLines()).containsExactly("-1", "0.5");
  }

  @Test
  void trapExitsWith134AndABacktrace() {
    Outcome outcome = troupe("run", "--no-cache", "--invoke", "div", "m.wat", "1", "0");
    assertThat(outcome.status()).isEqualTo(134);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("INTEGER_DIVIDE_BY_ZERO")
        .contains("integer divide by zero")
        .contains("at div (function 2)");
  }

  @Test
  void fuelAndTimeoutEndASpin() {
    Outcome fuel = troupe("run", "--no-cache", "--fuel", "100000", "--invoke", "spin", "m.wat");
    assertThat(fuel.status()).as(fuel.err()).isEqualTo(134);
    assertThat(fuel.err()).contains("OUT_OF_FUEL");

    Outcome timeout =
        troupe("run", "--no-cache", "--timeout", "200ms", "--invoke", "spin", "m.wat");
    assertThat(timeout.status()).as(timeout.err()).isEqualTo(134);
    assertThat(timeout.err()).contains("DEADLINE_EXCEEDED");
  }

  @Test
  void mistakesAreOneSentenceAndStatusOne() {
    assertMistake("there is no file", "run", "--no-cache", "absent.wat");
    assertMistake("takes 2 arguments", "run", "--no-cache", "--invoke", "add", "m.wat", "1");
    assertMistake("not an i32", "run", "--no-cache", "--invoke", "add", "m.wat", "1", "x");
    assertMistake("exports no function 'nope'", "run", "--no-cache", "--invoke", "nope", "m.wat");
    assertMistake("unknown option", "run", "--nonsense", "m.wat");
    assertMistake("say what to make", "compile", "m.wat");
  }

  @Test
  void malformedAndInvalidModulesAreToldApart() throws IOException {
    Files.write(folder.resolve("bad.wasm"), new byte[] {0, 'a', 's', 'm', 9, 0, 0, 0});
    assertMistake("malformed module", "run", "--no-cache", "bad.wasm");
    Files.writeString(folder.resolve("bad.wat"), "(module (func (result i32)))");
    assertMistake("invalid module", "run", "--no-cache", "bad.wat");
  }

  @Test
  void cacheHoldsOneArtifactAndSurvivesDamage() throws IOException {
    String cache = folder.resolve("cache").toString();
    for (int i = 0; i < 2; i++) {
      Outcome run = troupe("run", "--cache", cache, "--invoke", "add", "m.wat", "1", "2");
      assertThat(run.out()).as(run.err()).isEqualTo("3\n");
    }
    List<Path> artifacts = artifacts();
    assertThat(artifacts).hasSize(1);
    byte[] bytes = Files.readAllBytes(artifacts.getFirst());
    bytes[bytes.length / 2] ^= 1;
    Files.write(artifacts.getFirst(), bytes);

    Outcome run = troupe("run", "--cache", cache, "--invoke", "add", "m.wat", "1", "2");
    assertThat(run.out()).as(run.err()).isEqualTo("3\n");
    assertThat(artifacts()).hasSize(1);
  }

  @Test
  void compiledArtifactRunsAndIsInspected() {
    Outcome compile = troupe("compile", "m.wat", "-o", "m.elf");
    assertThat(compile.status()).as(compile.err()).isZero();
    Outcome run = troupe("run", "--no-cache", "--invoke", "add", "m.elf", "20", "22");
    assertThat(run.out()).as(run.err()).isEqualTo("42\n");

    Outcome text = troupe("inspect", "m.elf");
    assertThat(text.out()).contains("engineVersion").contains("functions");
    Outcome json = troupe("inspect", "--json", "m.elf");
    assertThat(json.outLines()).hasSize(1);
    assertThat(json.out()).startsWith("{").contains("\"functions\":4");
    assertMistake("artifact", "inspect", "m.wat");
  }

  @Test
  void everyStageIsPrinted() {
    Map<String, String> words =
        Map.of("ssa", "iadd.i32", "opt", "iadd.i32", "mach", "add32", "asm", "lea eax");
    for (String stage : words.keySet()) {
      Outcome printed = troupe("compile", "m.wat", "--print", stage, "--func", "0");
      assertThat(printed.status()).as(printed.err()).isZero();
      assertThat(printed.out()).as(stage).contains(words.get(stage));
    }
    assertMistake("no function 99", "compile", "m.wat", "--print", "asm", "--func", "99");
  }

  @Test
  void wastCountsAndNamesFailures() throws IOException {
    Files.writeString(
        folder.resolve("s.wast"),
        MODULE
            + "(assert_return (invoke \"add\" (i32.const 1) (i32.const 2)) (i32.const 3))\n"
            + "(assert_return (invoke \"add\" (i32.const 1) (i32.const 2)) (i32.const 4))\n");
    Outcome outcome = troupe("wast", "s.wast");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.outLines().getLast()).isEqualTo("1 passed, 1 failed, 0 skipped");
    assertThat(outcome.outLines().getFirst()).startsWith("s.wast:");
  }

  @Test
  void fuzzRunsModulesFromItsSeed() {
    Outcome outcome = troupe("fuzz", "--seconds", "2", "--seed", "7");
    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.outLines().getFirst()).isEqualTo("seed 7");
    assertThat(outcome.out()).containsPattern("[1-9][0-9]* executions by the engine");
  }

  @Test
  void helpIsEverywhere() {
    for (String command :
        List.of(
            "run",
            "compile",
            "inspect",
            "wast",
            "fuzz",
            "load",
            "demo",
            "serve",
            "tenant",
            "deploy",
            "function",
            "invoke",
            "stats")) {
      Outcome help = troupe(command, "--help");
      assertThat(help.status()).as(command + help.err()).isZero();
      assertThat(help.out()).as(command).contains("Usage: troupe " + command);
    }
  }

  private void assertMistake(String message, String... arguments) {
    Outcome outcome = troupe(arguments);
    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains(message);
    assertThat(outcome.err().lines()).as("one sentence").hasSize(1);
  }

  private List<Path> artifacts() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
      return files.filter(file -> file.toString().endsWith(".elf")).toList();
    }
  }

  private Outcome troupe(String... arguments) {
    return Launcher.troupe(folder, arguments);
  }
}
