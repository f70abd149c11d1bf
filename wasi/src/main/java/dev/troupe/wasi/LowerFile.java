package dev.troupe.wasi;

import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.RawMemory;
import java.lang.foreign.Arena;

/**
 * The contents of a file of the host under a file in memory: what no page in memory has replaced.
 * Open from the first read until the file in memory is closed.
 */
final class LowerFile {
  private static final int CLOSED = -1;

  private final HostLayer layer;
  private final String path;
  private long bytes;
  private int descriptor = CLOSED;

  LowerFile(HostLayer layer, String path, long bytes) {
    this.layer = layer;
    this.path = path;
    this.bytes = bytes;
  }

  /** What is behind this length has been cut off. */
  void cut(long length) {
    bytes = Math.min(bytes, length);
  }

  /** Reads a range; what the file does not have is zero. */
  void read(long address, int count, long offset) {
    int there = (int) Math.max(0, Math.min(count, bytes - offset));
    int done = 0;
    while (done < there) {
      if (descriptor == CLOSED) {
        descriptor = layer.open(path, 0);
      }
      long part =
          WasiError.checkHost(
              FileCalls.readAt(descriptor, address + done, there - done, offset + done));
      if (part == 0) {
        // Somebody has made it shorter since.
        break;
      }
      done += (int) part;
    }
    RawMemory.fill(address + done, count - done, (byte) 0);
  }

  /** The same, to a new array. */
  byte[] page(int count, long offset) {
    byte[] page = new byte[count];
    if (offset < bytes) {
      try (Arena arena = Arena.ofConfined()) {
        long address = arena.allocate(count).address();
        read(address, count, offset);
        RawMemory.copyOut(address, page, 0, count);
      }
    }
    return page;
  }

  /** Closes it until the next read. */
  void close() {
    if (descriptor != CLOSED) {
      long unused = FileCalls.close(descriptor);
      descriptor = CLOSED;
    }
  }
}
