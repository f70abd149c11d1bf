package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * Joins bundles that would best share one location: results with the operands they reuse, copies,
 * and block parameters with their arguments, hottest first. Joined bundles never overlap, so a join
 * is always right; it only may make the bundle harder to place, which splitting undoes.
 */
final class Merger {
  private static final int SMALL = 24;

  private final Input input;
  private final Pieces pieces;
  private final int[] bundleOf;
  private long budget;

  /** Steps made: the work measure of this stage. */
  long work;

  Merger(Input input, Pieces pieces, Effort effort) {
    this.input = input;
    this.pieces = pieces;
    bundleOf = new int[input.vregCount];
    for (int v = 0; v < input.vregCount; v++) {
      bundleOf[v] = v;
    }
    budget = (effort == Effort.FULL ? 40L : 10L) * (pieces.count + 1000L);
  }

  void run() {
    mergeEdges();
    for (int i = 0; i < input.instructionCount; i++) {
      mergeInstruction(i);
    }
  }

  private void mergeInstruction(int instruction) {
    int use = -1;
    int definition = -1;
    for (int o = input.operandFirst[instruction]; o < input.operandFirst[instruction + 1]; o++) {
      int descriptor = input.operandDescriptor[o];
      if (!Operand.isDefinition(descriptor)) {
        use = o;
        continue;
      }
      definition = o;
      if (Operand.constraint(descriptor) == Operand.REUSE) {
        int reused = input.operandFirst[instruction] + Operand.argument(descriptor);
        merge(input.operandVreg[o], input.operandVreg[reused]);
      }
    }
    if (use >= 0 && definition >= 0 && input.function.isMove(instruction)) {
      merge(input.operandVreg[definition], input.operandVreg[use]);
    }
  }

  private void mergeEdges() {
    RegallocFunction function = input.function;
    IntList blocks = new IntList();
    for (int block = 0; block < input.blockCount; block++) {
      if (function.successorCount(block) == 1
          && function.parameterCount(function.successor(block, 0)) > 0) {
        blocks.add(block);
      }
    }
    // Descending frequency, then ascending number, packed into one sortable key.
    long[] keys = new long[blocks.size()];
    for (int k = 0; k < keys.length; k++) {
      int bits = Float.floatToIntBits(input.frequency[blocks.get(k)]);
      keys[k] = (long) (Integer.MAX_VALUE - bits) << 32 | blocks.get(k);
    }
    Arrays.sort(keys);
    for (long key : keys) {
      int block = (int) key;
      int successor = function.successor(block, 0);
      for (int a = 0; a < function.parameterCount(successor); a++) {
        merge(function.parameter(successor, a), function.branchArgument(block, a));
      }
    }
  }

  private void merge(int vregA, int vregB) {
    int a = find(vregA);
    int b = find(vregB);
    if (a == b
        || pieces.first[a] < 0
        || pieces.first[b] < 0
        || input.vregClass[vregA] != input.vregClass[vregB]
        || input.rematerializable[vregA]
        || input.rematerializable[vregB]
        || input.function.spillBytes(vregA) != input.function.spillBytes(vregB)) {
      return;
    }
    int size = pieces.pieceCount[a] + pieces.pieceCount[b];
    if (size > SMALL) {
      if (budget < size) {
        return;
      }
      budget -= size;
    }
    work += size;
    if (!overlap(a, b)) {
      join(a, b);
    }
  }

  private boolean overlap(int a, int b) {
    int x = pieces.first[a];
    int y = pieces.first[b];
    while (x >= 0 && y >= 0) {
      if (pieces.to[x] <= pieces.from[y]) {
        x = pieces.next[x];
      } else if (pieces.to[y] <= pieces.from[x]) {
        y = pieces.next[y];
      } else {
        return true;
      }
    }
    return false;
  }

  private void join(int a, int b) {
    int x = pieces.first[a];
    int y = pieces.first[b];
    int count = pieces.pieceCount[a] + pieces.pieceCount[b];
    int tail = -1;
    int head = -1;
    while (x >= 0 || y >= 0) {
      int taken;
      if (y < 0 || x >= 0 && pieces.from[x] < pieces.from[y]) {
        taken = x;
        x = pieces.next[x];
      } else {
        taken = y;
        y = pieces.next[y];
      }
      if (tail < 0) {
        head = taken;
      } else {
        pieces.next[tail] = taken;
      }
      tail = taken;
      pieces.bundle[taken] = a;
    }
    pieces.next[tail] = -1;
    pieces.first[a] = head;
    pieces.last[a] = tail;
    pieces.pieceCount[a] = count;
    pieces.first[b] = -1;
    pieces.last[b] = -1;
    pieces.pieceCount[b] = 0;
    bundleOf[b] = a;
  }

  private int find(int vreg) {
    int root = vreg;
    while (bundleOf[root] != root) {
      root = bundleOf[root];
    }
    int at = vreg;
    while (bundleOf[at] != root) {
      int next = bundleOf[at];
      bundleOf[at] = root;
      at = next;
    }
    return root;
  }

  /** The family (bundle number after merging) of each virtual register. */
  int[] families() {
    int[] families = new int[input.vregCount];
    for (int v = 0; v < families.length; v++) {
      families[v] = find(v);
    }
    return families;
  }
}
