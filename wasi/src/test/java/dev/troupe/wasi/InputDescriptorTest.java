package dev.troupe.wasi;

import static dev.troupe.wasi.WasiFunction.FD_READ;
import static dev.troupe.wasi.WasiFunction.POLL_ONEOFF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Java streams that a guest reads: waits that end before there is something, and failures. */
@Timeout(600)
class InputDescriptorTest {
  private static final int SUBSCRIPTION = 1000;
  private static final int EVENT = 3000;
  private static final int RESULT = 64;

  /** Fails once, and is at its end then. */
  private static final class Failing extends InputStream {
    private final Throwable failure;
    private boolean told;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      if (told) {
        return -1;
      }
      told = true;
      switch (failure) {
        case IOException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
    }
  }

  @Test
  void waitsThatAreOverLeaveNothing() throws IOException {
    try (PipedOutputStream never = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(never)) {
      InputDescriptor descriptor = new InputDescriptor(in);
      CompletableFuture<Boolean> wait = descriptor.whenReady(true);
      for (int i = 0; i < 1000; i++) {
        assertThat(descriptor.whenReady(true).cancel(false)).isTrue();
      }
      assertThat(descriptor.waiting()).isEqualTo(1);
      never.write('x');
      never.flush();
      assertThat(wait.join()).isTrue();
      assertThat(descriptor.waiting()).isZero();
      assertThat(descriptor.whenReady(true)).isCompletedWithValue(true);
      assertThat(descriptor.readable()).isEqualTo(1);
    }
  }

  @Test
  void aFailureIsThereForWhoReads() throws IOException {
    for (Throwable failure :
        new Throwable[] {new IOException("broken"), new StackOverflowError()}) {
      failure.setStackTrace(new StackTraceElement[0]);
      try (TestGuest guest = new TestGuest(WasiContext.builder().stdin(new Failing(failure)))) {
        // The guest asks whether it can read before it does.
        guest.memory().putInt(SUBSCRIPTION + 8, 1);
        assertThat(guest.call(POLL_ONEOFF, SUBSCRIPTION, EVENT, 1, RESULT)).isZero();
        assertThat(guest.int32(RESULT)).isEqualTo(1);
        assertThat(guest.call(POLL_ONEOFF, SUBSCRIPTION, EVENT, 1, RESULT)).isZero();
        guest.vectors(0, 100, 10);
        assertThat(guest.call(FD_READ, 0, 0, 1, RESULT)).isEqualTo(WasiErrno.IO);
        assertThat(guest.call(FD_READ, 0, 0, 1, RESULT)).isZero();
        assertThat(guest.int32(RESULT)).as("the end").isZero();
      }
    }
  }

  @Test
  void nobodyWritesToIt() {
    InputDescriptor descriptor = InputDescriptor.of(new byte[] {1});
    assertThatThrownBy(() -> descriptor.write(0, 1)).isInstanceOf(WasiError.class);
    assertThat(descriptor.isReady(false)).isTrue();
  }
}
