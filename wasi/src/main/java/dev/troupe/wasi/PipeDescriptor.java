package dev.troupe.wasi;

import java.util.concurrent.CompletableFuture;

/** The guest's end of a {@link BytePipe}. */
final class PipeDescriptor extends Descriptor {
  private final BytePipe pipe;
  private final boolean reading;

  /** The end that a guest reads from, or the one that it writes to. */
  PipeDescriptor(BytePipe pipe, boolean reading) {
    super(FileType.UNKNOWN, 0, Rights.STREAM & ~(reading ? Rights.FD_WRITE : Rights.FD_READ), 0);
    this.pipe = pipe;
    this.reading = reading;
  }

  @Override
  long read(long address, long bytes) {
    if (!reading) {
      throw WasiError.of(WasiErrno.BADF);
    }
    if (bytes == 0) {
      return 0;
    }
    long count = pipe.readTo(address, bytes);
    if (count == 0) {
      throw WasiError.of(WasiErrno.AGAIN);
    }
    return Math.max(0, count);
  }

  @Override
  long write(long address, long bytes) {
    if (reading) {
      throw WasiError.of(WasiErrno.BADF);
    }
    long count = pipe.writeFrom(address, bytes);
    if (count < 0) {
      throw WasiError.of(WasiErrno.PIPE);
    }
    if (count == 0 && bytes > 0) {
      throw WasiError.of(WasiErrno.AGAIN);
    }
    return count;
  }

  @Override
  boolean isReady(boolean forReading) {
    return forReading ? pipe.hasBytes() : pipe.hasRoom();
  }

  @Override
  CompletableFuture<Boolean> whenReady(boolean forReading) {
    return forReading ? pipe.readable() : pipe.writable();
  }

  @Override
  long readable() {
    return pipe.bytes();
  }

  @Override
  void sync() {
    // There is no device.
  }

  @Override
  void filestat(long address) {
    FileStatWriter.write(address, type());
  }

  @Override
  void close() {
    if (reading) {
      pipe.closeReader();
    } else {
      pipe.end();
    }
  }
}
