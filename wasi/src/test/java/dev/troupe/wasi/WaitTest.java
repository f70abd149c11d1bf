package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.FD_CLOSE;
import static dev.troupe.wasi.WasiFunction.FD_FDSTAT_SET_FLAGS;
import static dev.troupe.wasi.WasiFunction.FD_READ;
import static dev.troupe.wasi.WasiFunction.FD_WRITE;
import static dev.troupe.wasi.WasiFunction.POLL_ONEOFF;
import static dev.troupe.wasi.WasiFunction.SOCK_ACCEPT;
import static dev.troupe.wasi.WasiFunction.SOCK_RECV;
import static dev.troupe.wasi.WasiFunction.SOCK_SEND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troupe.engine.Invocation;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.PollFd;
import dev.troupe.engine.runtime.exec.Carrier;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that wait park their fiber, go on when there is something, and end when the call does. */
@Timeout(600)
class WaitTest {
  private static final int IOVECS = 0;
  private static final int BUFFER = 100;
  private static final int RESULT = 64;
  private static final int RESULT_FLAGS = 68;
  private static final int SUBSCRIPTIONS = 1000;
  private static final int EVENTS = 3000;
  private static final int WAIT_ALL = 2;
  private static final int SENT_BYTES = 60_000;
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private static WasiContext.Builder listening() {
    return WasiContext.builder()
        .listener(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
  }

  /** Runs a parked call to its end, which comes: its error number. */
  private static int finish(Invocation invocation, Carrier carrier) {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> invocation.runSlice(carrier) != SliceOutcome.PARKED);
    return invocation.results().getFirst().asI32();
  }

  private static void subscribe(TestGuest guest, int index, int kind, int idOrFd, long nanos) {
    int at = SUBSCRIPTIONS + 48 * index;
    guest.memory().write(at, new byte[48]);
    guest.memory().putLong(at, 100 + index);
    guest.memory().putInt(at + 8, kind);
    guest.memory().putInt(at + 16, idOrFd);
    guest.memory().putLong(at + 24, nanos);
  }

  @Test
  void anEmptyPipeParksItsReader() throws IOException {
    BytePipe in = BytePipe.withCapacity(100);
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdin(in));
        Carrier carrier = guest.attachCarrier()) {
      guest.vectors(IOVECS, BUFFER, 50);
      Invocation read = guest.start(FD_READ, 0, IOVECS, 1, RESULT);
      assertThat(read.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(read.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      CountDownLatch woken = new CountDownLatch(1);
      read.onWake(woken::countDown);
      assertThat(in.write("hello".getBytes(UTF_8), 0, 5)).isEqualTo(5);
      assertThat(woken.getCount()).isZero();
      // What comes between waking and running is read as well.
      assertThat(in.write("!".getBytes(UTF_8), 0, 1)).isEqualTo(1);
      assertThat(finish(read, carrier)).isZero();
      assertThat(guest.text(BUFFER, guest.int32(RESULT))).isEqualTo("hello!");
      Invocation atEnd = guest.start(FD_READ, 0, IOVECS, 1, RESULT);
      assertThat(atEnd.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      in.end();
      assertThat(finish(atEnd, carrier)).isZero();
      assertThat(guest.int32(RESULT)).isZero();
    }
  }

  @Test
  void aFullPipeParksItsWriter() throws IOException {
    BytePipe out = BytePipe.withCapacity(4);
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdout(out));
        Carrier carrier = guest.attachCarrier()) {
      guest.vectors(IOVECS, BUFFER, 6);
      guest.write(BUFFER, "abcdef");
      assertThat(guest.call(FD_WRITE, 1, IOVECS, 1, RESULT)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(4);
      Invocation write = guest.start(FD_WRITE, 1, IOVECS, 1, RESULT);
      assertThat(write.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      byte[] read = new byte[3];
      assertThat(out.read(read, 0, 3)).isEqualTo(3);
      assertThat(read).isEqualTo("abc".getBytes(UTF_8));
      assertThat(finish(write, carrier)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(3);
      Invocation lost = guest.start(FD_WRITE, 1, IOVECS, 1, RESULT);
      assertThat(lost.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      out.closeReader();
      assertThat(finish(lost, carrier)).isEqualTo(WasiErrno.PIPE);
    }
  }

  @Test
  void theWorldsEndIsTheStreamsEnd() throws IOException {
    BytePipe in = BytePipe.withCapacity(4);
    BytePipe out = BytePipe.withCapacity(4);
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdin(in).stdout(out))) {
      assertThat(guest.call(FD_CLOSE, 0)).isZero();
      assertThat(in.isReaderGone()).isTrue();
      assertThat(out.read(new byte[1], 0, 1)).isZero();
    }
    assertThat(out.read(new byte[1], 0, 1)).isEqualTo(-1);
  }

  @Test
  void whoDoesNotWantToWaitIsTold() throws IOException {
    BytePipe in = BytePipe.withCapacity(4);
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdin(in))) {
      guest.vectors(IOVECS, BUFFER, 50);
      assertThat(guest.call(FD_FDSTAT_SET_FLAGS, 0, FdFlags.NONBLOCK)).isZero();
      assertThat(guest.call(FD_READ, 0, IOVECS, 1, RESULT)).isEqualTo(WasiErrno.AGAIN);
    }
  }

  @Test
  void pollWaitsForPipesAndClocks() throws IOException {
    BytePipe in = BytePipe.withCapacity(4);
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdin(in));
        Carrier carrier = guest.attachCarrier()) {
      subscribe(guest, 0, 0, WasiClock.MONOTONIC, HOUR_NANOS);
      subscribe(guest, 1, 1, 0, 0);
      Invocation poll = guest.start(POLL_ONEOFF, SUBSCRIPTIONS, EVENTS, 2, RESULT);
      assertThat(poll.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(in.write(new byte[3], 0, 3)).isEqualTo(3);
      assertThat(finish(poll, carrier)).isZero();
      assertThat(guest.int32(RESULT)).isEqualTo(1);
      assertThat(guest.int64(EVENTS)).isEqualTo(101);
      assertThat(guest.int64(EVENTS + 16)).isEqualTo(3);
      subscribe(guest, 0, 0, WasiClock.MONOTONIC, 1_000_000);
      Invocation sleep = guest.start(POLL_ONEOFF, SUBSCRIPTIONS, EVENTS, 1, RESULT);
      assertThat(finish(sleep, carrier)).isZero();
      assertThat(guest.int64(EVENTS)).isEqualTo(100);
    }
  }

  @Test
  void whatIsClosedMeanwhileIsAnError() throws IOException {
    BytePipe in = BytePipe.withCapacity(4);
    try (TestGuest guest = new TestGuest(WasiContext.builder().stdin(in));
        Carrier carrier = guest.attachCarrier()) {
      guest.vectors(IOVECS, BUFFER, 50);
      Invocation read = guest.start(FD_READ, 0, IOVECS, 1, RESULT);
      assertThat(read.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(guest.call(FD_CLOSE, 0)).isZero();
      in.end();
      assertThat(finish(read, carrier)).isEqualTo(WasiErrno.BADF);
    }
  }

  @Test
  void aSocketParksUntilSomebodyComes() throws IOException {
    try (TestGuest guest = new TestGuest(listening());
        Carrier carrier = guest.attachCarrier()) {
      Invocation accept = guest.start(SOCK_ACCEPT, 3, 0, RESULT);
      assertThat(accept.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      CountDownLatch woken = new CountDownLatch(1);
      accept.onWake(woken::countDown);
      try (Socket client = new Socket("127.0.0.1", guest.localPort(3))) {
        await().atMost(Duration.ofMinutes(3)).until(() -> woken.getCount() == 0);
        assertThat(finish(accept, carrier)).isZero();
        int connection = guest.int32(RESULT);
        guest.vectors(IOVECS, BUFFER, 3, BUFFER + 3, 4);
        Invocation all =
            guest.start(SOCK_RECV, connection, IOVECS, 2, WAIT_ALL, RESULT, RESULT_FLAGS);
        assertThat(all.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
        client.getOutputStream().write("abcd".getBytes(UTF_8));
        await()
            .atMost(Duration.ofMinutes(3))
            .until(() -> all.runSlice(carrier) == SliceOutcome.PARKED);
        client.getOutputStream().write("efghi".getBytes(UTF_8));
        assertThat(finish(all, carrier)).isZero();
        assertThat(guest.text(BUFFER, guest.int32(RESULT))).isEqualTo("abcdefg");
      }
    }
  }

  @Test
  void aSocketThatNobodyReadsParksItsSender() throws IOException {
    try (TestGuest guest = new TestGuest(listening());
        Carrier carrier = guest.attachCarrier();
        Socket client = new Socket("127.0.0.1", guest.localPort(3))) {
      client.setSoTimeout(180_000);
      assertThat(guest.call(SOCK_ACCEPT, 3, 0, RESULT)).isZero();
      int connection = guest.int32(RESULT);
      guest.vectors(IOVECS, BUFFER, SENT_BYTES);
      long sent = 0;
      Invocation send = guest.start(SOCK_SEND, connection, IOVECS, 1, 0, RESULT);
      while (send.runSlice(carrier) != SliceOutcome.PARKED) {
        // What the kernel holds on the way is bounded, and so is this.
        sent += guest.int32(RESULT);
        send = guest.start(SOCK_SEND, connection, IOVECS, 1, 0, RESULT);
      }
      byte[] all = client.getInputStream().readNBytes((int) sent);
      assertThat(all).hasSize((int) sent);
      assertThat(finish(send, carrier)).isZero();
      assertThat(client.getInputStream().readNBytes(guest.int32(RESULT))).isNotEmpty();
    }
  }

  @Test
  void whoWaitsForAClosedSocketFindsOut() throws IOException {
    try (TestGuest guest = new TestGuest(listening());
        Carrier carrier = guest.attachCarrier()) {
      Invocation accept = guest.start(SOCK_ACCEPT, 3, 0, RESULT);
      assertThat(accept.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(guest.call(FD_CLOSE, 3)).isZero();
      assertThat(finish(accept, carrier)).isEqualTo(WasiErrno.BADF);
    }
  }

  @Test
  void aSocketIsClosedThoughSomebodyWaitsForIt() throws IOException {
    try (TestGuest guest = new TestGuest(listening());
        Carrier carrier = guest.attachCarrier();
        Socket client = new Socket("127.0.0.1", guest.localPort(3))) {
      client.setSoTimeout(180_000);
      assertThat(guest.call(SOCK_ACCEPT, 3, 0, RESULT)).isZero();
      int connection = guest.int32(RESULT);
      guest.vectors(IOVECS, BUFFER, 3);
      Invocation receive = guest.start(SOCK_RECV, connection, IOVECS, 1, 0, RESULT, RESULT_FLAGS);
      assertThat(receive.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      // The poller has seen this wait once somebody else was served who came later.
      assertThat(Poller.shared().await(guest.hostDescriptor(connection), PollFd.OUT).join())
          .isTrue();
      assertThat(guest.call(FD_CLOSE, connection)).isZero();
      // The kernel keeps a socket while somebody polls it.
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(finish(receive, carrier)).isEqualTo(WasiErrno.BADF);
    }
  }

  @Test
  void anEndedCallWaitsForNothing() throws IOException {
    int before = Poller.shared().waiting();
    try (TestGuest guest = new TestGuest(listening());
        Carrier carrier = guest.attachCarrier()) {
      Invocation accept = guest.start(SOCK_ACCEPT, 3, 0, RESULT);
      assertThat(accept.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      subscribe(guest, 0, 0, WasiClock.MONOTONIC, HOUR_NANOS);
      subscribe(guest, 1, 1, 3, 0);
      Invocation poll = guest.start(POLL_ONEOFF, SUBSCRIPTIONS, EVENTS, 2, RESULT);
      assertThat(poll.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      assertThat(Poller.shared().waiting()).isEqualTo(before + 2);
      poll.cancel("enough");
      assertThat(poll.runSlice(carrier)).isEqualTo(SliceOutcome.TRAPPED);
      assertThat(poll.trap().kind()).isEqualTo(TrapKind.CANCELLED);
      accept.drop("enough");
      assertThat(Poller.shared().waiting()).isEqualTo(before);
    }
  }

  @Test
  void theDeadlineEndsEveryWaitOfAPlainCall() throws IOException {
    try (PipedOutputStream never = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(never);
        TestGuest guest = new TestGuest(listening().stdin(in))) {
      guest.vectors(IOVECS, BUFFER, 50);
      subscribe(guest, 0, 0, WasiClock.MONOTONIC, HOUR_NANOS);
      assertEndsInTime(guest, POLL_ONEOFF, SUBSCRIPTIONS, EVENTS, 1, RESULT);
      assertEndsInTime(guest, SOCK_ACCEPT, 3, 0, RESULT);
      assertEndsInTime(guest, FD_READ, 0, IOVECS, 1, RESULT);
      // What comes for a call that has ended is there for the next.
      guest.store().clearDeadline();
      never.write('x');
      assertThat(guest.call(FD_READ, 0, IOVECS, 1, RESULT)).isZero();
      assertThat(guest.text(BUFFER, guest.int32(RESULT))).isEqualTo("x");
    }
  }

  private static void assertEndsInTime(TestGuest guest, WasiFunction function, long... arguments) {
    guest.store().deadlineIn(Duration.ofMillis(10));
    assertThatThrownBy(() -> guest.call(function, arguments))
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> assertThat(trap.kind()).isEqualTo(TrapKind.DEADLINE_EXCEEDED));
  }

  @Test
  void aBlockingStreamDoesNotHoldTheCarrier() throws IOException {
    try (PipedOutputStream later = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(later);
        TestGuest guest = new TestGuest(WasiContext.builder().stdin(in));
        Carrier carrier = guest.attachCarrier()) {
      guest.vectors(IOVECS, BUFFER, 50);
      Invocation read = guest.start(FD_READ, 0, IOVECS, 1, RESULT);
      assertThat(read.runSlice(carrier)).isEqualTo(SliceOutcome.PARKED);
      later.write("late".getBytes(UTF_8));
      later.flush();
      assertThat(finish(read, carrier)).isZero();
      assertThat(guest.text(BUFFER, guest.int32(RESULT))).isNotEmpty();
      assertThat(read.results()).containsExactly(Value.i32(0));
    }
  }
}
