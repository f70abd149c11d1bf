package dev.troupe.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} writes beside results: profiles, core dumps, backtraces. */
class RunCommandTest {
  private static final int TRAP = 134;

  /** Counts to its argument, then reads at that address. */
  private static final String GUEST =
      """
      (module $app
        (memory 1)
        (func $count (param i32) (result i32) (local i32)
          (loop $l
            (local.set 1 (i32.add (local.get 1) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get 1) (local.get 0))))
          (i32.load (local.get 1)))
        (func (export "run") (param i32) (result i32) (call $count (local.get 0))))
      """;

  @TempDir Path folder;

  private final LocalCli cli = new LocalCli();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("g.wat"), GUEST);
  }

  private int run(String argument, String... options) {
    List<String> args = new ArrayList<>(List.of("run", "--no-cache", "--invoke", "run"));
    args.addAll(List.of(options));
    args.add(folder.resolve("g.wat").toString());
    args.add(argument);
    return cli.run(args);
  }

  @Test
  void aTrapLeavesACoreDump() throws IOException {
    Path dump = folder.resolve("core.wasm");
    assertThat(run("200000", "--coredump", dump.toString())).isEqualTo(TRAP);
    assertThat(cli.err()).contains("at app!count (function 0)", "core dump in " + dump);
    assertThat(Files.readString(dump, StandardCharsets.ISO_8859_1)).contains("corestack", "g.wat");
  }

  @Test
  void samplesAreWrittenWhateverTheEnd() throws IOException {
    Path profile = folder.resolve("profile.json");
    String[] options = {"--profile", "guest", "--profile-out", profile.toString()};
    assertThat(run("1000", options)).isZero();
    assertThat(cli.out()).isEqualTo("0\n");
    assertThat(Files.readString(profile)).startsWith("{\"meta\"");
    assertThat(run("2000000000", options)).isEqualTo(TRAP);
    assertThat(Files.readString(profile)).contains("\"count\"", "\"function 1\"");
    assertThat(run("1", "--profile", "nonsense")).isEqualTo(1);
  }

  private void assertMistake(String message, String... options) {
    assertThat(run("1", options)).as(message).isEqualTo(1);
    assertThat(cli.out()).as("the guest did not run").isEmpty();
    assertThat(cli.err()).contains(message).hasLineCount(1);
  }

  /** Also where the guest would not need what is wrong, and before it has run for an hour. */
  @Test
  void mistakesInOptionsAreFoundBeforeTheGuestRuns() {
    assertMistake("there is no folder for /no/such/core", "--coredump", "/no/such/core");
    assertMistake(
        "there is no folder for /no/such/p.json",
        "--profile",
        "guest",
        "--profile-out",
        "/no/such/p.json");
    assertMistake("goes with --profile guest", "--profile-out", folder.resolve("p").toString());
    assertMistake("--env takes NAME=VALUE", "--env", "=x");
    assertMistake("nowhere", "--dir", folder.resolve("nowhere").toString());
    assertMistake("there is no folder", "--overlay", folder.resolve("nowhere").toString());
    assertMistake("cannot open absent", "--stdin", "absent");
  }

  @Test
  void aFolderIsNoModule() {
    assertThat(cli.run("run", "--no-cache", folder.toString())).isEqualTo(1);
    assertThat(cli.err()).contains(folder + " is a folder, not a module").hasLineCount(1);
    assertThat(cli.run("run", "--no-cache", folder.resolve("absent").toString())).isEqualTo(1);
    assertThat(cli.err()).contains("there is no file").hasLineCount(1);
  }

  private long artifacts(Path cache) throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(file -> file.toString().endsWith(".elf")).count();
    }
  }

  private int cached(String wat, String size) throws IOException {
    Path file = Files.writeString(folder.resolve("c.wat"), wat);
    String cache = folder.resolve("cache").toString();
    List<String> args = List.of("run", "--cache", cache, "--cache-size", size, file.toString());
    return cli.runAfter(args);
  }

  @Test
  void cacheKeepsToItsSize() throws IOException {
    Path cache = folder.resolve("cache");
    for (int number = 1; number <= 3; number++) {
      String wat = "(module (func (export \"main\") (result i32) (i32.const " + number + ")))";
      assertThat(cached(wat, "1GiB")).isZero();
      assertThat(artifacts(cache)).isEqualTo(number);
    }
    assertThat(cached("(module (func (export \"main\")))", "1KiB")).isZero();
    assertThat(artifacts(cache)).as("what is just run stays").isEqualTo(1);
    assertThat(cli.out()).isEqualTo("1\n2\n3\n");
  }

  /** Makes a file, writes its argument's number of bytes to it, and gives the error numbers. */
  private static final String WRITER =
      """
      (module
        (import "wasi_snapshot_preview1" "path_open"
          (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "made")
        (data (i32.const 16) "\\00\\00\\00\\00\\04\\00\\00\\00")
        (func (export "run") (param $create i32) (result i32 i32 i32)
          (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4)
            (local.get $create) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32))
          (call $write (i32.load (i32.const 32)) (i32.const 16) (i32.const 1) (i32.const 40))
          (i32.load (i32.const 40))))
      """;

  @Test
  void anOverlayKeepsWhatTheGuestChanges() throws IOException {
    Files.writeString(folder.resolve("g.wat"), WRITER);
    Path host = Files.createDirectory(folder.resolve("host"));
    assertThat(run("1", "--overlay", host + "::/data")).isZero();
    assertThat(cli.out()).isEqualTo("0\n0\n4\n");
    assertThat(host).isEmptyDirectory();
    Files.writeString(host.resolve("made"), "by the host");
    assertThat(run("0", "--overlay", host.toString())).isZero();
    assertThat(host.resolve("made")).hasContent("by the host");
    assertThat(run("0", "--dir", host.toString())).isZero();
    assertThat(cli.out()).isEqualTo("0\n0\n4\n");
    assertThat(host.resolve("made")).as("without it").hasContent("madehe host");
    assertThat(run("0", "--overlay", folder.resolve("absent").toString())).isEqualTo(1);
    assertThat(cli.err()).contains("there is no folder");
  }
}
