package dev.troupe.engine.artifact;

/**
 * Which byte of the WebAssembly module an instruction came from: section {@code .troupe.addrmap}.
 * An entry covers the code up to the next entry. Look return addresses up with the address minus
 * one.
 */
public final class AddressMap {
  /** The position of code that came from nowhere in particular. */
  public static final int NONE = -1;

  private static final String SECTION = ".troupe.addrmap";

  private final ChunkedTable table;
  private final InlineMap inlined;

  private AddressMap(ChunkedTable table, InlineMap inlined) {
    this.table = table;
    this.inlined = inlined;
  }

  /** Encodes a map of code without inlined calls; see {@link #of(int[], int[], InlineMap)}. */
  public static AddressMap of(int[] textOffsets, int[] wasmOffsets) {
    return of(textOffsets, wasmOffsets, InlineMap.EMPTY);
  }

  /**
   * Encodes a map.
   *
   * @param textOffsets offsets in the text, strictly ascending
   * @param wasmOffsets byte offsets in the module, or {@link #NONE}
   * @param inlined the inlined calls that code belongs to
   */
  public static AddressMap of(int[] textOffsets, int[] wasmOffsets, InlineMap inlined) {
    int[] values = new int[wasmOffsets.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = wasmOffsets[i] + 1;
    }
    return new AddressMap(ChunkedTable.encode(textOffsets, values, SECTION), inlined);
  }

  static AddressMap decode(byte[] bytes, int textBytes, InlineMap inlined) {
    ChunkedTable table = ChunkedTable.decode(bytes, SECTION);
    table.forEach((offset, value) -> {
      if (offset >= textBytes) {
        throw ArtifactException.corrupt(SECTION, "offset " + offset + " outside of the text");
      }
    });
    return new AddressMap(table, inlined);
  }

  /** The number of entries. */
  public int count() {
    return table.count();
  }

  /** The byte offset in the module for the code at {@code textOffset}, or {@link #NONE}. */
  public int wasmOffset(int textOffset) {
    int value = table.floor(textOffset);
    return value <= 0 ? NONE : value - 1;
  }

  /** The inlined calls; the byte offset is that of the innermost function. */
  public InlineMap inlined() {
    return inlined;
  }

  byte[] bytes() {
    return table.bytes();
  }
}
