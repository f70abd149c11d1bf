package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A Java stream that the guest reads. What the stream has at hand is read at once; where reading
 * may block, a virtual thread reads into a buffer of ours, and the guest is parked. That thread
 * touches nothing of the guest, so it may outlive the call.
 */
final class InputDescriptor extends Descriptor {
  private static final int BUFFER_BYTES = 8192;

  /** In place of a number of bytes. */
  private static final int FAILED = -2;

  private final InputStream in;
  private final byte[] buffer;
  private int next;
  private int end;
  private boolean over;

  /** Whether nothing comes behind the buffer. */
  private boolean last;

  /** Whether the stream has failed, and the guest has not been told yet. */
  private boolean failed;

  /** A read on its way: how many bytes it brings. Then it owns stream and buffer. */
  private @Nullable CompletableFuture<Integer> filling;

  /** Those who wait for it; a wait that is over leaves nothing behind. */
  private final WaitSet waits = new WaitSet();

  InputDescriptor(InputStream in) {
    this(in, new byte[BUFFER_BYTES]);
  }

  private InputDescriptor(InputStream in, byte[] buffer) {
    super(FileType.UNKNOWN, 0, Rights.STREAM & ~Rights.FD_WRITE, 0);
    this.in = in;
    this.buffer = buffer;
  }

  /** These bytes and no more. */
  static InputDescriptor of(byte[] bytes) {
    InputDescriptor all = new InputDescriptor(InputStream.nullInputStream(), bytes);
    all.end = bytes.length;
    all.last = true;
    return all;
  }

  @Override
  long read(long address, long bytes) {
    if (bytes == 0) {
      return 0;
    }
    if (!fill()) {
      throw WasiError.of(WasiErrno.AGAIN);
    }
    if (failed) {
      failed = false;
      throw WasiError.of(WasiErrno.IO);
    }
    int count = (int) Math.min(bytes, end - next);
    RawMemory.copyIn(buffer, next, address, count);
    next += count;
    return count;
  }

  /** Whether there is something to tell: bytes, the end or a failure. */
  private boolean fill() {
    CompletableFuture<Integer> finished = filling;
    if (finished != null) {
      if (!finished.isDone()) {
        return false;
      }
      filling = null;
      take(finished.join());
    }
    over |= last && next == end;
    if (next == end && !over && !failed) {
      try {
        if (in.available() > 0) {
          take(in.read(buffer));
        }
      } catch (IOException e) {
        failed = true;
      }
    }
    return next < end || over || failed;
  }

  private void take(int count) {
    next = 0;
    end = Math.max(0, count);
    over = count == -1;
    failed = count == FAILED;
  }

  @Override
  boolean isReady(boolean forReading) {
    return !forReading || fill();
  }

  @Override
  CompletableFuture<Boolean> whenReady(boolean forReading) {
    if (isReady(forReading)) {
      return CompletableFuture.completedFuture(Boolean.TRUE);
    }
    CompletableFuture<Integer> reading = filling;
    if (reading == null) {
      CompletableFuture<Integer> begun = new CompletableFuture<>();
      filling = begun;
      reading = begun;
      Thread _ = Thread.ofVirtual().name("troupe-wasi-input").start(() -> readInto(begun));
    }
    // Whoever does not wait any more does not end the read.
    CompletableFuture<Boolean> wait = waits.add();
    if (reading.isDone()) {
      // Perhaps after the others were woken.
      WaitSet.wake(waits.drain());
    }
    return wait;
  }

  private void readInto(CompletableFuture<Integer> result) {
    int count = FAILED;
    try {
      count = in.read(buffer);
    } catch (IOException | RuntimeException e) {
      // The guest finds an error number.
    } finally {
      boolean _ = result.complete(count);
      WaitSet.wake(waits.drain());
    }
  }

  /** Waits that have not ended. */
  int waiting() {
    return waits.size();
  }

  @Override
  long readable() {
    return (long) end - next;
  }

  @Override
  long write(long address, long bytes) {
    throw WasiError.of(WasiErrno.BADF);
  }

  @Override
  void sync() {
    // Nothing was written.
  }

  @Override
  void filestat(long address) {
    FileStatWriter.write(address, type());
  }

  @Override
  void close() {
    // The stream belongs to the host.
  }
}
