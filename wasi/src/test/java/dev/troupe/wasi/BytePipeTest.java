package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
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
}
