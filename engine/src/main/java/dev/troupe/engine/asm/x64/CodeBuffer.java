package dev.troupe.engine.asm.x64;

import java.util.Arrays;

/** Growing little-endian byte buffer. */
final class CodeBuffer {
  private byte[] bytes = new byte[256];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void put8(int value) {
    if (size == bytes.length) {
      grow(1);
    }
    bytes[size++] = (byte) value;
  }

  void put32(int value) {
    if (size + 4 > bytes.length) {
      grow(4);
    }
    set32(bytes, size, value);
    size += 4;
  }

  /** Puts the low {@code count} bytes of a value. */
  void putLow(long value, int count) {
    for (int i = 0; i < count; i++) {
      put8((int) (value >>> 8 * i));
    }
  }

  void put(byte[] source, int from, int length) {
    if (size + length > bytes.length) {
      grow(length);
    }
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /** The backing array; valid up to {@link #size()}. */
  byte[] array() {
    return bytes;
  }

  static void set32(byte[] target, int at, int value) {
    target[at] = (byte) value;
    target[at + 1] = (byte) (value >> 8);
    target[at + 2] = (byte) (value >> 16);
    target[at + 3] = (byte) (value >> 24);
  }

  private void grow(int extra) {
    bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, extra), bytes.length * 2));
  }
}
