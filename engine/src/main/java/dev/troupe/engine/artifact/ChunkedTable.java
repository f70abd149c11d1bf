package dev.troupe.engine.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * An ascending list of text offsets, each with a value, delta coded in chunks of {@value #CHUNK}:
 *
 * <pre>
 * u32 entry count
 * per chunk: u32 first text offset, u32 position of the chunk's entries in the data
 * data, per entry: varint (offset - previous offset; the chunk's first: 0), varint value
 * </pre>
 *
 * A lookup reads the index by binary search and decodes one chunk.
 */
final class ChunkedTable {
  static final int CHUNK = 64;
  private static final int HEADER_BYTES = 4;
  private static final int INDEX_BYTES = 8;

  private final byte[] bytes;
  private final ByteBuffer words;
  private final int count;
  private final int chunks;
  private final int dataStart;
  private final String section;

  private ChunkedTable(byte[] bytes, int count, String section) {
    this.bytes = bytes;
    this.count = count;
    this.section = section;
    chunks = (count + CHUNK - 1) / CHUNK;
    dataStart = HEADER_BYTES + chunks * INDEX_BYTES;
    words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Encodes; offsets must ascend strictly, values must not be negative. */
  static ChunkedTable encode(int[] offsets, int[] values, String section) {
    if (offsets.length != values.length) {
      throw new IllegalArgumentException(section + ": columns differ in length");
    }
    int chunks = (offsets.length + CHUNK - 1) / CHUNK;
    ByteBuffer index =
        ByteBuffer.allocate(HEADER_BYTES + chunks * INDEX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    index.putInt(offsets.length);
    WireWriter data = new WireWriter();
    int previous = -1;
    for (int i = 0; i < offsets.length; i++) {
      if (offsets[i] <= previous || values[i] < 0) {
        throw new IllegalArgumentException(section + ": entry " + i + " is out of order");
      }
      if (i % CHUNK == 0) {
        index.putInt(offsets[i]);
        index.putInt(data.size());
        data.varint(0);
      } else {
        data.varint(offsets[i] - previous);
      }
      data.varint(values[i]);
      previous = offsets[i];
    }
    byte[] bytes = new byte[index.capacity() + data.size()];
    System.arraycopy(index.array(), 0, bytes, 0, index.capacity());
    System.arraycopy(data.toByteArray(), 0, bytes, index.capacity(), data.size());
    return new ChunkedTable(bytes, offsets.length, section);
  }

  /** Wraps encoded bytes after checking all of them, so that lookups need not. */
  static ChunkedTable decode(byte[] bytes, String section) {
    if (bytes.length < HEADER_BYTES) {
      throw ArtifactException.corrupt(section, "no header");
    }
    int count = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    // An entry has at least two bytes.
    if (count < 0 || count > (bytes.length - HEADER_BYTES) / 2) {
      throw ArtifactException.corrupt(section, "entry count " + count);
    }
    long indexEnd = HEADER_BYTES + (count + (long) CHUNK - 1) / CHUNK * INDEX_BYTES;
    if (indexEnd > bytes.length) {
      throw ArtifactException.corrupt(section, "index runs past the end");
    }
    ChunkedTable table = new ChunkedTable(bytes, count, section);
    table.forEach((offset, value) -> {});
    return table;
  }

  byte[] bytes() {
    return bytes;
  }

  int count() {
    return count;
  }

  /** Receives the entries in order. */
  interface EntryVisitor {
    void entry(int offset, int value);
  }

  /** Visits all entries, checking the whole encoding. */
  void forEach(EntryVisitor visitor) {
    Cursor cursor = new Cursor();
    cursor.at = dataStart;
    int previous = -1;
    for (int i = 0; i < count; i++) {
      if (i % CHUNK == 0 && words.getInt(indexAt(i / CHUNK) + 4) != cursor.at - dataStart) {
        throw ArtifactException.corrupt(section, "index of chunk " + i / CHUNK);
      }
      cursor.next(i);
      if (cursor.offset <= previous) {
        throw ArtifactException.corrupt(section, "entry " + i + " is out of order");
      }
      previous = cursor.offset;
      visitor.entry(cursor.offset, cursor.value);
    }
    if (cursor.at != bytes.length) {
      throw ArtifactException.corrupt(section, "bytes behind the last entry");
    }
  }

  /** The value of the last entry at or before {@code offset}, or -1 if there is none. */
  int floor(int offset) {
    Cursor cursor = seek(offset);
    return cursor == null ? -1 : cursor.value;
  }

  /** The value of the entry exactly at {@code offset}, or -1 if there is none. */
  int exact(int offset) {
    Cursor cursor = seek(offset);
    return cursor == null || cursor.offset != offset ? -1 : cursor.value;
  }

  private @Nullable Cursor seek(int offset) {
    int low = 0;
    int high = chunks - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (words.getInt(indexAt(middle)) <= offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (high < 0) {
      return null;
    }
    Cursor found = new Cursor();
    found.at = dataStart + words.getInt(indexAt(high) + 4);
    int end = Math.min(count, (high + 1) * CHUNK);
    found.next(high * CHUNK);
    for (int i = high * CHUNK + 1; i < end; i++) {
      int at = found.at;
      int before = found.offset;
      int value = found.value;
      found.next(i);
      if (found.offset > offset) {
        found.at = at;
        found.offset = before;
        found.value = value;
        break;
      }
    }
    return found;
  }

  private int indexAt(int chunk) {
    return HEADER_BYTES + chunk * INDEX_BYTES;
  }

  private final class Cursor {
    int at;
    int offset;
    int value;

    void next(int entry) {
      long delta = varint();
      boolean first = entry % CHUNK == 0;
      long next = first ? words.getInt(indexAt(entry / CHUNK)) : offset + delta;
      if (first ? delta != 0 || next < 0 : next > Integer.MAX_VALUE) {
        throw ArtifactException.corrupt(section, "offset of entry " + entry);
      }
      offset = (int) next;
      value = (int) varint();
    }

    private long varint() {
      long result = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        if (at >= bytes.length) {
          throw ArtifactException.corrupt(section, "a number runs past the end");
        }
        byte b = bytes[at++];
        result |= (b & 0x7FL) << shift;
        if (b >= 0) {
          if (result > Integer.MAX_VALUE) {
            break;
          }
          return result;
        }
      }
      throw ArtifactException.corrupt(section, "a number is too large");
    }
  }
}
