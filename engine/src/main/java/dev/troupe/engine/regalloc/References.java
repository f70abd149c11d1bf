package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.HashMap;
import java.util.Map;

/**
 * Where references are at safepoints: for each safepoint that any lives across, the spill slots.
 * The collector reads and writes them there.
 */
public final class References {
  /** Most pairs of safepoint and slot in a function: 64 MiB. */
  private static final int MOST_ENTRIES = 1 << 24;

  private static final int[] NONE = {};

  /** A function without references. */
  public static final References EMPTY = new References(Map.of());

  private final Map<Integer, int[]> slots;

  private References(Map<Integer, int[]> slots) {
    this.slots = slots;
  }

  /**
   * Collects them from the final places.
   *
   * @throws TooManyException if there are too many to be told
   */
  static References at(Input input, FixedReservations reservations, Placement placement) {
    IntList safepoints = reservations.safepoints;
    if (safepoints.isEmpty()) {
      return EMPTY;
    }
    Map<Integer, IntList> lists = new HashMap<>();
    int entries = 0;
    for (int v = 0; v < input.vregCount; v++) {
      if (!reservations.isReference(v)) {
        continue;
      }
      for (int k = placement.first[v]; k < placement.first[v + 1]; k++) {
        int piece = placement.sorted[k];
        int location = placement.locationOfPiece(piece);
        int at = reservations.firstSafepoint(placement.from(piece));
        for (; at < safepoints.size() && safepoints.get(at) < placement.to(piece); at++) {
          if (location == Location.REMATERIALIZE) {
            break;
          }
          if (!Location.isSlot(location)) {
            throw new IllegalStateException("a reference is in a register across a safepoint");
          }
          if (++entries > MOST_ENTRIES) {
            throw new TooManyException();
          }
          lists
              .computeIfAbsent(Points.instruction(safepoints.get(at)), i -> new IntList(4))
              .add(Location.slot(location));
        }
      }
    }
    Map<Integer, int[]> slots = new HashMap<>();
    lists.forEach((instruction, list) -> slots.put(instruction, list.toArray()));
    return new References(slots);
  }

  /** The slots that hold references across {@code instruction}. */
  int[] slots(int instruction) {
    return slots.getOrDefault(instruction, NONE);
  }

  /** A function in which too many references live across too many calls. */
  public static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyException() {
      super("more than " + MOST_ENTRIES + " references live across calls");
    }
  }
}
