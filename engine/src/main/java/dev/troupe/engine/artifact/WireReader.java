package dev.troupe.engine.artifact;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the protobuf wire format from a slice of bytes. Every length is checked against what is
 * left of the slice before anything is allocated for it. Unknown fields are an error: format
 * versions are told apart by number, and a field nobody knows would be a byte nobody checks.
 */
final class WireReader {
  private final byte[] bytes;
  private int at;
  private final int end;
  private final String section;
  private int wireType;

  WireReader(byte[] bytes, String section) {
    this(bytes, 0, bytes.length, section);
  }

  private WireReader(byte[] bytes, int at, int end, String section) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.section = section;
  }

  ArtifactException corrupt(String what) {
    return ArtifactException.corrupt(section, what + " at offset " + at);
  }

  ArtifactException unknownField(int field) {
    return corrupt("unknown field " + field);
  }

  /** The next field number, or 0 at the end. */
  int nextField() {
    if (at == end) {
      return 0;
    }
    long tag = varint();
    wireType = (int) tag & 7;
    long field = tag >>> 3;
    if (field == 0 || field > 1 << 20) {
      throw corrupt("field number " + field);
    }
    return (int) field;
  }

  private void expect(int type) {
    if (wireType != type) {
      throw corrupt("wire type " + wireType + " instead of " + type);
    }
  }

  /** An unsigned integer of at most 31 bits. */
  int uint31() {
    expect(WireWriter.VARINT);
    return toInt(varint());
  }

  /** An unsigned integer of 64 bits. */
  long uint64() {
    expect(WireWriter.VARINT);
    return varint();
  }

  /** A zigzag integer. */
  long sint() {
    long raw = uint64();
    return raw >>> 1 ^ -(raw & 1);
  }

  boolean bool() {
    long value = uint64();
    if (value != 1) {
      throw corrupt("boolean " + value);
    }
    return true;
  }

  int fixed32() {
    expect(WireWriter.FIXED32);
    need(4);
    int value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (bytes[at++] & 0xFF) << shift;
    }
    return value;
  }

  long fixed64() {
    expect(WireWriter.FIXED64);
    need(8);
    long value = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      value |= (bytes[at++] & 0xFFL) << shift;
    }
    return value;
  }

  String string() {
    expect(WireWriter.BYTES);
    int length = toInt(varint());
    need(length);
    try {
      String value =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, at, length))
              .toString();
      at += length;
      return value;
    } catch (CharacterCodingException e) {
      throw corrupt("a string that is not UTF-8");
    }
  }

  /** The embedded message, as a reader of its own. */
  WireReader message() {
    expect(WireWriter.BYTES);
    int length = toInt(varint());
    need(length);
    WireReader inner = new WireReader(bytes, at, at + length, section);
    at += length;
    return inner;
  }

  /** A packed repeated field of unsigned 31-bit integers. */
  int[] packed() {
    WireReader body = message();
    int[] values = new int[Math.min(body.end - body.at, 64)];
    int count = 0;
    while (body.at < body.end) {
      if (count == values.length) {
        values = Arrays.copyOf(values, Math.min(count * 2, count + body.end - body.at));
      }
      values[count++] = body.toInt(body.varint());
    }
    return Arrays.copyOf(values, count);
  }

  private int toInt(long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw corrupt("number " + Long.toUnsignedString(value) + " is too large");
    }
    return (int) value;
  }

  private void need(int length) {
    if (length > end - at) {
      throw corrupt("length " + length + " runs past the end");
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw corrupt("a number runs past the end");
      }
      byte b = bytes[at++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw corrupt("a number of more than ten bytes");
  }
}
