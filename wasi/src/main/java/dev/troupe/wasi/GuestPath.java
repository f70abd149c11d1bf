package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Paths from the guest: copied before use, because the guest's memory may change. */
final class GuestPath {
  /** Longest path of Linux, its NUL included. */
  static final int MOST_BYTES = 4096;

  private GuestPath() {}

  /** Copies a path to {@code target}, {@link #MOST_BYTES} bytes, and ends it by NUL. */
  static void copy(GuestMemory memory, int pointer, int length, long target) {
    long bytes = Integer.toUnsignedLong(length);
    long source = memory.address(pointer, bytes);
    if (bytes >= MOST_BYTES) {
      throw WasiError.of(WasiErrno.NAMETOOLONG);
    }
    byte[] path = new byte[length];
    RawMemory.copyOut(source, path, 0, length);
    for (byte b : path) {
      if (b == 0) {
        throw WasiError.of(WasiErrno.INVAL);
      }
    }
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path));
    } catch (CharacterCodingException e) {
      throw WasiError.of(WasiErrno.ILSEQ);
    }
    RawMemory.copyIn(path, 0, target, length);
    RawMemory.putByte(target + length, (byte) 0);
  }
}
