package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.FD_CLOSE;
import static dev.troupe.wasi.WasiFunction.FD_FDSTAT_GET;
import static dev.troupe.wasi.WasiFunction.FD_FILESTAT_GET;
import static dev.troupe.wasi.WasiFunction.FD_SEEK;
import static dev.troupe.wasi.WasiFunction.FD_TELL;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What preview 1 says of open files beyond what the programs of the public suite ask, in every file
 * system that a guest may have.
 */
class FileRulesTest {
  private static final int CREATE = 1;
  private static final int TRUNCATE = 8;
  private static final int BUFFER = 1000;
  private static final int RESULT = 64;
  private static final int SET = 0;
  private static final int CURRENT = 1;
  private static final int END = 2;

  @TempDir Path folder;

  private static int write(TestGuest guest, int fd, String text) {
    guest.vectors(0, BUFFER, guest.put(BUFFER, text));
    return guest.call(WasiFunction.FD_WRITE, fd, 0, 1, RESULT);
  }

  private static int writeAt(TestGuest guest, int fd, String text, long offset) {
    guest.vectors(0, BUFFER, guest.put(BUFFER, text));
    return guest.call(WasiFunction.FD_PWRITE, fd, 0, 1, offset, RESULT);
  }

  private static String contents(TestGuest guest, String file) {
    int fd = guest.opened(file, 0, Rights.FD_READ);
    guest.vectors(0, BUFFER, 100);
    assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, RESULT)).isZero();
    assertThat(guest.call(FD_CLOSE, fd)).isZero();
    return guest.text(BUFFER, guest.int32(RESULT));
  }

  private static long place(TestGuest guest, int fd) {
    assertThat(guest.call(FD_TELL, fd, RESULT)).isZero();
    return guest.int64(RESULT);
  }

  private static long size(TestGuest guest, int fd) {
    assertThat(guest.call(FD_FILESTAT_GET, fd, 0)).isZero();
    return guest.int64(32);
  }

  @ParameterizedTest
  @EnumSource
  void thePlaceGoesWhereItIsSent(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      assertThat(place(guest, fd)).isZero();
      assertThat(write(guest, fd, "x".repeat(100))).isZero();
      assertThat(place(guest, fd)).isEqualTo(100);
      assertThat(guest.call(FD_SEEK, fd, -50, CURRENT, RESULT)).isZero();
      assertThat(guest.int64(RESULT)).isEqualTo(50);
      assertThat(guest.call(FD_SEEK, fd, 0, SET, RESULT)).isZero();
      assertThat(guest.call(FD_SEEK, fd, -2000, CURRENT, RESULT)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(FD_SEEK, fd, -101, END, RESULT)).isEqualTo(WasiErrno.INVAL);
      assertThat(place(guest, fd)).as("where it was").isZero();
      assertThat(guest.call(FD_SEEK, fd, 1000, SET, RESULT)).isZero();
      guest.vectors(0, BUFFER, 10);
      assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, RESULT)).isZero();
      assertThat(guest.int32(RESULT)).as("behind the end is nothing").isZero();
      assertThat(size(guest, fd)).isEqualTo(100);
      assertThat(write(guest, fd, "y")).isZero();
      assertThat(size(guest, fd)).as("with a hole").isEqualTo(1001);
      assertThat(guest.call(FD_SEEK, fd, 999, SET, RESULT)).isZero();
      guest.vectors(0, BUFFER, 10);
      assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, RESULT)).isZero();
      assertThat(guest.memory().read(BUFFER, guest.int32(RESULT))).containsExactly(0, 'y');
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoAppendsWritesAtTheEnd(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      assertThat(guest.open(3, 0, "f", CREATE, Rights.REGULAR, FdFlags.APPEND, 0)).isZero();
      int fd = guest.int32(0);
      assertThat(write(guest, fd, "first")).isZero();
      assertThat(guest.call(FD_SEEK, fd, 0, SET, RESULT)).isZero();
      assertThat(write(guest, fd, "second")).isZero();
      assertThat(place(guest, fd)).isEqualTo(11);
      assertThat(writeAt(guest, fd, "third", 2)).isZero();
      assertThat(contents(guest, "f")).isEqualTo("firstsecondthird");
      assertThat(guest.call(WasiFunction.FD_FDSTAT_SET_FLAGS, fd, 0)).isZero();
      assertThat(guest.call(FD_SEEK, fd, 0, SET, RESULT)).isZero();
      assertThat(write(guest, fd, "FIRST")).isZero();
      assertThat(contents(guest, "f")).isEqualTo("FIRSTsecondthird");
      assertThat(guest.call(FD_FDSTAT_GET, fd, 0)).isZero();
      assertThat(guest.int32(0) >>> 16).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void offsetsAreReadAndWrittenWithoutMoving(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      guest.write(BUFFER, "abcdefghij");
      // Three vectors, one of them empty.
      guest.vectors(0, BUFFER, 3, BUFFER, 0, BUFFER + 3, 7);
      assertThat(guest.call(WasiFunction.FD_PWRITE, fd, 0, 3, 4, RESULT)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(10);
      assertThat(size(guest, fd)).isEqualTo(14);
      guest.vectors(0, 2000, 2, 3000, 0, 4000, 50);
      assertThat(guest.call(WasiFunction.FD_PREAD, fd, 0, 3, 3, RESULT)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(11);
      assertThat(guest.memory().read(2000, 2)).containsExactly(0, 'a');
      assertThat(guest.text(4000, 9)).isEqualTo("bcdefghij");
      assertThat(guest.call(WasiFunction.FD_PREAD, fd, 0, 3, 14, RESULT)).isZero();
      assertThat(guest.int32(RESULT)).isZero();
      assertThat(guest.call(WasiFunction.FD_PREAD, fd, 0, 0, 0, RESULT)).isZero();
      assertThat(guest.int32(RESULT)).isZero();
      assertThat(writeAt(guest, fd, "", 1 << 20)).isZero();
      assertThat(size(guest, fd)).as("nothing was written").isEqualTo(14);
      assertThat(place(guest, fd)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void reservedSpaceIsNeverLess(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      assertThat(guest.call(WasiFunction.FD_ALLOCATE, fd, 0, 100)).isZero();
      assertThat(size(guest, fd)).isEqualTo(100);
      assertThat(guest.call(WasiFunction.FD_ALLOCATE, fd, 10, 10)).isZero();
      assertThat(size(guest, fd)).as("within it").isEqualTo(100);
      assertThat(guest.call(WasiFunction.FD_ALLOCATE, fd, 90, 20)).isZero();
      assertThat(size(guest, fd)).isEqualTo(110);
      assertThat(guest.call(WasiFunction.FD_ALLOCATE, fd, -1, 20)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(WasiFunction.FD_ALLOCATE, fd, 1, -1)).isEqualTo(WasiErrno.INVAL);
      int reader = guest.opened("f", 0, Rights.FD_READ);
      assertThat(guest.call(WasiFunction.FD_ALLOCATE, reader, 0, 200))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_SIZE, reader, 0))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      for (int advice = 0; advice < 6; advice++) {
        assertThat(guest.call(WasiFunction.FD_ADVISE, fd, 0, 0, advice)).isZero();
      }
      assertThat(guest.call(WasiFunction.FD_ADVISE, fd, 0, 0, 6)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(WasiFunction.FD_ADVISE, fd, -1, 0, 0)).isEqualTo(WasiErrno.INVAL);
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncatingNeedsTheRightOfTheFolder(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      assertThat(write(guest, fd, "contents")).isZero();
      // Without any right on the file.
      assertThat(guest.open("f", TRUNCATE, 0, 0)).isZero();
      assertThat(size(guest, fd)).isZero();
      assertThat(writeAt(guest, fd, "contents", 0)).isZero();
      assertThat(guest.call(FD_FDSTAT_GET, 3, 0)).isZero();
      long base = guest.int64(8);
      long inheriting = guest.int64(16) & ~Rights.FD_FILESTAT_SET_SIZE;
      assertThat(guest.call(WasiFunction.FD_FDSTAT_SET_RIGHTS, 3, base, inheriting)).isZero();
      assertThat(guest.open("f", TRUNCATE, 0, 0)).isZero();
      assertThat(size(guest, fd)).isZero();
      assertThat(writeAt(guest, fd, "contents", 0)).isZero();
      long less = base & ~Rights.PATH_FILESTAT_SET_SIZE;
      assertThat(guest.call(WasiFunction.FD_FDSTAT_SET_RIGHTS, 3, less, inheriting)).isZero();
      assertThat(guest.open("f", TRUNCATE, 0, 0)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(size(guest, fd)).isEqualTo(8);
      assertThat(guest.call(WasiFunction.FD_FDSTAT_SET_RIGHTS, 3, base, inheriting))
          .as("none comes back")
          .isEqualTo(WasiErrno.NOTCAPABLE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesHaveNoRightsOfFolders(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      long wanted = Rights.FD_READ | Rights.FD_WRITE | Rights.PATH_FILESTAT_GET;
      assertThat(guest.open(3, 0, "f", CREATE, wanted, FdFlags.APPEND | FdFlags.SYNC, 0)).isZero();
      int fd = guest.int32(0);
      assertThat(guest.call(FD_FDSTAT_GET, fd, 0)).isZero();
      assertThat(guest.int32(0))
          .isEqualTo(FileType.REGULAR_FILE.ordinal() | (FdFlags.APPEND | FdFlags.SYNC) << 16);
      assertThat(guest.int64(8)).isEqualTo(Rights.FD_READ | Rights.FD_WRITE);
      assertThat(guest.int64(16)).isZero();
      // A file is no folder for any function that wants one.
      guest.write(BUFFER, "x");
      assertThat(guest.open(fd, 0, "x", 0, 0, 0, 0)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.call(WasiFunction.PATH_FILESTAT_GET, fd, 0, BUFFER, 1, 2000))
          .isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.call(WasiFunction.PATH_CREATE_DIRECTORY, fd, BUFFER, 1))
          .isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.call(WasiFunction.PATH_UNLINK_FILE, fd, BUFFER, 1))
          .isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.call(WasiFunction.PATH_RENAME, 3, BUFFER, 1, fd, BUFFER, 1))
          .isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.call(WasiFunction.PATH_SYMLINK, BUFFER, 1, fd, BUFFER, 1))
          .isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.call(WasiFunction.FD_READDIR, fd, 2000, 100, 0, RESULT))
          .isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.call(WasiFunction.FD_PRESTAT_GET, fd, 2000)).isEqualTo(WasiErrno.BADF);
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersTakeTheirPropertiesAlong(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      int from = guest.opened("one", CREATE, Rights.REGULAR);
      int to = guest.opened("two", CREATE, Rights.FD_READ);
      assertThat(write(guest, from, "abc")).isZero();
      assertThat(guest.call(WasiFunction.FD_RENUMBER, from, to)).isZero();
      assertThat(guest.call(FD_CLOSE, from)).isEqualTo(WasiErrno.BADF);
      assertThat(place(guest, to)).isEqualTo(3);
      assertThat(guest.call(FD_FDSTAT_GET, to, 0)).isZero();
      assertThat(guest.int64(8)).isEqualTo(Rights.REGULAR);
      // Over a folder that was there from the start, which is closed then.
      assertThat(guest.call(WasiFunction.FD_RENUMBER, to, 3)).isZero();
      assertThat(guest.call(WasiFunction.FD_PRESTAT_GET, 3, 0)).isEqualTo(WasiErrno.BADF);
      assertThat(place(guest, 3)).isEqualTo(3);
      assertThat(guest.call(FD_CLOSE, 3)).isZero();
      assertThat(guest.call(WasiFunction.FD_RENUMBER, 1, 3))
          .as("over nothing")
          .isEqualTo(WasiErrno.BADF);
    }
  }

  @ParameterizedTest
  @EnumSource
  void timesAreSetKeptOrNow(FileSystems files) throws IOException {
    int setAccessed = 1;
    int accessedNow = 2;
    int setModified = 4;
    int modifiedNow = 8;
    try (TestGuest guest = files.guest(folder)) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      int bytes = guest.put(BUFFER, "f");
      for (int both : new int[] {setAccessed | accessedNow, setModified | modifiedNow, 16}) {
        for (int of : new int[] {fd, 3, 1}) {
          assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_TIMES, of, 0, 0, both))
              .isEqualTo(WasiErrno.INVAL);
        }
        assertThat(
                guest.call(WasiFunction.PATH_FILESTAT_SET_TIMES, 3, 0, BUFFER, bytes, 0, 0, both))
            .isEqualTo(WasiErrno.INVAL);
      }
      int set = setAccessed | setModified;
      assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_TIMES, fd, 1_001, 2_002, set)).isZero();
      assertTimes(guest, 1_001, 2_002);
      assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_TIMES, fd, 7, 7, 0)).isZero();
      assertTimes(guest, 1_001, 2_002);
      assertThat(
              guest.call(
                  WasiFunction.PATH_FILESTAT_SET_TIMES, 3, 0, BUFFER, bytes, 7, 3_003, setModified))
          .isZero();
      assertTimes(guest, 1_001, 3_003);
      assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_TIMES, fd, 0, 0, accessedNow)).isZero();
      assertThat(guest.stat("f", 0)).isZero();
      assertThat(guest.int64(40)).isGreaterThan(1_000_000_000L);
      assertThat(guest.int64(48)).isEqualTo(3_003);
      assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_TIMES, 3, 4_004, 5_005, set)).isZero();
      assertThat(guest.stat(".", 0)).isZero();
      assertThat(guest.int64(48)).isEqualTo(5_005);
    }
  }

  private static void assertTimes(TestGuest guest, long accessed, long modified) {
    assertThat(guest.stat("f", 0)).isZero();
    assertThat(guest.int64(40)).isEqualTo(accessed);
    assertThat(guest.int64(48)).isEqualTo(modified);
  }
}
