package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the runner notices what is wrong, and counts. */
class WastRunnerTest {
  private static final String MODULE =
      """
      (module $m
        (global (export "g") i32 (i32.const 7))
        (func (export "id") (param i32) (result i32) (local.get 0))
        (func (export "nan") (result f32) (f32.const nan:0x200000))
        (func (export "quiet") (result f32) (f32.const -nan:0x600000))
        (func (export "two") (result i32 i64) (i32.const 1) (i64.const 2))
        (func (export "null") (result funcref) (ref.null func))
        (func (export "extern") (param externref) (result externref) (local.get 0))
        (func $loop (export "loop") (call $loop))
        (func (export "trap") (result i32) (i32.div_u (i32.const 1) (i32.const 0))))
      """;

  private static WastReport run(String script) {
    return new WastRunner(OracleHost::new).run("t.wast", script.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(assert_return (invoke \"id\" (i32.const 3)) (i32.const 3))",
        "(assert_return (invoke $m \"id\" (i32.const 0xffffffff)) (i32.const -1))",
        "(assert_return (get \"g\") (i32.const 7))",
        "(assert_return (invoke \"quiet\") (f32.const nan:arithmetic))",
        "(assert_return (invoke \"nan\") (f32.const nan:0x200000))",
        "(assert_return (invoke \"two\") (i32.const 1) (i64.const 2))",
        "(assert_return (invoke \"null\") (ref.null func))",
        "(assert_return (invoke \"null\") (ref.null))",
        "(assert_return (invoke \"extern\" (ref.extern 5)) (ref.extern 5))",
        "(assert_return (invoke \"extern\" (ref.extern 5)) (ref.extern))",
        "(assert_return (invoke \"id\" (i32.const 3)) (either (i32.const 4) (i32.const 3)))",
        "(assert_trap (invoke \"trap\") \"integer divide by zero\")",
        "(assert_exhaustion (invoke \"loop\") \"call stack exhausted\")",
        "(assert_trap (module (func $f unreachable) (start $f)) \"unreachable\")",
        "(assert_malformed (module quote \"(func\") \"unexpected token\")",
        "(assert_malformed (module binary \"\\00asm\") \"unexpected end\")",
        "(assert_invalid (module (func (result i32))) \"type mismatch\")",
        "(assert_unlinkable (module (import \"nowhere\" \"f\" (func))) \"unknown import\")",
        "(invoke \"id\" (i32.const 0))"
      })
  void passes(String directive) {
    WastReport report = run(MODULE + directive);
    assertThat(report.failures()).isEmpty();
    assertThat(report.summary()).isEqualTo("1 passed, 0 failed, 0 skipped");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(assert_return (invoke \"id\" (i32.const 3)) (i32.const 4))",
        "(assert_return (invoke \"id\" (i32.const 3)) (i64.const 3))",
        "(assert_return (invoke \"id\" (i32.const 3)))",
        "(assert_return (invoke \"trap\") (i32.const 0))",
        "(assert_return (invoke \"nan\") (f32.const nan:arithmetic))",
        "(assert_return (invoke \"quiet\") (f32.const nan:canonical))",
        "(assert_return (invoke \"two\") (i32.const 1))",
        "(assert_return (invoke \"null\") (ref.func))",
        "(assert_return (invoke \"extern\" (ref.extern 5)) (ref.extern 6))",
        "(assert_return (invoke \"extern\" (ref.null extern)) (ref.extern))",
        "(assert_return (invoke \"nothing\"))",
        "(assert_return (get \"id\") (i32.const 7))",
        "(assert_trap (invoke \"trap\") \"integer overflow\")",
        "(assert_trap (invoke \"id\" (i32.const 1)) \"integer overflow\")",
        "(assert_exhaustion (invoke \"trap\") \"call stack exhausted\")",
        "(assert_trap (module (func $f) (start $f)) \"unreachable\")",
        "(assert_malformed (module quote \"(func)\") \"unexpected token\")",
        "(assert_malformed (module quote \"(func (result i32))\") \"unexpected token\")",
        "(assert_malformed (module quote \"(func\") \"unknown operator\")",
        "(assert_invalid (module quote \"(func\") \"type mismatch\")",
        "(assert_invalid (module) \"type mismatch\")",
        "(assert_invalid (module (func (result i32))) \"unknown local\")",
        "(assert_unlinkable (module) \"unknown import\")",
        "(register \"a\" $nobody)",
        "(module (func (result i32)))",
        "(module (func $f unreachable) (start $f))",
        "(module (import \"nowhere\" \"f\" (func)))"
      })
  void fails(String directive) {
    WastReport report = run(MODULE + directive);
    assertThat(report.failures()).hasSize(1);
    assertThat(report.failures().getFirst().toString()).matches("t\\.wast:11: .+");
    assertThat(report.summary()).isEqualTo("0 passed, 1 failed, 0 skipped");
  }

  @Test
  void skipsOnlyWhatDependsOnAFeatureThatIsOff() {
    WastReport report =
        run(
            """
            (module
                (func (export "f") (result i64 i64)
                  (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))
            (assert_return (invoke "f") (i64.const 0) (i64.const 0))
            (module (func (export "f")))
            (assert_return (invoke "f"))
            """);
    assertThat(report.summary()).isEqualTo("1 passed, 0 failed, 2 skipped");
  }

  @Test
  void skipsWhatImportsFromAModuleThatWasSkipped() {
    WastReport report =
        run(
            """
            (module $a
                (func (export "f") (result i64 i64)
                  (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))
            (register "a" $a)
            (module (import "a" "f" (func)) (func (export "g")))
            (assert_return (invoke "g"))
            (assert_unlinkable (module (import "a" "f" (func))) "incompatible import type")
            (module (func (export "g")))
            (register "a")
            (module (import "a" "g" (func $g)) (export "g" (func $g)))
            (assert_return (invoke "g"))
            """);
    assertThat(report.summary()).isEqualTo("1 passed, 0 failed, 5 skipped");
  }

  @Test
  void aModuleThatFailsIsNotReplacedByTheOneBefore() {
    WastReport report =
        run("(module (func (export \"f\"))) (module (func (result i32))) (invoke \"f\")");
    assertThat(report.summary()).isEqualTo("0 passed, 2 failed, 0 skipped");
  }

  @Test
  void printsFailuresAndTheSummaryAndSaysSoInTheExitStatus(@TempDir Path folder)
      throws IOException {
    Path good = Files.writeString(folder.resolve("good.wast"), MODULE + "(invoke \"two\")");
    Path bad = Files.writeString(folder.resolve("bad.wast"), MODULE + "(invoke \"trap\")");
    Path broken = Files.writeString(folder.resolve("broken.wast"), "(module");
    WastRunner runner = new WastRunner(OracleHost::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(WastFiles.run(runner, List.of(good), print)).isZero();
    assertThat(WastFiles.run(runner, List.of(good, bad, broken), print)).isOne();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("1 passed, 0 failed, 0 skipped"),
            line -> assertThat(line).startsWith(bad + ":11: trapped: integer divide by zero"),
            line -> assertThat(line).startsWith(broken + ":1: the script is malformed: "),
            line -> assertThat(line).isEqualTo("1 passed, 2 failed, 0 skipped"));
    assertThat(WastFiles.run(runner, List.of(folder.resolve("none.wast")), print)).isOne();
  }
}
