package dev.troupe.engine.regalloc;

import java.util.Random;

/** Copies of an allocation with one random damage. */
final class DamagedAllocations {
  private final RegallocFunction function;
  private final int[] operands;
  private final int[] firstMoves;
  private final int[] sources;
  private final int[] destinations;
  private final int[] vregs;
  private final int[] offsets;
  private final Allocation original;

  DamagedAllocations(RegallocFunction function, Allocation original) {
    this.function = function;
    this.original = original;
    operands = new int[function.firstOperand(function.instructionCount())];
    for (int o = 0; o < operands.length; o++) {
      operands[o] = original.operandLocation(o);
    }
    firstMoves = new int[function.instructionCount() + 1];
    for (int i = 0; i < firstMoves.length; i++) {
      firstMoves[i] = original.firstMove(i);
    }
    sources = new int[original.moveCount()];
    destinations = new int[sources.length];
    vregs = new int[sources.length];
    for (int m = 0; m < sources.length; m++) {
      sources[m] = original.moveSource(m);
      destinations[m] = original.moveDestination(m);
      vregs[m] = original.moveVreg(m);
    }
    offsets = new int[original.slotCount()];
    for (int s = 0; s < offsets.length; s++) {
      offsets[s] = original.slotOffsetBytes(s);
    }
  }

  /** The kinds of damage. */
  enum Kind {
    MOVE_DROPPED,
    MOVES_SWAPPED,
    MOVE_SOURCE,
    MOVE_DESTINATION,
    OPERAND_LOCATION,
    SLOTS_OVERLAP
  }

  /** A damaged copy, or the same as the original when the damage has nothing to work on. */
  Allocation damage(Kind kind, Random random) {
    int[] o = operands.clone();
    int[] s = sources.clone();
    int[] d = destinations.clone();
    int[] v = vregs.clone();
    int[] f = offsets.clone();
    int move = s.length == 0 ? -1 : random.nextInt(s.length);
    switch (kind) {
      case MOVE_DROPPED -> {
        if (move >= 0) {
          d[move] = s[move] >= 0 ? s[move] : d[move]; // a move to itself does nothing
        }
      }
      case MOVES_SWAPPED -> {
        if (move > 0) {
          swap(s, move);
          swap(d, move);
          swap(v, move);
        }
      }
      case MOVE_SOURCE -> {
        if (move >= 0) {
          s[move] = like(s[move], random);
        }
      }
      case MOVE_DESTINATION -> {
        if (move >= 0) {
          d[move] = like(d[move], random);
        }
      }
      case OPERAND_LOCATION -> {
        int operand = random.nextInt(o.length);
        o[operand] = like(o[operand], random);
      }
      case SLOTS_OVERLAP -> {
        if (f.length > 1) {
          f[random.nextInt(f.length)] = f[random.nextInt(f.length)];
        }
      }
    }
    return new Allocation(
        o,
        firstMoves,
        s,
        d,
        v,
        f,
        original.spillAreaBytes(),
        original.rescueSlot(),
        original.references(),
        original.usedRegisters() | 0xff | 0x3fL << 32,
        original.usedCalleeSaved() | 3L << 6 | 1L << 37,
        original.statistics());
  }

  private static void swap(int[] array, int at) {
    int t = array[at];
    array[at] = array[at - 1];
    array[at - 1] = t;
  }

  private int like(int location, Random random) {
    if (Location.isSlot(location)) {
      return Location.ofSlot(random.nextInt(offsets.length));
    }
    if (location < 0) {
      return location;
    }
    return location < 32 ? random.nextInt(9) : 32 + random.nextInt(6);
  }

  RegallocFunction function() {
    return function;
  }
}
