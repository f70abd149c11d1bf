package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.PATH_CREATE_DIRECTORY;
import static dev.troupe.wasi.WasiFunction.PATH_FILESTAT_SET_TIMES;
import static dev.troupe.wasi.WasiFunction.PATH_REMOVE_DIRECTORY;
import static dev.troupe.wasi.WasiFunction.PATH_UNLINK_FILE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Making, moving and removing names, and a guest that would do it elsewhere. */
class NamesTest {
  @TempDir Path top;

  private Path inside = Path.of("");

  @BeforeEach
  void makeFolders() throws IOException {
    inside = Files.createDirectories(top.resolve("inside"));
    Files.createDirectories(inside.resolve("d/e"));
    Files.createDirectories(top.resolve("outside"));
    Files.writeString(top.resolve("outside/secret"), "secret");
    Files.writeString(inside.resolve("d/f"), "file");
  }

  private TestGuest guest() throws IOException {
    return new TestGuest(WasiContext.builder().preopen(inside, "/"));
  }

  @Test
  void directoriesComeAndGo() throws IOException {
    try (TestGuest guest = guest()) {
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "new")).isZero();
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "d/new/")).isZero();
      assertThat(inside.resolve("d/new")).isDirectory();
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "new")).isEqualTo(WasiErrno.EXIST);
      assertThat(guest.path(PATH_CREATE_DIRECTORY, ".")).isEqualTo(WasiErrno.EXIST);
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "absent/new")).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "d")).isEqualTo(WasiErrno.NOTEMPTY);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "d/f")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "d/.")).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "d/new/")).isZero();
      assertThat(inside.resolve("d/new")).doesNotExist();
      assertThat(guest.path(PATH_UNLINK_FILE, "new")).isEqualTo(WasiErrno.ISDIR);
      assertThat(guest.path(PATH_UNLINK_FILE, "d/f/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.path(PATH_UNLINK_FILE, "d/e/../f")).isZero();
      assertThat(inside.resolve("d/f")).doesNotExist();
    }
  }

  @Test
  void filesAreMovedAndGetMoreNames() throws IOException {
    try (TestGuest guest = guest()) {
      assertThat(guest.rename("d/f", "g")).isZero();
      assertThat(inside.resolve("g")).hasContent("file");
      assertThat(guest.rename("absent", "h")).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.rename("g", "d/e/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(guest.rename("..", "x")).isEqualTo(WasiErrno.BUSY);
      assertThat(guest.rename("d", "d/e/x")).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.link("g", "d/second")).isZero();
      assertThat(guest.link("g", "d/second")).isEqualTo(WasiErrno.EXIST);
      assertThat(guest.link("d", "x")).isEqualTo(WasiErrno.PERM);
      assertThat(guest.link("d/", "x")).isEqualTo(WasiErrno.PERM);
      assertThat(guest.link("g/", "x")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(inside.resolve("d/second")).hasContent("file");
    }
  }

  @Test
  void symbolicLinksAreMadeAndRead() throws IOException {
    try (TestGuest guest = guest()) {
      assertThat(guest.symlink("d/../d/f", "link")).isZero();
      assertThat(guest.readlink("link", 100)).isZero();
      assertThat(guest.text(0, guest.int32(4096))).isEqualTo("d/../d/f");
      assertThat(guest.readlink("link", 3)).isZero();
      assertThat(guest.int32(4096)).isEqualTo(3);
      assertThat(guest.readlink("d/f", 100)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.open(3, 1, "link", 0, Rights.FD_READ, 0, 0)).isZero();
      assertThat(guest.symlink("", "empty")).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.symlink("x", "link")).isEqualTo(WasiErrno.EXIST);
      // A name of a link, not of what it leads to.
      assertThat(guest.link("link", "again")).isZero();
      assertThat(Files.isSymbolicLink(inside.resolve("again"))).isTrue();
      assertThat(guest.path(PATH_UNLINK_FILE, "link")).isZero();
      assertThat(inside.resolve("d/f")).exists();
    }
  }

  @Test
  void timesOfPathsAndOfLinks() throws IOException {
    Files.createSymbolicLink(inside.resolve("link"), Path.of("d/f"));
    try (TestGuest guest = guest()) {
      int bytes = guest.put(1000, "link");
      int setBoth = 1 | 4;
      assertThat(guest.call(PATH_FILESTAT_SET_TIMES, 3, 0, 1000, bytes, 5_000, 7_000, setBoth))
          .isZero();
      assertThat(guest.stat("link", 0)).isZero();
      assertThat(guest.int64(48)).isEqualTo(7_000);
      assertThat(guest.call(PATH_FILESTAT_SET_TIMES, 3, 1, 1000, bytes, 5_000, 9_000, setBoth))
          .isZero();
      assertThat(guest.stat("d/f", 0)).isZero();
      assertThat(guest.int64(40)).isEqualTo(5_000);
      assertThat(guest.int64(48)).isEqualTo(9_000);
      int bothSetAndNow = 3;
      assertThat(guest.call(PATH_FILESTAT_SET_TIMES, 3, 1, 1000, bytes, 0, 0, bothSetAndNow))
          .isEqualTo(WasiErrno.INVAL);
    }
  }

  @Test
  void nothingOutsideCanBeNamed() throws IOException {
    Path outside = top.resolve("outside");
    Files.createSymbolicLink(inside.resolve("absolute"), outside);
    Files.createSymbolicLink(inside.resolve("relative"), Path.of("../outside"));
    Files.createSymbolicLink(inside.resolve("d/parent"), Path.of("../.."));
    try (TestGuest guest = guest()) {
      for (String way :
          new String[] {
            "absolute", "relative", "../outside", "d/parent/outside", outside.toString(), "d/../.."
          }) {
        assertThat(guest.path(PATH_CREATE_DIRECTORY, way + "/new")).as(way).isIn(refused());
        assertThat(guest.path(PATH_UNLINK_FILE, way + "/secret")).as(way).isIn(refused());
        assertThat(guest.path(PATH_REMOVE_DIRECTORY, way + "/x")).as(way).isIn(refused());
        assertThat(guest.rename(way + "/secret", "stolen")).as(way).isIn(refused());
        assertThat(guest.rename("d/f", way + "/planted")).as(way).isIn(refused());
        assertThat(guest.link(way + "/secret", "stolen")).as(way).isIn(refused());
        assertThat(guest.link("d/f", way + "/planted")).as(way).isIn(refused());
        assertThat(guest.symlink("x", way + "/planted")).as(way).isIn(refused());
        assertThat(guest.readlink(way + "/x", 10)).as(way).isIn(refused());
      }
      assertThat(guest.symlink(outside.toString(), "mine")).isEqualTo(WasiErrno.PERM);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "..")).isEqualTo(WasiErrno.INVAL);
    }
    assertThat(outside.toFile().list()).containsExactly("secret");
    assertThat(inside.resolve("stolen")).doesNotExist();
  }

  private static Object[] refused() {
    return new Object[] {WasiErrno.PERM, WasiErrno.LOOP};
  }

  /** Links that appear and vanish while the guest walks them never let it out. */
  @Test
  void aRenamerOpensNoWayOut() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Path swapped = inside.resolve("swapped");
    Path link = Files.createSymbolicLink(top.resolve("link"), top.resolve("outside"));
    Path folder = Files.createDirectory(top.resolve("folder"));
    Thread renamer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!done.get()) {
                  Files.move(folder, swapped);
                  Files.move(swapped, folder);
                  Files.move(link, swapped);
                  Files.move(swapped, link);
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try (TestGuest guest = guest()) {
      for (int i = 0; i < 3_000; i++) {
        int unlinked = guest.path(PATH_UNLINK_FILE, "swapped/secret");
        int moved = guest.rename("swapped/secret", "stolen");
        int opened = guest.open(3, 1, "swapped/secret", 0, Rights.FD_READ, 0, 0);
        assertThat(unlinked).isNotZero();
        assertThat(moved).isNotZero();
        assertThat(opened).isNotZero();
      }
    } finally {
      done.set(true);
      renamer.join();
    }
    assertThat(top.resolve("outside/secret")).hasContent("secret");
    assertThat(Files.exists(inside.resolve("stolen"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void whatIsReadOnlyStaysAsItIs() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopenReadOnly(inside, "/"))) {
      assertThat(guest.open("d/f", 0, Rights.FD_READ, 0)).isZero();
      assertThat(guest.open("d/f", 0, Rights.FD_WRITE, 0)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.open("d/new", 1, Rights.FD_READ, 0)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.open("d/f", 8, Rights.FD_READ, 0)).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "x")).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.path(PATH_UNLINK_FILE, "d/f")).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.path(PATH_REMOVE_DIRECTORY, "d/e")).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.rename("d/f", "g")).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.link("d/f", "g")).isEqualTo(WasiErrno.NOTCAPABLE);
      assertThat(guest.symlink("d/f", "g")).isEqualTo(WasiErrno.NOTCAPABLE);
      int directory = guest.opened("d", 2, Rights.PATH_OPEN | Rights.FD_READDIR);
      assertThat(guest.open(directory, 0, "f", 0, Rights.FD_WRITE, 0, 0))
          .isEqualTo(WasiErrno.NOTCAPABLE);
      int bytes = guest.put(1000, "d/f");
      assertThat(guest.call(PATH_FILESTAT_SET_TIMES, 3, 0, 1000, bytes, 0, 0, 2))
          .isEqualTo(WasiErrno.NOTCAPABLE);
    }
    assertThat(inside.resolve("d/f")).hasContent("file");
  }
}
