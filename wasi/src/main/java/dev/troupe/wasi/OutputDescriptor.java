package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.io.IOException;
import java.io.OutputStream;

/** A Java stream that the guest writes. */
final class OutputDescriptor extends Descriptor {
  private static final int BUFFER_BYTES = 8192;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  OutputDescriptor(OutputStream out) {
    super(FileType.UNKNOWN, 0, Rights.STREAM & ~Rights.FD_READ, 0);
    this.out = out;
  }

  @Override
  long read(long address, long bytes) {
    throw WasiError.of(WasiErrno.BADF);
  }

  @Override
  long write(long address, long bytes) {
    try {
      for (long done = 0; done < bytes; ) {
        int count = (int) Math.min(bytes - done, buffer.length);
        RawMemory.copyOut(address + done, buffer, 0, count);
        out.write(buffer, 0, count);
        done += count;
      }
      return bytes;
    } catch (IOException e) {
      throw WasiError.of(WasiErrno.IO);
    }
  }

  @Override
  void sync() {
    try {
      out.flush();
    } catch (IOException e) {
      throw WasiError.of(WasiErrno.IO);
    }
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
