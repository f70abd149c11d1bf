package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading, writing, seeking, closing; status, rights and numbers of descriptors. */
class DescriptorCallsTest {
  private static final int CREATE = 1;
  private static final int DIRECTORY = 2;
  private static final int EXCLUSIVE = 4;
  private static final int TRUNCATE = 8;
  private static final long READ_WRITE = Rights.FD_READ | Rights.FD_WRITE | Rights.FD_SEEK;

  @TempDir Path folder;

  private TestGuest guest() throws IOException {
    return new TestGuest(WasiContext.builder().preopen(folder, "sandbox"));
  }

  @Test
  void filesAreWrittenAndReadBack() throws IOException {
    try (TestGuest guest = guest()) {
      int fd = guest.opened("new", CREATE, READ_WRITE);
      guest.write(100, "hello, world");
      guest.vectors(0, 100, 7, 107, 0, 107, 5);
      assertThat(guest.call(FD_WRITE, fd, 0, 3, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(12);
      assertThat(folder.resolve("new")).hasContent("hello, world");

      assertThat(guest.call(FD_SEEK, fd, 7, 0, 64)).isZero();
      assertThat(guest.int64(64)).isEqualTo(7);
      guest.vectors(0, 200, 2, 300, 100);
      assertThat(guest.call(FD_READ, fd, 0, 2, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(5);
      assertThat(guest.text(200, 2) + guest.text(300, 3)).isEqualTo("world");
      assertThat(guest.call(FD_READ, fd, 0, 2, 64)).isZero();
      assertThat(guest.int32(64)).isZero();
      assertThat(guest.call(FD_SYNC, fd)).isEqualTo(WasiErrno.NOTCAPABLE);
    }
  }

  @Test
  void seekGoesFromStartHereAndEnd() throws IOException {
    Files.writeString(folder.resolve("ten"), "0123456789");
    try (TestGuest guest = guest()) {
      int fd = guest.opened("ten", 0, READ_WRITE | Rights.FD_SYNC);
      assertThat(guest.call(FD_SEEK, fd, 4, 0, 0)).isZero();
      assertThat(guest.call(FD_SEEK, fd, -1, 1, 0)).isZero();
      assertThat(guest.int64(0)).isEqualTo(3);
      assertThat(guest.call(FD_SEEK, fd, -1, 2, 0)).isZero();
      assertThat(guest.int64(0)).isEqualTo(9);
      assertThat(guest.call(FD_SEEK, fd, -1, 0, 0)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_SEEK, fd, 0, 3, 0)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_SEEK, 3, 0, 0, 0)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_SEEK, 1, 0, 0, 0)).isEqualTo(WasiErrno.SPIPE);
      assertThat(guest.call(FD_SYNC, fd)).isZero();
    }
  }

  @Test
  void standardStreamsAreThoseOfTheHost() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    WasiContext.Builder world =
        WasiContext.builder()
            .stdin(new ByteArrayInputStream("input".getBytes(StandardCharsets.UTF_8)))
            .stdout(out)
            .stderr(err);
    try (TestGuest guest = new TestGuest(world)) {
      guest.vectors(0, 100, 50);
      assertThat(guest.call(FD_READ, 0, 0, 1, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(5);
      assertThat(guest.call(FD_READ, 0, 0, 1, 64)).isZero();
      assertThat(guest.int32(64)).isZero();
      guest.vectors(0, 100, 5);
      assertThat(guest.call(FD_WRITE, 1, 0, 1, 64)).isZero();
      guest.vectors(0, 100, 2);
      assertThat(guest.call(FD_WRITE, 2, 0, 1, 64)).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("input");
      assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("in");
      assertThat(guest.call(FD_READ, 1, 0, 1, 64)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.call(FD_WRITE, 0, 0, 1, 64)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.call(FD_SYNC, 1)).isZero();
    }
  }

  @Test
  void largeOutputIsWrittenWhole() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdout(out))) {
      guest.memory().putByte(40_000, (byte) 7);
      guest.vectors(0, 1000, 50_000);
      assertThat(guest.call(FD_WRITE, 1, 0, 1, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(50_000);
      assertThat(out.size()).isEqualTo(50_000);
      assertThat(out.toByteArray()[39_000]).isEqualTo((byte) 7);
    }
  }

  @Test
  void fdstatTellsTypeFlagsAndRights() throws IOException {
    Files.writeString(folder.resolve("f"), "x");
    try (TestGuest guest = guest()) {
      int append = 1;
      assertThat(guest.open(3, 0, "f", 0, Rights.FD_WRITE, append, 0)).isZero();
      int fd = guest.int32(0);
      assertThat(guest.call(FD_FDSTAT_GET, fd, 8)).isZero();
      assertThat(guest.int32(8)).isEqualTo(4 | append << 16);
      assertThat(guest.int64(16)).isEqualTo(Rights.FD_WRITE);
      assertThat(guest.int64(24)).isZero();

      assertThat(guest.call(FD_FDSTAT_GET, 3, 8)).isZero();
      assertThat(guest.int32(8)).isEqualTo(3);
      assertThat(guest.int64(16) & Rights.PATH_OPEN).isNotZero();
      assertThat(guest.int64(16) & Rights.FD_SEEK).isZero();
      assertThat(guest.int64(24)).isEqualTo(Rights.ALL);
      assertThat(guest.call(FD_FDSTAT_GET, 77, 8)).isEqualTo(WasiErrno.BADF);

      // What is appended goes to the end, wherever the position is.
      guest.write(100, "yz");
      guest.vectors(0, 100, 2);
      assertThat(guest.call(FD_WRITE, fd, 0, 1, 64)).isZero();
      assertThat(folder.resolve("f")).hasContent("xyz");
    }
  }

  @Test
  void filestatIsThatOfTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "four");
    Files.createLink(folder.resolve("other"), file);
    try (TestGuest guest = guest()) {
      int fd = guest.opened("f", 0, Rights.FD_FILESTAT_GET);
      assertThat(guest.call(FD_FILESTAT_GET, fd, 128)).isZero();
      assertThat(guest.stat("f", 1)).isZero();
      assertThat(guest.memory().read(0, 64)).isEqualTo(guest.memory().read(128, 64));
      assertThat(guest.int64(8))
          .isEqualTo(((Number) Files.getAttribute(file, "unix:ino")).longValue());
      assertThat(guest.int64(16)).isEqualTo(4);
      assertThat(guest.int64(24)).isEqualTo(2);
      assertThat(guest.int64(32)).isEqualTo(4);
      assertThat(guest.int64(48) / 1_000_000).isEqualTo(Files.getLastModifiedTime(file).toMillis());
      assertThat(guest.call(FD_FILESTAT_GET, 1, 128)).isZero();
      assertThat(guest.int64(144)).isZero();
    }
  }

  @Test
  void numbersAreReusedAndLimited() throws IOException {
    Files.writeString(folder.resolve("f"), "x");
    WasiContext.Builder world = WasiContext.builder().preopen(folder, ".").maxDescriptors(20);
    try (TestGuest guest = new TestGuest(world)) {
      for (int i = 4; i < 20; i++) {
        assertThat(guest.opened("f", 0, Rights.FD_READ)).isEqualTo(i);
      }
      assertThat(guest.open("f", 0, Rights.FD_READ, 0)).isEqualTo(WasiErrno.MFILE);
      // A file that could not be opened was not made either.
      assertThat(guest.open("g", CREATE, Rights.FD_READ, 0)).isEqualTo(WasiErrno.MFILE);
      assertThat(folder.resolve("g")).doesNotExist();
      assertThat(guest.call(FD_CLOSE, 7)).isZero();
      assertThat(guest.call(FD_CLOSE, 7)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_READ, 7, 0, 0, 64)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.opened("f", 0, Rights.FD_READ)).isEqualTo(7);
      assertThat(guest.call(FD_CLOSE, -1)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_CLOSE, 1_000_000)).isEqualTo(WasiErrno.BADF);
    }
  }

  @Test
  void preopensTellTheirNames() throws IOException {
    try (TestGuest guest = guest()) {
      assertThat(guest.call(FD_PRESTAT_GET, 3, 0)).isZero();
      assertThat(guest.int32(0)).isZero();
      assertThat(guest.int32(4)).isEqualTo(7);
      assertThat(guest.call(FD_PRESTAT_DIR_NAME, 3, 8, 7)).isZero();
      assertThat(guest.text(8, 8)).isEqualTo("sandbox\0");
      assertThat(guest.call(FD_PRESTAT_DIR_NAME, 3, 8, 6)).isEqualTo(WasiErrno.NAMETOOLONG);
      assertThat(guest.call(FD_PRESTAT_GET, 1, 0)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_PRESTAT_GET, 4, 0)).isEqualTo(WasiErrno.BADF);
      int directory = guest.opened(".", DIRECTORY, Rights.PATH_OPEN);
      assertThat(guest.call(FD_PRESTAT_GET, directory, 0)).isEqualTo(WasiErrno.BADF);
    }
  }

  @Test
  void openFlagsAreThoseOfWasi() throws IOException {
    Files.writeString(folder.resolve("f"), "contents");
    Files.createDirectory(folder.resolve("d"));
    try (TestGuest guest = guest()) {
      assertThat(guest.open("absent", 0, READ_WRITE, 0)).isEqualTo(44);
      assertThat(guest.open("f", CREATE | EXCLUSIVE, READ_WRITE, 0)).isEqualTo(20);
      assertThat(guest.open("f", DIRECTORY, Rights.FD_READDIR, 0)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.open("d", 0, READ_WRITE, 0)).isEqualTo(31);
      assertThat(guest.open("f", 16, READ_WRITE, 0)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.open(3, 0, "f", 0, READ_WRITE, 32, 0)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.open(1, 0, "f", 0, READ_WRITE, 0, 0)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.open(9, 0, "f", 0, READ_WRITE, 0, 0)).isEqualTo(WasiErrno.BADF);
      assertThat(folder.resolve("f")).hasContent("contents");
      int fd = guest.opened("f", TRUNCATE, READ_WRITE);
      assertThat(folder.resolve("f")).hasContent("");
      assertThat(guest.call(FD_CLOSE, fd)).isZero();
    }
  }

  @Test
  void rightsOnlyShrink() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    Files.writeString(folder.resolve("d/f"), "contents");
    try (TestGuest guest = guest()) {
      long reading = Rights.PATH_OPEN | Rights.FD_READ;
      int directory = guest.opened("d", DIRECTORY, reading);
      assertThat(guest.open(directory, 0, "f", 0, Rights.FD_READ, 0, 0)).isZero();
      int fd = guest.int32(0);
      assertThat(guest.call(FD_WRITE, fd, 0, 0, 64)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.call(FD_SEEK, fd, 0, 0, 64)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.call(FD_FILESTAT_GET, fd, 64)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.open(directory, 0, "f", 0, Rights.FD_WRITE, 0, 0))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.open(directory, 0, "new", CREATE, Rights.FD_READ, 0, 0))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.open(directory, 0, "f", TRUNCATE, Rights.FD_READ, 0, 0))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.call(PATH_FILESTAT_GET, directory, 0, 0, 0, 128))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.open("d", DIRECTORY, 1L << 40, 0)).isEqualTo(WasiErrno.NOTCAPABLE);
    }
  }

  @Test
  void foldersThatAreNotThereAreNamed() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> WasiContext.builder().preopen(absent, ".").build())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(absent.toString());
  }

  @Test
  void closingTheContextClosesItsFiles() throws IOException {
    Files.writeString(folder.resolve("f"), "x");
    try (TestGuest guest = guest()) {
      assertThat(guest.opened("f", 0, Rights.FD_READ)).isEqualTo(4);
      assertThat(openIn(folder)).isEqualTo(2);
    }
    assertThat(openIn(folder)).isZero();
  }

  /** Descriptors of this process on something beneath a folder. */
  private static long openIn(Path folder) throws IOException {
    long count = 0;
    Path real = folder.toRealPath();
    try (var links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        try {
          count += Files.readSymbolicLink(link).startsWith(real) ? 1 : 0;
        } catch (IOException gone) {
          // Closed meanwhile by somebody else.
        }
      }
    }
    return count;
  }

  @Test
  void entriesOfOneCallAreBounded() throws IOException {
    MemoryFiles memory = MemoryFiles.create(1 << 20, 100);
    for (int i = 0; i < 10; i++) {
      Files.writeString(folder.resolve("f" + i), "");
      memory.write("f" + i, new byte[0]);
    }
    WasiContext.Builder world =
        WasiContext.builder()
            .preopen(folder, "/host")
            .preopen(memory, "/memory")
            .maxEntriesPerCall(5);
    try (TestGuest guest = new TestGuest(world)) {
      for (int fd : new int[] {3, 4}) {
        assertThat(guest.call(WasiFunction.FD_READDIR, fd, 1000, 4000, 0, 64))
            .isEqualTo(WasiErrno.OVERFLOW);
        assertThat(guest.call(WasiFunction.FD_READDIR, fd, 1000, 80, 0, 64)).isZero();
      }
    }
  }
}
