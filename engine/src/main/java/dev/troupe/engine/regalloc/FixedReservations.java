package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * Where physical registers are spoken for by fixed operands and clobbers.
 *
 * <p>Clobbers are stored per distinct mask, because a function has thousands of calls but only a
 * few masks; a fixed operand reserves its register for its half of the instruction, except against
 * its own virtual register.
 */
final class FixedReservations {
  private static final int DISTINCT_MASKS = 24;

  private final long[] masks = new long[DISTINCT_MASKS];
  private final IntList[] maskPoints = new IntList[DISTINCT_MASKS];
  private int maskCount;
  private final IntList rarePoints = new IntList();
  private long[] rareMasks = new long[8];

  /** Registers that no fixed operand names share this list. */
  private static final IntList NONE = new IntList(0);

  private final IntList[] from = new IntList[64];
  private final IntList[] to = new IntList[64];
  private final IntList[] vreg = new IntList[64];

  /** Per class: how many instructions before index i clobber most of the class. */
  private final int[][] heavyBefore = new int[2][];

  /** Per class: the instructions that clobber most of the class, ascending. */
  private final IntList[] heavy = {new IntList(), new IntList()};

  /** The late points at which objects move, ascending; none if there are no references. */
  final IntList safepoints = new IntList(0);

  private final boolean[] isReference;

  /** All registers clobbered or fixed anywhere. */
  long clobberedAnywhere;

  FixedReservations(Input input) {
    Arrays.fill(from, NONE);
    Arrays.fill(to, NONE);
    Arrays.fill(vreg, NONE);
    isReference = references(input);
    long[] allocatable = new long[2];
    for (RegisterClass registerClass : RegisterClass.values()) {
      allocatable[registerClass.ordinal()] = input.env.allocatable(registerClass);
      heavyBefore[registerClass.ordinal()] = new int[input.instructionCount + 1];
    }
    for (int i = 0; i < input.instructionCount; i++) {
      long clobbers = input.function.clobbers(i);
      for (int c = 0; c < 2; c++) {
        boolean isHeavy =
            clobbers != 0
                && Long.bitCount(clobbers & allocatable[c]) * 2 > Long.bitCount(allocatable[c]);
        heavyBefore[c][i + 1] = heavyBefore[c][i] + (isHeavy ? 1 : 0);
        if (isHeavy) {
          heavy[c].add(i);
        }
      }
      if (clobbers != 0) {
        addClobber(i, clobbers);
      }
      if (isReference.length > 0 && input.function.isSafepoint(i)) {
        safepoints.add(Points.late(i));
      }
      addFixed(input, i);
    }
  }

  /** Which virtual registers hold references; empty if none does. */
  private static boolean[] references(Input input) {
    boolean[] references = new boolean[input.vregCount];
    boolean any = false;
    for (int v = 0; v < references.length; v++) {
      references[v] = input.function.isReference(v);
      any |= references[v];
    }
    return any ? references : new boolean[0];
  }

  /** Whether {@code vreg} may be in no register at safepoints. */
  boolean isReference(int vreg) {
    return isReference.length > 0 && isReference[vreg];
  }

  /** The number of the first safepoint at or behind {@code point}. */
  int firstSafepoint(int point) {
    return lowerBound(safepoints, point);
  }

  /** The registers that a value cannot keep in [{@code start}, {@code end}). */
  long clobbered(int start, int end, int forVreg) {
    if (isReference(forVreg)) {
      int at = firstSafepoint(start);
      if (at < safepoints.size() && safepoints.get(at) < end) {
        return -1;
      }
    }
    return clobbered(start, end);
  }

  private void addClobber(int instruction, long mask) {
    clobberedAnywhere |= mask;
    int point = Points.late(instruction);
    for (int m = 0; m < maskCount; m++) {
      if (masks[m] == mask) {
        maskPoints[m].add(point);
        return;
      }
    }
    if (maskCount < DISTINCT_MASKS) {
      masks[maskCount] = mask;
      maskPoints[maskCount] = new IntList();
      maskPoints[maskCount++].add(point);
      return;
    }
    if (rarePoints.size() == rareMasks.length) {
      rareMasks = Arrays.copyOf(rareMasks, rareMasks.length * 2);
    }
    rareMasks[rarePoints.size()] = mask;
    rarePoints.add(point);
  }

  private void addFixed(Input input, int instruction) {
    // Early reservations first, so that each register's list is ordered.
    for (int pass = 0; pass < 2; pass++) {
      for (int o = input.operandFirst[instruction]; o < input.operandFirst[instruction + 1]; o++) {
        int descriptor = input.operandDescriptor[o];
        if (Operand.constraint(descriptor) != Operand.FIXED) {
          continue;
        }
        boolean definition = Operand.isDefinition(descriptor);
        boolean late = Operand.isLate(descriptor);
        boolean startsEarly = !definition || !late;
        if (startsEarly != (pass == 0)) {
          continue;
        }
        int start = startsEarly ? Points.early(instruction) : Points.late(instruction);
        int end = definition || late ? Points.gap(instruction + 1) : Points.late(instruction);
        int register = Operand.argument(descriptor);
        if (from[register].isEmpty()) {
          from[register] = new IntList();
          to[register] = new IntList();
          vreg[register] = new IntList();
        }
        from[register].add(start);
        to[register].add(end);
        vreg[register].add(input.operandVreg[o]);
      }
    }
  }

  /** The registers clobbered inside [{@code start}, {@code end}). */
  private long clobbered(int start, int end) {
    long result = 0;
    for (int m = 0; m < maskCount; m++) {
      int at = lowerBound(maskPoints[m], start);
      if (at < maskPoints[m].size() && maskPoints[m].get(at) < end) {
        result |= masks[m];
      }
    }
    for (int at = lowerBound(rarePoints, start);
        at < rarePoints.size() && rarePoints.get(at) < end;
        at++) {
      result |= rareMasks[at];
    }
    return result;
  }

  /** Whether a fixed operand of another virtual register holds {@code register} in the range. */
  boolean reserved(int register, int start, int end, int forVreg) {
    IntList ends = to[register];
    IntList starts = from[register];
    IntList owners = vreg[register];
    for (int at = lowerBound(ends, start + 1); at < ends.size() && starts.get(at) < end; at++) {
      if (owners.get(at) != forVreg) {
        return true;
      }
    }
    return false;
  }

  /** Whether an instruction in [{@code first}, {@code end}) clobbers most of the class. */
  boolean heavyBetween(int registerClass, int first, int end) {
    return first < end && heavyBefore[registerClass][end] != heavyBefore[registerClass][first];
  }

  /** The first instruction at or behind {@code from} that clobbers most of the class, or -1. */
  int nextHeavy(int registerClass, int from) {
    IntList list = heavy[registerClass];
    if (heavyBefore[registerClass].length <= from) {
      return -1;
    }
    int before = heavyBefore[registerClass][from];
    return before < list.size() ? list.get(before) : -1;
  }

  private static int lowerBound(IntList sorted, int key) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = low + high >>> 1;
      if (sorted.get(middle) < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
