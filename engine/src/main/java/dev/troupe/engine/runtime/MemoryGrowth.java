package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.MemoryType;

/** What own and shared linear memories have in common: how far they grow, and what is inside. */
final class MemoryGrowth {
  static final long REFUSED = -1;

  private MemoryGrowth() {}

  /**
   * Makes {@code delta} more pages (unsigned) accessible and has them paid for. Publishing the new
   * length is left to the caller, who excludes everybody else who grows the memory.
   *
   * @param length present length, bytes
   * @return the new length in bytes, or {@link #REFUSED} when the type, the payer or the system
   *     refuses; nothing has changed then
   */
  static long grow(
      MemoryType declared, LinearMemory memory, long length, long delta, GrowthGate payer) {
    int log2 = declared.pageSizeLog2();
    long maximum = memory.maximumBytes() >>> log2;
    long declaredMaximum = declared.limits().maxOr(declared.mostPages());
    if (Long.compareUnsigned(maximum, declaredMaximum) > 0) {
      maximum = declaredMaximum;
    }
    if (Long.compareUnsigned(delta, maximum - (length >>> log2)) > 0) {
      return REFUSED;
    }
    long added = delta << log2;
    if (added == 0) {
      return length;
    }
    if (!payer.tryGrow(added)) {
      return REFUSED;
    }
    long accessible = MemorySizing.accessibleBytes(length + added);
    if (accessible > memory.byteLength() && !memory.grow(accessible)) {
      payer.giveBack(added);
      return REFUSED;
    }
    return length + added;
  }

  /** Whether {@code length} bytes at {@code offset} (both unsigned) are within {@code size}. */
  static boolean contains(long size, long offset, long length) {
    return Long.compareUnsigned(length, size) <= 0
        && Long.compareUnsigned(offset, size - length) <= 0;
  }
}
