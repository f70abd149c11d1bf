package dev.troupe.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code troupe bench}: that it measures what it says; how long things take is not tested. */
class BenchCommandTest {
  private static final String MODULE =
      """
      (module
        (memory 1)
        (global $calls (mut i32) (i32.const 0))
        (func (export "run") (param i32) (result i64)
          (i64.mul (i64.extend_i32_s (local.get 0)) (i64.const 3)))
        (func (export "count") (result i32)
          (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
          (global.get $calls))
        (func (export "half") (param f64) (result f64)
          (f64.mul (local.get 0) (f64.const 0.5)))
        (func (export "trap") (unreachable)))
      """;

  /** Traps when its memory was written before. */
  private static final String PROGRAM =
      """
      (module
        (import "bench" "start" (func $start))
        (import "bench" "end" (func $end))
        (memory 1)
        (func (export "_start")
          (if (i32.load (i32.const 0)) (then (unreachable)))
          (i32.store (i32.const 0) (i32.const 1))
          (call $start)
          (call $end)))
      """;

  @TempDir Path folder;

  private final LocalCli cli = new LocalCli();

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("m.wat"), text).toString();
  }

  private long[] numbers(String field) {
    Matcher matcher = Pattern.compile('"' + field + "\":\\[([0-9,]*)]").matcher(cli.out());
    assertThat(matcher.find()).as(cli.out()).isTrue();
    return Pattern.compile(",")
        .splitAsStream(matcher.group(1))
        .filter(number -> !number.isEmpty())
        .mapToLong(Long::parseLong)
        .toArray();
  }

  @Test
  void jsonHasEveryFigureOnOneLine() throws IOException {
    assertThat(
            cli.run(
                "bench",
                "--json",
                "--rounds",
                "3",
                "--warmup",
                "0",
                "--compiles",
                "1",
                "--invoke",
                "run",
                file(MODULE),
                "-14"))
        .as(cli.err())
        .isZero();
    assertThat(cli.out().lines()).hasSize(1);
    for (String figure :
        List.of(
            "decode",
            "validate",
            "compile",
            "compileWarm",
            "load",
            "instantiatePooled",
            "instantiateOnDemand")) {
      assertThat(cli.out()).contains('"' + figure + "Nanos\":");
    }
    assertThat(cli.out())
        .startsWith("{")
        .containsPattern("\"instantiatePooledNanos\":\\{\"p50\":[1-9][0-9]*,\"p99\":[1-9][0-9]*}")
        .containsPattern("\"codeBytes\":[1-9]")
        .endsWith("\"result\":\"-42\"}\n");
    assertThat(numbers("runNanos")).hasSize(3);
  }

  @Test
  void functionsAreCalledAgainInTheSameInstance() throws IOException {
    int status =
        cli.run(
            "bench", "--json", "--rounds", "5", "--warmup", "0", "--invoke", "count", file(MODULE));
    assertThat(status).isZero();
    assertThat(cli.out()).contains("\"result\":\"5\"");
  }

  @Test
  void argumentsHaveTheTypesOfTheFunction() throws IOException {
    int status =
        cli.run(
            "bench",
            "--json",
            "--rounds",
            "1",
            "--warmup",
            "0",
            "--invoke",
            "half",
            file(MODULE),
            "3");
    assertThat(status).isZero();
    assertThat(cli.out()).contains("\"result\":\"1.5\"");
  }

  @Test
  void everyRoundOfAProgramHasAnInstanceOfItsOwn() throws IOException {
    assertThat(cli.run("bench", "--json", "--rounds", "3", "--warmup", "0", file(PROGRAM)))
        .as(cli.err())
        .isZero();
    assertThat(numbers("runNanos")).hasSize(3);
  }

  @Test
  void withoutRoundsNothingIsInstantiated() throws IOException {
    String unlinkable = "(module (import \"a\" \"b\" (func)) (func (export \"_start\")))";
    assertThat(cli.run("bench", "--json", "--rounds", "0", "--warmup", "0", file(unlinkable)))
        .isZero();
    assertThat(cli.out())
        .contains("\"compileNanos\":", "\"instantiatePooledNanos\":null", "\"runNanos\":[]");
  }

  @Test
  void textNamesEveryFigure() throws IOException {
    assertThat(
            cli.run(
                "bench",
                "--rounds",
                "2",
                "--warmup",
                "0.001",
                "--invoke",
                "run",
                file(MODULE),
                "2"))
        .isZero();
    assertThat(cli.out())
        .contains("decode  ", "instantiate on demand  p50 ", "run  ", " of 2\n")
        .contains("result                 6\n");
  }

  @Test
  void mistakesAreOneSentence() throws IOException {
    String module = file(MODULE);
    assertMistake("name a module", "bench");
    assertMistake("there is no file", "bench", folder.resolve("absent.wasm").toString());
    assertMistake("name one with --invoke", "bench", module);
    assertMistake("takes seconds", "bench", "--warmup", "soon", "--invoke", "run", module, "1");
    assertMistake("takes a whole number", "bench", "--rounds", "-1", module);
    assertMistake("takes 1 arguments", "bench", "--warmup", "0", "--invoke", "run", module);
    assertMistake("not an i32", "bench", "--warmup", "0", "--invoke", "run", module, "x");
    assertMistake("unreachable", "bench", "--warmup", "0", "--invoke", "trap", module);
    assertMistake(
        "'a' 'b' is not defined",
        "bench",
        file("(module (import \"a\" \"b\" (func)) (func (export \"_start\")))"));
  }

  private void assertMistake(String sentence, String... args) {
    assertThat(cli.run(args)).isEqualTo(1);
    assertThat(cli.err()).startsWith("troupe: ").contains(sentence);
    assertThat(cli.out()).isEmpty();
  }
}
