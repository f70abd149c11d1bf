package dev.troupe.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.os.FileCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in memory over a folder of the host: the guest sees its changes, and the host does not. */
class OverlayTest {
  private static final long READ_WRITE = Rights.FD_READ | Rights.FD_WRITE | Rights.FD_SEEK;
  private static final int LARGE = 100_000;

  @TempDir Path top;

  private Path folder = Path.of("");
  private final byte[] large = new byte[LARGE];

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectories(top.resolve("folder"));
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/file"), "of the host");
    new Random(3).nextBytes(large);
    Files.write(folder.resolve("large"), large);
    Path _ = Files.createSymbolicLink(folder.resolve("link"), Path.of("a/b/file"));
    Path _ = Files.createSymbolicLink(folder.resolve("out"), Path.of("../secret"));
    Path _ = Files.createSymbolicLink(folder.resolve("absolute"), top.resolve("secret"));
    Files.writeString(top.resolve("secret"), "secret");
  }

  private MemoryFiles over() {
    return MemoryFiles.over(folder, 1 << 20, 100);
  }

  private static TestGuest guest(MemoryFiles files) throws IOException {
    return new TestGuest(WasiContext.builder().preopen(files, "/"));
  }

  private static byte[] read(TestGuest guest, int fd, int bytes, long offset) {
    guest.vectors(0, 1000, bytes);
    assertThat(guest.call(WasiFunction.FD_PREAD, fd, 0, 1, offset, 64)).isZero();
    return guest.memory().read(1000, guest.int32(64));
  }

  private static void write(TestGuest guest, int fd, String text, long offset) {
    guest.write(1000, text);
    guest.vectors(0, 1000, text.length());
    assertThat(guest.call(WasiFunction.FD_PWRITE, fd, 0, 1, offset, 64)).isZero();
  }

  /** All that is on the host. */
  private TreeMap<String, List<Byte>> host() throws IOException {
    TreeMap<String, List<Byte>> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        List<Byte> bytes = new ArrayList<>();
        if (Files.isRegularFile(path)) {
          for (byte one : Files.readAllBytes(path)) {
            bytes.add(one);
          }
        }
        found.put(path.toString(), bytes);
      }
    }
    return found;
  }

  @Test
  void whatIsThereCanBeRead() throws IOException {
    MemoryFiles files = over();
    try (TestGuest guest = guest(files)) {
      int fd = guest.opened("a/b/file", 0, READ_WRITE);
      assertThat(new String(read(guest, fd, 50, 0), UTF_8)).isEqualTo("of the host");
      int whole = guest.opened("large", 0, READ_WRITE);
      byte[] middle = read(guest, whole, 50_000, 30_000);
      assertThat(middle).isEqualTo(Arrays.copyOfRange(large, 30_000, 80_000));
      assertThat(read(guest, whole, 100, LARGE)).isEmpty();
      assertThat(guest.stat("large", 0)).isZero();
      assertThat(guest.int64(32)).isEqualTo(LARGE);
      assertThat(guest.open(3, 1, "link", 0, READ_WRITE, 0, 0)).isZero();
    }
    assertThat(files.usedBytes()).as("nothing was copied").isZero();
  }

  @Test
  void changesStayInMemory() throws IOException {
    TreeMap<String, List<Byte>> before = host();
    MemoryFiles files = over();
    try (TestGuest guest = guest(files)) {
      int fd = guest.opened("large", 0, READ_WRITE);
      write(guest, fd, "written", 20_000);
      byte[] expected = large.clone();
      System.arraycopy("written".getBytes(UTF_8), 0, expected, 20_000, 7);
      assertThat(read(guest, fd, 40_000, 0)).isEqualTo(Arrays.copyOfRange(expected, 0, 40_000));
      assertThat(guest.rename("a/b/file", "moved")).isZero();
      assertThat(guest.path(WasiFunction.PATH_REMOVE_DIRECTORY, "a/b")).isZero();
      assertThat(guest.path(WasiFunction.PATH_CREATE_DIRECTORY, "new")).isZero();
      assertThat(guest.path(WasiFunction.PATH_UNLINK_FILE, "link")).isZero();
      assertThat(guest.stat("link", 0)).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.stat("a/b", 0)).isEqualTo(WasiErrno.NOENT);
      int moved = guest.opened("moved", 0, Rights.REGULAR);
      assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_SIZE, moved, 2)).isZero();
      assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_SIZE, moved, 5)).isZero();
      assertThat(read(guest, moved, 50, 0)).isEqualTo(new byte[] {'o', 'f', 0, 0, 0});
    }
    assertThat(files.read("moved")).isEqualTo(new byte[] {'o', 'f', 0, 0, 0});
    assertThat(files.usedBytes()).isEqualTo(MemoryNode.File.PAGE_BYTES);
    assertThat(host()).isEqualTo(before);
  }

  @Test
  void nothingLeadsOut() throws IOException {
    try (TestGuest guest = guest(over())) {
      for (String path : List.of("out", "absolute", "../secret", "a/../../secret", "/secret")) {
        assertThat(guest.open(3, 1, path, 0, Rights.FD_READ, 0, 0))
            .as(path)
            .isEqualTo(WasiErrno.PERM);
      }
      // A link that takes the place of a file after the guest has seen the file.
      assertThat(guest.stat("large", 0)).isZero();
      Files.delete(folder.resolve("large"));
      Path _ = Files.createSymbolicLink(folder.resolve("large"), Path.of("../secret"));
      int fd = guest.opened("large", 0, Rights.FD_READ);
      guest.vectors(0, 1000, 50);
      assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, 64)).isNotZero();
    }
  }

  @Test
  void whatWasLookedAtCounts() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.writeString(folder.resolve("a/f" + i), "");
    }
    MemoryFiles files = MemoryFiles.over(folder, 1 << 20, 10);
    try (TestGuest guest = guest(files)) {
      assertThat(guest.stat("large", 0)).isZero();
      int seen = files.usedNodes();
      assertThat(seen).isEqualTo(5);
      assertThat(guest.stat("a/f1", 0)).isEqualTo(WasiErrno.NOSPC);
      assertThat(files.usedNodes()).as("all or nothing").isEqualTo(seen);
      assertThat(guest.stat("a/f1", 0)).isEqualTo(WasiErrno.NOSPC);
    }
  }

  @Test
  void aFileThatIsGoneOnTheHostIsAnError() throws IOException {
    try (TestGuest guest = guest(over())) {
      int fd = guest.opened("a/b/file", 0, READ_WRITE);
      Files.delete(folder.resolve("a/b/file"));
      guest.vectors(0, 1000, 50);
      assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, 64)).isEqualTo(WasiErrno.NOENT);
    }
  }

  /** What this process has open beneath the folder. */
  private List<Path> open() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        try {
          Path target = Files.readSymbolicLink(descriptor);
          if (target.startsWith(folder)) {
            found.add(target);
          }
        } catch (NoSuchFileException e) {
          // Closed meanwhile, by whoever had it open.
        }
      }
    }
    return found;
  }

  @Test
  void aListEndsWithWhomItIsFor() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.writeString(folder.resolve("a/f" + i), "");
    }
    List<String> seen = new ArrayList<>();
    assertThatThrownBy(() ->
            new HostLayer(folder)
                .list(
                    "a",
                    found -> {
                      seen.add(found.name());
                      if (seen.size() == 3) {
                        throw WasiError.of(WasiErrno.NOSPC);
                      }
                    }))
        .isInstanceOf(WasiError.class);
    assertThat(seen).hasSize(3);
    assertThat(open()).isEmpty();
  }

  @Test
  void whatCannotBeCopiedCostsNothing() throws IOException {
    MemoryFiles files = over();
    try (TestGuest guest = guest(files)) {
      int fd = guest.opened("a/b/file", 0, Rights.REGULAR);
      Files.delete(folder.resolve("a/b/file"));
      guest.vectors(0, 1000, 7);
      assertThat(guest.call(WasiFunction.FD_WRITE, fd, 0, 1, 64)).isEqualTo(WasiErrno.NOENT);
      assertThat(files.usedBytes()).isZero();
      assertThat(guest.call(WasiFunction.FD_ALLOCATE, fd, 0, 50_000)).isEqualTo(WasiErrno.NOENT);
      assertThat(files.usedBytes()).isZero();
    }
    assertThatThrownBy(() -> files.read("a/b/file")).isInstanceOf(IOException.class);
  }

  @Test
  void aFileThatCannotBeReadIsClosed() throws IOException {
    MemoryFiles files = over();
    assertThat(new String(files.read("a/b/file"), UTF_8)).isEqualTo("of the host");
    Files.delete(folder.resolve("a/b/file"));
    Files.createDirectory(folder.resolve("a/b/file"));
    assertThatThrownBy(() -> files.read("a/b/file"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a/b/file");
    assertThat(open()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noNameMayBecomeALink(boolean walks) throws IOException {
    HostLayer layer = new HostLayer(folder, walks);
    assertThat(FileCalls.close(layer.open("a/b/file", 0))).isZero();
    Files.createDirectories(folder.resolve("other/b"));
    Files.writeString(folder.resolve("other/b/file"), "another");
    Path _ = Files.move(folder.resolve("a"), folder.resolve("gone"));
    Path _ = Files.createSymbolicLink(folder.resolve("a"), Path.of("other"));
    assertThatThrownBy(() -> layer.open("a/b/file", 0))
        .isInstanceOfSatisfying(
            WasiError.class, e -> assertThat(e.errno()).isEqualTo(WasiErrno.LOOP));
    assertThat(open()).isEmpty();
  }
}
