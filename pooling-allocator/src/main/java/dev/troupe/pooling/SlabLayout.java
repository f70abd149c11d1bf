package dev.troupe.pooling;

/**
 * Where the slots of a memory slab are.
 *
 * <pre>
 *  |pre-guard|slot 0            |slot 1            | ... |slot n-1          |
 *            |reservation |guard|reservation |guard|     |reservation |guard|
 * </pre>
 *
 * <p>A slot's guard is the leading guard of its neighbour; only slot 0 needs one of its own. All
 * lengths are bytes and multiples of the page size.
 *
 * @param slots number of slots
 * @param slotBytes distance between slots
 * @param preGuardBytes inaccessible space before slot 0
 * @param reservationBytes what a memory may grow into
 * @param guardBytes inaccessible space behind every reservation
 */
public record SlabLayout(
    int slots, long slotBytes, long preGuardBytes, long reservationBytes, long guardBytes) {

  private static final long PAGE_BYTES = 4096;

  /**
   * The layout for slots that reserve at least {@code reservationBytes} and are followed by at
   * least {@code guardBytes}.
   *
   * @throws IllegalArgumentException when a number is negative or zero where it must not be, or the
   *     slab's length overflows
   */
  public static SlabLayout of(int slots, long reservationBytes, long guardBytes) {
    if (slots < 1 || reservationBytes < 1 || guardBytes < 0) {
      throw new IllegalArgumentException(
          "a slab needs slots and a reservation: "
              + slots
              + " slots, "
              + reservationBytes
              + " bytes reserved, "
              + guardBytes
              + " bytes guard");
    }
    try {
      long reservation = roundUp(reservationBytes);
      long guard = roundUp(guardBytes);
      long slot = Math.addExact(reservation, guard);
      SlabLayout layout = new SlabLayout(slots, slot, guard, reservation, guard);
      long total = layout.totalBytes();
      if (total <= 0) {
        throw new ArithmeticException("slab of " + total + " bytes");
      }
      return layout;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("slab exceeds 64 bits of address space", e);
    }
  }

  /** Length of the whole slab. */
  public long totalBytes() {
    return Math.addExact(preGuardBytes, Math.multiplyExact(slotBytes, (long) slots));
  }

  /** Offset of a slot's first byte from the start of the slab. */
  public long slotOffset(int slot) {
    if (slot < 0 || slot >= slots) {
      throw new IllegalArgumentException("slot " + slot + " of " + slots);
    }
    return preGuardBytes + slot * slotBytes;
  }

  private static long roundUp(long bytes) {
    return Math.addExact(bytes, PAGE_BYTES - 1) & -PAGE_BYTES;
  }
}
