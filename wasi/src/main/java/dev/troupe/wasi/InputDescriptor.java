package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.io.IOException;
import java.io.InputStream;

/** A Java stream that the guest reads. */
final class InputDescriptor extends Descriptor {
  private static final int BUFFER_BYTES = 8192;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  InputDescriptor(InputStream in) {
    super(FileType.UNKNOWN, 0, Rights.STREAM & ~Rights.FD_WRITE, 0);
    this.in = in;
  }

  @Override
  long read(long address, long bytes) {
    if (bytes == 0) {
      return 0;
    }
    try {
      int count = in.read(buffer, 0, (int) Math.min(bytes, buffer.length));
      if (count <= 0) {
        return 0;
      }
      RawMemory.copyIn(buffer, 0, address, count);
      return count;
    } catch (IOException e) {
      throw WasiError.of(WasiErrno.IO);
    }
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
