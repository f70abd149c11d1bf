package dev.troupe.engine.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the primitive values of the binary format, integers in their shortest form. */
public final class ByteWriter {
  private byte[] bytes = new byte[256];
  private int size;

  public int size() {
    return size;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  public ByteWriter u8(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
    return this;
  }

  public ByteWriter bytes(byte[] source, int offset, int length) {
    for (int i = 0; i < length; i++) {
      u8(source[offset + i]);
    }
    return this;
  }

  /** All that another writer has. */
  public ByteWriter append(ByteWriter other) {
    return bytes(other.bytes, 0, other.size);
  }

  public ByteWriter u32(int value) {
    return u64(Integer.toUnsignedLong(value));
  }

  public ByteWriter u64(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      u8((int) rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  /** A signed number of any width up to 64 bits. */
  public ByteWriter s64(long value) {
    long rest = value;
    while (rest < -64 || rest > 63) {
      u8((int) rest & 0x7F | 0x80);
      rest >>= 7;
    }
    return u8((int) rest & 0x7F);
  }

  public ByteWriter fixed32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      u8(value >>> shift);
    }
    return this;
  }

  public ByteWriter fixed64(long value) {
    return fixed32((int) value).fixed32((int) (value >>> 32));
  }

  public ByteWriter name(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return u32(utf8.length).bytes(utf8, 0, utf8.length);
  }

  /** The magic number and version with which a module starts. */
  public ByteWriter header() {
    return fixed32(0x6D73_6100).fixed32(1);
  }

  /** A section: id, size, contents. */
  public ByteWriter section(int id, ByteWriter contents) {
    return u8(id).sized(contents);
  }

  /** The size of some bytes, then the bytes. */
  public ByteWriter sized(ByteWriter contents) {
    return u32(contents.size).append(contents);
  }
}
