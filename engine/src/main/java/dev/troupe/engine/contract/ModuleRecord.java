package dev.troupe.engine.contract;

/**
 * Offsets in the record through which the fault handler finds a module's traps. The code region is
 * cut into granules; a table in native memory holds, per granule, the address of the record of the
 * module whose text lies there, or 0. A module owns whole granules. Records never change after a
 * release store has published them.
 */
public final class ModuleRecord {
  /** Address of the first byte of text, u64. */
  public static final int TEXT_BASE = 0;

  /** Address after the last byte of text, u64. */
  public static final int TEXT_END = TEXT_BASE + Long.BYTES;

  /** Number of instructions that may trap, u64. */
  public static final int TRAP_COUNT = TEXT_END + Long.BYTES;

  /** Address of their offsets from {@link #TEXT_BASE}: u32 each, ascending; u64. */
  public static final int TRAP_OFFSETS = TRAP_COUNT + Long.BYTES;

  /** Address of their {@link TrapKind} ordinals: u8 each, in the same order; u64. */
  public static final int TRAP_KINDS = TRAP_OFFSETS + Long.BYTES;

  /** Size, bytes. */
  public static final int SIZE_BYTES = TRAP_KINDS + Long.BYTES;

  /** Binary logarithm of {@link #GRANULE_BYTES}. */
  public static final int GRANULE_SHIFT = 16;

  /** Bytes of code region per entry of the granule table. */
  public static final int GRANULE_BYTES = 1 << GRANULE_SHIFT;

  private ModuleRecord() {}
}
