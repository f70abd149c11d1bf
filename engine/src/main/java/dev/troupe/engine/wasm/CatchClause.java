package dev.troupe.engine.wasm;

/**
 * One clause of a {@code try_table} (section 2.4.8).
 *
 * @param tag the index of the tag that it catches, or {@link #ANY}
 * @param wantsReference whether the label gets a reference to the exception, last
 * @param label where to, relative to the block around the {@code try_table}
 */
public record CatchClause(int tag, boolean wantsReference, int label) {
  /** Catches everything. */
  public static final int ANY = -1;

  /** {@linkplain InstructionReader#listItem Items} that a clause takes. */
  public static final int LIST_ITEMS = 3;

  /** The clause at a position of the reader's list, a multiple of {@link #LIST_ITEMS}. */
  public static CatchClause read(InstructionReader reader, int position) {
    int kind = reader.listItem(position);
    return new CatchClause(
        reader.listItem(position + 1), (kind & 1) != 0, reader.listItem(position + 2));
  }

  /** Whether it catches exceptions of any tag. */
  public boolean catchesAll() {
    return tag == ANY;
  }
}
