package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on random paths, done by two guests: one with a directory of the host, one with
 * files in memory. Each is the model of the other: same errors, same bytes, same tree; and what
 * lies around the directory of the host stays as it is.
 */
class FileSystemModelTest {
  private static final int STEPS = 3_000;
  private static final String[] NAMES = {"a", "b", "c", "d", "..", ".", "a/b", "b/../c", "c/", ""};
  private static final long RIGHTS = Rights.REGULAR;

  @TempDir Path top;

  /** One seed's random choices. */
  private record Choices(Random random) {
    String path() {
      int parts = 1 + random.nextInt(3);
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < parts; i++) {
        path.append(i == 0 ? "" : "/").append(NAMES[random.nextInt(NAMES.length)]);
      }
      return random.nextInt(40) == 0 ? "/" + path : path.toString();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void hostAndMemoryAgree(long seed) throws IOException {
    assertAgree(seed, WasiContext.builder());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void hostAndMemoryAgreeWithoutOpenat2(long seed) throws IOException {
    assertAgree(seed, WasiContext.builder().walkPaths());
  }

  private void assertAgree(long seed, WasiContext.Builder world) throws IOException {
    Path inside = Files.createDirectories(top.resolve("inside"));
    Files.writeString(top.resolve("secret"), "secret");
    MemoryFiles memory = MemoryFiles.create(64 << 20, 10_000);
    try (TestGuest host = new TestGuest(world.preopen(inside, "/"));
        TestGuest model = new TestGuest(WasiContext.builder().preopen(memory, "/"))) {
      Choices choices = new Choices(new Random(seed));
      for (int step = 0; step < STEPS; step++) {
        long choice = choices.random().nextLong();
        String first = choices.path();
        String second = choices.path();
        String expected = act(host, choice, first, second);
        assertThat(act(model, choice, first, second))
            .as("seed %d step %d: %s %s %s", seed, step, operation(choice), first, second)
            .isEqualTo(expected);
      }
      assertThat(tree(model, "", new TreeMap<>())).isEqualTo(tree(host, "", new TreeMap<>()));
    }
    assertThat(top.resolve("secret")).hasContent("secret");
    try (Stream<Path> around = Files.list(top)) {
      assertThat(around).hasSize(2);
    }
  }

  private static int operation(long choice) {
    return Math.floorMod(choice >>> 8, 12);
  }

  /** Does one thing: the error number and what came of it. */
  private static String act(TestGuest guest, long choice, String first, String second) {
    int follow = (int) (choice & 1);
    return switch (operation(choice)) {
      case 0, 1 -> guest.path(WasiFunction.PATH_CREATE_DIRECTORY, first) + "";
      case 2 -> guest.path(WasiFunction.PATH_REMOVE_DIRECTORY, first) + "";
      case 3 -> guest.path(WasiFunction.PATH_UNLINK_FILE, first) + "";
      case 4 -> guest.rename(first, second) + "";
      case 5 -> guest.link(first, second) + "";
      case 6 -> guest.symlink(first, second) + "";
      case 7 -> readLink(guest, first);
      case 8 -> status(guest, first, follow);
      default -> file(guest, first, follow, choice);
    };
  }

  private static String readLink(TestGuest guest, String path) {
    int errno = guest.readlink(path, 100);
    return errno == 0 ? guest.text(0, guest.int32(4096)) : "error " + errno;
  }

  private static String status(TestGuest guest, String path, int follow) {
    int errno = guest.stat(path, follow);
    if (errno != 0) {
      return "error " + errno;
    }
    long type = guest.int64(16);
    boolean file = type == FileType.REGULAR_FILE.ordinal();
    return type + (file ? " links " + guest.int64(24) + " size " + guest.int64(32) : "");
  }

  /** Opens, writes somewhere, reads back. */
  private static String file(TestGuest guest, String path, int follow, long choice) {
    int openFlags = (int) (choice >>> 16) & 15;
    int fdFlags = (int) (choice >>> 24) & 1;
    int errno = guest.open(3, follow, path, openFlags, RIGHTS, fdFlags, 0);
    if (errno != 0) {
      return "error " + errno;
    }
    int fd = guest.int32(0);
    try {
      int bytes = (int) (choice >>> 32 & 0x3FFF);
      long offset = choice >>> 46 & 0xFFFF;
      guest.memory().putInt(1000, (int) choice);
      guest.vectors(0, 1000, bytes);
      int written = guest.call(WasiFunction.FD_PWRITE, fd, 0, 1, offset, 64);
      int put = guest.call(WasiFunction.FD_WRITE, fd, 0, 1, 64);
      int seek = guest.call(WasiFunction.FD_SEEK, fd, offset - 100, 0, 72);
      guest.vectors(0, 20_000, 20_000);
      int read = guest.call(WasiFunction.FD_READ, fd, 0, 1, 64);
      int count = read == 0 ? guest.int32(64) : 0;
      int hash = Arrays.hashCode(guest.memory().read(20_000, count));
      int size = guest.call(WasiFunction.FD_FILESTAT_SET_SIZE, fd, choice >>> 40 & 0x1FFFF);
      return written + " " + put + " " + seek + " " + read + " " + count + " " + hash + " " + size;
    } finally {
      int unused = guest.call(WasiFunction.FD_CLOSE, fd);
    }
  }

  /** Paths with their status, as the guest sees them. */
  private static TreeMap<String, String> tree(
      TestGuest guest, String folder, TreeMap<String, String> found) {
    for (String name : list(guest, folder.isEmpty() ? "." : folder)) {
      String path = folder.isEmpty() ? name : folder + "/" + name;
      String status = status(guest, path, 0);
      found.put(path, status);
      if (status.equals(FileType.DIRECTORY.ordinal() + "")) {
        TreeMap<String, String> unused = tree(guest, path, found);
      }
    }
    return found;
  }

  private static List<String> list(TestGuest guest, String folder) {
    int fd = guest.opened(folder, 2, Rights.FD_READDIR);
    List<String> names = new ArrayList<>();
    assertThat(guest.call(WasiFunction.FD_READDIR, fd, 1000, 20_000, 0, 64)).isZero();
    int end = 1000 + guest.int32(64);
    for (int at = 1000; at < end; at += 24 + guest.int32(at + 16)) {
      String name = guest.text(at + 24, guest.int32(at + 16));
      if (!name.equals(".") && !name.equals("..")) {
        names.add(name);
      }
    }
    assertThat(guest.call(WasiFunction.FD_CLOSE, fd)).isZero();
    return names;
  }
}
