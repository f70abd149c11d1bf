package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * How far away the next use of each live value is, at the start of every block (Braun and Hack,
 * "Register Spilling and Live-Range Splitting for SSA-Form Programs", CC 2009). In instructions;
 * leaving a loop counts as {@link #LOOP_EXIT}, entering code that hardly ever runs as {@link
 * #COLD}. Passing a value on to a block parameter is no use: the uses of the parameter are.
 * Distances steer what is spilled, never whether the result is right, so a few rounds of the
 * data-flow iteration do.
 */
final class NextUses {
  /** Added for each loop that is left on the way to the use. */
  static final int LOOP_EXIT = 1 << 20;

  /** Added where the way to the use leads through a cold block. */
  static final int COLD = 1 << 16;

  /** No use is this far away. */
  static final int FARTHEST = 1 << 28;

  private static final int ROUNDS = 4;

  /** A loop that is passed on the way counts as so many instructions. */
  private static final int PASSED_LOOP = 64;

  private static final float COLD_RATIO = 8;

  private final Input input;
  private final Loops loops;
  private final int registerClass;

  /**
   * Live values of block b, parameters among them, are liveVreg[liveFirst[b]] to
   * liveVreg[liveFirst[b + 1]], ascending.
   */
  final int[] liveFirst;

  final int[] liveVreg;
  private final int[] distance;

  /** By position in {@link #liveVreg}: whether the block itself uses the value. */
  private final boolean[] isLocal;

  /** By position in {@link #liveVreg}: whether the value is a parameter of the block. */
  private final boolean[] isParameter;

  private final int[] out;
  private final int[] outStamp;
  private int stamp;

  /** Steps made. */
  long work;

  NextUses(Input input, Pieces pieces, Loops loops, int registerClass) {
    this.input = input;
    this.loops = loops;
    this.registerClass = registerClass;
    liveFirst = new int[input.blockCount + 2];
    countLive(pieces);
    liveVreg = new int[liveFirst[input.blockCount + 1]];
    distance = new int[liveVreg.length];
    isLocal = new boolean[liveVreg.length];
    isParameter = new boolean[liveVreg.length];
    fillLive(pieces);
    out = new int[input.vregCount];
    outStamp = new int[input.vregCount];
    iterate();
  }

  private boolean isLiveIn(Pieces pieces, int piece, int block) {
    return pieces.from[piece] <= input.blockStart(block);
  }

  /** Whether {@code entry} hands the value on to a block parameter. */
  static boolean isArgument(Input input, int entry) {
    return (input.entryPoint[entry] & 3) == 3;
  }

  private void countLive(Pieces pieces) {
    for (int piece = 0; piece < pieces.count; piece++) {
      if (input.vregClass[pieces.vreg[piece]] != registerClass) {
        continue;
      }
      int last = input.blockAt(pieces.to[piece] - 1);
      for (int block = input.blockAt(pieces.from[piece]); block <= last; block++) {
        liveFirst[block + 2] += isLiveIn(pieces, piece, block) ? 1 : 0;
      }
    }
    for (int b = 0; b < input.blockCount; b++) {
      liveFirst[b + 2] += liveFirst[b + 1];
    }
  }

  /** Enters values with the distance of their first use in the block, or FARTHEST. */
  private void fillLive(Pieces pieces) {
    for (int piece = 0; piece < pieces.count; piece++) {
      int v = pieces.vreg[piece];
      if (input.vregClass[v] != registerClass) {
        continue;
      }
      int last = input.blockAt(pieces.to[piece] - 1);
      int entry = pieces.entryFirst[piece];
      for (int block = input.blockAt(pieces.from[piece]); block <= last; block++) {
        if (!isLiveIn(pieces, piece, block)) {
          continue;
        }
        int first = input.blockFirst[block];
        while (entry < pieces.entryEnd[piece] && isNoUseAt(entry, first)) {
          entry++;
        }
        boolean used =
            entry < pieces.entryEnd[piece] && input.entryPoint[entry] < input.blockEnd(block);
        int slot = liveFirst[block + 1]++;
        liveVreg[slot] = v;
        isLocal[slot] = used;
        isParameter[slot] =
            input.definitionPoint[v] == input.blockStart(block) && input.definitionOperand[v] < 0;
        distance[slot] = used ? Points.instruction(input.entryPoint[entry]) - first : FARTHEST;
      }
    }
  }

  private boolean isNoUseAt(int entry, int first) {
    return Points.instruction(input.entryPoint[entry]) < first
        || (input.entryFlags[entry] & Input.DEFINITION) != 0
        || isArgument(input, entry);
  }

  /** Rounds over the blocks that lead to one which has changed since they were looked at. */
  private void iterate() {
    boolean[] isStale = new boolean[input.blockCount];
    Arrays.fill(isStale, true);
    boolean changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
      changed = false;
      for (int n = input.blockCount - 1; n >= 0; n--) {
        int block = loops.reversePostorder[n];
        if (isStale[block]) {
          isStale[block] = false;
          if (update(block)) {
            changed = true;
            for (int p = 0; p < input.function.predecessorCount(block); p++) {
              isStale[input.function.predecessor(block, p)] = true;
            }
          }
        }
      }
    }
  }

  /** Computes the distances of a block anew; whether one has changed. */
  private boolean update(int block) {
    collectOut(block);
    int length = input.blockFirst[block + 1] - input.blockFirst[block];
    boolean changed = false;
    for (int k = liveFirst[block]; k < liveFirst[block + 1]; k++) {
      if (!isLocal[k]) {
        int far = Math.min(FARTHEST, length + outDistance(liveVreg[k]));
        changed |= far != distance[k];
        distance[k] = far;
      }
    }
    work += liveFirst[block + 1] - liveFirst[block];
    return changed;
  }

  /** Prepares {@link #outDistance} for the end of {@code block}. */
  void collectOut(int block) {
    stamp++;
    for (int s = 0; s < input.function.successorCount(block); s++) {
      int successor = input.function.successor(block, s);
      int common = loops.common(loops.loopOf[block], loops.loopOf[successor]);
      int left = loops.depth(loops.loopOf[block]) - loops.depth(common);
      int entered = loops.depth(loops.loopOf[successor]) - loops.depth(common);
      int penalty = left * LOOP_EXIT;
      if (left == 0 && input.frequency[successor] * COLD_RATIO < input.frequency[block]) {
        penalty += COLD;
      }
      for (int k = liveFirst[successor]; k < liveFirst[successor + 1]; k++) {
        if (!isParameter[k]) {
          reach(liveVreg[k], seen(distance[k], entered, penalty));
        }
      }
      if (input.function.successorCount(block) == 1) {
        for (int a = 0; a < input.function.parameterCount(successor); a++) {
          int far = inDistance(successor, input.function.parameter(successor, a));
          int argument = input.function.branchArgument(block, a);
          if (input.vregClass[argument] == registerClass) {
            reach(argument, far < 0 ? FARTHEST : seen(far, entered, penalty));
          }
        }
      }
    }
  }

  /** Whether the value at a position in {@link #liveVreg} is a parameter of the block. */
  boolean isParameterAt(int position) {
    return isParameter[position];
  }

  /** A distance from the start of a block as seen from the other end of an edge to it. */
  private static int seen(int distance, int loopsEntered, int penalty) {
    int far = distance;
    if (loopsEntered > 0 && far >= LOOP_EXIT) {
      far = Math.max(0, far - loopsEntered * LOOP_EXIT) + PASSED_LOOP;
    }
    return Math.min(FARTHEST, far + penalty);
  }

  private void reach(int v, int far) {
    if (outStamp[v] != stamp || out[v] > far) {
      outStamp[v] = stamp;
      out[v] = far;
    }
  }

  /** From the end of the block that was collected last; negative if the value is dead there. */
  int outDistance(int vreg) {
    return outStamp[vreg] == stamp ? out[vreg] : -1;
  }

  /** From the start of {@code block}; negative if the value is not live there. */
  int inDistance(int block, int vreg) {
    int at = Arrays.binarySearch(liveVreg, liveFirst[block], liveFirst[block + 1], vreg);
    return at < 0 ? -1 : distance[at];
  }

  /** By position in {@link #liveVreg}. */
  int distanceAt(int position) {
    return distance[position];
  }

  /** Whether the value at a position in {@link #liveVreg} is used in the block itself. */
  boolean isLocalAt(int position) {
    return isLocal[position];
  }
}
