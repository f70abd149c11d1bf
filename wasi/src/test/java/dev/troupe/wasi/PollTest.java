package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.FD_READ;
import static dev.troupe.wasi.WasiFunction.FD_WRITE;
import static dev.troupe.wasi.WasiFunction.POLL_ONEOFF;
import static dev.troupe.wasi.WasiFunction.PROC_RAISE;
import static dev.troupe.wasi.WasiFunction.SCHED_YIELD;
import static dev.troupe.wasi.WasiFunction.SOCK_ACCEPT;
import static dev.troupe.wasi.WasiFunction.SOCK_RECV;
import static dev.troupe.wasi.WasiFunction.SOCK_SEND;
import static dev.troupe.wasi.WasiFunction.SOCK_SHUTDOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.TrapException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for clocks and descriptors; sockets; signals. */
class PollTest {
  private static final int SUBSCRIPTIONS = 1000;
  private static final int EVENTS = 3000;
  private static final int RESULT = 64;
  private static final int CLOCK = 0;
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int MONOTONIC = 1;

  @TempDir Path folder;

  private static void clock(TestGuest guest, int index, long nanos, int flags) {
    int at = subscription(guest, index, CLOCK);
    guest.memory().putInt(at + 16, MONOTONIC);
    guest.memory().putLong(at + 24, nanos);
    guest.memory().putInt(at + 40, flags);
  }

  private static void descriptor(TestGuest guest, int index, int kind, int fd) {
    int at = subscription(guest, index, kind);
    guest.memory().putInt(at + 16, fd);
  }

  private static int subscription(TestGuest guest, int index, int kind) {
    int at = SUBSCRIPTIONS + 48 * index;
    guest.memory().write(at, new byte[48]);
    guest.memory().putLong(at, 100 + index);
    guest.memory().putInt(at + 8, kind);
    return at;
  }

  private static int poll(TestGuest guest, int count) {
    return guest.call(POLL_ONEOFF, SUBSCRIPTIONS, EVENTS, count, RESULT);
  }

  private static long userdata(TestGuest guest, int event) {
    return guest.int64(EVENTS + 32 * event);
  }

  private static int errno(TestGuest guest, int event) {
    return guest.int32(EVENTS + 32 * event + 8) & 0xFFFF;
  }

  @Test
  void theFirstClockRingsAlone() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      clock(guest, 0, 3_600_000_000_000L, 0);
      clock(guest, 1, 1_000_000, 0);
      clock(guest, 2, -1, 0);
      assertThat(poll(guest, 3)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(1);
      assertThat(userdata(guest, 0)).isEqualTo(101);
      // A time that has passed.
      clock(guest, 0, 1, 1);
      assertThat(poll(guest, 1)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(1);
    }
  }

  @Test
  void filesAreReadyAndStrangersAreErrors() throws IOException {
    Files.writeString(folder.resolve("f"), "12345");
    try (TestGuest guest = new TestGuest(WasiContext.builder().preopen(folder, "/"))) {
      int fd = guest.opened("f", 0, Rights.FD_READ | Rights.POLL_FD_READWRITE);
      clock(guest, 0, 3_600_000_000_000L, 0);
      descriptor(guest, 1, READ, fd);
      descriptor(guest, 2, READ, 99);
      descriptor(guest, 3, WRITE, 1);
      assertThat(poll(guest, 4)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(3);
      assertThat(userdata(guest, 0)).isEqualTo(101);
      assertThat(guest.int64(EVENTS + 16)).isEqualTo(5);
      assertThat(userdata(guest, 1)).isEqualTo(102);
      assertThat(errno(guest, 1)).isEqualTo(WasiErrno.BADF);
      assertThat(userdata(guest, 2)).isEqualTo(103);
    }
  }

  @Test
  void oneDescriptorIsAskedBothWaysAndMoreThanOnce() throws IOException {
    Files.writeString(folder.resolve("f"), "12345");
    WasiContext.Builder world =
        WasiContext.builder()
            .preopen(folder, "/")
            .listener(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    try (TestGuest guest = new TestGuest(world)) {
      int fd = guest.opened("f", 0, Rights.REGULAR);
      int listener = 4;
      try (Socket client = new Socket("127.0.0.1", guest.localPort(listener))) {
        descriptor(guest, 0, READ, listener);
        assertThat(poll(guest, 1)).isZero();
        assertThat(guest.call(SOCK_ACCEPT, listener, 0, RESULT)).isZero();
        int connection = guest.int32(RESULT);
        descriptor(guest, 0, READ, fd);
        descriptor(guest, 1, WRITE, fd);
        descriptor(guest, 2, READ, connection);
        descriptor(guest, 3, WRITE, connection);
        descriptor(guest, 4, WRITE, connection);
        assertThat(poll(guest, 5)).isZero();
        assertThat(guest.int32(RESULT)).as("nothing has come yet").isEqualTo(4);
        assertThat(userdata(guest, 2)).isEqualTo(103);
        assertThat(userdata(guest, 3)).isEqualTo(104);
        client.getOutputStream().write(7);
        descriptor(guest, 0, READ, connection);
        assertThat(poll(guest, 1)).isZero();
        assertThat(poll(guest, 5)).isZero();
        assertThat(guest.int32(RESULT)).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
          assertThat(userdata(guest, i)).isEqualTo(100 + i);
          assertThat(errno(guest, i)).isZero();
        }
        assertThat(guest.int64(EVENTS + 16)).as("bytes to read").isEqualTo(1);
      }
    }
  }

  @Test
  void nothingToWaitForIsAnError() throws IOException {
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      assertThat(poll(guest, 0)).isEqualTo(WasiErrno.INVAL);
      assertThat(poll(guest, 1_000_000)).isEqualTo(WasiErrno.INVAL);
      assertThat(guest.call(POLL_ONEOFF, 65_530, EVENTS, 1, RESULT)).isEqualTo(WasiErrno.FAULT);
      descriptor(guest, 0, 9, 0);
      assertThat(poll(guest, 1)).isZero();
      assertThat(errno(guest, 0)).isEqualTo(WasiErrno.INVAL);
    }
  }

  @Test
  void connectionsAreTakenAndAnswered() throws IOException {
    WasiContext.Builder world =
        WasiContext.builder()
            .listener(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    try (TestGuest guest = new TestGuest(world)) {
      int port = guest.localPort(3);
      assertThat(guest.call(SOCK_RECV, 1, 0, 0, 0, 64, 68)).isEqualTo(WasiErrno.NOTSOCK);
      try (Socket client = new Socket("127.0.0.1", port)) {
        descriptor(guest, 0, READ, 3);
        assertThat(poll(guest, 1)).isZero();
        assertThat(errno(guest, 0)).isZero();
        assertThat(guest.call(SOCK_ACCEPT, 3, 0, RESULT)).isZero();
        int connection = guest.int32(RESULT);
        client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
        descriptor(guest, 0, READ, connection);
        assertThat(poll(guest, 1)).isZero();
        guest.vectors(0, 100, 50);
        assertThat(guest.call(SOCK_RECV, connection, 0, 1, 1, 64, 68)).isZero();
        assertThat(guest.call(SOCK_RECV, connection, 0, 1, 0, 64, 68)).isZero();
        assertThat(guest.text(100, guest.int32(64))).isEqualTo("hello");
        // The first vector is filled exactly, and nobody waits for the second.
        client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
        guest.vectors(0, 100, 5, 200, 5);
        assertThat(guest.call(SOCK_RECV, connection, 0, 2, 0, 64, 68)).isZero();
        assertThat(guest.int32(64)).isEqualTo(5);
        client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(guest.call(FD_READ, connection, 0, 2, 64)).isZero();
        assertThat(guest.int32(64)).isEqualTo(5);
        guest.vectors(0, 100, 2);
        assertThat(guest.call(SOCK_SEND, connection, 0, 1, 0, 64)).isZero();
        assertThat(guest.call(FD_WRITE, connection, 0, 1, 64)).isZero();
        assertThat(guest.call(SOCK_SHUTDOWN, connection, 2)).isZero();
        assertThat(guest.call(SOCK_SHUTDOWN, connection, 4)).isEqualTo(WasiErrno.INVAL);
        assertThat(client.getInputStream().readAllBytes())
            .isEqualTo("hehe".getBytes(StandardCharsets.UTF_8));
        client.shutdownOutput();
        assertThat(guest.call(FD_READ, connection, 0, 1, 64)).isZero();
        assertThat(guest.int32(64)).isZero();
        assertThat(guest.call(SOCK_ACCEPT, connection, 0, RESULT)).isEqualTo(WasiErrno.NOTCAPABLE);
      }
    }
  }

  @Test
  void virtualTimeGoesOnInAWaitForTheHost() throws IOException {
    VirtualClock clock = VirtualClock.at(Instant.EPOCH);
    WasiContext.Builder world =
        WasiContext.builder()
            .clock(clock)
            .listener(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    try (TestGuest guest = new TestGuest(world)) {
      clock(guest, 0, 1_000_000, 0);
      descriptor(guest, 1, READ, 3);
      assertThat(poll(guest, 2)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(1);
      assertThat(userdata(guest, 0)).isEqualTo(100);
      assertThat(clock.nanos(WasiClock.MONOTONIC)).isEqualTo(1_000_000);
    }
  }

  @Test
  void signalsDoWhatTheyDoToAProcess() throws IOException {
    int abort = 6;
    int child = 16;
    int stop = 18;
    try (TestGuest guest = new TestGuest(WasiContext.builder())) {
      assertThat(guest.call(SCHED_YIELD)).isZero();
      assertThat(guest.call(PROC_RAISE, 0)).isZero();
      assertThat(guest.call(PROC_RAISE, child)).isZero();
      assertThat(guest.call(PROC_RAISE, stop)).isEqualTo(WasiErrno.NOTSUP);
      assertThat(guest.call(PROC_RAISE, 31)).isEqualTo(WasiErrno.INVAL);
      assertThatThrownBy(() -> guest.call(PROC_RAISE, abort))
          .isInstanceOfSatisfying(
              TrapException.class, trap -> assertThat(Wasi.exitCode(trap)).hasValue(128 + abort));
    }
  }
}
