package dev.troupe.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array with the binary format's integer encodings; also used as a stack of bytes.
 */
final class ByteSink {
  private byte[] bytes = new byte[64];
  private int size;

  int size() {
    return size;
  }

  /** Appends one byte. */
  void add(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** Appends bytes. */
  void add(byte[] values) {
    add(values, 0, values.length);
  }

  /** Appends part of an array. */
  void add(byte[] values, int offset, int length) {
    ensure(length);
    System.arraycopy(values, offset, bytes, size, length);
    size += length;
  }

  /** Appends everything another sink holds. */
  void add(ByteSink other) {
    add(other.bytes, 0, other.size);
  }

  /** Appends what another sink holds from {@code mark} on and cuts it off there. */
  void moveFrom(ByteSink other, int mark) {
    add(other.bytes, mark, other.size - mark);
    other.truncate(mark);
  }

  /** Appends an unsigned 32-bit integer as LEB128. */
  void u32(int value) {
    u64(value & 0xFFFF_FFFFL);
  }

  /** Appends an unsigned 64-bit integer as LEB128. */
  void u64(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      add((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    add((int) rest);
  }

  /** Appends a signed integer as LEB128. */
  void s64(long value) {
    long rest = value;
    while (rest < -64 || rest > 63) {
      add((int) (rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    add((int) rest & 0x7F);
  }

  /** Appends the low bytes of a value, lowest first. */
  void littleEndian(long value, int byteCount) {
    for (int i = 0; i < byteCount; i++) {
      add((int) (value >>> (8 * i)));
    }
  }

  /** Appends a length and the bytes. */
  void vector(byte[] values) {
    u32(values.length);
    add(values);
  }

  /** Appends a length and what another sink holds. */
  void vector(ByteSink other) {
    u32(other.size);
    add(other);
  }

  /** Appends a name: length and UTF-8. */
  void name(String name) {
    vector(name.getBytes(StandardCharsets.UTF_8));
  }

  void truncate(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalStateException("truncate " + size + " bytes to " + newSize);
    }
    size = newSize;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** The bytes from an offset on as a string of the same length, usable as a map key. */
  String key(int from) {
    return new String(bytes, from, size - from, StandardCharsets.ISO_8859_1);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }
}
