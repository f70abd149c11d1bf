package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import java.util.Arrays;

/**
 * Numbers the contents of memory during a walk in preorder of the dominator tree: two reads of one
 * address under the same version read the same. A version ends with a write to the region or a
 * call, where paths with different versions meet, and at the header of a loop that writes, or that
 * reads what other threads write. Regions share a fixed number of counters, so that the cost per
 * block does not grow with the number of globals; sharing only loses precision.
 *
 * <p>The walk visits the children of a block in reverse postorder, so the sources of all edges to a
 * block come before it, except those of edges that go back.
 */
final class MemoryVersions {
  private static final int COUNTERS = 16;
  private static final int ALL = (1 << COUNTERS) - 1;

  /** The version of what never changes. */
  static final int IMMUTABLE = 0;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final int[] writtenInLoop;
  private final int[][] atEnd;
  private final boolean[] isDone;
  private final int[] current = new int[COUNTERS];
  private int newest;

  MemoryVersions(ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    this.flow = flow;
    this.function = flow.function();
    this.dominators = dominators;
    this.loops = loops;
    this.atEnd = new int[function.blockCount()][];
    this.isDone = new boolean[function.blockCount()];
    this.writtenInLoop = new int[loops.size()];
    collectWrites();
  }

  private static int counter(int region) {
    return (Region.kind(region).ordinal() * 5 + Region.index(region)) % COUNTERS;
  }

  private int written(int instruction) {
    SsaOp op = function.op(instruction);
    return op.isCall() ? ALL : op.writes() ? 1 << counter(function.region(instruction)) : 0;
  }

  /**
   * What every round of a loop sees anew: shared memory that others write while it waits for it.
   */
  private int changedByOthers(int instruction) {
    int region = function.region(instruction);
    boolean shared = Region.kind(region) == Region.Kind.SHARED_MEMORY;
    return shared ? 1 << counter(region) : 0;
  }

  /** Bit sets of the counters that each loop advances, inner loops included. */
  private void collectWrites() {
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      int loop = loops.loop(block);
      if (loop != LoopTree.NONE) {
        int i = function.firstInstruction(block);
        while (i != SsaFunction.NONE && writtenInLoop[loop] != ALL) {
          writtenInLoop[loop] |= written(i) | changedByOthers(i);
          i = function.next(i);
        }
      }
    }
    for (int loop = loops.size() - 1; loop >= 0; loop--) {
      if (loops.parent(loop) != LoopTree.NONE) {
        writtenInLoop[loops.parent(loop)] |= writtenInLoop[loop];
      }
    }
  }

  /** Whether something in {@code loop} may change what a read of {@code region} sees. */
  boolean isWritten(int loop, int region) {
    return !Region.isImmutable(region) && (writtenInLoop[loop] >> counter(region) & 1) != 0;
  }

  /** Whether {@code loop} calls, or writes as much as a call may. */
  boolean hasCall(int loop) {
    return writtenInLoop[loop] == ALL;
  }

  void enter(int block) {
    int stale = 0;
    int first = SsaFunction.NONE;
    for (int k = 0; k < flow.incomingCount(block); k++) {
      int source = function.sourceBlock(flow.incoming(block, k));
      if (!isDone[source]) {
        // The edge goes back. Without a loop around it the graph is irreducible.
        boolean loop = dominators.dominates(block, source);
        stale |= loop ? writtenInLoop[loops.loop(block)] : ALL;
      } else if (first == SsaFunction.NONE) {
        first = source;
      } else {
        stale |= differences(atEnd[first], atEnd[source]);
      }
    }
    if (first == SsaFunction.NONE) {
      stale = ALL;
    } else {
      System.arraycopy(atEnd[first], 0, current, 0, COUNTERS);
    }
    for (int c = 0; c < COUNTERS; c++) {
      if ((stale >> c & 1) != 0) {
        current[c] = ++newest;
      }
    }
  }

  private static int differences(int[] left, int[] right) {
    int set = 0;
    for (int c = 0; c < COUNTERS; c++) {
      set |= left[c] == right[c] ? 0 : 1 << c;
    }
    return set;
  }

  void leave(int block) {
    atEnd[block] = current.clone();
    isDone[block] = true;
  }

  /** The version that a read of {@code region} sees now. */
  int version(int region) {
    return Region.isImmutable(region) ? IMMUTABLE : current[counter(region)];
  }

  /** Notes the effect of {@code instruction}. */
  void execute(int instruction) {
    SsaOp op = function.op(instruction);
    if (op.isCall()) {
      Arrays.fill(current, ++newest);
    } else if (op.writes()) {
      current[counter(function.region(instruction))] = ++newest;
    }
  }
}
