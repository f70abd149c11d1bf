package dev.troupe.engine.wasm;

import java.nio.charset.StandardCharsets;

/**
 * A cursor over the primitive values of the binary format (section 5.2).
 *
 * <p>Every read may go up to the end of the array, not just of the current section or body: like
 * the reference interpreter, whose error texts the test scripts expect, the callers compare
 * positions afterwards. Reads never leave the array.
 */
public final class WasmReader {
  private final byte[] bytes;
  private final int limit;
  private int position;

  /** A cursor at {@code position} that reads at most up to {@code limit}. */
  public WasmReader(byte[] bytes, int position, int limit) {
    if (position < 0 || position > limit || limit > bytes.length) {
      throw new IllegalArgumentException("reader range " + position + ".." + limit);
    }
    this.bytes = bytes;
    this.position = position;
    this.limit = limit;
  }

  /** Offset of the next byte. */
  public int position() {
    return position;
  }

  /** Moves the cursor; the new position must be within the array's readable part. */
  public void position(int newPosition) {
    if (newPosition < 0 || newPosition > limit) {
      throw new IllegalArgumentException("position " + newPosition + " outside 0.." + limit);
    }
    position = newPosition;
  }

  /** The bytes being read. */
  public byte[] bytes() {
    return bytes;
  }

  public boolean atEnd() {
    return position >= limit;
  }

  /** Bytes that are left. */
  public int remaining() {
    return limit - position;
  }

  /** One byte, 0 to 255. */
  public int u8() {
    if (position >= limit) {
      throw unexpectedEnd();
    }
    return bytes[position++] & 0xFF;
  }

  /** The next byte without consuming it, 0 to 255. */
  public int peek() {
    if (position >= limit) {
      throw unexpectedEnd();
    }
    return bytes[position] & 0xFF;
  }

  /** Skips {@code count} bytes. */
  public void skip(int count) {
    if (count < 0 || count > limit - position) {
      throw unexpectedEnd();
    }
    position += count;
  }

  /** Unsigned LEB128 of at most 32 bits; the int holds all 32. */
  public int u32() {
    int at = position;
    if (at < limit) {
      int b = bytes[at];
      if (b >= 0) {
        position = at + 1;
        return b;
      }
    }
    return (int) unsigned(32);
  }

  /** Unsigned LEB128 of at most 64 bits. */
  public long u64() {
    return unsigned(64);
  }

  /** Signed LEB128 of at most 32 bits. */
  public int s32() {
    int at = position;
    if (at < limit) {
      int b = bytes[at];
      if (b >= 0) {
        position = at + 1;
        return b << 25 >> 25;
      }
    }
    return (int) signed(32);
  }

  /** Signed LEB128 of at most 33 bits (block types, heap types). */
  public long s33() {
    return signed(33);
  }

  /** Signed LEB128 of at most 64 bits. */
  public long s64() {
    return signed(64);
  }

  // The order of the two checks decides which text the test scripts expect.
  private long unsigned(int bits) {
    long result = 0;
    for (int shift = 0; ; shift += 7) {
      int left = bits - shift;
      if (left <= 0) {
        throw new MalformedException("integer representation too long", position);
      }
      int b = u8();
      if (left < 7 && (b & 0x7F) >= 1 << left) {
        throw new MalformedException("integer too large", position - 1);
      }
      result |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return result;
      }
    }
  }

  private long signed(int bits) {
    long result = 0;
    for (int shift = 0; ; shift += 7) {
      int left = bits - shift;
      if (left <= 0) {
        throw new MalformedException("integer representation too long", position);
      }
      int b = u8();
      if (left < 7) {
        int mask = -1 << (left - 1) & 0x7F;
        if ((b & mask) != 0 && (b & mask) != mask) {
          throw new MalformedException("integer too large", position - 1);
        }
      }
      result |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        int used = Math.min(shift + 7, 64);
        return result << (64 - used) >> (64 - used);
      }
    }
  }

  /** Four bytes, little endian. */
  public int fixed32() {
    int at = position;
    skip(4);
    return (bytes[at] & 0xFF)
        | (bytes[at + 1] & 0xFF) << 8
        | (bytes[at + 2] & 0xFF) << 16
        | bytes[at + 3] << 24;
  }

  /** Eight bytes, little endian. */
  public long fixed64() {
    long low = fixed32() & 0xFFFF_FFFFL;
    return low | (long) fixed32() << 32;
  }

  /** A count or length, which must not exceed the number of bytes left. */
  public int length() {
    int start = position;
    int value = u32();
    if (Integer.compareUnsigned(value, limit - start) > 0) {
      throw new MalformedException("length out of bounds", start);
    }
    return value;
  }

  /** A name: length, then UTF-8 of at most {@code maxBytes} bytes. */
  public String name(int maxBytes) {
    int start = position;
    int length = length();
    if (length > maxBytes) {
      throw new LimitExceededException("name too long", length, maxBytes, start);
    }
    int from = position;
    skip(length);
    if (!Utf8.isWellFormed(bytes, from, position)) {
      throw new MalformedException("malformed UTF-8 encoding", from);
    }
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  /** The error of reading past the end. */
  public MalformedException unexpectedEnd() {
    return new MalformedException("unexpected end of section or function", limit);
  }
}
