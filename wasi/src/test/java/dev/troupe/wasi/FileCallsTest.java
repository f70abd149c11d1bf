package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.FD_ADVISE;
import static dev.troupe.wasi.WasiFunction.FD_ALLOCATE;
import static dev.troupe.wasi.WasiFunction.FD_CLOSE;
import static dev.troupe.wasi.WasiFunction.FD_DATASYNC;
import static dev.troupe.wasi.WasiFunction.FD_FDSTAT_GET;
import static dev.troupe.wasi.WasiFunction.FD_FDSTAT_SET_FLAGS;
import static dev.troupe.wasi.WasiFunction.FD_FDSTAT_SET_RIGHTS;
import static dev.troupe.wasi.WasiFunction.FD_FILESTAT_GET;
import static dev.troupe.wasi.WasiFunction.FD_FILESTAT_SET_SIZE;
import static dev.troupe.wasi.WasiFunction.FD_FILESTAT_SET_TIMES;
import static dev.troupe.wasi.WasiFunction.FD_PREAD;
import static dev.troupe.wasi.WasiFunction.FD_PWRITE;
import static dev.troupe.wasi.WasiFunction.FD_READDIR;
import static dev.troupe.wasi.WasiFunction.FD_RENUMBER;
import static dev.troupe.wasi.WasiFunction.FD_TELL;
import static dev.troupe.wasi.WasiFunction.FD_WRITE;
import static dev.troupe.wasi.WasiFunction.PATH_OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files at offsets, their lengths and times; entries of directories; numbers and rights. */
class FileCallsTest {
  private static final int CREATE = 1;
  private static final int DIRECTORY = 2;
  private static final int APPEND = 1;
  private static final int DSYNC = 2;

  @TempDir Path folder;

  private TestGuest guest() throws IOException {
    return new TestGuest(WasiContext.builder().preopen(folder, "/"));
  }

  @Test
  void offsetsLeaveThePlaceAlone() throws IOException {
    try (TestGuest guest = guest()) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      guest.write(100, "0123456789");
      guest.vectors(0, 100, 4, 104, 6);
      assertThat(guest.call(FD_PWRITE, fd, 0, 2, 5, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(10);
      assertThat(guest.call(FD_TELL, fd, 64)).isZero();
      assertThat(guest.int64(64)).isZero();
      guest.vectors(0, 200, 3, 203, 50);
      assertThat(guest.call(FD_PREAD, fd, 0, 2, 7, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(8);
      assertThat(guest.text(200, 8)).isEqualTo("23456789");
      assertThat(guest.call(FD_PREAD, fd, 0, 2, -1, 64)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_PREAD, 0, 0, 2, 0, 64)).isEqualTo(WasiErrno.SPIPE);
    }
  }

  @Test
  void lengthsTimesAndAdvice() throws IOException {
    try (TestGuest guest = guest()) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      assertThat(guest.call(FD_FILESTAT_SET_SIZE, fd, 1000)).isZero();
      assertThat(guest.call(FD_FILESTAT_SET_SIZE, fd, -1)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_ALLOCATE, fd, 500, 1500)).isZero();
      assertThat(guest.call(FD_ALLOCATE, fd, 0, 0)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_ALLOCATE, fd, Long.MAX_VALUE, 5)).isEqualTo(WasiErrno.FBIG);
      assertThat(guest.call(FD_FILESTAT_SET_TIMES, fd, 11, 22, 5)).isZero();
      assertThat(guest.call(FD_FILESTAT_SET_TIMES, fd, 0, 33, 4)).isZero();
      assertThat(guest.call(FD_FILESTAT_GET, fd, 0)).isZero();
      assertThat(guest.int64(32)).isEqualTo(2000);
      assertThat(guest.int64(40)).isEqualTo(11);
      assertThat(guest.int64(48)).isEqualTo(33);
      assertThat(guest.call(FD_FILESTAT_SET_TIMES, fd, 0, 0, 16)).isEqualTo(WasiErrno.INVAL);
      for (int advice = 0; advice < 6; advice++) {
        assertThat(guest.call(FD_ADVISE, fd, 0, 100, advice)).isZero();
      }
      assertThat(guest.call(FD_ADVISE, fd, 0, 100, 6)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_ADVISE, 3, 0, 100, 0)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_DATASYNC, fd)).isZero();
    }
  }

  @Test
  void directoriesTellTheirEntriesInPieces() throws IOException {
    List<String> expected = new ArrayList<>(List.of(".", ".."));
    for (int i = 0; i < 300; i++) {
      expected.add("file-" + i);
      Files.createFile(folder.resolve("file-" + i));
    }
    Files.createDirectory(folder.resolve("sub"));
    expected.add("sub");
    try (TestGuest guest = guest()) {
      List<String> names = new ArrayList<>();
      long cookie = 0;
      int used = 100;
      while (used == 100) {
        assertThat(guest.call(FD_READDIR, 3, 1000, 100, cookie, 64)).isZero();
        used = guest.int32(64);
        for (int at = 1000; at + 24 <= 1000 + used; ) {
          int length = guest.int32(at + 16);
          if (at + 24 + length > 1000 + used) {
            break;
          }
          String name = guest.text(at + 24, length);
          names.add(name);
          assertThat(guest.memory().read(at + 20, 1)[0])
              .isEqualTo((byte) (name.startsWith("file") ? 4 : 3));
          cookie = guest.int64(at);
          at += 24 + length;
        }
      }
      assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(guest.call(FD_READDIR, 3, 1000, 10, 0, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(10);
      assertThat(guest.call(FD_READDIR, 3, 1000, 100, -1, 64)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_READDIR, 0, 1000, 100, 0, 64)).isEqualTo(WasiErrno.NOTDIR);
    }
  }

  @Test
  void numbersMove() throws IOException {
    Files.writeString(folder.resolve("f"), "x");
    try (TestGuest guest = guest()) {
      int first = guest.opened("f", 0, Rights.FD_READ);
      int second = guest.opened("f", 0, Rights.FD_WRITE);
      assertThat(guest.call(FD_RENUMBER, first, second)).isZero();
      assertThat(guest.call(FD_FDSTAT_GET, second, 0)).isZero();
      assertThat(guest.int64(8)).isEqualTo(Rights.FD_READ);
      assertThat(guest.call(FD_CLOSE, first)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_RENUMBER, second, second)).isZero();
      assertThat(guest.call(FD_RENUMBER, second, 77)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_RENUMBER, 77, second)).isEqualTo(WasiErrno.BADF);
      assertThat(guest.call(FD_CLOSE, second)).isZero();
    }
  }

  @Test
  void flagsAndRightsChangeWithinBounds() throws IOException {
    Files.writeString(folder.resolve("f"), "abc");
    try (TestGuest guest = guest()) {
      int fd = guest.opened("f", 0, Rights.FD_WRITE | Rights.FD_FDSTAT_SET_FLAGS);
      assertThat(guest.call(FD_FDSTAT_SET_FLAGS, fd, APPEND)).isZero();
      guest.write(100, "d");
      guest.vectors(0, 100, 1);
      assertThat(guest.call(FD_WRITE, fd, 0, 1, 64)).isZero();
      assertThat(folder.resolve("f")).hasContent("abcd");
      assertThat(guest.call(FD_FDSTAT_SET_FLAGS, fd, DSYNC)).isEqualTo(WasiErrno.NOTSUP);
      assertThat(guest.call(FD_FDSTAT_SET_FLAGS, fd, 64)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_FDSTAT_SET_RIGHTS, fd, Rights.FD_READ, 0))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.call(FD_FDSTAT_SET_RIGHTS, fd, Rights.FD_FDSTAT_SET_FLAGS, 0)).isZero();
      assertThat(guest.call(FD_WRITE, fd, 0, 1, 64)).isEqualTo(WasiErrno.NOTCAPABLE);
      int directory = guest.opened(".", DIRECTORY, Rights.PATH_OPEN | Rights.FD_READ);
      assertThat(guest.call(FD_FDSTAT_SET_RIGHTS, directory, Rights.PATH_OPEN, 0)).isZero();
      assertThat(guest.open(directory, 0, "f", 0, Rights.FD_READ, 0, 0))
          .isEqualTo(WasiErrno.NOTCAPABLE);
    }
  }

  @Test
  void writingEndsAtTheQuota() throws IOException {
    WasiContext.Builder world = WasiContext.builder().preopen(folder, "/").maxWrittenBytes(10);
    try (TestGuest guest = new TestGuest(world)) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      guest.vectors(0, 100, 7, 107, 7);
      assertThat(guest.call(FD_FILESTAT_SET_SIZE, fd, 11)).isEqualTo(WasiErrno.DQUOT);
      assertThat(guest.call(FD_ALLOCATE, fd, 0, 11)).isEqualTo(WasiErrno.DQUOT);
      assertThat(guest.call(FD_WRITE, fd, 0, 2, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(10);
      assertThat(guest.call(FD_WRITE, fd, 0, 2, 64)).isEqualTo(WasiErrno.DQUOT);
      assertThat(guest.call(FD_ALLOCATE, fd, 0, 5))
          .as("within the file")
          .isEqualTo(WasiErrno.DQUOT);
      assertThat(guest.call(FD_PWRITE, fd, 0, 1, 0, 64)).isEqualTo(WasiErrno.DQUOT);
      assertThat(guest.call(FD_FILESTAT_SET_SIZE, fd, 3)).isZero();
      assertThat(folder.resolve("f")).hasSize(3);
    }
  }

  @Test
  void vectorsAreAsManyAsLinuxTakes() throws IOException {
    try (TestGuest guest = guest()) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      assertThat(guest.call(FD_WRITE, fd, 0, 1024, 64)).isZero();
      assertThat(guest.call(FD_WRITE, fd, 0, 1025, 64)).isEqualTo(WasiErrno.INVAL);
    }
  }

  @Test
  void lookupFlagsAreThoseOfWasi() throws IOException {
    try (TestGuest guest = guest()) {
      assertThat(guest.call(PATH_OPEN, 3, 2, 0, 0, 0, 0, 0, 0, 64)).isEqualTo(WasiErrno.INVAL);
    }
  }
}
