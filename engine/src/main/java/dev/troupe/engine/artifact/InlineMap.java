package dev.troupe.engine.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Which code belongs to inlined calls: section {@code .troupe.inlines}.
 *
 * <pre>
 * u32 call count
 * per call: u32 number of the call around it + 1 or 0, u32 byte offset in the module of the call
 *           instruction, u32 index of the function called
 * the map from text offsets to call + 1, or 0 for none, as a {@link ChunkedTable}
 * </pre>
 *
 * A call has a larger number than the one around it. An entry covers the code up to the next entry.
 */
public final class InlineMap {
  /** No inlined call. */
  public static final int NONE = -1;

  /** Of code without inlined calls. */
  public static final InlineMap EMPTY =
      of(new int[0], new int[0], new int[0], new int[0], new int[0]);

  private static final String SECTION = ".troupe.inlines";
  private static final int CALL_BYTES = 12;

  private final byte[] bytes;
  private final ByteBuffer words;
  private final ChunkedTable table;

  private InlineMap(byte[] bytes, ChunkedTable table) {
    this.bytes = bytes;
    this.words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.table = table;
  }

  /**
   * Encodes a map.
   *
   * @param textOffsets offsets in the text, strictly ascending
   * @param calls the inlined call of the code from there on, or {@link #NONE}
   * @param parents per call: the call around it, or {@link #NONE}
   * @param callOffsets per call: its byte offset in the module
   * @param functions per call: the function called, in the function index space
   */
  public static InlineMap of(
      int[] textOffsets, int[] calls, int[] parents, int[] callOffsets, int[] functions) {
    int[] values = new int[calls.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = calls[i] + 1;
    }
    ChunkedTable table = ChunkedTable.encode(textOffsets, values, SECTION);
    byte[] tableBytes = table.bytes();
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES + parents.length * CALL_BYTES + tableBytes.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(parents.length);
    for (int c = 0; c < parents.length; c++) {
      out.putInt(parents[c] + 1).putInt(callOffsets[c]).putInt(functions[c]);
    }
    out.put(tableBytes);
    return new InlineMap(out.array(), table);
  }

  /**
   * Wraps encoded bytes after checking all of them.
   *
   * @param functionCount of the module
   */
  static InlineMap decode(byte[] bytes, int textBytes, int functionCount) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int count = bytes.length < Integer.BYTES ? -1 : words.getInt();
    if (count < 0 || count > words.remaining() / CALL_BYTES) {
      throw ArtifactException.corrupt(SECTION, "call count " + count);
    }
    for (int c = 0; c < count; c++) {
      int around = words.getInt();
      int offset = words.getInt();
      int function = words.getInt();
      if (around < 0 || around > c || offset < 0 || function < 0 || function >= functionCount) {
        throw ArtifactException.corrupt(SECTION, "call " + c);
      }
    }
    byte[] rest = new byte[words.remaining()];
    words.get(rest);
    ChunkedTable table = ChunkedTable.decode(rest, SECTION);
    table.forEach((offset, value) -> {
      if (offset >= textBytes || value > count) {
        throw ArtifactException.corrupt(SECTION, "call " + value + " at offset " + offset);
      }
    });
    return new InlineMap(bytes, table);
  }

  /** The number of inlined calls. */
  public int callCount() {
    return words.getInt(0);
  }

  /**
   * The innermost inlined call that the code at {@code textOffset} belongs to, or {@link #NONE}.
   */
  public int call(int textOffset) {
    return Math.max(table.floor(textOffset), 0) - 1;
  }

  /** The inlined call around {@code call}, or {@link #NONE}. */
  public int parent(int call) {
    return field(call, 0) - 1;
  }

  /** Byte offset in the module of the call instruction. */
  public int callOffset(int call) {
    return field(call, 1);
  }

  /** The function called, in the function index space. */
  public int function(int call) {
    return field(call, 2);
  }

  private int field(int call, int field) {
    return words.getInt(Integer.BYTES + call * CALL_BYTES + field * Integer.BYTES);
  }

  byte[] bytes() {
    return bytes;
  }
}
