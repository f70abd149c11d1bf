package dev.troupe.engine.regalloc;

import java.util.Arrays;

/** Where each virtual register is at each point, once all bundles have locations. */
final class Placement {
  private final Input input;
  private final Pieces pieces;

  /** Pieces of vreg v are sorted[first[v]] to sorted[first[v + 1]], in order. */
  final int[] first;

  final int[] sorted;
  final boolean[] needsSlot;
  final SlotAssigner slots;

  Placement(Input input, Pieces pieces, int[] families) {
    this.input = input;
    this.pieces = pieces;
    first = new int[input.vregCount + 2];
    sorted = new int[pieces.count];
    long[] order = new long[pieces.count];
    for (int piece = 0; piece < pieces.count; piece++) {
      order[piece] = (long) pieces.from[piece] << 32 | piece;
      first[pieces.vreg[piece] + 2]++;
    }
    Arrays.sort(order);
    for (int v = 0; v < input.vregCount; v++) {
      first[v + 2] += first[v + 1];
    }
    for (long key : order) {
      int piece = (int) key;
      sorted[first[pieces.vreg[piece] + 1]++] = piece;
    }
    needsSlot = new boolean[input.vregCount];
    for (int v = 0; v < input.vregCount; v++) {
      needsSlot[v] = !input.rematerializable[v] && wantsSlot(v);
    }
    slots = new SlotAssigner(input, pieces, families, needsSlot);
  }

  private boolean wantsSlot(int v) {
    for (int k = first[v]; k < first[v + 1]; k++) {
      if (pieces.location[pieces.bundle[sorted[k]]] == Pieces.SPILLED) {
        return true;
      }
    }
    for (int e = input.entryFirst[v]; e < input.entryFirst[v + 1]; e++) {
      if ((input.entryFlags[e] & Input.NEEDS_SLOT) != 0) {
        return true;
      }
    }
    return false;
  }

  /** The location of {@code piece}; REMATERIALIZE where the value is nowhere. */
  int locationOfPiece(int piece) {
    int location = pieces.location[pieces.bundle[piece]];
    if (location == Pieces.SPILLED) {
      int v = pieces.vreg[piece];
      return input.rematerializable[v] ? Location.REMATERIALIZE : slotLocation(v);
    }
    if (location < 0) {
      throw new IllegalStateException("a bundle was left without a location");
    }
    return location;
  }

  int from(int piece) {
    return pieces.from[piece];
  }

  int to(int piece) {
    return pieces.to[piece];
  }

  int slotLocation(int vreg) {
    int slot = slots.slotOfVreg(vreg);
    if (slot < 0) {
      throw new IllegalStateException("spilled virtual register " + vreg + " has no slot");
    }
    return Location.ofSlot(slot);
  }

  boolean isLive(int vreg) {
    return first[vreg + 1] > first[vreg];
  }

  /** The location of {@code vreg} at {@code point}, at which it must be live. */
  int locationAt(int vreg, int point) {
    int low = first[vreg];
    int high = first[vreg + 1] - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (pieces.from[sorted[middle]] <= point) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    if (low > high || pieces.from[sorted[low]] > point || pieces.to[sorted[low]] <= point) {
      throw new IllegalStateException(
          "virtual register " + vreg + " is not live at " + Points.describe(point));
    }
    return locationOfPiece(sorted[low]);
  }
}
