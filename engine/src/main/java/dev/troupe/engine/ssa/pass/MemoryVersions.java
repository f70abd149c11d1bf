package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import java.util.Arrays;

/**
 * Numbers the contents of memory during a walk in preorder of the dominator tree: two reads of one
 * address under the same version read the same. A version ends with a write to the region or a call,
 * and where control flow meets. Regions share a fixed number of counters, so that the cost per block
 * does not grow with the number of globals; sharing only loses precision.
 */
final class MemoryVersions {
  private static final int COUNTERS = 16;

  /** The version of what never changes. */
  static final int IMMUTABLE = 0;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final int[][] atEnd;
  private final int[] current = new int[COUNTERS];
  private int newest;

  MemoryVersions(ControlFlow flow) {
    this.flow = flow;
    this.function = flow.function();
    this.atEnd = new int[function.blockCount()][];
  }

  private static int counter(int region) {
    return (Region.kind(region).ordinal() * 5 + Region.index(region)) % COUNTERS;
  }

  void enter(int block) {
    if (flow.incomingCount(block) == 1) {
      int[] before = atEnd[function.sourceBlock(flow.incoming(block, 0))];
      System.arraycopy(before, 0, current, 0, COUNTERS);
    } else {
      Arrays.fill(current, ++newest);
    }
  }

  void leave(int block) {
    atEnd[block] = current.clone();
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
