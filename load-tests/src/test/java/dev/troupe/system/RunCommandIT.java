package dev.troupe.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.system.Launcher.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./troupe run} with a guest that imports WASI, as users of other runtimes expect it. */
class RunCommandIT {
  private static final int TRAP = 134;
  private static final int INTERRUPTED = 130;

  /**
   * Functions that print, each by one line: input, environment, arguments, the first bytes of a
   * file; and others that wait, write a file, grow, or end with a status.
   */
  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_read"
          (func $read (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_get"
          (func $environ (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_sizes_get"
          (func $environ_sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "poll_oneoff"
          (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 64) "f")
        (global $ready (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $ready (i32.const 1)))
        (func (export "initialized") (result i32) (global.get $ready))
        (func $put (param $at i32) (param $bytes i32)
          (i32.store (i32.const 0) (local.get $at))
          (i32.store (i32.const 4) (local.get $bytes))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))
        (func (export "cat") (param $fd i32)
          (loop $more
            (i32.store (i32.const 0) (i32.const 1024))
            (i32.store (i32.const 4) (i32.const 4096))
            (if (call $read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 16))
              (then (call $exit (i32.const 99))))
            (if (i32.load (i32.const 16))
              (then
                (call $put (i32.const 1024) (i32.load (i32.const 16)))
                (br $more)))))
        (func (export "env")
          (drop (call $environ_sizes (i32.const 32) (i32.const 36)))
          (drop (call $environ (i32.const 8192) (i32.const 16384)))
          (call $put (i32.const 16384) (i32.load (i32.const 36))))
        (func (export "open") (param $create i32) (param $rights i64) (result i32)
          (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 1) (local.get $create)
            (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 80)))
        (func (export "sleep")
          (i64.store (i32.const 224) (i64.const 3600000000000))
          (drop (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400))))
        (func (export "spin") (loop $l (br $l)))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "exit") (param i32) (call $exit (local.get 0))))
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeGuest() throws IOException {
    Files.writeString(folder.resolve("g.wat"), GUEST);
  }

  private Outcome run(List<String> options, String function, String... arguments) {
    return Launcher.run(folder, command(options, function, arguments), Map.of("SOME", "thing"));
  }

  private static List<String> command(List<String> options, String function, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Launcher.ROOT.resolve("troupe").toString());
    command.addAll(List.of("run", "--no-cache", "--invoke", function));
    command.addAll(options);
    command.add("g.wat");
    command.addAll(List.of(arguments));
    return command;
  }

  @Test
  void standardInputIsAFileOrTheProcesss() throws IOException {
    Files.writeString(folder.resolve("in"), "from a file");
    assertThat(run(List.of("--stdin", "in"), "cat", "0").out()).isEqualTo("from a file");
    Outcome closed = run(List.of(), "cat", "0");
    assertThat(closed.out()).isEmpty();
    assertThat(closed.status()).isZero();
    Outcome absent = run(List.of("--stdin", "absent"), "cat", "0");
    assertThat(absent.status()).isEqualTo(1);
    assertThat(absent.err()).contains("cannot open absent").hasLineCount(1);
  }

  @Test
  void environmentIsWhatWasAskedFor() {
    assertThat(run(List.of(), "env").out()).isEmpty();
    assertThat(run(List.of("--env", "A=b", "--env", "C="), "env").out()).isEqualTo("A=b\0C=\0");
    assertThat(run(List.of("--env", "SOME", "--env", "NO_SUCH"), "env").out())
        .isEqualTo("SOME=thing\0");
    assertThat(run(List.of("--inherit-env", "--env", "PATH=mine"), "env").out().split("\0"))
        .contains("SOME=thing", "PATH=mine");
  }

  @Test
  void foldersAreThereAsTheyWereGiven() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    String create = "1";
    String reads = "2";
    String writes = "64";
    assertThat(run(List.of("--dir", "d::/x:ro"), "open", create, writes).out()).isEqualTo("76\n");
    assertThat(run(List.of("--dir", "d"), "open", create, writes).out()).isEqualTo("0\n");
    assertThat(folder.resolve("d/f")).exists();
    assertThat(run(List.of("--dir", "d:ro"), "open", "0", reads).out()).isEqualTo("0\n");
    assertThat(run(List.of("--dir", "d:ro"), "open", "0", writes).out()).isEqualTo("76\n");
    Outcome absent = run(List.of("--dir", "nowhere::/"), "open", "0", reads);
    assertThat(absent.status()).isEqualTo(1);
    assertThat(absent.err()).contains("nowhere").hasLineCount(1);
  }

  @Test
  void statusIsTheGuests() {
    assertThat(run(List.of(), "exit", "7").status()).isEqualTo(7);
    assertThat(run(List.of(), "exit", "0").status()).isZero();
    assertThat(run(List.of(), "initialized").out()).isEqualTo("1\n");
  }

  @Test
  void memoryHasALimit() {
    assertThat(run(List.of("--max-memory", "1MiB"), "grow", "15").out()).isEqualTo("1\n");
    assertThat(run(List.of("--max-memory", "1MiB"), "grow", "16").out()).isEqualTo("-1\n");
    Outcome none = run(List.of("--max-memory", "1000"), "grow", "0");
    assertThat(none.status()).isEqualTo(1);
    assertThat(run(List.of("--max-memory", "much"), "grow", "0").err()).contains("64MiB");
  }

  @Test
  void timeoutEndsWaits() {
    Outcome outcome = run(List.of("--timeout", "100ms"), "sleep");
    assertThat(outcome.status()).isEqualTo(TRAP);
    assertThat(outcome.err()).contains("DEADLINE_EXCEEDED");
  }

  @Test
  void perfFindsTheNamesOfTheGuest() throws IOException, InterruptedException {
    List<String> command = command(List.of("--profile", "perf"), "exit", "3");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("TROUPE_NO_BUILD", "1");
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(3);
    // The launcher becomes Java, so its number is Java's.
    Path map = Path.of("/tmp", "perf-" + process.pid() + ".map");
    try {
      assertThat(map).content().contains(" put\n").contains(" function ");
      assertThat(folder.resolve("jit-" + process.pid() + ".dump")).isNotEmptyFile();
    } finally {
      boolean _ = Files.deleteIfExists(map);
    }
  }

  @Test
  void interruptsEndSpinsAndWaits() throws IOException, InterruptedException {
    for (String function : List.of("spin", "sleep", "cat")) {
      List<String> command =
          function.equals("cat") ? command(List.of(), function, "0") : command(List.of(), function);
      // Whoever runs the tests in the background has us ignore interrupts, and Java leaves it at
      // that.
      List<String> interruptible = new ArrayList<>(List.of("env", "--default-signal=INT"));
      interruptible.addAll(command);
      ProcessBuilder builder = new ProcessBuilder(interruptible).directory(folder.toFile());
      builder.environment().put("TROUPE_NO_BUILD", "1");
      // Standard input stays open: who reads it waits.
      Process process = builder.redirectErrorStream(true).start();
      try {
        awaitGuest(process);
        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(function).isTrue();
        assertThat(process.exitValue()).as(function).isEqualTo(INTERRUPTED);
        assertThat(process.inputReader().lines()).as(function).isEmpty();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /** Until the launcher has become Java: before, an interrupt would be the shell's. */
  private static void awaitGuest(Process process) throws InterruptedException {
    while (!process.info().command().orElse("").endsWith("java")
        || process.info().totalCpuDuration().map(cpu -> cpu.toMillis() < 400).orElse(true)) {
      assertThat(process.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
