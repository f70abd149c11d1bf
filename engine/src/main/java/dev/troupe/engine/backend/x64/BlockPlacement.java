package dev.troupe.engine.backend.x64;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/// The order in which blocks are written, chosen once the allocator has shown which of them are
/// empty.
///
/// Chains of blocks that run into each other are joined edge by edge, the most frequent edge first
/// (Pettis and Hansen, "Profile Guided Code Positioning", PLDI 1990). Three refinements: an edge to
/// the block that follows in the program counts more, because a branch around a few instructions is
/// cheaper than two jumps out of line and back; when the last block of a chain leads back to the
/// first, the chain is a loop and is turned so that the jump it needs is a conditional one, or one
/// at the rim; and cold blocks are joined to cold blocks only, and come last. The chains follow
/// each other as their first blocks do in the program.
final class BlockPlacement {
  private static final int NONE = -1;

  /// How much more an edge to the next block of the program counts.
  private static final float ADJACENT = 3;

  /// Price of a conditional branch that is taken, as part of that of a jump.
  private static final float TAKEN_BRANCH = 0.5f;

  /// Longer loops stay as they are.
  private static final int LONGEST_TURNED = 256;

  /// A block reached by jumps this much more often than from above is worth aligning.
  private static final float JUMPS_PER_FALL = 4;

  private static final float HOT = 4;

  private final MachFunction function;
  private final BlockForwarding forwarding;
  private final int count;

  // Chains: neighbours of blocks; the representative of a chain knows its ends.
  private final int[] next;
  private final int[] previous;
  private final int[] chain;
  private final int[] head;
  private final int[] tail;

  // Edges between blocks that have code: of one block they are neighbours.
  private final int[] firstEdge;
  private final IntList edgeTarget = new IntList();
  private final IntList edgeSource = new IntList();
  private float[] edgeWeight = new float[64];

  private final int[] order;
  private final int[] follower;
  private final boolean[] aligned;

  BlockPlacement(MachFunction function, BlockForwarding forwarding) {
    this.function = function;
    this.forwarding = forwarding;
    this.count = function.blockCount();
    this.next = new int[count];
    this.previous = new int[count];
    this.chain = new int[count];
    this.head = new int[count];
    this.tail = new int[count];
    this.firstEdge = new int[count + 1];
    this.follower = new int[count];
    this.aligned = new boolean[count];
    Arrays.fill(next, NONE);
    Arrays.fill(previous, NONE);
    for (int b = 0; b < count; b++) {
      chain[b] = b;
      head[b] = b;
      tail[b] = b;
    }
    collectEdges();
    join();
    this.order = arrange();
    align();
  }

  /// The blocks with code in the order of writing.
  int[] order() {
    return order;
  }

  /// The block whose code follows, or the number of blocks.
  int next(int block) {
    return follower[block];
  }

  /// Whether the block is the top of a loop or another place that is mostly jumped to.
  boolean isAligned(int block) {
    return aligned[block];
  }

  // ---- edges

  private void collectEdges() {
    for (int b = 0; b < count; b++) {
      firstEdge[b] = edgeTarget.size();
      if (forwarding.isForwarded(b)) {
        continue;
      }
      for (int k = 0; k < function.successorCount(b); k++) {
        int successor = function.successor(b, k);
        // No edge is critical, so one of its ends runs as often as the edge does.
        int rarer = function.predecessorCount(successor) == 1 ? successor : b;
        if (edgeTarget.size() == edgeWeight.length) {
          edgeWeight = Arrays.copyOf(edgeWeight, edgeWeight.length * 2);
        }
        edgeWeight[edgeTarget.size()] = function.frequency(rarer);
        edgeSource.add(b);
        edgeTarget.add(forwarding.target(successor));
      }
    }
    firstEdge[count] = edgeTarget.size();
  }

  private MachPseudo terminator(int b) {
    return function.pseudo(function.firstInstruction(b + 1) - 1);
  }

  // ---- chains

  private int find(int block) {
    int root = block;
    while (chain[root] != root) {
      chain[root] = chain[chain[root]];
      root = chain[root];
    }
    return root;
  }

  /// Heavier edges first, then in the order of the program.
  private void join() {
    long[] keys = new long[edgeTarget.size()];
    int edges = 0;
    for (int e = 0; e < keys.length; e++) {
      int source = edgeSource.get(e);
      int target = edgeTarget.get(e);
      boolean possible = target != 0 && terminator(source) != MachPseudo.JUMP_TABLE;
      if (possible && function.isCold(source) == function.isCold(target)) {
        float weight = edgeWeight[e] * (target == following(source) ? ADJACENT : 1);
        // Positive floats compare like their bits.
        keys[edges++] = (long) ~Float.floatToRawIntBits(weight) << 32 | e;
      }
    }
    Arrays.sort(keys, 0, edges);
    for (int k = 0; k < edges; k++) {
      join(edgeSource.get((int) keys[k]), edgeTarget.get((int) keys[k]));
    }
  }

  private void join(int source, int target) {
    int first = find(source);
    int second = find(target);
    if (tail[first] != source || head[second] != target) {
      return;
    }
    if (first == second) {
      turn(first);
      return;
    }
    next[source] = target;
    previous[target] = source;
    chain[second] = first;
    tail[first] = tail[second];
  }

  /// The next block of the program that has code.
  private int following(int block) {
    int b = block + 1;
    while (b < count && forwarding.isForwarded(b)) {
      b++;
    }
    return b;
  }

  /// The end of a chain leads to its start: breaks the ring where that is cheapest.
  private void turn(int root) {
    int length = 0;
    for (int b = head[root]; b != NONE; b = next[b]) {
      if (++length > LONGEST_TURNED) {
        return;
      }
    }
    int best = tail[root];
    float least = breakPrice(best, head[root], root);
    for (int b = head[root]; next[b] != NONE; b = next[b]) {
      float price = breakPrice(b, next[b], root);
      if (price < least) {
        least = price;
        best = b;
      }
    }
    if (best == tail[root]) {
      return;
    }
    next[tail[root]] = head[root];
    previous[head[root]] = tail[root];
    head[root] = next[best];
    tail[root] = best;
    previous[head[root]] = NONE;
    next[best] = NONE;
  }

  /// What it costs to jump from `from` to `to`, less what it saves to fall into `to` from outside
  /// and out of `from`. A branch that can fall nowhere needs a jump besides.
  private float breakPrice(int from, int to, int root) {
    boolean branch = terminator(from) == MachPseudo.BRANCH;
    float price = -entering(to, root);
    for (int e = firstEdge[from]; e < firstEdge[from + 1]; e++) {
      int target = edgeTarget.get(e);
      if (target == to) {
        price += branch ? edgeWeight[e] * TAKEN_BRANCH : edgeWeight[e];
      } else {
        price += find(target) == root ? edgeWeight[e] * (1 - TAKEN_BRANCH) : -edgeWeight[e];
      }
    }
    return price;
  }

  /// How often the chain is entered at `block`, by the most frequent way.
  private float entering(int block, int root) {
    float most = 0;
    for (int p = 0; p < function.predecessorCount(block); p++) {
      int source = function.predecessor(block, p);
      float runs = Math.min(function.frequency(source), function.frequency(block));
      while (forwarding.isForwarded(source) && function.predecessorCount(source) == 1) {
        source = function.predecessor(source, 0);
      }
      if (find(source) != root) {
        most = Math.max(most, runs);
      }
    }
    return most;
  }

  // ---- order

  private int[] arrange() {
    int[] result = new int[count];
    boolean[] placed = new boolean[count];
    int length = 0;
    for (int b = 0; b < count; b++) {
      if (forwarding.isForwarded(b) || placed[find(b)]) {
        continue;
      }
      placed[find(b)] = true;
      for (int each = head[find(b)]; each != NONE; each = next[each]) {
        result[length++] = each;
      }
    }
    int[] blocks = Arrays.copyOf(result, length);
    Arrays.fill(follower, count);
    for (int k = 0; k + 1 < length; k++) {
      follower[blocks[k]] = blocks[k + 1];
    }
    return blocks;
  }

  /// Marks what is reached from below by jumps and hardly ever from above.
  private void align() {
    int[] place = new int[count];
    for (int k = 0; k < order.length; k++) {
      place[order[k]] = k;
    }
    float[] fall = new float[count];
    float[] jump = new float[count];
    boolean[] fromBelow = new boolean[count];
    for (int e = 0; e < edgeTarget.size(); e++) {
      int source = edgeSource.get(e);
      int target = edgeTarget.get(e);
      if (follower[source] == target) {
        fall[target] += edgeWeight[e];
      } else {
        jump[target] += edgeWeight[e];
        fromBelow[target] |= place[source] >= place[target];
      }
    }
    for (int b = 0; b < count; b++) {
      aligned[b] = fromBelow[b] && jump[b] >= HOT && jump[b] > JUMPS_PER_FALL * fall[b];
    }
  }
}
