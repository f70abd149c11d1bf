package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that wants out of its folder. Its secret lies beside it. */
class SandboxTest {
  private static final int NOFOLLOW = 0;
  private static final int FOLLOW = 1;
  private static final int CREATE = 1;
  private static final int TRUNCATE = 8;
  private static final int NOENT = 44;
  private static final int LOOP = 32;

  @TempDir Path top;

  private Path inside = Path.of("");
  private Path secret = Path.of("");

  @BeforeEach
  void makeFolders() throws IOException {
    inside = Files.createDirectories(top.resolve("inside"));
    Files.createDirectories(inside.resolve("a/b"));
    Files.writeString(inside.resolve("a/b/file"), "inside");
    secret = Files.writeString(top.resolve("secret"), "secret");
  }

  private TestGuest guest() throws IOException {
    return new TestGuest(WasiContext.builder().preopen(inside, "/"));
  }

  private static int open(TestGuest guest, String path) {
    return guest.open(3, FOLLOW, path, 0, Rights.FD_READ, 0, 0);
  }

  private void assertRefused(TestGuest guest, String path) {
    assertThat(open(guest, path)).as("open %s", path).isIn(WasiErrno.PERM, LOOP);
    assertThat(guest.open(3, FOLLOW, path, CREATE | TRUNCATE, Rights.FD_WRITE, 0, 0))
        .as("create %s", path)
        .isIn(WasiErrno.PERM, LOOP);
    assertThat(guest.stat(path, FOLLOW)).as("stat %s", path).isIn(WasiErrno.PERM, LOOP);
    assertThat(secret).hasContent("secret");
  }

  @Test
  void pathsWithinAreFound() throws IOException {
    Files.createSymbolicLink(inside.resolve("link"), Path.of("a/../a/b"));
    try (TestGuest guest = guest()) {
      assertThat(open(guest, "a/b/file")).isZero();
      assertThat(open(guest, "./a/../a//b/./file")).isZero();
      assertThat(open(guest, "link/file")).isZero();
      assertThat(open(guest, "link/../b/file")).isZero();
    }
  }

  @Test
  void parentsOfTheFolderAreRefused() throws IOException {
    try (TestGuest guest = guest()) {
      assertRefused(guest, "..");
      assertRefused(guest, "../secret");
      assertRefused(guest, "a/../../secret");
      assertRefused(guest, "a/b/../../../secret");
      assertRefused(guest, "./../inside/a");
    }
  }

  @Test
  void absolutePathsAreRefused() throws IOException {
    try (TestGuest guest = guest()) {
      assertRefused(guest, "/");
      assertRefused(guest, secret.toString());
      assertRefused(guest, "//" + secret);
      assertRefused(guest, inside.resolve("a/b/file").toString());
    }
  }

  @Test
  void linksThatLeadOutAreRefused() throws IOException {
    Files.createSymbolicLink(inside.resolve("relative"), Path.of("../secret"));
    Files.createSymbolicLink(inside.resolve("absolute"), secret);
    Files.createSymbolicLink(inside.resolve("parent"), Path.of(".."));
    Files.createSymbolicLink(inside.resolve("again"), Path.of("parent/secret"));
    Files.createSymbolicLink(inside.resolve("a/deep"), Path.of("../../secret"));
    try (TestGuest guest = guest()) {
      for (String path :
          new String[] {"relative", "absolute", "parent", "parent/secret", "again", "a/deep"}) {
        assertRefused(guest, path);
      }
    }
  }

  @Test
  void linksToWhatIsNotThereMakeNothingOutside() throws IOException {
    Files.createSymbolicLink(inside.resolve("dangling"), Path.of("../made"));
    try (TestGuest guest = guest()) {
      assertThat(guest.open(3, FOLLOW, "dangling", CREATE, Rights.FD_WRITE, 0, 0))
          .isEqualTo(WasiErrno.PERM);
      assertThat(top.resolve("made")).doesNotExist();
    }
  }

  @Test
  void aLinkItselfIsSeenButNotOpened() throws IOException {
    Files.createSymbolicLink(inside.resolve("link"), Path.of("a/b/file"));
    Files.createSymbolicLink(inside.resolve("out"), secret);
    Files.createSymbolicLink(inside.resolve("circle"), Path.of("circle"));
    try (TestGuest guest = guest()) {
      assertThat(guest.open(3, NOFOLLOW, "link", 0, Rights.FD_READ, 0, 0)).isEqualTo(LOOP);
      assertThat(guest.stat("link", NOFOLLOW)).isZero();
      assertThat(guest.int64(16)).isEqualTo(FileType.SYMBOLIC_LINK.ordinal());
      assertThat(guest.stat("out", NOFOLLOW)).isZero();
      assertThat(guest.stat("link", FOLLOW)).isZero();
      assertThat(guest.int64(16)).isEqualTo(FileType.REGULAR_FILE.ordinal());
      assertThat(open(guest, "circle")).isEqualTo(LOOP);
    }
  }

  @Test
  void aDirectoryOfTheGuestIsARootOfItsOwn() throws IOException {
    try (TestGuest guest = guest()) {
      int a = guest.opened("a", 2, Rights.PATH_OPEN | Rights.FD_READ);
      assertThat(guest.open(a, FOLLOW, "b/file", 0, Rights.FD_READ, 0, 0)).isZero();
      assertThat(guest.open(a, FOLLOW, "../a/b/file", 0, Rights.FD_READ, 0, 0))
          .isEqualTo(WasiErrno.PERM);
    }
  }

  @Test
  void directoriesThatMovedOutAreStillRoots() throws IOException {
    try (TestGuest guest = guest()) {
      int b = guest.opened("a/b", 2, Rights.PATH_OPEN | Rights.FD_READ);
      Files.move(inside.resolve("a/b"), top.resolve("moved"));
      assertThat(guest.open(b, FOLLOW, "file", 0, Rights.FD_READ, 0, 0)).isZero();
      assertThat(guest.open(b, FOLLOW, "../secret", 0, Rights.FD_READ, 0, 0))
          .isEqualTo(WasiErrno.PERM);
    }
  }

  @Test
  void magicLinksOfProcAreRefused() throws IOException {
    WasiContext.Builder world = WasiContext.builder().preopen(Path.of("/proc/self"), "/");
    try (TestGuest guest = new TestGuest(world)) {
      assertThat(open(guest, "status")).isZero();
      for (String path : new String[] {"root/etc", "cwd/pom.xml", "exe", "fd/0"}) {
        assertThat(open(guest, path)).as(path).isIn(WasiErrno.PERM, LOOP);
      }
    }
  }

  @Test
  void namesThatAreNoNamesAreRefused() throws IOException {
    try (TestGuest guest = guest()) {
      assertThat(open(guest, "")).isEqualTo(NOENT);
      assertThat(open(guest, "a/b/file\0x")).isEqualTo(WasiErrno.INVAL);
      assertThat(open(guest, "a/b/file/")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(open(guest, "a/b/file/..")).isEqualTo(WasiErrno.NOTDIR);
      assertThat(open(guest, "x".repeat(4096))).isEqualTo(WasiErrno.NAMETOOLONG);
      assertThat(open(guest, "x".repeat(300))).isEqualTo(WasiErrno.NAMETOOLONG);
      guest.memory().write(0, new byte[] {'a', (byte) 0xC0, (byte) 0xAF});
      assertThat(guest.call(WasiFunction.PATH_OPEN, 3, 1, 0, 3, 0, 0, 0, 0, 16))
          .isEqualTo(WasiErrno.ILSEQ);
    }
  }

  @Test
  void pipesAreRefusedWithoutWaiting() throws Exception {
    Path pipe = inside.resolve("pipe");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(made.waitFor()).isZero();
    try (TestGuest guest = guest()) {
      assertThat(open(guest, "pipe")).isEqualTo(WasiErrno.ACCES);
      assertThat(guest.open("pipe", 0, Rights.FD_READ | Rights.FD_WRITE, 0))
          .isEqualTo(WasiErrno.ACCES);
      assertThat(guest.stat("pipe", FOLLOW)).isZero();
      assertThat(guest.int64(16)).isEqualTo(FileType.UNKNOWN.ordinal());
    }
  }

  @Test
  void devicesWorkWhereTheyAreGiven() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopen(Path.of("/dev"), "/dev"))) {
      int fd = guest.opened("null", 0, Rights.FD_READ | Rights.FD_WRITE);
      guest.vectors(0, 100, 10);
      assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, 64)).isZero();
      assertThat(guest.int32(64)).isZero();
      assertThat(guest.call(WasiFunction.FD_WRITE, fd, 0, 1, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(10);
    }
  }
}
