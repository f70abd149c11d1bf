package dev.troupe.wasi;

import dev.troupe.engine.Memory;
import dev.troupe.engine.os.RawMemory;

/**
 * The calling guest's memory: pointers that the guest gave become addresses here, or {@link
 * WasiErrno#FAULT}. Holds for one call.
 */
final class GuestMemory {
  private long base;
  private long length;

  /** Turns to this memory. */
  void of(Memory memory) {
    base = memory.internal().base();
    length = memory.byteLength();
  }

  /**
   * The address of {@code bytes} bytes at a pointer of the guest; they stay valid until the guest
   * runs again.
   *
   * @param bytes at least 0, below 2^62
   */
  long address(int pointer, long bytes) {
    long offset = Integer.toUnsignedLong(pointer);
    if (offset + bytes > length) {
      throw WasiError.of(WasiErrno.FAULT);
    }
    return base + offset;
  }

  void putInt(int pointer, int value) {
    RawMemory.putInt(address(pointer, Integer.BYTES), value);
  }
}
