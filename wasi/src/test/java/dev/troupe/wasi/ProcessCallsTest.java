package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.TrapException;
import dev.troupe.engine.contract.TrapKind;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Arguments, environment, clocks, random bytes, exit. */
class ProcessCallsTest {
  @Test
  void argumentsEndWithNul() throws IOException {
    WasiContext.Builder world = WasiContext.builder().arguments(List.of("prog", "", "Zoë"));
    try (TestGuest guest = new TestGuest(world)) {
      assertThat(guest.call(ARGS_SIZES_GET, 0, 4)).isZero();
      assertThat(guest.int32(0)).isEqualTo(3);
      assertThat(guest.int32(4)).isEqualTo(11);
      assertThat(guest.call(ARGS_GET, 100, 200)).isZero();
      assertThat(guest.int32(100)).isEqualTo(200);
      assertThat(guest.int32(104)).isEqualTo(205);
      assertThat(guest.int32(108)).isEqualTo(206);
      assertThat(guest.text(200, 11)).isEqualTo("prog\0\0Zoë\0");
    }
  }

  @Test
  void environmentIsNameEqualsValue() throws IOException {
    WasiContext.Builder world = WasiContext.builder().environment("A", "b=c").environment("D", "");
    try (TestGuest guest = new TestGuest(world)) {
      assertThat(guest.call(ENVIRON_SIZES_GET, 0, 4)).isZero();
      assertThat(guest.int32(0)).isEqualTo(2);
      assertThat(guest.int32(4)).isEqualTo(9);
      assertThat(guest.call(ENVIRON_GET, 100, 200)).isZero();
      assertThat(guest.text(200, 9)).isEqualTo("A=b=c\0D=\0");
    }
  }

  @Test
  void nothingIsGivenUnasked() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      assertThat(guest.call(ARGS_SIZES_GET, 0, 4)).isZero();
      assertThat(guest.int64(0)).isZero();
      assertThat(guest.call(ENVIRON_SIZES_GET, 0, 4)).isZero();
      assertThat(guest.int64(0)).isZero();
      assertThat(guest.call(FD_PRESTAT_GET, 3, 0)).isEqualTo(WasiErrno.BADF);
    }
  }

  @Test
  void stringsWithNulAreRefused() {
    assertThatThrownBy(() -> WasiContext.builder().arguments(List.of("a\0b")).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WasiContext.builder().environment("", "x").build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clocksGoForward() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      for (int clock = 0; clock < 4; clock++) {
        assertThat(guest.call(CLOCK_TIME_GET, clock, 1, 0)).isZero();
        assertThat(guest.call(CLOCK_TIME_GET, clock, 1, 8)).isZero();
        assertThat(guest.int64(8)).isGreaterThanOrEqualTo(guest.int64(0));
      }
      long before = System.currentTimeMillis();
      assertThat(guest.call(CLOCK_TIME_GET, 0, 0, 0)).isZero();
      assertThat(guest.int64(0) / 1_000_000)
          .isBetween(before - 1000, System.currentTimeMillis() + 1000);
      assertThat(guest.call(CLOCK_TIME_GET, 4, 0, 0)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(CLOCK_TIME_GET, -1, 0, 0)).isEqualTo(WasiErrno.INVAL);
    }
  }

  @Test
  void everyClockHasAResolutionAndTakesAnyPrecision() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      for (int clock = 0; clock < 4; clock++) {
        assertThat(guest.call(WasiFunction.CLOCK_RES_GET, clock, 8)).isZero();
        assertThat(guest.int64(8)).isPositive();
        for (long precision : new long[] {0, 1, 1_000_000, -1}) {
          assertThat(guest.call(WasiFunction.CLOCK_TIME_GET, clock, precision, 8)).isZero();
        }
      }
      for (int none : new int[] {4, -1}) {
        assertThat(guest.call(WasiFunction.CLOCK_RES_GET, none, 8)).isEqualTo(WasiErrno.INVAL);
        assertThat(guest.call(WasiFunction.CLOCK_TIME_GET, none, 0, 8)).isEqualTo(WasiErrno.INVAL);
      }
    }
  }

  @Test
  void streamsOfTheProcessTellNothingOfTheHost() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder().inheritStdio())) {
      for (int fd = 0; fd < 3; fd++) {
        assertThat(guest.call(WasiFunction.FD_FILESTAT_GET, fd, 0)).isZero();
        byte[] stat = guest.memory().read(0, FileStatWriter.BYTES);
        if (stat[16] != FileType.REGULAR_FILE.ordinal()) {
          stat[16] = 0;
          assertThat(stat).as("descriptor %d", fd).containsOnly(0);
        }
      }
    }
  }

  @Test
  void randomBytesFillExactlyTheBuffer() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      assertThat(guest.call(RANDOM_GET, 8, 32)).isZero();
      assertThat(guest.int64(0)).isZero();
      assertThat(guest.int64(40)).isZero();
      byte[] first = guest.memory().read(8, 32);
      assertThat(guest.call(RANDOM_GET, 8, 32)).isZero();
      assertThat(guest.memory().read(8, 32)).isNotEqualTo(first);
      assertThat(guest.call(RANDOM_GET, TestGuest.MEMORY_BYTES, 0)).isZero();
    }
  }

  @Test
  void exitEndsTheGuestWithItsStatus() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      assertThatThrownBy(() -> guest.call(PROC_EXIT, 33))
          .asInstanceOf(InstanceOfAssertFactories.type(TrapException.class))
          .satisfies(trap -> {
            assertThat(trap.kind()).isEqualTo(TrapKind.HOST_ERROR);
            assertThat(Wasi.exitCode(trap)).hasValue(33);
          });
    }
  }

  @Test
  void otherTrapsAreNoExit() {
    assertThat(Wasi.exitCode(new TrapException(TrapKind.UNREACHABLE, ""))).isEmpty();
  }
}
