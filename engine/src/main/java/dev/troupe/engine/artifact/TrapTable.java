package dev.troupe.engine.artifact;

import dev.troupe.engine.contract.TrapKind;

/** Which instructions may trap, and how: section {@code .troupe.traps}. */
public final class TrapTable {
  private static final String SECTION = ".troupe.traps";

  private final ChunkedTable table;

  private TrapTable(ChunkedTable table) {
    this.table = table;
  }

  /**
   * Encodes a table.
   *
   * @param textOffsets offsets of instructions in the text, strictly ascending
   * @param kinds ordinals of their {@link TrapKind}s
   */
  public static TrapTable of(int[] textOffsets, byte[] kinds) {
    int[] values = new int[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      values[i] = TrapKind.of(kinds[i]).ordinal();
    }
    return new TrapTable(ChunkedTable.encode(textOffsets, values, SECTION));
  }

  static TrapTable decode(byte[] bytes, int textBytes) {
    ChunkedTable table = ChunkedTable.decode(bytes, SECTION);
    table.forEach((offset, kind) -> {
      if (offset >= textBytes || kind >= TrapKind.count()) {
        throw ArtifactException.corrupt(SECTION, "trap kind " + kind + " at " + offset);
      }
    });
    return new TrapTable(table);
  }

  /** The number of entries. */
  public int count() {
    return table.count();
  }

  /** The ordinal of the kind of the instruction exactly at {@code textOffset}, or -1. */
  public int kindAt(int textOffset) {
    return table.exact(textOffset);
  }

  /** All offsets, ascending. */
  public int[] offsets() {
    int[] result = new int[count()];
    int[] at = {0};
    table.forEach((offset, kind) -> result[at[0]++] = offset);
    return result;
  }

  /** The ordinals of all kinds, in the order of {@link #offsets}. */
  public byte[] kinds() {
    byte[] result = new byte[count()];
    int[] at = {0};
    table.forEach((offset, kind) -> result[at[0]++] = (byte) kind);
    return result;
  }

  byte[] bytes() {
    return table.bytes();
  }
}
