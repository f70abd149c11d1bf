package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.FD_FILESTAT_GET;
import static dev.troupe.wasi.WasiFunction.FD_READDIR;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories as descriptors, and their entries, in every file system that a guest may have. */
class DirectoriesTest {
  private static final int CREATE = 1;
  private static final int DIRECTORY = 2;
  private static final int BUFFER = 1000;
  private static final int RESULT = 64;
  private static final int HEAD = DirectoryEntry.HEAD_BYTES;

  @TempDir Path folder;

  /** An entry as the guest reads it. */
  private record Entry(long next, long inode, int type, String name) {}

  /** The entries from a place on that a buffer of so many bytes takes whole. */
  private static List<Entry> entries(TestGuest guest, int fd, int bytes, long cookie) {
    assertThat(guest.call(FD_READDIR, fd, BUFFER, bytes, cookie, RESULT)).isZero();
    int end = BUFFER + guest.int32(RESULT);
    List<Entry> entries = new ArrayList<>();
    for (int at = BUFFER; at + HEAD <= end && at + HEAD + guest.int32(at + 16) <= end; ) {
      int length = guest.int32(at + 16);
      String name = guest.text(at + HEAD, length);
      entries.add(new Entry(guest.int64(at), guest.int64(at + 8), guest.int32(at + 20), name));
      at += HEAD + length;
    }
    return entries;
  }

  private static Entry entry(List<Entry> entries, String name) {
    return entries.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static long inode(TestGuest guest, String path) {
    assertThat(guest.stat(path, 0)).isZero();
    return guest.int64(8);
  }

  private static void make(TestGuest guest, String file) {
    int fd = guest.opened(file, CREATE, Rights.FD_WRITE);
    assertThat(guest.call(WasiFunction.FD_CLOSE, fd)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryHasNoBytes(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      guest.vectors(0, BUFFER, 8);
      int opened = guest.opened(".", DIRECTORY, Rights.ALL & Rights.DIRECTORY);
      for (int fd : new int[] {3, opened}) {
        assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, RESULT)).isEqualTo(WasiErrno.BADF);
        assertThat(guest.call(WasiFunction.FD_WRITE, fd, 0, 1, RESULT)).isEqualTo(WasiErrno.BADF);
        assertThat(guest.call(WasiFunction.FD_PREAD, fd, 0, 1, 0, RESULT))
            .isEqualTo(WasiErrno.BADF);
        assertThat(guest.call(WasiFunction.FD_PWRITE, fd, 0, 1, 0, RESULT))
            .isEqualTo(WasiErrno.BADF);
        for (int whence = 0; whence < 3; whence++) {
          assertThat(guest.call(WasiFunction.FD_SEEK, fd, 0, whence, RESULT))
              .isEqualTo(WasiErrno.BADF);
        }
        assertThat(guest.call(WasiFunction.FD_TELL, fd, RESULT)).isEqualTo(WasiErrno.BADF);
        assertThat(guest.call(WasiFunction.FD_ALLOCATE, fd, 0, 1)).isEqualTo(WasiErrno.BADF);
        assertThat(guest.call(WasiFunction.FD_ADVISE, fd, 0, 1, 0)).isEqualTo(WasiErrno.BADF);
        assertThat(guest.call(WasiFunction.FD_FILESTAT_SET_SIZE, fd, 0)).isEqualTo(WasiErrno.BADF);
        assertThat(guest.call(WasiFunction.FD_SYNC, fd)).isZero();
        assertThat(guest.call(WasiFunction.FD_DATASYNC, fd)).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryIsOpenedAgainWithItsRights(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      assertThat(guest.call(WasiFunction.FD_FDSTAT_GET, 3, 0)).isZero();
      long base = guest.int64(8);
      long inheriting = guest.int64(16);
      guest.write(BUFFER, ".");
      for (long rights : new long[] {base, 0, Rights.FD_READ, Rights.FD_READDIR}) {
        for (int flags : new int[] {0, DIRECTORY}) {
          long passed = rights == base ? inheriting : 0;
          assertThat(
                  guest.call(
                      WasiFunction.PATH_OPEN, 3, 0, BUFFER, 1, flags, rights, passed, 0, RESULT))
              .as("rights %x flags %d", rights, flags)
              .isZero();
          int fd = guest.int32(RESULT);
          assertThat(guest.call(WasiFunction.FD_FDSTAT_GET, fd, 0)).isZero();
          assertThat(guest.int64(8)).isEqualTo(rights & Rights.DIRECTORY);
          assertThat(guest.int64(16)).isEqualTo(passed);
          assertThat(guest.call(WasiFunction.FD_CLOSE, fd)).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void entriesTellWhatThereIs(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      List<Entry> empty = entries(guest, 3, 4096, 0);
      assertThat(empty).extracting(Entry::name).containsExactlyInAnyOrder(".", "..");
      assertThat(empty).extracting(Entry::type).containsOnly(FileType.DIRECTORY.ordinal());
      assertThat(guest.call(FD_FILESTAT_GET, 3, 0)).isZero();
      assertThat(entry(empty, ".").inode()).isEqualTo(guest.int64(8));
      make(guest, "file");
      assertThat(guest.path(WasiFunction.PATH_CREATE_DIRECTORY, "nested")).isZero();
      assertThat(guest.symlink("file", "link")).isZero();
      List<Entry> found = entries(guest, 3, 4096, 0);
      assertThat(found)
          .extracting(Entry::name)
          .containsExactlyInAnyOrder(".", "..", "file", "nested", "link");
      assertThat(entry(found, "file").type()).isEqualTo(FileType.REGULAR_FILE.ordinal());
      assertThat(entry(found, "nested").type()).isEqualTo(FileType.DIRECTORY.ordinal());
      assertThat(entry(found, "link").type()).isEqualTo(FileType.SYMBOLIC_LINK.ordinal());
      for (String name : List.of("file", "nested", "link")) {
        assertThat(entry(found, name).inode()).as(name).isEqualTo(inode(guest, name));
      }
      int nested = guest.opened("nested", DIRECTORY, Rights.FD_READDIR);
      List<Entry> within = entries(guest, nested, 4096, 0);
      assertThat(within).hasSize(2);
      assertThat(entry(within, ".").inode()).isEqualTo(inode(guest, "nested"));
      assertThat(entry(within, "..").inode()).isEqualTo(entry(found, ".").inode());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyEntryIsAPlaceToGoOnFrom(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      for (int i = 0; i < 40; i++) {
        make(guest, "file" + i);
      }
      List<Entry> all = entries(guest, 3, 8192, 0);
      assertThat(all).hasSize(42);
      for (int i = 0; i < all.size(); i++) {
        assertThat(entries(guest, 3, 8192, all.get(i).next()))
            .as("behind %s", all.get(i))
            .isEqualTo(all.subList(i + 1, all.size()));
      }
      assertThat(entries(guest, 3, 8192, 0)).as("again").isEqualTo(all);
      // Who reads and removes in turn meets each entry once.
      List<String> removed = new ArrayList<>();
      long cookie = 0;
      for (List<Entry> some = all; !some.isEmpty(); some = entries(guest, 3, 200, cookie)) {
        Entry first = some.getFirst();
        cookie = first.next();
        if (first.name().startsWith("file")) {
          assertThat(guest.path(WasiFunction.PATH_UNLINK_FILE, first.name())).isZero();
          removed.add(first.name());
        }
      }
      assertThat(removed).hasSize(40).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBufferCutsWhereItEnds(FileSystems files) throws IOException {
    try (TestGuest guest = files.guest(folder)) {
      // Three bytes a character, so that most cuts are within one.
      make(guest, "\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e");
      byte[] whole = bytes(guest, 4096);
      for (int room = 0; room < whole.length; room++) {
        assertThat(bytes(guest, room)).as("room %d", room).isEqualTo(Arrays.copyOf(whole, room));
      }
    }
  }

  private static byte[] bytes(TestGuest guest, int room) {
    guest.memory().write(BUFFER, new byte[4096]);
    assertThat(guest.call(FD_READDIR, 3, BUFFER, room, 0, RESULT)).isZero();
    byte[] all = guest.memory().read(BUFFER, 4096);
    int used = guest.int32(RESULT);
    assertThat(Arrays.copyOfRange(all, used, all.length)).containsOnly(0);
    return Arrays.copyOf(all, used);
  }

  @ParameterizedTest
  @EnumSource
  void namesMayBeAnythingThatIsUnicode(FileSystems files) throws IOException {
    List<String> names =
        List.of(
            "space in it",
            "line\nfeed",
            "\u00fc\u00f1\u00ef",
            "\u65e5\u672c",
            "\ud83d\ude00",
            "-rf",
            "...",
            "..x",
            "a\\b",
            "x".repeat(255),
            "\u00fc".repeat(127));
    try (TestGuest guest = files.guest(folder)) {
      for (String name : names) {
        make(guest, name);
        assertThat(guest.stat(name, 0)).as(name).isZero();
      }
      assertThat(entries(guest, 3, 8192, 0))
          .extracting(Entry::name)
          .containsAll(names)
          .hasSize(names.size() + 2);
      assertThat(guest.open("x".repeat(256), CREATE, Rights.FD_WRITE, 0))
          .isEqualTo(WasiErrno.NAMETOOLONG);
      assertThat(guest.open("\u00fc".repeat(128), CREATE, Rights.FD_WRITE, 0))
          .isEqualTo(WasiErrno.NAMETOOLONG);
      assertThat(guest.open("a\0b", CREATE, Rights.FD_WRITE, 0)).isEqualTo(WasiErrno.INVAL);
      byte[] broken = "broken".getBytes(StandardCharsets.US_ASCII);
      broken[3] = (byte) 0xFF;
      guest.memory().write(BUFFER, broken);
      assertThat(guest.call(WasiFunction.PATH_CREATE_DIRECTORY, 3, BUFFER, broken.length))
          .isEqualTo(WasiErrno.ILSEQ);
    }
  }
}
