package dev.troupe.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.os.EntryLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that enter native code as those of the launcher do, by the library of the build. */
class EntryLibraryTest {
  private static final long TIMEOUT_SECONDS = 240;

  @TempDir Path folder;

  @Test
  void resultsTrapsExceptionsAndCollections() throws Exception {
    String script =
        """
        (module
          (type $longs (array (mut i64)))
          (tag $tag)
          (memory 1)
          (func (export "out-of-bounds") (result i32) (i32.load (i32.const 0x7fffffff)))
          (func (export "by-zero") (param i32) (result i32)
            (i32.div_s (i32.const 1) (local.get 0)))
          (func $deep (export "deep") (result i32) (i32.add (i32.const 1) (call $deep)))
          (func $throw (throw $tag))
          (func (export "catch") (result i32)
            (block $caught (try_table (catch $tag $caught) (call $throw)) (unreachable))
            (i32.const 7))
          (func (export "collect") (result i32) (local i32)
            (loop $again
              (drop (array.new_default $longs (i32.const 1000)))
              (local.set 0 (i32.add (local.get 0) (i32.const 1)))
              (br_if $again (i32.lt_u (local.get 0) (i32.const 30000))))
            (local.get 0)))
        (assert_trap (invoke "out-of-bounds") "out of bounds memory access")
        (assert_trap (invoke "by-zero" (i32.const 0)) "integer divide by zero")
        (assert_return (invoke "by-zero" (i32.const 1)) (i32.const 1))
        (assert_exhaustion (invoke "deep") "call stack exhausted")
        (assert_return (invoke "catch") (i32.const 7))
        (assert_return (invoke "collect") (i32.const 30000))
        """;
    Path file = Files.writeString(folder.resolve("script.wast"), script);
    assertThat(exitStatus("wast", file.toString())).isZero();
  }

  @Test
  void aLoopEndsAtItsDeadline() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("spin.wat"), "(module (func (export \"spin\") (loop (br 0))))");
    assertThat(exitStatus("run", "--no-cache", "--timeout", "200ms", file.toString()))
        .isEqualTo(134);
  }

  private int exitStatus(String... arguments) throws IOException, InterruptedException {
    Path library = folder.resolve("entry.so");
    Files.write(library, EntryLibrary.image());
    Path output = folder.resolve("output");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Dtroupe.entry.library=" + library,
                "-cp",
                System.getProperty("java.class.path"),
                LocalMain.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end: " + Files.readString(output));
    }
    return process.exitValue();
  }
}
