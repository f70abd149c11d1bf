package dev.troupe.engine.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the frames of functions hold references at safepoints, section {@code .troupe.stackmap}. A
 * safepoint is named by the return address of its call; one without an entry has no references.
 *
 * <pre>
 * empty, or:
 * u32 bytes of the table
 * the table as {@link ChunkedTable}: text offset to the position of its map in the maps
 * maps, each different from the others: varint count, varint first word, varint distance to the next word...
 * </pre>
 *
 * A word is 8 bytes; words count from the stack pointer behind the call.
 */
public final class StackMaps {
  private static final String SECTION = ".troupe.stackmap";
  private static final int[] NO_WORDS = {};

  /** No references anywhere. */
  public static final StackMaps EMPTY = of(new int[0], List.of());

  private final byte[] bytes;
  private final ChunkedTable table;
  private final Map<Integer, int[]> maps;

  private StackMaps(byte[] bytes, ChunkedTable table, Map<Integer, int[]> maps) {
    this.bytes = bytes;
    this.table = table;
    this.maps = maps;
  }

  /**
   * Encodes maps.
   *
   * @param textOffsets return addresses in the text, strictly ascending
   * @param words for each of them at least one word, strictly ascending
   */
  public static StackMaps of(int[] textOffsets, List<int[]> words) {
    Map<List<Integer>, Integer> positions = new HashMap<>();
    Map<Integer, int[]> maps = new HashMap<>();
    WireWriter pool = new WireWriter();
    int[] values = new int[textOffsets.length];
    for (int i = 0; i < values.length; i++) {
      int[] map = words.get(i);
      List<Integer> key = Arrays.stream(map).boxed().toList();
      Integer known = positions.get(key);
      if (known == null) {
        known = pool.size();
        positions.put(key, known);
        maps.put(known, map);
        pool.varint(map.length);
        for (int k = 0; k < map.length; k++) {
          pool.varint(k == 0 ? map[0] : map[k] - map[k - 1]);
        }
      }
      values[i] = known;
    }
    ChunkedTable table = ChunkedTable.encode(textOffsets, values, SECTION);
    if (values.length == 0) {
      return new StackMaps(new byte[0], table, maps);
    }
    byte[] tableBytes = table.bytes();
    byte[] poolBytes = pool.toByteArray();
    ByteBuffer all =
        ByteBuffer.allocate(Integer.BYTES + tableBytes.length + poolBytes.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    all.putInt(tableBytes.length).put(tableBytes).put(poolBytes);
    return new StackMaps(all.array(), table, maps);
  }

  /**
   * Checks everything: what names a word outside of its frame would let a collector write there.
   */
  static StackMaps decode(byte[] bytes, int textBytes, FunctionTable functions) {
    if (bytes.length == 0) {
      return EMPTY;
    }
    ByteBuffer reader = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int tableBytes = bytes.length < Integer.BYTES ? -1 : reader.getInt();
    if (tableBytes < 0 || tableBytes > reader.remaining()) {
      throw ArtifactException.corrupt(SECTION, "table of " + tableBytes + " bytes");
    }
    byte[] tablePart = new byte[tableBytes];
    reader.get(tablePart);
    ChunkedTable table = ChunkedTable.decode(tablePart, SECTION);
    Map<Integer, int[]> maps = new HashMap<>();
    int start = reader.position();
    while (reader.hasRemaining()) {
      maps.put(reader.position() - start, map(reader));
    }
    List<int[]> used = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    table.forEach((offset, position) -> {
      int[] map = maps.get(position);
      int function = offset > 0 && offset <= textBytes ? functions.at(offset - 1) : -1;
      if (map == null
          || function < 0
          || (map[map.length - 1] + 1L) * Long.BYTES > functions.frameBytes(function)) {
        throw ArtifactException.corrupt(SECTION, "map of the safepoint at " + offset);
      }
      offsets.add(offset);
      used.add(map);
    });
    StackMaps decoded = of(offsets.stream().mapToInt(Integer::intValue).toArray(), used);
    if (!Arrays.equals(decoded.bytes, bytes)) {
      throw ArtifactException.corrupt(SECTION, "unexpected content");
    }
    return decoded;
  }

  private static int varint(ByteBuffer reader) {
    long result = 0;
    for (int shift = 0; shift < 35 && reader.hasRemaining(); shift += 7) {
      byte b = reader.get();
      result |= (b & 0x7FL) << shift;
      if (b >= 0 && result <= Integer.MAX_VALUE) {
        return (int) result;
      }
    }
    throw ArtifactException.corrupt(SECTION, "a number is cut off or too large");
  }

  private static int[] map(ByteBuffer reader) {
    int count = varint(reader);
    if (count <= 0 || count > reader.remaining()) {
      throw ArtifactException.corrupt(SECTION, "map of " + count + " words");
    }
    int[] words = new int[count];
    long word = -1;
    for (int k = 0; k < count; k++) {
      int distance = varint(reader);
      word = k == 0 ? distance : word + distance;
      if (word < 0 || word > Integer.MAX_VALUE / Long.BYTES || k > 0 && distance <= 0) {
        throw ArtifactException.corrupt(SECTION, "word of a map");
      }
      words[k] = (int) word;
    }
    return words;
  }

  /** Number of safepoints with references. */
  public int count() {
    return table.count();
  }

  /**
   * The words that hold references when control returns to {@code textOffset}; not to be changed.
   */
  public int[] words(int textOffset) {
    int position = table.exact(textOffset);
    if (position < 0) {
      return NO_WORDS;
    }
    int[] map = maps.get(position);
    if (map == null) {
      throw new IllegalStateException("stack map without contents");
    }
    return map;
  }

  byte[] bytes() {
    return bytes;
  }
}
