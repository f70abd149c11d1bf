package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.CLOCK_RES_GET;
import static dev.troupe.wasi.WasiFunction.CLOCK_TIME_GET;
import static dev.troupe.wasi.WasiFunction.FD_ALLOCATE;
import static dev.troupe.wasi.WasiFunction.FD_CLOSE;
import static dev.troupe.wasi.WasiFunction.FD_READ;
import static dev.troupe.wasi.WasiFunction.FD_WRITE;
import static dev.troupe.wasi.WasiFunction.PATH_CREATE_DIRECTORY;
import static dev.troupe.wasi.WasiFunction.PATH_UNLINK_FILE;
import static dev.troupe.wasi.WasiFunction.POLL_ONEOFF;
import static dev.troupe.wasi.WasiFunction.RANDOM_GET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in memory as the host sees them, their bounds; time and chance that can be repeated. */
class MemoryFilesTest {
  private static final int CREATE = 1;
  private static final int PAGE = 16_384;

  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void hostAndGuestShareTheFiles() throws IOException {
    MemoryFiles files = MemoryFiles.create(1 << 20, 100);
    files.write("in/request", bytes("question"));
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopen(files, "/"))) {
      int in = guest.opened("in/request", 0, Rights.FD_READ);
      guest.vectors(0, 100, 100);
      assertThat(guest.call(FD_READ, in, 0, 1, 64)).isZero();
      assertThat(guest.text(100, guest.int32(64))).isEqualTo("question");
      int out = guest.opened("answer", CREATE, Rights.FD_WRITE);
      guest.vectors(0, 100, 5);
      assertThat(guest.call(FD_WRITE, out, 0, 1, 64)).isZero();
    }
    assertThat(files.read("answer")).isEqualTo(bytes("quest"));
    assertThatThrownBy(() -> files.read("in")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> files.read("in/absent")).hasMessageContaining("in/absent");
    assertThatThrownBy(() -> files.write("in/../x", bytes(""))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> files.write("answer", bytes(""))).hasMessageContaining("exists");
  }

  @Test
  void thereIsRoomForSoMuchAndNoMore() throws IOException {
    MemoryFiles files = MemoryFiles.create(2 * PAGE, 2);
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopen(files, "/"))) {
      int fd = guest.opened("f", CREATE, Rights.REGULAR);
      guest.vectors(0, 1000, 50_000);
      assertThat(guest.call(FD_WRITE, fd, 0, 1, 64)).isZero();
      assertThat(guest.int32(64)).isEqualTo(2 * PAGE);
      assertThat(guest.call(FD_WRITE, fd, 0, 1, 64)).isEqualTo(WasiErrno.NOSPC);
      assertThat(guest.call(FD_ALLOCATE, fd, 0, 3 * PAGE)).isEqualTo(WasiErrno.NOSPC);
      int sparse = guest.opened("g", CREATE, Rights.REGULAR);
      assertThat(guest.call(FD_ALLOCATE, sparse, 1L << 40, 1L << 60)).isEqualTo(WasiErrno.NOSPC);
      assertThat(files.usedBytes()).as("nothing was taken").isEqualTo(2 * PAGE);
      assertThat(guest.path(PATH_UNLINK_FILE, "g")).isZero();
      assertThat(guest.call(FD_CLOSE, sparse)).isZero();
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "d")).isZero();
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "e")).isEqualTo(WasiErrno.NOSPC);
      // What is open lives on without a name.
      assertThat(guest.path(PATH_UNLINK_FILE, "f")).isZero();
      assertThat(files.usedBytes()).isEqualTo(2 * PAGE);
      assertThat(guest.call(FD_CLOSE, fd)).isZero();
      assertThat(files.usedBytes()).isZero();
      assertThat(files.usedNodes()).isEqualTo(1);
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "e")).isZero();
    }
  }

  @Test
  void everyNameCounts() throws IOException {
    MemoryFiles files = MemoryFiles.create(2 * PAGE, 3);
    files.write("f", new byte[PAGE]);
    assertThatThrownBy(() -> files.write("too-long", new byte[2 * PAGE]))
        .hasMessageContaining("no room");
    assertThat(files.usedNodes()).isEqualTo(1);
    assertThat(files.usedBytes()).isEqualTo(PAGE);
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopen(files, "/"))) {
      assertThat(guest.link("f", "g")).isZero();
      assertThat(guest.link("f", "h")).isZero();
      assertThat(guest.link("f", "i")).isEqualTo(WasiErrno.NOSPC);
      assertThat(guest.path(PATH_UNLINK_FILE, "f")).isZero();
      assertThat(guest.rename("g", "h")).as("two names of one file stay").isZero();
      assertThat(guest.path(PATH_UNLINK_FILE, "g")).isZero();
      assertThat(files.usedNodes()).isEqualTo(1);
      assertThat(guest.path(PATH_UNLINK_FILE, "h")).isZero();
      assertThat(files.usedNodes()).isZero();
      assertThat(files.usedBytes()).isZero();
    }
  }

  @Test
  void nothingIsMadeInADirectoryThatIsGone() throws IOException {
    MemoryFiles files = MemoryFiles.create(1 << 20, 10);
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopen(files, "/"))) {
      assertThat(guest.path(PATH_CREATE_DIRECTORY, "d")).isZero();
      int fd = guest.opened("d", 2, Rights.ALL & Rights.DIRECTORY);
      assertThat(guest.path(WasiFunction.PATH_REMOVE_DIRECTORY, "d")).isZero();
      assertThat(guest.open(fd, 0, "f", CREATE, 0, 0, 0)).isEqualTo(WasiErrno.NOENT);
      assertThat(guest.call(FD_CLOSE, fd)).isZero();
      assertThat(files.usedNodes()).isZero();
    }
  }

  @Test
  void memoryIsNoPlaceOfTheHost() throws IOException {
    MemoryFiles files = MemoryFiles.create(1 << 20, 100);
    files.write("f", bytes("x"));
    WasiContext.Builder world = WasiContext.builder().preopen(files, "/m").preopen(folder, "/h");
    try (TestGuest guest = new TestGuest(world)) {
      int bytes = guest.put(1000, "f");
      assertThat(guest.call(WasiFunction.PATH_RENAME, 3, 1000, bytes, 4, 1000, bytes))
          .isEqualTo(WasiErrno.XDEV);
      assertThat(guest.call(WasiFunction.PATH_LINK, 3, 0, 1000, bytes, 4, 1000, bytes))
          .isEqualTo(WasiErrno.XDEV);
      assertThat(guest.call(WasiFunction.PATH_RENAME, 4, 1000, bytes, 3, 1000, bytes))
          .isEqualTo(WasiErrno.XDEV);
    }
  }

  @Test
  void virtualTimeGoesOnWhenTheGuestSleeps() throws IOException {
    VirtualClock clock = VirtualClock.at(Instant.ofEpochSecond(1_000));
    try (TestGuest guest = new TestGuest(WasiContext.builder().clock(clock))) {
      assertThat(guest.call(CLOCK_TIME_GET, 0, 0, 8)).isZero();
      assertThat(guest.int64(8)).isEqualTo(1_000_000_000_000L);
      // A subscription to the monotonic clock, a year from now.
      guest.memory().putInt(1016, 1);
      guest.memory().putLong(1024, Duration.ofDays(365).toNanos());
      assertThat(guest.call(POLL_ONEOFF, 1000, 2000, 1, 64)).isZero();
      assertThat(guest.call(CLOCK_TIME_GET, 1, 0, 8)).isZero();
      assertThat(guest.int64(8)).isEqualTo(Duration.ofDays(365).toNanos());
      clock.advance(Duration.ofSeconds(1));
      assertThat(guest.call(CLOCK_TIME_GET, 0, 0, 8)).isZero();
      assertThat(guest.int64(8)).isEqualTo(1_001_000_000_000L + Duration.ofDays(365).toNanos());
      assertThat(guest.call(CLOCK_RES_GET, 1, 8)).isZero();
      assertThat(guest.int64(8)).isEqualTo(1);
      assertThat(guest.call(CLOCK_RES_GET, 4, 8)).isEqualTo(WasiErrno.INVAL);
    }
    assertThatThrownBy(() -> VirtualClock.at(Instant.ofEpochSecond(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void chanceIsRepeatedBySeed() throws IOException {
    byte[] first = random(7);
    assertThat(random(7)).isEqualTo(first);
    assertThat(random(8)).isNotEqualTo(first);
  }

  private static byte[] random(long seed) throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder().randomSeed(seed))) {
      assertThat(guest.call(RANDOM_GET, 100, 64)).isZero();
      return guest.memory().read(100, 64);
    }
  }
}
