package dev.troupe.engine.artifact;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the protobuf wire format (protobuf.dev, "Encoding") in one canonical way: fields in order
 * of their numbers, default values left out, repeated integers packed.
 */
final class WireWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private byte[] buffer = new byte[256];
  private int size;

  /** An unsigned integer or boolean field; 0 is left out. */
  void uint(int field, long value) {
    if (value != 0) {
      tag(field, VARINT);
      varint(value);
    }
  }

  /** An unsigned integer field inside a oneof: written even if 0. */
  void uintAlways(int field, long value) {
    tag(field, VARINT);
    varint(value);
  }

  /** A zigzag integer field inside a oneof: written even if 0. */
  void sintAlways(int field, long value) {
    tag(field, VARINT);
    varint(value << 1 ^ value >> 63);
  }

  void bool(int field, boolean value) {
    uint(field, value ? 1 : 0);
  }

  void fixed32Always(int field, int value) {
    tag(field, FIXED32);
    for (int shift = 0; shift < 32; shift += 8) {
      put(value >>> shift);
    }
  }

  void fixed64Always(int field, long value) {
    tag(field, FIXED64);
    for (int shift = 0; shift < 64; shift += 8) {
      put((int) (value >>> shift));
    }
  }

  /** A string field; an empty one is left out. */
  void string(int field, String value) {
    if (!value.isEmpty()) {
      repeatedString(field, value);
    }
  }

  /** One element of a repeated string field. */
  void repeatedString(int field, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    tag(field, BYTES);
    varint(bytes.length);
    raw(bytes, bytes.length);
  }

  /** An embedded message, also when empty. */
  void message(int field, WireWriter message) {
    tag(field, BYTES);
    varint(message.size);
    raw(message.buffer, message.size);
  }

  /** A packed repeated field of unsigned integers; an empty one is left out. */
  void packed(int field, int[] values) {
    if (values.length > 0) {
      WireWriter body = new WireWriter();
      for (int value : values) {
        body.varint(value & 0xFFFF_FFFFL);
      }
      message(field, body);
    }
  }

  void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      put((int) rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    put((int) rest);
  }

  private void tag(int field, int type) {
    varint((long) field << 3 | type);
  }

  void put(int value) {
    if (size == buffer.length) {
      buffer = Arrays.copyOf(buffer, size * 2);
    }
    buffer[size++] = (byte) value;
  }

  private void raw(byte[] bytes, int length) {
    if (buffer.length - size < length) {
      buffer = Arrays.copyOf(buffer, Math.max(size * 2, size + length));
    }
    System.arraycopy(bytes, 0, buffer, size, length);
    size += length;
  }

  int size() {
    return size;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }
}
