package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;

/**
 * Unrolls loops of one block that run a known number of times. Those that store element after
 * element of an array are unrolled so that one iteration stores whole vectors: {@link
 * SuperwordPacking} then packs the copies. Of other small ones an iteration does the work of a few,
 * which saves the test, the jump and most steps of counters. Iterations that are left over are
 * peeled off in front. No test remains between copies.
 */
public final class UnrollLoops {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_INSTRUCTIONS = 40;

  /** Stored per iteration at best: fewer vectors do not hide the cost of going round. */
  private static final int MOST_BYTES = 64;

  /** Stored per iteration at least: one vector. */
  private static final int LEAST_BYTES = 16;

  // How large loops may become, and the iterations that are left over.
  private static final int MOST_UNROLLED = 96;
  private static final int MOST_PEELED = 64;

  // The same for loops that become no vectors.
  private static final int MOST_COPIES = 8;
  private static final int MOST_UNROLLED_SCALARS = 100;

  private final SsaFunction function;
  private final UnsignedRanges ranges;
  private final LoopCopier copier;
  private final GrowthAllowance allowance;
  // Of the loop being looked at: instructions, and bytes from one iteration to the next.
  private int instructions;
  private long step;

  private UnrollLoops(SsaFunction function, UnsignedRanges ranges) {
    this.function = function;
    this.ranges = ranges;
    this.copier = new LoopCopier(function);
    this.allowance = new GrowthAllowance(function);
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    if (!hasCandidates(function)) {
      return;
    }
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    LoopTree loops = LoopTree.of(flow, dominators);
    UnrollLoops pass = new UnrollLoops(function, UnsignedRanges.of(flow, dominators, loops));
    for (int loop = 0; loop < loops.size(); loop++) {
      int header = loops.header(loop);
      if (isCandidate(function, header) && pass.allowance.isLeft()) {
        pass.unroll(loop, header, flow);
      }
    }
    pass.copier.finish();
  }

  private static boolean hasCandidates(SsaFunction function) {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      if (isCandidate(function, b)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code block} is a loop by itself, and a warm one. */
  private static boolean isCandidate(SsaFunction function, int block) {
    int terminator = function.terminator(block);
    return function.op(terminator) == SsaOp.BR_IF
        && !function.isCold(block)
        && (function.target(function.edge(terminator, 0)) == block)
            != (function.target(function.edge(terminator, 1)) == block);
  }

  private void unroll(int loop, int header, ControlFlow flow) {
    long iterations = ranges.repeats(loop) + 1;
    if (iterations < 2) {
      return;
    }
    if (measure(header)) {
      for (int bytes = MOST_BYTES; bytes >= LEAST_BYTES; bytes /= 2) {
        if (unroll(header, iterations, (int) (bytes / step), MOST_UNROLLED, flow)) {
          return;
        }
      }
    }
    if (!count(header)) {
      return;
    }
    for (int copies = MOST_COPIES; copies > 1; copies /= 2) {
      if (unroll(header, iterations, copies, MOST_UNROLLED_SCALARS, flow)) {
        return;
      }
    }
  }

  /**
   * Makes an iteration of so many; says whether it did, because what comes out is not too large.
   */
  private boolean unroll(
      int header, long iterations, int copies, int mostUnrolled, ControlFlow flow) {
    int left = copies == 0 ? 0 : (int) (iterations % copies);
    if (copies < 2
        || iterations < 2L * copies
        || copies * instructions > mostUnrolled
        || left * instructions > MOST_PEELED) {
      return false;
    }
    if (left != 0) {
      copier.peel(header, entries(header, flow), left);
    }
    copier.unroll(header, copies);
    return true;
  }

  private IntList entries(int header, ControlFlow flow) {
    IntList entries = new IntList(2);
    for (int e = 0; e < flow.incomingCount(header); e++) {
      if (function.sourceBlock(flow.incoming(header, e)) != header) {
        entries.add(flow.incoming(header, e));
      }
    }
    return entries;
  }

  /**
   * Looks at the body; says whether it could be packed and all its stores are to elements of one
   * size, as many as an iteration goes on by.
   */
  private boolean measure(int header) {
    instructions = 0;
    step = 0;
    int bytes = 0;
    int stores = 0;
    for (int i = function.firstInstruction(header); i != NONE; i = function.next(i)) {
      SsaOp op = function.op(i);
      instructions += op == SsaOp.ICONST || op == SsaOp.FCONST ? 0 : 1;
      if (!isPackable(op) || instructions > MOST_INSTRUCTIONS) {
        return false;
      }
      if (op == SsaOp.STORE) {
        SsaType type = function.controllingType(i);
        long distance = copier.step(header, function.operand(i, 0));
        if (function.access(i) != MemoryAccess.whole(type)
            || distance <= 0
            || stores != 0 && (bytes != type.bytes() || step != distance)) {
          return false;
        }
        stores++;
        bytes = type.bytes();
        step = distance;
      }
    }
    return stores != 0 && step % bytes == 0 && stores % (step / bytes) == 0;
  }

  /** Counts the instructions of the body; says whether it may be copied. */
  private boolean count(int header) {
    instructions = 0;
    for (int i = function.firstInstruction(header); i != NONE; i = function.next(i)) {
      SsaOp op = function.op(i);
      instructions += op == SsaOp.ICONST || op == SsaOp.FCONST ? 0 : 1;
      if (op.isCall() || instructions > MOST_UNROLLED_SCALARS / 2) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPackable(SsaOp op) {
    return switch (op) {
      case ICONST, FCONST, IADD, ISUB, IMUL, IAND, IOR, IXOR, SHL, ICMP -> true;
      case FADD, FSUB, FMUL, FDIV, LOAD, STORE, BR_IF -> true;
      default -> false;
    };
  }
}
