package dev.troupe.engine.contract;

/** Offsets in a table definition: where its elements are and how many. */
public final class TableDef {
  /** Address of element 0, u64. Changes when the table grows. */
  public static final int ELEMENTS = 0;

  /** Number of elements, u64. */
  public static final int LENGTH = ELEMENTS + Long.BYTES;

  /** Size, bytes. */
  public static final int SIZE_BYTES = LENGTH + Long.BYTES;

  /**
   * Bytes of one element: the address of a function reference, or an external reference's handle.
   */
  public static final int ELEMENT_BYTES = Long.BYTES;

  private TableDef() {}
}
