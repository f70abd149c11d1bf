package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.Arrays;

/**
 * Chooses which values leave their registers where more live than there are, before registers are
 * assigned: walks the blocks with the set of values that are in registers, and where that does not
 * fit, drops those whose next use is farthest (Braun and Hack 2009, after Belady). A loop is walked
 * twice: at first everything that it uses starts in a register, then what did not stay there until
 * the back edge starts in memory.
 *
 * <p>The result are the residences: stretches of blocks in which a value is in a register. {@link
 * RegionSplitter} makes bundles of them.
 */
final class Spiller {
  private static final int DEAD = -1;

  /** A copy from memory is worth a load first if another use follows within this distance. */
  private static final int NEAR = 8;

  /** The same for a use that may be a memory operand. */
  private static final int NEAR_IN_MEMORY = 4;

  /** Values count as so much farther away when they are made anew instead of loaded. */
  private static final float REMATERIALIZED = 2;

  /** The same when their uses can read them in memory. */
  private static final float READ_IN_MEMORY = 2;

  /** Values count as so much nearer when they have to be stored as often as they are defined. */
  private static final float STORED = 0.5f;

  /** The part of the ways into a block on which a value has to come in a register to stay there. */
  private static final float MOST_WAYS = 0.85f;

  /** Entries of a value that are tried one by one before it is searched. */
  private static final int NEAR_ENTRIES = 4;

  private final Input input;
  private final Pieces pieces;
  private final Loops loops;
  private final Pressure pressure;
  private final NextUses nextUses;
  private final int registerClass;

  // The set of values in registers.
  private int[] resident = new int[32];
  private int residents;
  private final int[] position;
  private final int[] from;

  /** End of the last entry since the value came into its register, or -1. */
  private final int[] usedUntil;

  /** Instruction of the next use; behind the block for uses in others; DEAD if there is none. */
  private final int[] nextUse;

  /** Instruction that reads the value in its register, late in its second half. */
  private final int[] pinned;

  private final int[] pinnedLate;

  /** Per value: the entry that was found last. */
  private final int[] cursor;

  private final int[][] exits;
  private final int[] slack;

  /** Whether no use needs the value in a register. */
  private final boolean[] inMemory;

  private final boolean[] spilled;
  private boolean anySpilled;
  private int block;

  // Candidates at the start of a block: distance and position among the live ones packed, and how
  // often they come along.
  private long[] candidates = new long[64];
  private int candidateCount;
  private final float[] arriving;

  /** The residences, if they are to be kept. */
  private boolean isRecording;

  private final IntList residenceVreg = new IntList();

  private final IntList residenceFrom = new IntList();
  private final IntList residenceTo = new IntList();

  /** Steps made. */
  long work;

  Spiller(Input input, Pieces pieces, Loops loops, Pressure pressure, int registerClass) {
    this.input = input;
    this.pieces = pieces;
    this.loops = loops;
    this.pressure = pressure;
    this.registerClass = registerClass;
    nextUses = new NextUses(input, pieces, loops, registerClass);
    position = new int[input.vregCount];
    from = new int[input.vregCount];
    usedUntil = new int[input.vregCount];
    nextUse = new int[input.vregCount];
    pinned = new int[input.vregCount];
    pinnedLate = new int[input.vregCount];
    cursor = Arrays.copyOf(input.entryFirst, input.vregCount);
    arriving = new float[input.vregCount];
    spilled = new boolean[input.vregCount];
    exits = new int[input.blockCount][];
    slack = new int[input.blockCount];
    inMemory = new boolean[input.vregCount];
    findMemoryOperands();
    Arrays.fill(position, -1);
    Arrays.fill(pinned, -1);
    Arrays.fill(pinnedLate, -1);
  }

  private void findMemoryOperands() {
    for (int v = 0; v < input.vregCount; v++) {
      boolean needed = false;
      for (int e = input.entryFirst[v]; e < input.entryFirst[v + 1] && !needed; e++) {
        int flags = input.entryFlags[e];
        needed = (flags & Input.DEFINITION) == 0 && (flags & Input.NEEDS_REGISTER) != 0;
      }
      inMemory[v] = !needed;
    }
  }

  /** Cuts the bundles of values that do not fit; pieces outside of registers become spilled. */
  void run(RegionSplitter regions, int[] families) {
    measureLoops();
    boolean hasLoops = hasLoops();
    isRecording = !hasLoops;
    walk();
    if (hasLoops && anySpilled) {
      // Again, now that it is known what comes around the back edges in registers.
      anySpilled = false;
      Arrays.fill(spilled, false);
      isRecording = true;
      walk();
    }
    work += nextUses.work;
    if (anySpilled) {
      cut(regions, families);
    }
  }

  /** Whether there are blocks that come before one which leads to them. */
  private boolean hasLoops() {
    boolean[] seen = new boolean[input.blockCount];
    for (int b : loops.reversePostorder) {
      for (int p = 0; p < input.function.predecessorCount(b); p++) {
        if (!seen[input.function.predecessor(b, p)]) {
          return true;
        }
      }
      seen[b] = true;
    }
    return false;
  }

  private void walk() {
    for (int b : loops.reversePostorder) {
      enter(b);
      for (int i = input.blockFirst[b]; i < input.blockFirst[b + 1]; i++) {
        step(i);
      }
      leave();
    }
  }

  /** The room that is left in each loop, but for its cold blocks. */
  private void measureLoops() {
    Arrays.fill(slack, pressure.registers());
    for (int b = 0; b < input.blockCount; b++) {
      int room = loops.loopOf[b] < 0 ? 0 : pressure.slack(b);
      for (int loop = loops.loopOf[b]; loop >= 0; loop = loops.parent[loop]) {
        if (input.frequency[b] * 8 >= input.frequency[loop]) {
          slack[loop] = Math.min(slack[loop], room);
        }
      }
    }
  }

  // ---- blocks

  private void enter(int b) {
    block = b;
    candidateCount = 0;
    int predecessors = input.function.predecessorCount(b);
    boolean isHeader = false;
    float total = 0;
    for (int p = 0; p < predecessors; p++) {
      int predecessor = input.function.predecessor(b, p);
      int[] exit = exits[predecessor];
      if (exit == null) {
        isHeader = true;
        continue;
      }
      float frequency = Math.min(input.frequency[predecessor], input.frequency[b]);
      total += frequency;
      for (int v : exit) {
        arriving[v] += frequency;
      }
    }
    countArguments(b);
    if (isHeader) {
      headerCandidates(b);
    } else {
      joinCandidates(b, total);
    }
    for (int p = 0; p < predecessors; p++) {
      int[] exit = exits[input.function.predecessor(b, p)];
      for (int k = 0; exit != null && k < exit.length; k++) {
        arriving[exit[k]] = 0;
      }
    }
    for (int p = 0; p < input.function.parameterCount(b); p++) {
      arriving[input.function.parameter(b, p)] = 0;
    }
    nextUses.collectOut(b);
    if (candidateCount > pressure.registers()) {
      Arrays.sort(candidates, 0, candidateCount);
      candidateCount = pressure.registers();
    }
    for (int k = 0; k < candidateCount; k++) {
      int live = (int) candidates[k];
      int v = nextUses.liveVreg[live];
      add(v, input.blockStart(b), -1);
      nextUse[v] =
          nextUses.isLocalAt(live)
              ? input.blockFirst[b] + nextUses.distanceAt(live)
              : useBehind(v, input.blockFirst[b + 1]);
    }
    dropOthers(b);
  }

  /** What is live at the start of the block, but not taken, is spilled there. */
  private void dropOthers(int b) {
    for (int k = nextUses.liveFirst[b]; k < nextUses.liveFirst[b + 1]; k++) {
      if (position[nextUses.liveVreg[k]] < 0) {
        markSpilled(nextUses.liveVreg[k]);
      }
    }
    work += nextUses.liveFirst[b + 1] - nextUses.liveFirst[b];
  }

  private void markSpilled(int v) {
    spilled[v] = true;
    anySpilled = true;
  }

  private boolean isLive(int v) {
    return input.entryFirst[v + 1] - input.entryFirst[v] > 1;
  }

  /** Adds the value at a position among the live ones. */
  private void addCandidate(int live) {
    int v = nextUses.liveVreg[live];
    int far = nextUses.distanceAt(live);
    if (candidateCount == candidates.length) {
      candidates = Arrays.copyOf(candidates, candidateCount * 2);
    }
    int key = (int) Math.min(Integer.MAX_VALUE, 4f * far * cheapness(v));
    candidates[candidateCount++] = (long) key << 32 | live;
  }

  /** Parameters arrive as their arguments do; one that is made anew counts as arrived. */
  private void countArguments(int b) {
    for (int p = 0; p < input.function.predecessorCount(b); p++) {
      int predecessor = input.function.predecessor(b, p);
      float frequency = Math.min(input.frequency[predecessor], input.frequency[b]);
      if (exits[predecessor] == null || input.function.successorCount(predecessor) != 1) {
        for (int a = 0; a < input.function.parameterCount(b); a++) {
          boolean arrives = input.function.arrival(b, a) >= 0;
          arriving[input.function.parameter(b, a)] += arrives ? frequency : 0;
        }
        continue;
      }
      for (int a = 0; a < input.function.parameterCount(b); a++) {
        int v = input.function.branchArgument(predecessor, a);
        if (arriving[v] > 0 || input.rematerializable[v]) {
          arriving[input.function.parameter(b, a)] += frequency;
        }
      }
    }
  }

  /** What comes along in a register more often than not, and parameters that are used soon. */
  private void joinCandidates(int b, float total) {
    for (int k = nextUses.liveFirst[b]; k < nextUses.liveFirst[b + 1]; k++) {
      int v = nextUses.liveVreg[k];
      boolean soon = nextUses.isParameterAt(k) && nextUses.distanceAt(k) < NEAR;
      if (soon || arriving[v] > 0 && arriving[v] >= total * MOST_WAYS) {
        addCandidate(k);
      }
    }
  }

  /** What the loop uses, and of what lives through it as much as there is room for. */
  private void headerCandidates(int b) {
    int through = 0;
    for (int k = nextUses.liveFirst[b]; k < nextUses.liveFirst[b + 1]; k++) {
      if (nextUses.distanceAt(k) < NextUses.COLD) {
        addCandidate(k);
      } else {
        through++;
      }
    }
    int room = Math.min(through, through + slack[b]);
    if (room <= 0) {
      return;
    }
    int mark = candidateCount;
    for (int k = nextUses.liveFirst[b]; k < nextUses.liveFirst[b + 1]; k++) {
      if (nextUses.distanceAt(k) >= NextUses.COLD && arriving[nextUses.liveVreg[k]] > 0) {
        addCandidate(k);
      }
    }
    if (candidateCount > mark + room) {
      Arrays.sort(candidates, mark, candidateCount);
      candidateCount = mark + room;
    }
  }

  private void leave() {
    int end = input.blockEnd(block);
    int[] exit = Arrays.copyOf(resident, residents);
    for (int v : exit) {
      remove(v, end);
    }
    exits[block] = exit;
  }

  // ---- the set

  private void add(int v, int start, int entryEnd) {
    if (residents == resident.length) {
      resident = Arrays.copyOf(resident, residents * 2);
    }
    position[v] = residents;
    resident[residents++] = v;
    from[v] = start;
    usedUntil[v] = entryEnd;
  }

  /** Ends the residence at {@code end}, or where it was never used, as if it had not been. */
  private void remove(int v, int end) {
    int last = resident[--residents];
    resident[position[v]] = last;
    position[last] = position[v];
    position[v] = -1;
    if (isRecording && end > from[v]) {
      residenceVreg.add(v);
      residenceFrom.add(from[v]);
      residenceTo.add(end);
    }
  }

  /** The instruction of the first use of {@code v} at or behind {@code instruction}. */
  private int firstUse(int v, int instruction) {
    int last = input.entryFirst[v + 1];
    int entry = firstEntry(v, instruction);
    cursor[v] = entry;
    int end = input.blockFirst[block + 1];
    while (entry < last
        && Points.instruction(input.entryPoint[entry]) < end
        && ((input.entryFlags[entry] & Input.DEFINITION) != 0
            || NextUses.isArgument(input, entry))) {
      entry++;
    }
    return entry < last && Points.instruction(input.entryPoint[entry]) < end
        ? Points.instruction(input.entryPoint[entry])
        : useBehind(v, end);
  }

  /** The first entry of {@code v} at or behind {@code instruction}: mostly the next one. */
  private int firstEntry(int v, int instruction) {
    int low = input.entryFirst[v];
    int high = input.entryFirst[v + 1];
    int near = cursor[v];
    if (near < high && Points.instruction(input.entryPoint[near]) >= instruction) {
      if (near == low || Points.instruction(input.entryPoint[near - 1]) < instruction) {
        return near;
      }
      high = near;
    } else if (near < high) {
      low = near + 1;
      int end = Math.min(high, low + NEAR_ENTRIES);
      while (low < end && Points.instruction(input.entryPoint[low]) < instruction) {
        low++;
      }
      high = low < end ? low : high;
    }
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

  /** The next use of {@code v} in other blocks, where {@code end} is the end of the block. */
  private int useBehind(int v, int end) {
    int far = nextUses.outDistance(v);
    return far < 0 ? DEAD : end + far;
  }

  // ---- instructions

  private void step(int i) {
    int begin = input.operandFirst[i];
    int end = input.operandFirst[i + 1];
    work += end - begin + 1;
    int earlyResults = 0;
    int results = 0;
    for (int o = begin; o < end; o++) {
      int v = input.operandVreg[o];
      int descriptor = input.operandDescriptor[o];
      if (input.vregClass[v] != registerClass) {
        continue;
      }
      int constraint = Operand.constraint(descriptor);
      if (!Operand.isDefinition(descriptor)) {
        use(i, o, v, descriptor);
      } else if (constraint != Operand.FIXED && isKept(v)) {
        results++;
        boolean early = constraint == Operand.REUSE || !Operand.isLate(descriptor);
        earlyResults += early ? 1 : 0;
      }
    }
    if (residents + results > pressure.registers() || begin != end || hasClobbers(i)) {
      makeEarlyRoom(i, earlyResults);
      makeLateRoom(i, results);
    }
    for (int o = begin; o < end; o++) {
      int v = input.operandVreg[o];
      if (position[v] >= 0 && nextUse[v] == DEAD) {
        remove(v, usedUntil[v]);
      }
    }
    for (int o = begin; o < end; o++) {
      int v = input.operandVreg[o];
      if (input.vregClass[v] == registerClass
          && Operand.isDefinition(input.operandDescriptor[o])
          && isKept(v)) {
        define(i, v);
      }
    }
  }

  /** Whether the definition of {@code v} has a live range: see {@link Liveness}. */
  private boolean isKept(int v) {
    return isLive(v) || !isFixed(v) && !input.rematerializable[v];
  }

  private boolean isFixed(int v) {
    int operand = input.definitionOperand[v];
    return operand < 0 || Operand.constraint(input.operandDescriptor[operand]) == Operand.FIXED;
  }

  private boolean hasClobbers(int i) {
    return input.function.clobbers(i) != 0;
  }

  private void define(int i, int v) {
    int entry = input.entryFirst[v];
    while ((input.entryFlags[entry] & Input.DEFINITION) == 0) {
      entry++;
    }
    add(v, input.definitionPoint[v], input.entryEnd(entry));
    nextUse[v] = firstUse(v, i + 1);
    if (nextUse[v] == DEAD) {
      remove(v, usedUntil[v]);
    }
  }

  private void use(int i, int operand, int v, int descriptor) {
    int constraint = Operand.constraint(descriptor);
    boolean atGap = constraint == Operand.FIXED || input.aliasOf[operand] >= 0;
    if (constraint == Operand.STACK) {
      markSpilledUse(v, i);
      return;
    }
    if (position[v] < 0) {
      boolean needed = !atGap && (constraint == Operand.REGISTER || input.rematerializable[v]);
      int following = firstUse(v, i + 1);
      boolean worthwhile =
          following != DEAD
              && following - i < (atGap ? NEAR : NEAR_IN_MEMORY)
              && residents < pressure.registers();
      if (!needed && !worthwhile) {
        return;
      }
      add(v, Points.gap(i), -1);
      nextUse[v] = following;
    } else if (nextUse[v] != DEAD && nextUse[v] <= i) {
      nextUse[v] = firstUse(v, i + 1);
    }
    int stop =
        atGap ? Points.early(i) : Operand.isLate(descriptor) ? Points.gap(i + 1) : Points.late(i);
    usedUntil[v] = Math.max(usedUntil[v], stop);
    if (!atGap) {
      pinned[v] = i;
      if (Operand.isLate(descriptor)) {
        pinnedLate[v] = i;
      }
    }
  }

  private void markSpilledUse(int v, int i) {
    if (position[v] >= 0 && nextUse[v] != DEAD && nextUse[v] <= i) {
      usedUntil[v] = Math.max(usedUntil[v], Points.late(i));
      nextUse[v] = firstUse(v, i + 1);
    }
  }

  private void makeEarlyRoom(int i, int results) {
    int room = pressure.earlyRoom(i);
    if (residents + results <= room) {
      return;
    }
    int count = results;
    for (int k = 0; k < residents; k++) {
      int v = resident[k];
      count += pinned[v] == i || nextUse[v] > i ? 1 : 0;
    }
    while (count > room) {
      int victim = farthest(i, pinned);
      if (victim < 0) {
        return;
      }
      evict(victim);
      count--;
    }
  }

  private void makeLateRoom(int i, int results) {
    int room = pressure.lateRoom(i);
    if (residents + results <= room) {
      return;
    }
    int count = results;
    for (int k = 0; k < residents; k++) {
      int v = resident[k];
      count += pinnedLate[v] == i || nextUse[v] > i ? 1 : 0;
    }
    while (count > room) {
      int victim = farthest(i, pinnedLate);
      if (victim < 0) {
        return;
      }
      evict(victim);
      count--;
    }
  }

  private void evict(int v) {
    markSpilled(v);
    remove(v, usedUntil[v]);
  }

  /** What weighs the distance of the next use, when it is asked what to spill in this block. */
  private float cheapness(int v) {
    if (input.rematerializable[v]) {
      return REMATERIALIZED;
    }
    boolean stored =
        !spilled[v] && input.frequency[input.definitionBlock[v]] * 2 > input.frequency[block];
    return (stored ? STORED : 1) * (inMemory[v] ? READ_IN_MEMORY : 1);
  }

  private int farthest(int i, int[] pins) {
    int best = -1;
    float bestKey = -1;
    for (int k = 0; k < residents; k++) {
      int v = resident[k];
      if (pins[v] != i && nextUse[v] > i) {
        float key = (nextUse[v] - i) * cheapness(v);
        if (key > bestKey || key == bestKey && v > best) {
          bestKey = key;
          best = v;
        }
      }
    }
    return best;
  }

  // ---- the result

  private void cut(RegionSplitter regions, int[] families) {
    boolean[] affected = new boolean[pieces.bundleCount];
    for (int v = 0; v < input.vregCount; v++) {
      if (spilled[v]) {
        affected[families[v]] = true;
      }
    }
    int count = 0;
    long[] keys = new long[residenceVreg.size()];
    int[] perBundle = new int[pieces.bundleCount + 1];
    for (int r = 0; r < residenceVreg.size(); r++) {
      int bundle = families[residenceVreg.get(r)];
      if (affected[bundle]) {
        keys[count++] = (long) residenceFrom.get(r) << 32 | r;
        perBundle[bundle + 1]++;
      }
    }
    Arrays.sort(keys, 0, count);
    for (int b = 0; b < pieces.bundleCount; b++) {
      perBundle[b + 1] += perBundle[b];
    }
    int[] order = new int[count];
    int[] cursor = Arrays.copyOf(perBundle, perBundle.length);
    for (int k = 0; k < count; k++) {
      int r = (int) keys[k];
      order[cursor[families[residenceVreg.get(r)]]++] = r;
    }
    int bundles = affected.length;
    for (int b = 0; b < bundles; b++) {
      if (affected[b] && pieces.first[b] >= 0) {
        cutBundle(regions, b, order, perBundle[b], perBundle[b + 1]);
      }
    }
  }

  private void cutBundle(RegionSplitter regions, int bundle, int[] order, int first, int end) {
    regions.begin();
    int piece = pieces.first[bundle];
    for (int k = first; k < end; k++) {
      int r = order[k];
      while (piece >= 0
          && (pieces.vreg[piece] != residenceVreg.get(r)
              || pieces.to[piece] <= residenceFrom.get(r))) {
        piece = pieces.next[piece];
      }
      if (piece < 0
          || residenceFrom.get(r) < pieces.from[piece]
          || residenceTo.get(r) > pieces.to[piece]) {
        throw new IllegalStateException(
            "virtual register " + residenceVreg.get(r) + " is resident where it is not live");
      }
      int at = input.blockAt(residenceFrom.get(r));
      regions.add(piece, at, residenceFrom.get(r), residenceTo.get(r));
    }
    regions.finish(bundle);
  }
}
