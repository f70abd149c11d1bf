package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * The main loop: takes the longest waiting bundle, puts it into a free register, or evicts bundles
 * of smaller spill weight, or splits it (backtracking allocation in the manner of LLVM's greedy
 * allocator and of IonMonkey's). Weights in registers only grow and every split makes bundles
 * smaller, so the loop ends.
 */
final class Assigner {
  /** Weight of bundles that cannot be split: only {@link #MINIMAL_BOTH} evicts them. */
  static final float MINIMAL = 1e30f;

  /** Weight of unsplittable bundles that span both halves of an instruction. */
  static final float MINIMAL_BOTH = 2e30f;

  /** Cost of saving and restoring a callee-saved register, in spill benefit units. */
  private static final float CALLEE_SAVED_COST = 2.5f;

  private static final int FREE = -1;

  private static final int HINTED = 1 << 30;

  final Input input;
  final Pieces pieces;
  final FixedReservations reservations;
  private final Occupancy[] occupancy = new Occupancy[64];
  private final Splitter splitter;
  private final BundleQueue queue = new BundleQueue();
  private final IntList passive = new IntList();
  private final IntList conflicts = new IntList();
  private int[] seen = {};
  private int seenStamp;
  private final int[] familyHint;
  private final float[] hintWeight = new float[64];
  private final IntList hinted = new IntList();
  private final int[] probeOrder = new int[64];
  private long usedCalleeSaved;

  long work;
  int processed;
  int evictions;

  Assigner(Input input, Pieces pieces, FixedReservations reservations, Loops loops, Effort effort) {
    this.input = input;
    this.pieces = pieces;
    this.reservations = reservations;
    splitter = new Splitter(this, loops, effort);
    familyHint = new int[input.vregCount];
    Arrays.fill(familyHint, -1);
    for (RegisterClass registerClass : RegisterClass.values()) {
      for (int register : input.env.order(registerClass)) {
        occupancy[register] = new Occupancy(pieces);
      }
    }
    usedCalleeSaved = reservations.clobberedAnywhere & input.env.calleeSaved();
  }

  void run() {
    for (int b = 0; b < pieces.bundleCount; b++) {
      if (pieces.first[b] >= 0 && pieces.location[b] != Pieces.SPILLED) {
        enqueue(b);
      }
    }
    while (!queue.isEmpty()) {
      process(queue.remove());
    }
    // Pieces that nobody reads: a register that is still free saves a store and a load.
    for (int k = 0; k < passive.size(); k++) {
      placePassive(passive.get(k));
    }
    work += splitter.regionWork();
  }

  int splits() {
    return splitter.splits;
  }

  /** Computes the weight of a bundle that is complete, and queues it. */
  void enqueue(int b) {
    boolean wanted = weigh(b);
    if (wanted) {
      queue.add(b, priority(b));
    } else if (pieces.level[b] < Splitter.CLUSTER && !isRemat(b)) {
      passive.add(b);
    } else {
      pieces.location[b] = Pieces.SPILLED;
    }
  }

  /** First those that want a certain register, before others sit there; the longest among them. */
  private int priority(int b) {
    return Math.min(pieces.length[b], HINTED - 1) | (pieces.hinted[b] ? HINTED : 0);
  }

  private boolean isRemat(int b) {
    return input.rematerializable[pieces.vreg[pieces.first[b]]];
  }

  /** Sets weight, benefit and length; false if no entry gains anything from a register. */
  private boolean weigh(int b) {
    float benefit = 0;
    long length = 0;
    int uses = 0;
    boolean needed = false;
    boolean hasHint = false;
    boolean remat = isRemat(b);
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      length += pieces.to[piece] - pieces.from[piece];
      for (int e = pieces.entryFirst[piece]; e < pieces.entryEnd[piece]; e++) {
        int flags = input.entryFlags[e];
        float frequency = input.frequency[blockOfEntry(e)];
        boolean needs = (flags & Input.NEEDS_REGISTER) != 0;
        hasHint |= flags >> Input.HINT_SHIFT != 0;
        if (remat && (flags & Input.DEFINITION) != 0) {
          continue;
        }
        uses += (flags & Input.NEEDS_SLOT) != 0 ? 0 : 1;
        needed |= needs;
        benefit += frequency * (needs ? 2f : 1f);
      }
      work++;
    }
    if (remat) {
      benefit *= 0.5f;
    }
    pieces.length[b] = (int) Math.min(length, Integer.MAX_VALUE - 1);
    pieces.benefit[b] = benefit;
    pieces.hinted[b] = hasHint;
    if (pieces.level[b] == Splitter.MINIMAL) {
      int piece = pieces.first[b];
      boolean both =
          (pieces.from[piece] & 3) < Points.LATE
              && pieces.to[piece] > Points.late(Points.instruction(pieces.from[piece]));
      pieces.weight[b] = both ? MINIMAL_BOTH : MINIMAL;
    } else {
      pieces.weight[b] = Math.min(MINIMAL / 4, benefit / (length * 0.25f + 2f));
    }
    return needed || uses > 1 && !remat;
  }

  /** The block of an entry; the point of a fixed definition lies in the block, too. */
  private int blockOfEntry(int entry) {
    return input.blockAt(input.entryPoint[entry]);
  }

  private void process(int b) {
    processed++;
    long clobbered = 0;
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      clobbered |= reservations.clobbered(pieces.from[piece], pieces.to[piece], pieces.vreg[piece]);
      work++;
    }
    int candidates = makeProbeOrder(b, clobbered);
    float bestWeight = pieces.weight[b];
    int best = -1;
    boolean minimal = pieces.level[b] == Splitter.MINIMAL;
    for (int k = 0; k < candidates; k++) {
      int register = probeOrder[k];
      boolean newCalleeSaved = (input.env.calleeSaved() & ~usedCalleeSaved & 1L << register) != 0;
      if (newCalleeSaved && !minimal && pieces.benefit[b] < CALLEE_SAVED_COST
          || isReserved(b, register)) {
        continue;
      }
      float conflict = conflictWeight(b, register, bestWeight);
      if (conflict == FREE) {
        place(b, register);
        return;
      }
      if (conflict < bestWeight) {
        bestWeight = conflict;
        best = register;
      }
    }
    if (best >= 0) {
      evict(b, best);
      place(b, best);
      return;
    }
    splitter.split(b);
  }

  private void placePassive(int b) {
    long clobbered = 0;
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      clobbered |= reservations.clobbered(pieces.from[piece], pieces.to[piece], pieces.vreg[piece]);
    }
    int candidates = makeProbeOrder(b, clobbered);
    for (int k = 0; k < candidates; k++) {
      int register = probeOrder[k];
      if ((input.env.calleeSaved() & ~usedCalleeSaved & 1L << register) == 0
          && !isReserved(b, register)
          && conflictWeight(b, register, 0) == FREE) {
        place(b, register);
        return;
      }
    }
    pieces.location[b] = Pieces.SPILLED;
  }

  /** Hinted registers by weight, the family's last register, then the order of preference. */
  private int makeProbeOrder(int b, long clobbered) {
    collectHints(b);
    int count = 0;
    long taken = clobbered;
    while (!hinted.isEmpty()) {
      int bestAt = 0;
      for (int k = 1; k < hinted.size(); k++) {
        if (hintWeight[hinted.get(k)] > hintWeight[hinted.get(bestAt)]) {
          bestAt = k;
        }
      }
      int register = hinted.get(bestAt);
      hinted.set(bestAt, hinted.get(hinted.size() - 1));
      hinted.removeLast();
      hintWeight[register] = 0;
      if (occupancy[register] != null && (taken & 1L << register) == 0) {
        probeOrder[count++] = register;
        taken |= 1L << register;
      }
    }
    int family = familyHint[pieces.family[b]];
    if (family >= 0 && (taken & 1L << family) == 0) {
      probeOrder[count++] = family;
      taken |= 1L << family;
    }
    for (int register : input.env.order(input.classOf(pieces.vreg[pieces.first[b]]))) {
      if ((taken & 1L << register) == 0) {
        probeOrder[count++] = register;
      }
    }
    return count;
  }

  private void collectHints(int b) {
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      for (int e = pieces.entryFirst[piece]; e < pieces.entryEnd[piece]; e++) {
        int hint = (input.entryFlags[e] >> Input.HINT_SHIFT) - 1;
        if (hint >= 0) {
          if (hintWeight[hint] == 0) {
            hinted.add(hint);
          }
          hintWeight[hint] += input.frequency[blockOfEntry(e)];
        }
      }
    }
  }

  private boolean isReserved(int b, int register) {
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      work++;
      if (reservations.reserved(
          register, pieces.from[piece], pieces.to[piece], pieces.vreg[piece])) {
        return true;
      }
    }
    return false;
  }

  /** FREE, or the greatest weight in the way; stops as soon as that is not below {@code limit}. */
  private float conflictWeight(int b, int register, float limit) {
    float greatest = FREE;
    Occupancy others = occupancy[register];
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      work++;
      int end = pieces.to[piece];
      for (long at = others.seek(pieces.from[piece]);
          at >= 0 && pieces.from[others.piece(at)] < end;
          at = others.next(at)) {
        work++;
        greatest = Math.max(greatest, pieces.weight[pieces.bundle[others.piece(at)]]);
        if (greatest >= limit) {
          return greatest;
        }
      }
    }
    return greatest;
  }

  private void evict(int b, int register) {
    conflicts.clear();
    if (seen.length < pieces.bundleCount) {
      seen = Arrays.copyOf(seen, pieces.bundleCount * 2);
    }
    seenStamp++;
    Occupancy others = occupancy[register];
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      int end = pieces.to[piece];
      for (long at = others.seek(pieces.from[piece]);
          at >= 0 && pieces.from[others.piece(at)] < end;
          at = others.next(at)) {
        int bundle = pieces.bundle[others.piece(at)];
        if (seen[bundle] != seenStamp) {
          seen[bundle] = seenStamp;
          conflicts.add(bundle);
        }
      }
    }
    for (int k = 0; k < conflicts.size(); k++) {
      int bundle = conflicts.get(k);
      evictions++;
      for (int piece = pieces.first[bundle]; piece >= 0; piece = pieces.next[piece]) {
        others.remove(piece);
        work++;
      }
      pieces.location[bundle] = Pieces.WAITING;
      queue.add(bundle, priority(bundle));
    }
  }

  private void place(int b, int register) {
    Occupancy target = occupancy[register];
    for (int piece = pieces.first[b]; piece >= 0; piece = pieces.next[piece]) {
      target.insert(piece);
      work++;
    }
    pieces.location[b] = register;
    familyHint[pieces.family[b]] = register;
    usedCalleeSaved |= 1L << register & input.env.calleeSaved();
  }
}
