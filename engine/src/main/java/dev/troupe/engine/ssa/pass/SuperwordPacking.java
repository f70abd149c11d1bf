package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;
import java.util.Arrays;

/**
 * Packs equal computations on neighbouring elements of memory into operations on vectors (Larsen
 * and Amarasinghe, "Exploiting superword level parallelism with multimedia instruction sets", PLDI
 * 2000), in blocks of loops. Starts at stores to neighbouring addresses and follows their operands
 * up to loads from neighbouring addresses and values that all lanes share.
 *
 * <p>Every lane computes what the scalar operation did, in the same order of operands, so results
 * are the same to the bit. Loads and stores move down to the last store of the pack; therefore all
 * accesses involved, and all that they move across, must lie in memory that is there from the start
 * (none of them can trap), and those that they move across must touch other bytes.
 */
public final class SuperwordPacking {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_STORES = 64;
  private static final int MOST_INSTRUCTIONS = 512;

  private final SsaFunction function;
  private final LaneTree tree;
  private final MemoryBounds bounds;
  private int[] position;

  private SuperwordPacking(SsaFunction function, UnsignedRanges ranges) {
    this.function = function;
    this.bounds = new MemoryBounds(function, ranges);
    this.tree = new LaneTree(function);
    this.position = new int[function.instructionCount()];
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    if (!hasCandidates(function)) {
      return;
    }
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    LoopTree loops = LoopTree.of(flow, dominators);
    UnsignedRanges ranges = UnsignedRanges.of(flow, dominators, loops);
    SuperwordPacking pass = new SuperwordPacking(function, ranges);
    for (int k = 0; k < flow.size(); k++) {
      if (loops.depth(flow.block(k)) > 0) {
        pass.pack(flow.block(k));
      }
    }
  }

  /** Whether two stores in a row have one base and offsets that differ by their size. */
  private static boolean hasCandidates(SsaFunction function) {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      int previous = NONE;
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        if (function.op(i) == SsaOp.STORE) {
          if (previous != NONE
              && isWhole(function, i)
              && function.operand(i, 0) == function.operand(previous, 0)) {
            return true;
          }
          previous = i;
        }
      }
    }
    return false;
  }

  /** Accesses of shared memory stay as they are: a wider one may be torn in other places. */
  static boolean isWhole(SsaFunction function, int access) {
    return Region.kind(function.region(access)) == Region.Kind.MEMORY
        && function.access(access) == MemoryAccess.whole(function.controllingType(access))
        && function.access(access) != MemoryAccess.VECTOR128;
  }

  private void pack(int block) {
    IntList stores = new IntList(8);
    int count = 0;
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      position[i] = count++;
      if (function.op(i) == SsaOp.STORE && isWhole(function, i)) {
        stores.add(i);
      }
    }
    if (stores.size() < 2 || stores.size() > MOST_STORES || count > MOST_INSTRUCTIONS) {
      return;
    }
    int[] sorted = sorted(stores);
    int start = 0;
    while (start < sorted.length) {
      int lanes = 16 / function.access(sorted[start]).bytes();
      start += start + lanes <= sorted.length && pack(block, sorted, start, lanes) ? lanes : 1;
    }
  }

  /** The stores by base and offset; few, so that insertion is fine. */
  private int[] sorted(IntList stores) {
    int[] sorted = stores.toArray();
    for (int n = 1; n < sorted.length; n++) {
      int store = sorted[n];
      int m = n;
      while (m > 0 && isBefore(store, sorted[m - 1])) {
        sorted[m] = sorted[m - 1];
        m--;
      }
      sorted[m] = store;
    }
    return sorted;
  }

  private boolean isBefore(int left, int right) {
    int difference = Integer.compare(function.operand(left, 0), function.operand(right, 0));
    return difference < 0 || difference == 0 && function.offset(left) < function.offset(right);
  }

  private boolean pack(int block, int[] stores, int start, int lanes) {
    int[] pack = new int[lanes];
    int last = stores[start];
    for (int k = 0; k < lanes; k++) {
      pack[k] = stores[start + k];
      if (k > 0 && !LaneTree.areNeighbours(function, pack[k - 1], pack[k])) {
        return false;
      }
      last = position[pack[k]] > position[last] ? pack[k] : last;
    }
    if (!tree.build(block, pack) || !mayMove(last)) {
      return false;
    }
    int known = function.instructionCount();
    tree.emit(last);
    // What is new stands where the last store stood.
    position = Arrays.copyOf(position, function.instructionCount());
    Arrays.fill(position, known, position.length, position[last]);
    return true;
  }

  /** Whether all loads and stores of the tree may happen just before {@code last}. */
  private boolean mayMove(int last) {
    IntList members = tree.accesses();
    int first = last;
    for (int m = 0; m < members.size(); m++) {
      int member = members.get(m);
      if (!bounds.isInside(member)) {
        return false;
      }
      first = position[member] < position[first] ? member : first;
    }
    for (int i = first; i != last; i = function.next(i)) {
      boolean free =
          tree.isMember(i) ? function.op(i) != SsaOp.STORE || isUnseen(i) : isCrossable(i);
      if (!free) {
        return false;
      }
    }
    return true;
  }

  /** Whether the members in front of {@code i}, which is no member, may move behind it. */
  private boolean isCrossable(int i) {
    SsaOp op = function.op(i);
    if (op != SsaOp.LOAD && op != SsaOp.STORE) {
      return !Effects.mustStay(function, i);
    }
    if (!bounds.isInside(i)) {
      return false;
    }
    IntList members = tree.accesses();
    boolean writes = op == SsaOp.STORE;
    for (int m = 0; m < members.size(); m++) {
      int member = members.get(m);
      boolean crosses = position[member] < position[i];
      if (crosses
          && (writes || function.op(member) == SsaOp.STORE)
          && bounds.mayOverlap(member, i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether no load of the tree behind the store {@code i} of the tree sees what it stores. */
  private boolean isUnseen(int i) {
    IntList members = tree.accesses();
    for (int m = 0; m < members.size(); m++) {
      int member = members.get(m);
      if (function.op(member) == SsaOp.LOAD
          && position[member] > position[i]
          && bounds.mayOverlap(member, i)) {
        return false;
      }
    }
    return true;
  }
}
