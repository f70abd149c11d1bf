package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad pointer is an error number, whatever the function; and then nothing has happened. */
class PointersTest {
  private static final int END = TestGuest.MEMORY_BYTES;

  /**
   * A call that works.
   *
   * @param pointers which arguments are pointers
   */
  private record Good(WasiFunction function, long[] arguments, int... pointers) {}

  @TempDir Path folder;

  private static long[] of(long... arguments) {
    return arguments;
  }

  private static List<Good> calls() {
    return List.of(
        new Good(ARGS_GET, of(0, 100), 0, 1),
        new Good(ARGS_SIZES_GET, of(0, 4), 0, 1),
        new Good(ENVIRON_GET, of(0, 100), 0, 1),
        new Good(ENVIRON_SIZES_GET, of(0, 4), 0, 1),
        new Good(CLOCK_TIME_GET, of(0, 0, 0), 2),
        new Good(RANDOM_GET, of(0, 8), 0),
        new Good(FD_FDSTAT_GET, of(1, 0), 1),
        new Good(FD_FILESTAT_GET, of(1, 0), 1),
        new Good(FD_PRESTAT_GET, of(3, 0), 1),
        new Good(FD_PRESTAT_DIR_NAME, of(3, 0, 5), 1),
        new Good(FD_READ, of(0, 1000, 1, 0), 1, 3),
        new Good(FD_SEEK, of(4, 0, 0, 0), 3),
        new Good(FD_WRITE, of(1, 1000, 1, 0), 1, 3),
        new Good(PATH_OPEN, of(3, 0, 2000, 1, 0, 0, 0, 0, 0), 2, 8),
        new Good(PATH_FILESTAT_GET, of(3, 0, 2000, 1, 0), 2, 4));
  }

  @Test
  void badPointersAreFaults() throws IOException {
    Files.writeString(folder.resolve("f"), "contents");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WasiContext.Builder world =
        WasiContext.builder()
            .arguments(List.of("a"))
            .environment("B", "c")
            .stdout(out)
            .preopen(folder, "guest");
    try (TestGuest guest = new TestGuest(world)) {
      guest.write(2000, "f");
      assertThat(guest.opened("f", 0, Rights.FD_SEEK)).isEqualTo(4);
      guest.vectors(1000, 3000, 4);
      for (Good good : calls()) {
        assertThat(guest.call(good.function(), good.arguments())).as(good.toString()).isZero();
        for (int pointer : good.pointers()) {
          for (long bad : new long[] {END, END - 1, 0xFFFF_FFFFL, 0x8000_0000L}) {
            boolean lastByte =
                bad == END - 1
                    && (good.function() == PATH_OPEN || good.function() == PATH_FILESTAT_GET)
                    && pointer == 2;
            if (!lastByte) {
              long[] arguments = good.arguments().clone();
              arguments[pointer] = bad;
              assertThat(guest.call(good.function(), arguments))
                  .as("%s, argument %d = %x", good.function(), pointer, bad)
                  .isEqualTo(WasiErrno.FAULT);
            }
          }
        }
      }
      assertThat(out.size()).isEqualTo(4);
    }
  }

  @Test
  void everyBufferIsCheckedBeforeAnythingIsWritten() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdout(out))) {
      guest.vectors(0, 100, 4, END - 3, 4);
      assertThat(guest.call(FD_WRITE, 1, 0, 2, 50)).isEqualTo(WasiErrno.FAULT);
      guest.vectors(0, 100, 4, 0, -1);
      assertThat(guest.call(FD_WRITE, 1, 0, 2, 50)).isEqualTo(WasiErrno.FAULT);
      assertThat(guest.call(FD_WRITE, 1, 0, 0x2000_0000, 50)).isEqualTo(WasiErrno.FAULT);
      assertThat(out.size()).isZero();
    }
  }

  @Test
  void vectorsThatAReadOverwritesAreCheckedAgain() throws IOException {
    Files.write(folder.resolve("f"), new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3});
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopen(folder, "."))) {
      int fd = guest.opened("f", 0, Rights.FD_READ);
      // The first buffer lies over the second vector.
      guest.vectors(1000, 1008, 8, 2000, 3);
      assertThat(guest.call(FD_READ, fd, 1000, 2, 50)).isZero();
      assertThat(guest.int32(50)).isEqualTo(8);
    }
  }
}
