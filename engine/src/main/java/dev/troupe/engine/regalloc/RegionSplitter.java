package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * Cuts a bundle at the calls that it lives across, and makes a bundle of each connected region in
 * between: a value is loaded once behind a call, however many blocks use it before the next one.
 *
 * <p>A segment is the part of a piece inside one block between two calls. Segments are joined along
 * the edges of the control-flow graph. A segment without entries that leads nowhere on one side is
 * dropped, until there is none; the ends of a region are trimmed to their first and last use. Where
 * loading at all entries of a region would cost more than loading in each block that uses the
 * value, the region is left for that.
 */
final class RegionSplitter {
  private final Input input;
  private final Pieces pieces;
  private final FixedReservations reservations;

  // Segments, in order.
  private final IntList piece = new IntList();
  private final IntList block = new IntList();
  private final IntList from = new IntList();
  private final IntList to = new IntList();
  private final IntList firstEntry = new IntList();
  private final IntList endEntry = new IntList();
  private final IntList region = new IntList();

  /** Per block: the segment that touches its start or end in the current bundle, plus one. */
  private final int[] atStart;

  private final int[] atEnd;
  private boolean[] dropped = new boolean[64];
  private final IntList worklist = new IntList();
  private int[] bundleOfRegion = new int[64];

  /**
   * Frequency of loads at the entries of a region, less those that its blocks would need singly.
   */
  private float[] excessLoads = new float[64];

  /** Bundles of the last split that are better cut into single blocks. */
  final IntList scattered = new IntList();

  /** Steps made. */
  long work;

  RegionSplitter(Input input, Pieces pieces, FixedReservations reservations) {
    this.input = input;
    this.pieces = pieces;
    this.reservations = reservations;
    atStart = new int[input.blockCount];
    atEnd = new int[input.blockCount];
  }

  /**
   * Splits {@code b}; the new bundles are added to {@code created}. False if it crosses no call.
   */
  boolean split(int b, IntList created) {
    int registerClass = input.vregClass[pieces.vreg[pieces.first[b]]];
    if (!crossesCall(b, registerClass)) {
      return false;
    }
    collect(b, registerClass);
    connect();
    prune();
    join();
    trim();
    estimate();
    emit(b, created, Splitter.FREQUENCY);
    forget();
    return true;
  }

  /** Starts a split at segments that {@link #add} names, in order. */
  void begin() {
    piece.clear();
    block.clear();
    from.clear();
    to.clear();
    firstEntry.clear();
    endEntry.clear();
    region.clear();
  }

  /** Makes bundles of the connected ones among the segments; the rest of {@code b} is spilled. */
  void finish(int b) {
    connect();
    prune();
    join();
    joinInside();
    trim();
    Arrays.fill(excessLoads, 0, block.size(), 0);
    emit(b, scattered, Splitter.LOOPS);
    forget();
  }

  private void forget() {
    for (int s = 0; s < block.size(); s++) {
      atStart[block.get(s)] = 0;
      atEnd[block.get(s)] = 0;
    }
  }

  /** A result and the operand that it replaces stay together. */
  private void joinInside() {
    for (int s = 1; s < block.size(); s++) {
      if (!dropped[s]
          && !dropped[s - 1]
          && block.get(s) == block.get(s - 1)
          && piece.get(s) != piece.get(s - 1)
          && from.get(s) == to.get(s - 1)) {
        unite(s - 1, s);
      }
    }
  }

  private void unite(int a, int b) {
    int x = find(a);
    int y = find(b);
    region.set(Math.max(x, y), Math.min(x, y));
  }

  private boolean crossesCall(int b, int registerClass) {
    for (int p = pieces.first[b]; p >= 0; p = pieces.next[p]) {
      int first = (pieces.from[p] + 1) >> 2;
      int call = reservations.nextHeavy(registerClass, first);
      while (call >= 0 && Points.late(call) < pieces.to[p]) {
        work++;
        if (isCut(p, call)) {
          return true;
        }
        call = reservations.nextHeavy(registerClass, call + 1);
      }
    }
    return false;
  }

  /** Whether {@code p} lives across the clobbers of {@code call} and needs no register there. */
  private boolean isCut(int p, int call) {
    int point = Points.late(call);
    if (pieces.from[p] >= point || pieces.to[p] <= point) {
      return false;
    }
    for (int e = lowerBound(p, call);
        e < pieces.entryEnd[p] && Points.instruction(input.entryPoint[e]) == call;
        e++) {
      if ((input.entryFlags[e] & Input.TO_END) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The first entry of {@code p} at or behind {@code instruction}. */
  private int lowerBound(int p, int instruction) {
    int low = pieces.entryFirst[p];
    int high = pieces.entryEnd[p];
    while (low < high) {
      int middle = low + high >>> 1;
      if (Points.instruction(input.entryPoint[middle]) < instruction) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void collect(int b, int registerClass) {
    begin();
    for (int p = pieces.first[b]; p >= 0; p = pieces.next[p]) {
      int last = input.blockAt(pieces.to[p] - 1);
      for (int at = input.blockAt(pieces.from[p]); at <= last; at++) {
        int low = Math.max(pieces.from[p], input.blockStart(at));
        int high = Math.min(pieces.to[p], input.blockEnd(at));
        int call = reservations.nextHeavy(registerClass, Points.instruction(low));
        while (call >= 0 && Points.late(call) < high) {
          if (isCut(p, call)) {
            add(p, at, low, Points.late(call));
            low = Math.min(high, Points.gap(call + 1));
          }
          call = reservations.nextHeavy(registerClass, call + 1);
        }
        add(p, at, low, high);
      }
    }
  }

  /** Adds a segment of piece {@code p} inside one block. */
  void add(int p, int inBlock, int low, int high) {
    work++;
    if (low >= high) {
      return;
    }
    piece.add(p);
    block.add(inBlock);
    from.add(low);
    to.add(high);
    firstEntry.add(lowerBound(p, Points.instruction(low + 1)));
    endEntry.add(lowerBound(p, Points.instruction(high - 1) + 1));
    region.add(region.size());
  }

  private void connect() {
    int count = block.size();
    if (dropped.length < count) {
      dropped = new boolean[count * 2];
      bundleOfRegion = new int[count * 2];
      excessLoads = new float[count * 2];
    }
    Arrays.fill(dropped, 0, count, false);
    for (int s = 0; s < count; s++) {
      if (from.get(s) == input.blockStart(block.get(s))) {
        atStart[block.get(s)] = s + 1;
      }
      if (to.get(s) == input.blockEnd(block.get(s))) {
        atEnd[block.get(s)] = s + 1;
      }
    }
  }

  private boolean hasEntries(int segment) {
    return endEntry.get(segment) > firstEntry.get(segment);
  }

  private boolean leadsIn(int segment) {
    int b = block.get(segment);
    if (atStart[b] != segment + 1) {
      return false;
    }
    for (int p = 0; p < input.function.predecessorCount(b); p++) {
      int other = atEnd[input.function.predecessor(b, p)] - 1;
      if (other >= 0 && !dropped[other]) {
        return true;
      }
    }
    return false;
  }

  private boolean leadsOut(int segment) {
    int b = block.get(segment);
    if (atEnd[b] != segment + 1) {
      return false;
    }
    for (int k = 0; k < input.function.successorCount(b); k++) {
      int other = atStart[input.function.successor(b, k)] - 1;
      if (other >= 0 && !dropped[other]) {
        return true;
      }
    }
    return false;
  }

  private void prune() {
    worklist.clear();
    for (int s = 0; s < block.size(); s++) {
      worklist.add(s);
    }
    while (!worklist.isEmpty()) {
      int s = worklist.removeLast();
      work++;
      if (dropped[s] || hasEntries(s) || leadsIn(s) && leadsOut(s)) {
        continue;
      }
      dropped[s] = true;
      int b = block.get(s);
      if (atStart[b] == s + 1) {
        for (int p = 0; p < input.function.predecessorCount(b); p++) {
          revisit(atEnd[input.function.predecessor(b, p)] - 1);
        }
      }
      if (atEnd[b] == s + 1) {
        for (int k = 0; k < input.function.successorCount(b); k++) {
          revisit(atStart[input.function.successor(b, k)] - 1);
        }
      }
    }
  }

  private void revisit(int segment) {
    if (segment >= 0 && !dropped[segment] && !hasEntries(segment)) {
      worklist.add(segment);
    }
  }

  private void join() {
    for (int s = 0; s < block.size(); s++) {
      int b = block.get(s);
      if (dropped[s] || atEnd[b] != s + 1) {
        continue;
      }
      for (int k = 0; k < input.function.successorCount(b); k++) {
        int other = atStart[input.function.successor(b, k)] - 1;
        if (other >= 0 && !dropped[other]) {
          unite(s, other);
        }
      }
    }
  }

  private int find(int segment) {
    int root = segment;
    while (region.get(root) != root) {
      region.set(root, region.get(region.get(root)));
      root = region.get(root);
    }
    return root;
  }

  private void trim() {
    for (int s = 0; s < block.size(); s++) {
      if (dropped[s] || !hasEntries(s)) {
        continue;
      }
      boolean in = leadsIn(s);
      boolean out = leadsOut(s);
      if (!in) {
        int first = Points.instruction(input.entryPoint[firstEntry.get(s)]);
        from.set(s, Math.max(from.get(s), Points.gap(first)));
      }
      if (!out) {
        int last = endEntry.get(s) - 1;
        int instruction = Points.instruction(input.entryPoint[last]);
        int stop = 0;
        for (int e = last;
            e >= firstEntry.get(s) && Points.instruction(input.entryPoint[e]) == instruction;
            e--) {
          stop = Math.max(stop, input.entryEnd(e));
        }
        to.set(s, Math.min(to.get(s), stop));
      }
    }
  }

  private void estimate() {
    Arrays.fill(excessLoads, 0, block.size(), 0);
    for (int s = 0; s < block.size(); s++) {
      if (dropped[s]) {
        continue;
      }
      int b = block.get(s);
      float frequency = input.frequency[b];
      boolean defines =
          hasEntries(s) && (input.entryFlags[firstEntry.get(s)] & Input.DEFINITION) != 0;
      float excess = defines ? 0 : entryLoads(s, b, frequency);
      if (hasEntries(s) && !(defines && endEntry.get(s) == firstEntry.get(s) + 1)) {
        excess -= defines ? 0 : frequency;
      }
      excessLoads[find(s)] += excess;
    }
  }

  /**
   * How often the value would be loaded for segment {@code s}: at its start or on edges into it.
   */
  private float entryLoads(int s, int b, float frequency) {
    if (!leadsIn(s)) {
      return frequency;
    }
    float loads = 0;
    for (int p = 0; p < input.function.predecessorCount(b); p++) {
      int predecessor = input.function.predecessor(b, p);
      int other = atEnd[predecessor] - 1;
      if (other < 0 || dropped[other]) {
        loads += Math.min(frequency, input.frequency[predecessor]);
      }
    }
    return loads;
  }

  private void emit(int b, IntList created, int level) {
    scattered.clear();
    int count = block.size();
    Arrays.fill(bundleOfRegion, 0, count, -1);
    int spill = pieces.newBundle(pieces.family[b], Splitter.CLUSTER);
    pieces.location[spill] = Pieces.SPILLED;
    int p = pieces.first[b];
    pieces.first[b] = -1;
    int s = 0;
    while (p >= 0) {
      int following = pieces.next[p];
      int rest = p;
      while (s < count && piece.get(s) == p) {
        if (dropped[s]) {
          s++;
          continue;
        }
        int root = find(s);
        int low = from.get(s);
        int high = to.get(s);
        while (s + 1 < count
            && piece.get(s + 1) == p
            && !dropped[s + 1]
            && from.get(s + 1) == high
            && find(s + 1) == root) {
          high = to.get(++s);
        }
        s++;
        if (bundleOfRegion[root] < 0) {
          bundleOfRegion[root] = pieces.newBundle(pieces.family[b], level);
          (excessLoads[root] > 0 ? scattered : created).add(bundleOfRegion[root]);
        }
        if (low > pieces.from[rest]) {
          int behind = pieces.cut(input, rest, low);
          pieces.append(spill, rest);
          rest = behind;
        }
        int behind = high < pieces.to[rest] ? pieces.cut(input, rest, high) : -1;
        pieces.append(bundleOfRegion[root], rest);
        rest = behind;
      }
      if (rest >= 0) {
        pieces.append(spill, rest);
      }
      p = following;
    }
  }
}
