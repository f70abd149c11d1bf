package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A pipe gives the bytes that were put in, in order, and tells both ends when to go on. */
class BytePipeTest {
  @Test
  void bytesComeOutInOrder() {
    Random random = new Random(5);
    BytePipe pipe = BytePipe.withCapacity(10_000);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] buffer = new byte[6000];
    for (int i = 0; i < 2000; i++) {
      int length = random.nextInt(buffer.length);
      if (random.nextBoolean()) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        written.write(bytes, 0, pipe.write(bytes, 0, length));
      } else {
        int count = pipe.read(buffer, 0, length);
        read.write(buffer, 0, Math.max(0, count));
      }
      assertThat(pipe.bytes()).isEqualTo(written.size() - read.size()).isLessThanOrEqualTo(10_000);
      assertThat(pipe.hasRoom()).isEqualTo(pipe.bytes() < 10_000);
    }
    pipe.end();
    for (int count = 0; count >= 0; count = pipe.read(buffer, 0, buffer.length)) {
      read.write(buffer, 0, count);
    }
    assertThat(read.toByteArray()).isEqualTo(written.toByteArray());
    assertThatThrownBy(() -> pipe.write(buffer, 0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> BytePipe.withCapacity(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bothEndsAreTold() {
    BytePipe pipe = BytePipe.withCapacity(2);
    byte[] bytes = {1, 2, 3};
    CompletableFuture<Boolean> readable = pipe.readable();
    CompletableFuture<Boolean> forgotten = pipe.readable();
    assertThat(forgotten.cancel(false)).isTrue();
    assertThat(readable).isNotDone();
    assertThat(pipe.write(bytes, 0, 3)).isEqualTo(2);
    assertThat(readable).isCompleted();
    assertThat(pipe.readable()).isCompleted();
    CompletableFuture<Boolean> writable = pipe.writable();
    assertThat(pipe.write(bytes, 2, 1)).isZero();
    assertThat(writable).isNotDone();
    assertThat(pipe.read(bytes, 0, 1)).isEqualTo(1);
    assertThat(writable).isCompleted();
    assertThat(pipe.read(bytes, 0, 3)).isEqualTo(1);
    assertThat(pipe.read(bytes, 0, 3)).isZero();
    CompletableFuture<Boolean> end = pipe.readable();
    pipe.end();
    assertThat(end).isCompleted();
    assertThat(pipe.read(bytes, 0, 3)).isEqualTo(-1);
  }

  @Test
  void aWriterWithoutAReaderIsNotHeldUp() {
    BytePipe pipe = BytePipe.withCapacity(1);
    assertThat(pipe.write(new byte[1], 0, 1)).isEqualTo(1);
    CompletableFuture<Boolean> writable = pipe.writable();
    pipe.closeReader();
    assertThat(writable).isCompleted();
    assertThat(pipe.isReaderGone()).isTrue();
    assertThat(pipe.write(new byte[9], 0, 9)).isEqualTo(9);
    assertThat(pipe.bytes()).isZero();
  }

  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuch(long total) {
      super("wanted " + total);
    }
  }

  @Test
  void aGuestWritesUpToTheBoundAndIsStoppedBehindIt() {
    BytePipe pipe = BytePipe.withCapacity(4);
    pipe.limitGuest(6, TooMuch::new);
    byte[] read = new byte[8];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_BYTE, new byte[] {1, 2, 3, 4, 5});
      assertThat(pipe.writeFrom(source.address(), 5)).as("no more fits").isEqualTo(4);
      assertThat(pipe.writeFrom(source.address(), 1)).as("it waits").isZero();
      assertThat(pipe.read(read, 0, 8)).isEqualTo(4);
      assertThatThrownBy(() -> pipe.writeFrom(source.address(), 3))
          .isInstanceOf(TooMuch.class)
          .hasMessage("wanted 7");
      assertThat(pipe.read(read, 0, 8)).as("what is within").isEqualTo(2);
      assertThat(pipe.writeFrom(source.address(), 0)).isZero();
      assertThatThrownBy(() -> pipe.writeFrom(source.address(), 1)).isInstanceOf(TooMuch.class);
      assertThat(pipe.written()).isEqualTo(6);
      pipe.limitGuest(8, TooMuch::new);
      assertThat(pipe.writeFrom(source.address(), 2)).isEqualTo(2);
      pipe.limitGuest(3, TooMuch::new);
      assertThatThrownBy(() -> pipe.writeFrom(source.address(), 1))
          .isInstanceOf(TooMuch.class)
          .hasMessage("wanted 9");
    }
  }
}
