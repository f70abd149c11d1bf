package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * Gives spill slots to families of virtual registers: a sweep over their spans, reusing the slots
 * of families that have ended.
 */
final class SlotAssigner {
  /** Slot per family, or -1. */
  final int[] slotOf;

  private final int[] families;
  private int[] slotBytes = new int[16];
  private int slotCount;

  /** Assigns slots to the families of all virtual registers with {@code needsSlot}. */
  SlotAssigner(Input input, Pieces pieces, int[] families, boolean[] needsSlot) {
    this.families = families;
    int[] start = new int[input.vregCount];
    int[] end = new int[input.vregCount];
    int[] bytes = new int[input.vregCount];
    Arrays.fill(start, Integer.MAX_VALUE);
    for (int piece = 0; piece < pieces.count; piece++) {
      int v = pieces.vreg[piece];
      if (needsSlot[v]) {
        int family = families[v];
        start[family] = Math.min(start[family], pieces.from[piece]);
        end[family] = Math.max(end[family], pieces.to[piece]);
        bytes[family] = input.function.spillBytes(v);
        if (bytes[family] != 8 && bytes[family] != 16) {
          throw new IllegalArgumentException("spill size of virtual register " + v);
        }
      }
    }
    slotOf = new int[input.vregCount];
    Arrays.fill(slotOf, -1);
    int count = 0;
    long[] byStart = new long[input.vregCount];
    long[] byEnd = new long[input.vregCount];
    for (int family = 0; family < input.vregCount; family++) {
      if (start[family] != Integer.MAX_VALUE) {
        byStart[count] = (long) start[family] << 32 | family;
        byEnd[count++] = (long) end[family] << 32 | family;
      }
    }
    Arrays.sort(byStart, 0, count);
    Arrays.sort(byEnd, 0, count);
    sweep(byStart, byEnd, count, bytes);
  }

  private void sweep(long[] byStart, long[] byEnd, int count, int[] bytes) {
    int[][] free = new int[2][count];
    int[] freeCount = new int[2];
    int ended = 0;
    for (int k = 0; k < count; k++) {
      int family = (int) byStart[k];
      while (byEnd[ended] >> 32 <= byStart[k] >> 32) {
        int over = (int) byEnd[ended++];
        int kind = bytes[over] >> 4;
        free[kind][freeCount[kind]++] = slotOf[over];
      }
      int kind = bytes[family] >> 4;
      slotOf[family] = freeCount[kind] > 0 ? free[kind][--freeCount[kind]] : add(bytes[family]);
    }
  }

  /** A fresh slot. */
  int add(int bytes) {
    if (slotCount == slotBytes.length) {
      slotBytes = Arrays.copyOf(slotBytes, slotCount * 2);
    }
    slotBytes[slotCount] = bytes;
    return slotCount++;
  }

  int slotOfVreg(int vreg) {
    return slotOf[families[vreg]];
  }

  int count() {
    return slotCount;
  }

  /** Byte offsets: 16-byte slots first, so that all are aligned; one more element, the total. */
  int[] layout() {
    int[] offsets = new int[slotCount + 1];
    int at = 0;
    for (int pass = 16; pass >= 8; pass -= 8) {
      for (int slot = 0; slot < slotCount; slot++) {
        if (slotBytes[slot] == pass) {
          offsets[slot] = at;
          at += pass;
        }
      }
    }
    boolean wide = slotCount > 0 && Arrays.stream(slotBytes, 0, slotCount).anyMatch(b -> b == 16);
    offsets[slotCount] = wide ? at + 15 & ~15 : at;
    return offsets;
  }
}
