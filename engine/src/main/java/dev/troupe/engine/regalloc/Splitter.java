package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;

/**
 * Splits a bundle that got no register, coarse cuts first, so that spill code lands in cold places:
 *
 * <ol>
 *   <li>{@link #LOOPS}: each outermost loop inside the bundle's common loop becomes a bundle of its
 *       own, and the rest another. A value that a loop does not use leaves its register around the
 *       loop; one that a hot loop uses keeps it there only.
 *   <li>Between calls: connected regions that cross no call, see {@link RegionSplitter}.
 *   <li>{@link #FREQUENCY}: hot blocks against cold ones (a call in a cold path then costs the hot
 *       path nothing).
 *   <li>{@link #CLUSTER}: runs of uses inside a block between calls; then halves of those.
 *   <li>{@link #MINIMAL}: one instruction. Always fits, by rule 6 of {@link RegallocFunction}.
 * </ol>
 *
 * <p>What lies between clusters is spilled. Every level is entered a bounded number of times for a
 * piece of code (loop depth, frequency bands, the logarithm of a cluster), so the work is near
 * linear.
 */
final class Splitter {
  static final int LOOPS = 0;
  static final int FREQUENCY = 1;
  static final int CLUSTER = 2;
  static final int MINIMAL = 3;

  private static final float HOT_RATIO = 8;

  private final Assigner assigner;
  private final Input input;
  private final Pieces pieces;
  private final Loops loops;
  private final Effort effort;
  private final RegionSplitter regions;

  private final int[] groupBundle;
  private final int[] groupStamp;
  private int stamp;
  private final IntList created = new IntList();

  /** One item per instruction with entries: its piece, instruction, start, end, flags. */
  private final IntList itemPiece = new IntList();

  private final IntList itemInstruction = new IntList();
  private final IntList itemStart = new IntList();
  private final IntList itemStop = new IntList();
  private final IntList itemFlags = new IntList();

  /** Per item: 1 if a new run starts here. */
  private final IntList itemBreak = new IntList();

  int splits;

  Splitter(Assigner assigner, Loops loops, Effort effort) {
    this.assigner = assigner;
    this.input = assigner.input;
    this.pieces = assigner.pieces;
    this.loops = loops;
    this.effort = effort;
    regions = new RegionSplitter(input, pieces, assigner.reservations);
    groupBundle = new int[input.blockCount + 1];
    groupStamp = new int[input.blockCount + 1];
  }

  /** Steps made when splitting between calls. */
  long regionWork() {
    return regions.work;
  }

  /** Replaces waiting bundle {@code b} by smaller ones, which are queued or spilled. */
  void split(int b) {
    splits++;
    if (pieces.level[b] == MINIMAL) {
      int piece = pieces.first[b];
      throw new IllegalArgumentException(
          "instruction "
              + Points.instruction(pieces.from[piece])
              + " needs more registers than there are (virtual register "
              + pieces.vreg[piece]
              + ")");
    }
    created.clear();
    boolean done =
        effort == Effort.FULL
            && (pieces.level[b] == LOOPS && (splitByLoops(b) || splitByCalls(b))
                || pieces.level[b] <= FREQUENCY && splitByFrequency(b));
    if (!done) {
      splitByUses(b);
    }
    for (int k = 0; k < created.size(); k++) {
      assigner.enqueue(created.get(k));
    }
  }

  private int create(int from, int level) {
    int b = pieces.newBundle(pieces.family[from], level);
    created.add(b);
    return b;
  }

  private boolean splitByCalls(int b) {
    if (!regions.split(b, created)) {
      return false;
    }
    for (int k = 0; k < regions.scattered.size(); k++) {
      splitByUses(regions.scattered.get(k));
    }
    return true;
  }

  private boolean splitByLoops(int b) {
    int common = loops.loopOf[input.blockAt(pieces.from[pieces.first[b]])];
    boolean deeper = false;
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      int last = input.blockAt(pieces.to[piece] - 1);
      for (int block = input.blockAt(pieces.from[piece]); block <= last; block++) {
        deeper |= loops.loopOf[block] != common;
        common = loops.common(common, loops.loopOf[block]);
        assigner.work++;
      }
    }
    if (!deeper) {
      return false;
    }
    stamp++;
    int piece = pieces.first[b];
    pieces.first[b] = -1;
    while (piece >= 0) {
      int following = pieces.next[piece];
      int current = piece;
      int block = input.blockAt(pieces.from[piece]);
      int last = input.blockAt(pieces.to[piece] - 1);
      int group = loops.childContaining(common, block);
      while (++block <= last) {
        int otherGroup = loops.childContaining(common, block);
        if (otherGroup != group) {
          int rest = pieces.cut(input, current, input.blockStart(block));
          appendToGroup(b, group, current);
          current = rest;
          group = otherGroup;
        }
      }
      appendToGroup(b, group, current);
      piece = following;
    }
    return true;
  }

  private void appendToGroup(int from, int group, int piece) {
    if (groupStamp[group + 1] != stamp) {
      groupStamp[group + 1] = stamp;
      groupBundle[group + 1] = create(from, LOOPS);
    }
    pieces.append(groupBundle[group + 1], piece);
  }

  private boolean splitByFrequency(int b) {
    float greatest = 0;
    float least = Float.MAX_VALUE;
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      int last = input.blockAt(pieces.to[piece] - 1);
      for (int block = input.blockAt(pieces.from[piece]); block <= last; block++) {
        greatest = Math.max(greatest, input.frequency[block]);
        least = Math.min(least, input.frequency[block]);
        assigner.work++;
      }
    }
    if (greatest <= least * HOT_RATIO) {
      return false;
    }
    float limit = greatest / HOT_RATIO;
    int hot = create(b, FREQUENCY);
    int cold = create(b, FREQUENCY);
    int piece = pieces.first[b];
    pieces.first[b] = -1;
    while (piece >= 0) {
      int following = pieces.next[piece];
      int current = piece;
      int block = input.blockAt(pieces.from[piece]);
      int last = input.blockAt(pieces.to[piece] - 1);
      boolean isHot = input.frequency[block] > limit;
      while (++block <= last) {
        if (input.frequency[block] > limit != isHot) {
          int rest = pieces.cut(input, current, input.blockStart(block));
          pieces.append(isHot ? hot : cold, current);
          current = rest;
          isHot = !isHot;
        }
      }
      pieces.append(isHot ? hot : cold, current);
      piece = following;
    }
    return true;
  }

  private void splitByUses(int b) {
    collectItems(b);
    int items = itemPiece.size();
    if (pieces.level[b] == CLUSTER && items > 1) {
      breakInHalf(items);
    } else {
      breakIntoClusters(b, items);
    }
    int spill = pieces.newBundle(pieces.family[b], CLUSTER);
    pieces.location[spill] = Pieces.SPILLED;
    int piece = pieces.first[b];
    pieces.first[b] = -1;
    int item = 0;
    int run = -1;
    while (piece >= 0) {
      int following = pieces.next[piece];
      int current = piece;
      while (item < items && itemPiece.get(item) == piece) {
        boolean runStarts = itemBreak.get(item) == 1;
        int end = item + 1;
        while (end < items && itemPiece.get(end) == piece && itemBreak.get(end) == 0) {
          end++;
        }
        if (runStarts) {
          run = runBundle(b, item, items);
        }
        boolean runEnds = end == items || itemBreak.get(end) == 1;
        if (run >= 0) {
          int low = runStarts ? itemStart.get(item) : pieces.from[current];
          int high = runEnds ? itemStop.get(end - 1) : pieces.to[current];
          if (low > pieces.from[current]) {
            int rest = pieces.cut(input, current, low);
            pieces.append(spill, current);
            current = rest;
          }
          int rest = high < pieces.to[current] ? pieces.cut(input, current, high) : -1;
          pieces.append(run, current);
          current = rest;
        }
        item = end;
      }
      if (current >= 0) {
        pieces.append(spill, current);
      }
      piece = following;
    }
  }

  private void collectItems(int b) {
    itemPiece.clear();
    itemInstruction.clear();
    itemStart.clear();
    itemStop.clear();
    itemFlags.clear();
    itemBreak.clear();
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      int entry = pieces.entryFirst[piece];
      while (entry < pieces.entryEnd[piece]) {
        int instruction = Points.instruction(input.entryPoint[entry]);
        int stop = 0;
        int flags = 0;
        int uses = 0;
        while (entry < pieces.entryEnd[piece]
            && Points.instruction(input.entryPoint[entry]) == instruction) {
          stop = Math.max(stop, input.entryEnd(entry));
          flags |= input.entryFlags[entry];
          uses |= (input.entryFlags[entry] & Input.DEFINITION) == 0 ? HAS_USE : 0;
          entry++;
        }
        itemPiece.add(piece);
        itemInstruction.add(instruction);
        itemStart.add(Math.max(pieces.from[piece], Points.gap(instruction)));
        itemStop.add(Math.min(pieces.to[piece], stop));
        itemFlags.add(flags & ITEM_FLAGS | uses);
        itemBreak.add(0);
        assigner.work++;
      }
    }
  }

  private static final int HAS_USE = 64;
  private static final int ITEM_FLAGS = Input.NEEDS_REGISTER | Input.DEFINITION;

  private void breakIntoClusters(int b, int items) {
    int registerClass = input.vregClass[pieces.vreg[pieces.first[b]]];
    for (int k = 0; k < items; k++) {
      itemBreak.set(k, k == 0 || isClusterBreak(k, registerClass) ? 1 : 0);
    }
  }

  private boolean isClusterBreak(int item, int registerClass) {
    int before = itemInstruction.get(item - 1);
    int instruction = itemInstruction.get(item);
    int pieceBefore = itemPiece.get(item - 1);
    int piece = itemPiece.get(item);
    if (input.blockOf[before] != input.blockOf[instruction]
        || piece != pieceBefore && pieces.to[pieceBefore] != pieces.from[piece]) {
      return true;
    }
    boolean spansLate = itemStop.get(item - 1) > Points.late(before);
    int from = spansLate ? before + 1 : before;
    return assigner.reservations.heavyBetween(registerClass, from, instruction);
  }

  /** Breaks at the widest gap in the middle half. */
  private void breakInHalf(int items) {
    int low = Math.max(1, items / 4);
    int high = Math.min(items - 1, items - items / 4);
    int best = low;
    for (int k = low; k <= high; k++) {
      if (itemStart.get(k) - itemStop.get(k - 1) > itemStart.get(best) - itemStop.get(best - 1)) {
        best = k;
      }
    }
    itemBreak.set(0, 1);
    itemBreak.set(best, 1);
  }

  /** The bundle for the run that starts at {@code item}, or -1 if it is better spilled. */
  private int runBundle(int from, int item, int items) {
    int end = item;
    int flags = 0;
    do {
      flags |= itemFlags.get(end++);
    } while (end < items && itemBreak.get(end) == 0);
    boolean rematOnlyDefined =
        input.rematerializable[pieces.vreg[itemPiece.get(item)]] && (flags & HAS_USE) == 0;
    boolean single = end == item + 1;
    if (rematOnlyDefined || single && (flags & Input.NEEDS_REGISTER) == 0) {
      return -1;
    }
    return create(from, single ? MINIMAL : CLUSTER);
  }
}
