package dev.troupe.engine.contract;

/** Offsets in a memory definition: where a linear memory is and how long. */
public final class MemoryDef {
  /** Address of byte 0, u64. Never changes while the memory lives. */
  public static final int BASE = 0;

  /** Current length in bytes, u64. Only grows. */
  public static final int BYTE_LENGTH = BASE + Long.BYTES;

  /** Size, bytes. */
  public static final int SIZE_BYTES = BYTE_LENGTH + Long.BYTES;

  private MemoryDef() {}
}
