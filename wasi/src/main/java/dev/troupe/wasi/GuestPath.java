package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A path from the guest: copied before use, because the guest's memory may change, and ended by
 * NUL. Holds one path at a time.
 */
final class GuestPath {
  /** Longest path of Linux, its NUL included. */
  static final int MOST_BYTES = 4096;

  private final long address;
  private int length;

  /** Keeps its path in {@link #MOST_BYTES} bytes at {@code address}. */
  GuestPath(long address) {
    this.address = address;
  }

  /** Copies a path of {@code length} bytes. */
  GuestPath read(GuestMemory memory, int pointer, int bytes) {
    long count = Integer.toUnsignedLong(bytes);
    long source = memory.address(pointer, count);
    if (count >= MOST_BYTES) {
      throw WasiError.of(WasiErrno.NAMETOOLONG);
    }
    byte[] path = new byte[bytes];
    RawMemory.copyOut(source, path, 0, bytes);
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
    RawMemory.copyIn(path, 0, address, bytes);
    RawMemory.putByte(address + bytes, (byte) 0);
    length = bytes;
    return this;
  }

  /** Where it stands. */
  long address() {
    return address;
  }

  /** Bytes, without the NUL. */
  int length() {
    return length;
  }

  /** A copy of it, without the NUL. */
  byte[] bytes() {
    byte[] copy = new byte[length];
    RawMemory.copyOut(address, copy, 0, length);
    return copy;
  }

  /** Whether it begins at the root. */
  boolean isAbsolute() {
    return length > 0 && at(0) == '/';
  }

  /** Whether a slash is behind the last name, so that only a directory is meant. */
  boolean endsWithSlash() {
    return length > 0 && at(length - 1) == '/';
  }

  /** Where the last name begins, slashes behind it apart. */
  int lastName() {
    int start = lastNameEnd();
    while (start > 0 && at(start - 1) != '/') {
      start--;
    }
    return start;
  }

  /** Where the last name ends. */
  int lastNameEnd() {
    int end = length;
    while (end > 0 && at(end - 1) == '/') {
      end--;
    }
    return end;
  }

  /** Whether the last name is {@code .} or {@code ..}. */
  boolean endsWithDots() {
    int start = lastName();
    int bytes = lastNameEnd() - start;
    return bytes > 0 && bytes <= 2 && at(start) == '.' && at(start + bytes - 1) == '.';
  }

  /**
   * Cuts it in two: what is before the last name ends by a NUL afterwards, and the last name keeps
   * one of the slashes behind it.
   *
   * @return address of the last name
   */
  long split() {
    int start = lastName();
    int end = lastNameEnd();
    if (end < length) {
      RawMemory.putByte(address + end + 1, (byte) 0);
    }
    if (start > 0) {
      RawMemory.putByte(address + start - 1, (byte) 0);
    }
    return address + start;
  }

  private byte at(int index) {
    return RawMemory.getByte(address + index);
  }
}
