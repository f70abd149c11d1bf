package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.PATH_CREATE_DIRECTORY;
import static dev.troupe.wasi.WasiFunction.PATH_REMOVE_DIRECTORY;
import static dev.troupe.wasi.WasiFunction.PATH_UNLINK_FILE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What preview 1 and Linux say of paths beyond what the programs of the public suite ask, in every
 * file system that a guest may have.
 */
class PathRulesTest {
  private static final int FOLLOW = 1;
  private static final int CREATE = 1;
  private static final int DIRECTORY = 2;
  private static final int EXCLUSIVE = 4;
  private static final int TRUNCATE = 8;
  private static final int TYPE = 16;
  private static final long READ = Rights.FD_READ;
  private static final long WRITE = Rights.FD_WRITE;

  @TempDir Path folder;

  /** A file {@code f}, a folder {@code d} with {@code d/f}, and links to each. */
  private TestGuest guest(FileSystems files) throws IOException {
    TestGuest guest = files.guest(folder);
    assertThat(guest.path(PATH_CREATE_DIRECTORY, "d")).isZero();
    int _ = guest.opened("f", CREATE, WRITE);
    int _ = guest.opened("d/f", CREATE, WRITE);
    assertThat(guest.symlink("f", "to-f")).isZero();
    assertThat(guest.symlink("d", "to-d")).isZero();
    assertThat(guest.symlink("absent", "dangling")).isZero();
    return guest;
  }

  private static int open(TestGuest guest, String path, int lookup, int flags) {
    return guest.open(3, lookup, path, flags, READ, 0, 0);
  }

  private static int type(TestGuest guest, String path, int lookup) {
    assertThat(guest.stat(path, lookup)).as(path).isZero();
    return guest.memory().read(TYPE, 1)[0];
  }

  @ParameterizedTest
  @EnumSource
  void aLinkThatIsNotFollowedIsNotOpened(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(open(guest, "to-d", 0, DIRECTORY)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(open(guest, "to-d", 0, 0)).isEqualTo(WasiErrno.LOOP);
      assertThat(open(guest, "to-d", FOLLOW, DIRECTORY)).isZero();
      assertThat(open(guest, "to-f", 0, DIRECTORY)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(open(guest, "to-f", 0, 0)).isEqualTo(WasiErrno.LOOP);
      assertThat(open(guest, "to-f", 0, TRUNCATE)).isEqualTo(WasiErrno.LOOP);
      assertThat(open(guest, "to-f", FOLLOW, DIRECTORY)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(open(guest, "to-f", FOLLOW, 0)).isZero();
      // In the middle of a path they are always followed.
      assertThat(open(guest, "to-d/f", 0, 0)).isZero();
      assertThat(open(guest, "to-f/f", 0, 0)).isEqualTo(WasiErrno.NOTDIR);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDanglingLinkLeadsToWhatIsMade(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(open(guest, "dangling", FOLLOW, 0)).isEqualTo(WasiErrno.NOENT);
      assertThat(open(guest, "dangling", 0, 0)).isEqualTo(WasiErrno.LOOP);
      assertThat(open(guest, "dangling", FOLLOW, CREATE | EXCLUSIVE)).isEqualTo(WasiErrno.EXIST);
      assertThat(open(guest, "dangling", 0, CREATE)).isEqualTo(WasiErrno.LOOP);
      assertThat(guest.stat("dangling", FOLLOW)).isEqualTo(WasiErrno.NOENT);
      assertThat(type(guest, "dangling", 0)).isEqualTo(FileType.SYMBOLIC_LINK.ordinal());
      assertThat(guest.stat("absent", 0)).isEqualTo(WasiErrno.NOENT);
      assertThat(open(guest, "dangling", FOLLOW, CREATE)).isZero();
      assertThat(type(guest, "absent", 0)).isEqualTo(FileType.REGULAR_FILE.ordinal());
      assertThat(type(guest, "dangling", FOLLOW)).isEqualTo(FileType.REGULAR_FILE.ordinal());
    }
  }

  @ParameterizedTest
  @EnumSource
  void linksThatLeadInCirclesLeadNowhere(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(guest.symlink("self", "self")).isZero();
      assertThat(guest.symlink("right", "left")).isZero();
      assertThat(guest.symlink("left", "right")).isZero();
      for (String path : new String[] {"self", "left", "right"}) {
        assertThat(open(guest, path, FOLLOW, 0)).isEqualTo(WasiErrno.LOOP);
        assertThat(open(guest, path + "/x", 0, 0)).isEqualTo(WasiErrno.LOOP);
        assertThat(guest.stat(path, FOLLOW)).isEqualTo(WasiErrno.LOOP);
        assertThat(type(guest, path, 0)).isEqualTo(FileType.SYMBOLIC_LINK.ordinal());
        assertThat(guest.path(PATH_CREATE_DIRECTORY, path)).isEqualTo(WasiErrno.EXIST);
      }
      assertThat(guest.path(PATH_UNLINK_FILE, "self")).isZero();
      String last = "f";
      for (int i = 0; i < 41; i++) {
        assertThat(guest.symlink(last, "chain" + i)).isZero();
        last = "chain" + i;
      }
      assertThat(open(guest, "chain39", FOLLOW, 0)).as("40 links").isZero();
      assertThat(open(guest, "chain40", FOLLOW, 0)).as("41 links").isEqualTo(WasiErrno.LOOP);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLinkIsReadAsFarAsThereIsRoom(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(guest.symlink("target", "link")).isZero();
      guest.memory().write(0, "##########".getBytes(UTF_8));
      assertThat(guest.readlink("link", 10)).isZero();
      assertThat(guest.text(0, 10)).isEqualTo("target####");
      assertThat(guest.int32(4096)).isEqualTo(6);
      assertThat(guest.readlink("link", 4)).isZero();
      assertThat(guest.int32(4096)).isEqualTo(4);
      assertThat(guest.readlink("link", 0)).isZero();
      assertThat(guest.int32(4096)).isZero();
      assertThat(guest.readlink("f", 10)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.readlink("d", 10)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.readlink("none", 10)).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.symlink("/", "root")).isEqualTo(WasiErrno.PERM);
      assertThat(guest.symlink("/d", "root")).isEqualTo(WasiErrno.PERM);
      assertThat(guest.symlink("x", "new/")).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.symlink("x", "d/")).isEqualTo(WasiErrno.EXIST);
      assertThat(guest.symlink("x", "f/")).isIn(WasiErrno.EXIST, WasiErrno.NOTDIR);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSlashAtTheEndMeansAFolder(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(open(guest, "f/", FOLLOW, 0)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(open(guest, "new/", FOLLOW, CREATE)).isEqualTo(WasiErrno.ISDIR);
      assertThat(open(guest, "d/", 0, DIRECTORY)).isZero();
      assertThat(open(guest, "d///", 0, DIRECTORY)).isZero();
      assertThat(open(guest, "to-d/", 0, DIRECTORY)).isZero();
      assertThat(guest.stat("f/", 0)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(type(guest, "d/", 0)).isEqualTo(FileType.DIRECTORY.ordinal());
      assertThat(type(guest, "to-d/", 0)).isEqualTo(FileType.DIRECTORY.ordinal());
      assertThat(guest.path(PATH_UNLINK_FILE, "f/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.path(PATH_UNLINK_FILE, "d/")).isEqualTo(WasiErrno.ISDIR);
      assertThat(guest.path(PATH_UNLINK_FILE, "to-d/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "f/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "to-d")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "to-d/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "f/")).isEqualTo(WasiErrno.EXIST);
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "e/")).isZero();
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "e/")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMovedKeepsItsKind(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(guest.rename("d/", "e")).isZero();
      assertThat(guest.rename("e", "d/")).isZero();
      assertThat(guest.rename("d/", "e/")).isZero();
      assertThat(guest.rename("e", "d")).isZero();
      assertThat(guest.rename("f/", "g")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.rename("f", "g/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.rename("f/", "g/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.rename("f", "d")).isEqualTo(WasiErrno.ISDIR);
      assertThat(guest.rename("d", "f")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.rename("none", "f")).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "e")).isZero();
      assertThat(guest.rename("e", "d")).isEqualTo(WasiErrno.NOTEMPTY);
      assertThat(guest.rename("d", "e")).as("over an empty one").isZero();
      assertThat(guest.stat("e/f", 0)).isZero();
      assertThat(guest.rename("f", "e/f")).as("over a file").isZero();
      assertThat(guest.rename("to-f", "moved")).isZero();
      assertThat(type(guest, "moved", 0)).isEqualTo(FileType.SYMBOLIC_LINK.ordinal());
      assertThat(guest.rename("e/f", "e/f")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondNameIsOfTheSameFile(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(guest.link("f", "second")).isZero();
      assertThat(guest.stat("f", 0)).isZero();
      long inode = guest.int64(8);
      assertThat(guest.int64(24)).isEqualTo(2);
      assertThat(guest.stat("second", 0)).isZero();
      assertThat(guest.int64(8)).isEqualTo(inode);
      assertThat(guest.link("f", "second")).isEqualTo(WasiErrno.EXIST);
      assertThat(guest.link("f", "d")).isEqualTo(WasiErrno.EXIST);
      assertThat(guest.link("f", "new/")).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.link("none", "x")).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.link("d", "x")).isEqualTo(WasiErrno.PERM);
      assertThat(guest.link("to-f", "link")).as("of the link itself").isZero();
      assertThat(type(guest, "link", 0)).isEqualTo(FileType.SYMBOLIC_LINK.ordinal());
      assertThat(guest.link("dangling", "link2")).isZero();
      int bytes = guest.put(1000, "to-f");
      int newBytes = guest.put(2000, "followed");
      assertThat(guest.call(WasiFunction.PATH_LINK, 3, FOLLOW, 1000, bytes, 3, 2000, newBytes))
          .isEqualTo(WasiErrno.INVAL);
      assertThat(guest.path(PATH_UNLINK_FILE, "f")).isZero();
      assertThat(guest.stat("second", 0)).isZero();
      assertThat(guest.int64(24)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void flagsOfOpeningAreThoseOfLinux(FileSystems files) throws IOException {
    try (TestGuest guest = guest(files)) {
      assertThat(open(guest, "new", 0, CREATE | DIRECTORY)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.stat("new", 0)).isEqualTo(WasiErrno.NOENT);
      assertThat(open(guest, "d", 0, CREATE)).isEqualTo(WasiErrno.ISDIR);
      assertThat(open(guest, "d", 0, CREATE | EXCLUSIVE)).isEqualTo(WasiErrno.EXIST);
      assertThat(open(guest, "d", 0, TRUNCATE)).isEqualTo(WasiErrno.ISDIR);
      assertThat(open(guest, "none", 0, TRUNCATE)).isEqualTo(WasiErrno.NOENT);
      assertThat(open(guest, "none/new", 0, CREATE)).isEqualTo(WasiErrno.NOENT);
      assertThat(open(guest, "f/new", 0, CREATE)).isEqualTo(WasiErrno.NOTDIR);
      assertThat(open(guest, "", 0, 0)).isEqualTo(WasiErrno.NOENT);
      assertThat(open(guest, ".", 0, 0)).isZero();
      assertThat(guest.open("d", 0, WRITE, 0)).isEqualTo(WasiErrno.ISDIR);
      assertThat(open(guest, "d/../d/./f", 0, 0)).isZero();
      assertThat(open(guest, "none/../f", 0, 0)).isEqualTo(WasiErrno.NOENT);
      assertThat(open(guest, "f/../f", 0, 0)).isEqualTo(WasiErrno.NOTDIR);
    }
  }
}
