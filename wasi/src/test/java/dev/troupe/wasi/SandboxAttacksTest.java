package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks by name, each with the kernel's resolution of paths and with our own: every way out of a
 * folder that we know of, with every function that takes a path, and ways to win rights. After
 * each, nothing outside has changed and the guest knows nothing of it.
 */
class SandboxAttacksTest {
  private static final String SECRET = "the secret of the host";
  private static final int FOLLOW = 1;
  private static final int CREATE = 1;
  private static final int DIRECTORY = 2;
  private static final int TRUNCATE = 8;
  private static final int WRITABLE = 3;
  private static final int READ_ONLY = 4;
  private static final int ROUNDS = 400;
  private static final int MOST_ROUNDS = 2_000_000;

  @TempDir Path top;

  private Path inside = Path.of("");

  /** What a guest tries: 0 when it got through, else the error number or 1. */
  private interface Trial {
    int on(TestGuest guest) throws IOException;
  }

  /** One attack, which must fail. */
  record Attack(String name, Trial trial) {
    @Override
    public String toString() {
      return name;
    }
  }

  // ---------------------------------------------------------------- the table

  /** Paths that lead out, or would if somebody took them for text. */
  private static final String[] WAYS_OUT = {
    "..",
    "../secret",
    "./../secret",
    "a/../../secret",
    "a/b/../../../secret",
    "a/b/c/../../../../outside/secret",
    "a//..//..//secret",
    "a/./.././../secret",
    "../inside/../secret",
    "/",
    "/etc/passwd",
    "//etc/passwd",
    "/proc/self/root/etc/passwd",
    "relative",
    "absolute",
    "parent/secret",
    "parent/outside/secret",
    "parent/../secret",
    "again",
    "a/deep",
    "folder/secret",
    "folder/../secret",
    "a/b/up/up/up/secret",
    "thirty",
    "dangling",
    "slashes",
    "dots",
  };

  private static List<Attack> waysOut() {
    List<Attack> all = new ArrayList<>();
    for (String path : WAYS_OUT) {
      all.add(new Attack("read " + path, guest -> open(guest, path, 0, Rights.FD_READ)));
      all.add(
          new Attack(
              "write " + path, guest -> open(guest, path, CREATE | TRUNCATE, Rights.FD_WRITE)));
      all.add(new Attack("list " + path, guest -> open(guest, path, DIRECTORY, Rights.FD_READDIR)));
      all.add(new Attack("status of " + path, guest -> guest.stat(path, FOLLOW)));
      all.add(new Attack("times of " + path, guest -> times(guest, path)));
      all.add(new Attack("make " + path + "/new", guest -> make(guest, path + "/new")));
      all.add(new Attack("move to " + path + "/f", guest -> guest.rename("f", path + "/f")));
      all.add(new Attack("move " + path + "/f here", guest -> guest.rename(path + "/f", "got")));
      all.add(new Attack("link to " + path + "/f", guest -> guest.link("f", path + "/f")));
      all.add(new Attack("link " + path + "/f here", guest -> guest.link(path + "/f", "got")));
      all.add(
          new Attack(
              "unlink " + path + "/secret",
              guest -> guest.path(WasiFunction.PATH_UNLINK_FILE, path + "/secret")));
      all.add(
          new Attack(
              "remove " + path + "/outside",
              guest -> guest.path(WasiFunction.PATH_REMOVE_DIRECTORY, path + "/outside")));
      all.add(
          new Attack("symbolic link at " + path + "/s", guest -> guest.symlink("x", path + "/s")));
    }
    return all;
  }

  private static List<Attack> links() {
    return List.of(
        new Attack(
            "hard link of a link that leads out",
            guest -> {
              int _ = guest.link("relative", "hard");
              return open(guest, "hard", 0, Rights.FD_READ) == 0 ? 0 : 1;
            }),
        new Attack(
            "link that follows its source",
            guest -> {
              guest.write(500, "relative");
              guest.write(600, "got");
              return guest.call(WasiFunction.PATH_LINK, WRITABLE, FOLLOW, 500, 8, WRITABLE, 600, 3);
            }),
        new Attack("symbolic link to an absolute path", guest -> guest.symlink("/", "root")),
        new Attack(
            "symbolic link to what is above",
            guest -> {
              int _ = guest.symlink("../../secret", "a/mine");
              return open(guest, "a/mine", 0, Rights.FD_READ);
            }),
        new Attack(
            "chain of links out",
            guest -> {
              int _ = guest.symlink("..", "one");
              int _ = guest.symlink("one/..", "two");
              return open(guest, "two/secret", 0, Rights.FD_READ);
            }),
        new Attack(
            "circle of links",
            guest -> {
              int _ = guest.symlink("right", "left");
              int _ = guest.symlink("left", "right");
              return open(guest, "left", 0, Rights.FD_READ);
            }),
        new Attack(
            "file made through a link that leads out",
            guest -> open(guest, "dangling", CREATE, Rights.FD_WRITE)),
        new Attack("move of a directory into itself", guest -> guest.rename("a", "a/b/inside")),
        new Attack(
            "deeper folder as a way up",
            guest -> {
              int fd = guest.opened("a/b", DIRECTORY, Rights.PATH_OPEN | Rights.FD_READ);
              return guest.open(fd, FOLLOW, "../../f", 0, Rights.FD_READ, 0, 0);
            }),
        new Attack(
            "folder that was moved up, as a way up",
            guest -> {
              int fd = guest.opened("a/b/c", DIRECTORY, Rights.PATH_OPEN | Rights.FD_READ);
              int _ = guest.rename("a/b/c", "c");
              return guest.open(fd, FOLLOW, "../f", 0, Rights.FD_READ, 0, 0);
            }));
  }

  private static List<Attack> rights() {
    return List.of(
        new Attack(
            "write into a read-only folder",
            guest -> guest.open(READ_ONLY, 0, "f", CREATE, Rights.FD_WRITE, 0, 0)),
        new Attack(
            "truncate in a read-only folder",
            guest -> guest.open(READ_ONLY, 0, "f", TRUNCATE, Rights.FD_READ, 0, 0)),
        new Attack("make in a read-only folder", guest -> readOnly(guest, "n", 0)),
        new Attack("unlink in a read-only folder", guest -> readOnly(guest, "f", 1)),
        new Attack("remove in a read-only folder", guest -> readOnly(guest, "d", 2)),
        new Attack(
            "move into a read-only folder",
            guest -> between(guest, WasiFunction.PATH_RENAME, WRITABLE, READ_ONLY)),
        new Attack(
            "move out of a read-only folder",
            guest -> between(guest, WasiFunction.PATH_RENAME, READ_ONLY, WRITABLE)),
        new Attack(
            "link a read-only file where it can be written",
            guest -> {
              guest.write(500, "f");
              guest.write(600, "got");
              return guest.call(WasiFunction.PATH_LINK, READ_ONLY, 0, 500, 1, WRITABLE, 600, 3);
            }),
        new Attack(
            "rights on a file that its folder does not hand down",
            guest -> guest.open(READ_ONLY, 0, "f", 0, Rights.FD_READ | Rights.FD_WRITE, 0, 0)),
        new Attack(
            "rights won back",
            guest ->
                guest.call(WasiFunction.FD_FDSTAT_SET_RIGHTS, READ_ONLY, Rights.ALL, Rights.ALL)),
        new Attack(
            "write through a descriptor for reading",
            guest -> {
              int fd = guest.opened("f", 0, Rights.FD_READ);
              guest.vectors(0, 100, 10);
              return guest.call(WasiFunction.FD_WRITE, fd, 0, 1, 64);
            }),
        new Attack(
            "cut through a descriptor for reading",
            guest -> {
              int fd = guest.opened("f", 0, Rights.FD_READ);
              return guest.call(WasiFunction.FD_FILESTAT_SET_SIZE, fd, 0);
            }),
        new Attack(
            "folder as a file",
            guest -> {
              guest.vectors(0, 100, 10);
              return guest.call(WasiFunction.FD_READ, WRITABLE, 0, 1, 64);
            }),
        new Attack(
            "path beneath a file",
            guest -> {
              int fd = guest.opened("f", 0, Rights.FD_READ);
              return guest.open(fd, FOLLOW, "../secret", 0, Rights.FD_READ, 0, 0);
            }),
        new Attack(
            "descriptor of the host by number",
            guest -> {
              int found = 0;
              for (int fd = 5; fd < 300; fd++) {
                found |= guest.call(WasiFunction.FD_FDSTAT_GET, fd, 64) == 0 ? 1 : 0;
              }
              return found == 0 ? WasiErrno.BADF : 0;
            }),
        new Attack("negative descriptor", guest -> guest.call(WasiFunction.FD_CLOSE, -1)),
        new Attack(
            "folder renumbered over a stream",
            guest -> {
              int _ = guest.call(WasiFunction.FD_RENUMBER, WRITABLE, 1);
              return guest.open(1, FOLLOW, "../secret", 0, Rights.FD_READ, 0, 0) == 0 ? 0 : 1;
            }));
  }

  private static List<Attack> oddities() {
    return List.of(
        new Attack("NUL in a path", guest -> open(guest, "f\0/../../secret", 0, 2)),
        new Attack("empty path", guest -> open(guest, "", 0, Rights.FD_READ)),
        new Attack("long path", guest -> open(guest, "a/../".repeat(900) + "f", 0, 2)),
        new Attack("deep path", guest -> open(guest, "a/".repeat(900) + "f", 0, 2)),
        new Attack("pipe", guest -> open(guest, "pipe", 0, Rights.FD_READ)),
        new Attack("pipe to write", guest -> open(guest, "pipe", 0, Rights.FD_WRITE)),
        new Attack("slash behind a file", guest -> open(guest, "f/", 0, Rights.FD_READ)),
        new Attack("dots behind a file", guest -> open(guest, "f/..", 0, Rights.FD_READ)),
        new Attack(
            "half a character",
            guest -> {
              guest.memory().write(500, new byte[] {'.', '.', (byte) 0xC0, (byte) 0xAF, 's'});
              return guest.call(
                  WasiFunction.PATH_OPEN, WRITABLE, FOLLOW, 500, 5, 0, Rights.FD_READ, 0, 0, 64);
            }),
        new Attack(
            "path outside of memory",
            guest ->
                guest.call(
                    WasiFunction.PATH_OPEN, WRITABLE, 1, -16, 64, 0, Rights.FD_READ, 0, 0, 64)),
        new Attack(
            "path that ends outside of memory",
            guest ->
                guest.call(
                    WasiFunction.PATH_OPEN, WRITABLE, 1, 65_530, 64, 0, Rights.FD_READ, 0, 0, 64)),
        new Attack(
            "entries outside of memory",
            guest -> guest.call(WasiFunction.FD_READDIR, WRITABLE, 65_000, 70_000, 0, 64)),
        new Attack(
            "what is above, in the entries",
            guest -> {
              int _ = guest.call(WasiFunction.FD_READDIR, WRITABLE, 1000, 8000, 0, 64);
              return guest.text(1000, guest.int32(64)).contains("outside") ? 0 : 1;
            }),
        new Attack(
            "answer over the path",
            guest -> {
              guest.write(500, "../secret");
              return guest.call(
                  WasiFunction.PATH_OPEN, WRITABLE, 1, 500, 9, 0, Rights.FD_READ, 0, 0, 500);
            }));
  }

  private static int open(TestGuest guest, String path, int flags, long rights) {
    return guest.open(WRITABLE, FOLLOW, path, flags, rights, 0, 0);
  }

  private static int make(TestGuest guest, String path) {
    return guest.path(WasiFunction.PATH_CREATE_DIRECTORY, path);
  }

  private static int times(TestGuest guest, String path) {
    int bytes = guest.put(500, path);
    int modifiedNow = 8;
    return guest.call(
        WasiFunction.PATH_FILESTAT_SET_TIMES, WRITABLE, FOLLOW, 500, bytes, 0, 0, modifiedNow);
  }

  private static int readOnly(TestGuest guest, String name, int which) {
    guest.write(500, name);
    WasiFunction function =
        switch (which) {
          case 0 -> WasiFunction.PATH_CREATE_DIRECTORY;
          case 1 -> WasiFunction.PATH_UNLINK_FILE;
          default -> WasiFunction.PATH_REMOVE_DIRECTORY;
        };
    return guest.call(function, READ_ONLY, 500, name.length());
  }

  private static int between(TestGuest guest, WasiFunction function, int from, int to) {
    guest.write(500, "f");
    guest.write(600, "got");
    return guest.call(function, from, 500, 1, to, 600, 3);
  }

  // ---------------------------------------------------------------- the world

  @BeforeEach
  void makeWorld() throws IOException {
    inside = Files.createDirectories(top.resolve("inside"));
    Files.createDirectories(inside.resolve("a/b/c"));
    Files.writeString(inside.resolve("f"), "inside");
    Files.writeString(top.resolve("secret"), SECRET);
    Files.createDirectories(top.resolve("outside"));
    Files.writeString(top.resolve("outside/secret"), SECRET);
    Files.createDirectories(top.resolve("read-only/d"));
    Files.writeString(top.resolve("read-only/f"), "read only");
    link("relative", "../secret");
    link("absolute", top.resolve("secret").toString());
    link("parent", "..");
    link("again", "parent/secret");
    link("a/deep", "../../secret");
    link("folder", "../outside");
    link("a/b/up", "..");
    link("a/up", "..");
    link("up", "..");
    link("dangling", "../made");
    link("slashes", "..//secret");
    link("dots", "a/.././../secret");
    String last = "../secret";
    for (int i = 0; i < 30; i++) {
      link("link" + i, last);
      last = "link" + i;
    }
    link("thirty", last);
    try {
      assertThat(new ProcessBuilder("mkfifo", inside + "/pipe").start().waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void link(String name, String target) throws IOException {
    Path made = Files.createSymbolicLink(inside.resolve(name), Path.of(target));
    assertThat(made).isSymbolicLink();
  }

  private TestGuest guest(boolean walk) throws IOException {
    WasiContext.Builder world =
        WasiContext.builder().preopen(inside, "/w").preopenReadOnly(top.resolve("read-only"), "/r");
    return new TestGuest(walk ? world.walkPaths() : world);
  }

  /** Everything outside of what the guest may write: names, contents, links, times. */
  private TreeMap<String, String> outside() throws IOException {
    TreeMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.filter(path -> !path.startsWith(inside)).toList()) {
        String content = Files.isRegularFile(path) ? Files.readString(path) : "";
        Object links = Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
        found.put(
            path.toString(),
            content
                + (Files.isDirectory(path) ? "" : links)
                + (path.equals(top) ? "" : Files.getLastModifiedTime(path)));
      }
    }
    return found;
  }

  private static boolean knows(TestGuest guest) {
    byte[] memory = guest.memory().read(0, TestGuest.MEMORY_BYTES);
    return new String(memory, StandardCharsets.ISO_8859_1).contains(SECRET);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noAttackLeadsOut(boolean walk) throws IOException {
    TreeMap<String, String> before = outside();
    List<Attack> ways = waysOut();
    List<Attack> others = new ArrayList<>();
    others.addAll(links());
    others.addAll(rights());
    others.addAll(oddities());
    assertThat(ways.size() + others.size()).isGreaterThan(60);
    try (TestGuest guest = guest(walk)) {
      for (Attack attack : ways) {
        assertFails(attack, guest);
        assertThat(outside()).as("%s changes nothing outside", attack).isEqualTo(before);
      }
    }
    for (Attack attack : others) {
      try (TestGuest guest = guest(walk)) {
        assertFails(attack, guest);
      }
      assertThat(outside()).as("%s changes nothing outside", attack).isEqualTo(before);
      remake();
    }
  }

  private static void assertFails(Attack attack, TestGuest guest) throws IOException {
    int errno = attack.trial().on(guest);
    assertThat(errno).as("%s is refused, or has no effect", attack).isNotZero();
    assertThat(knows(guest)).as("%s shows the secret", attack).isFalse();
  }

  /** Undoes what an attack did inside. */
  private void remake() throws IOException {
    Path moved = inside.resolve("c");
    if (Files.exists(moved)) {
      Path _ = Files.move(moved, inside.resolve("a/b/c"));
    }
    for (String made : List.of("got", "hard", "a/mine", "one", "two", "left", "right", "root")) {
      boolean _ = Files.deleteIfExists(inside.resolve(made));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noRenamerOpensAWayOut(boolean walk) throws Exception {
    Files.createDirectories(inside.resolve("flip"));
    Files.writeString(inside.resolve("flip/secret"), "mine");
    AtomicBoolean stop = new AtomicBoolean();
    Thread renamer = Thread.ofPlatform().start(() -> rename(stop));
    try (TestGuest guest = guest(walk)) {
      TreeMap<String, String> before = outsideFiles();
      int opened = 0;
      // Until something was found: the other thread may be held up where nothing is in its place.
      for (int i = 0; i < ROUNDS || opened == 0 && i < MOST_ROUNDS; i++) {
        for (String path :
            List.of("flip/secret", "a/b/../../f", "a/b/c/../../../f", "a/b/../../../secret")) {
          int errno = open(guest, path, 0, Rights.FD_READ);
          if (errno == 0) {
            opened++;
            int fd = guest.int32(0);
            guest.vectors(0, 100, 100);
            assertThat(guest.call(WasiFunction.FD_READ, fd, 0, 1, 64)).isZero();
            assertThat(guest.call(WasiFunction.FD_CLOSE, fd)).isZero();
          }
          assertThat(knows(guest)).as(path).isFalse();
        }
        int _ = open(guest, "flip/new", CREATE, Rights.FD_WRITE);
        int _ = guest.path(WasiFunction.PATH_UNLINK_FILE, "flip/victim");
        int _ = guest.rename("flip/new", "flip/newer");
      }
      assertThat(outsideFiles()).isEqualTo(before);
      assertThat(opened).as("what is inside is found now and then").isPositive();
    } finally {
      stop.set(true);
      renamer.join();
    }
  }

  private TreeMap<String, String> outsideFiles() throws IOException {
    TreeMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.list(top.resolve("outside"))) {
      for (Path path : all.toList()) {
        found.put(path.toString(), Files.readString(path));
      }
    }
    return found;
  }

  /** Turns a directory into a link that leads out and back; moves another out and in. */
  private void rename(AtomicBoolean stop) {
    try {
      Path flip = inside.resolve("flip");
      Path aside = inside.resolve("aside");
      while (!stop.get()) {
        Path _ = Files.move(flip, aside);
        Path _ = Files.createSymbolicLink(flip, Path.of("../outside"));
        Path _ = Files.move(inside.resolve("a/b"), top.resolve("moved"));
        Thread.onSpinWait();
        Path _ = Files.move(top.resolve("moved"), inside.resolve("a/b"));
        Files.delete(flip);
        Path _ = Files.move(aside, flip);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theKernelResolvesPathsHere() throws IOException {
    // Else half of this class tests the same thing twice; containers may forbid the system call.
    try (WasiContext context = WasiContext.builder().preopen(inside, "/").build()) {
      assertThat(context.walksPaths()).isFalse();
    }
  }
}
