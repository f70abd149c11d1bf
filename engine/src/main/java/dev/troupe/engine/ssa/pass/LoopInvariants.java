package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.BlockFrequency;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Moves what is the same in every iteration of a loop in front of it: pure operations that cannot
 * trap, and reads of instance fields that nothing in the loop writes. Since none of them can be
 * observed, it does not matter whether the loop would have come to them; accesses of linear memory
 * stay where they are.
 *
 * <p>A value that is moved occupies a register all through the loop. So only what saves enough is
 * moved, the most expensive first, while {@link LoopPressure} sees room. What the back end does for
 * free, or repeats anyway, counts nothing: constants, extensions, parts of addresses.
 */
public final class LoopInvariants {
  private static final int NONE = SsaFunction.NONE;

  /** How many loops a value may leave: it bounds the work for deep nests. */
  private static final int MOST_LEVELS = 8;

  /** Cycles that a value must save per iteration, without and with calls in the loop. */
  private static final int LEAST_GAIN = 2;

  private static final int LEAST_GAIN_AROUND_CALLS = 12;
  private static final int MOST_GAIN = 1 << 20;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final MemoryVersions memory;
  private final LoopPressure pressure;
  private final Preheaders preheaders;
  private @Nullable BlockFrequency frequency;

  // Of instructions: the outermost loop they may leave, and the cycles of what would leave with
  // them. Those that may leave one are in movable, operands before users.
  private final int[] leaves;
  private final int[] gain;
  private final IntList movable = new IntList();
  private final boolean[] isRoot;
  private final boolean[] isMoved;

  private LoopInvariants(
      SsaFunction function, ControlFlow flow, DominatorTree dominators, LoopTree loops) {
    this.function = function;
    this.flow = flow;
    this.dominators = dominators;
    this.loops = loops;
    this.memory = new MemoryVersions(flow, dominators, loops);
    this.pressure = new LoopPressure(flow, loops);
    this.preheaders = new Preheaders(flow, dominators, loops);
    int count = function.instructionCount();
    this.leaves = new int[count];
    this.gain = new int[count];
    this.isRoot = new boolean[count];
    this.isMoved = new boolean[count];
    Arrays.fill(leaves, LoopTree.NONE);
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    LoopTree loops = LoopTree.of(flow, dominators);
    if (loops.size() > 0) {
      new LoopInvariants(function, flow, dominators, loops).run();
    }
  }

  private void run() {
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      if (loops.loop(block) != LoopTree.NONE) {
        visit(block);
      }
    }
    if (!movable.isEmpty()) {
      choose();
      move();
    }
  }

  // ---- what may leave

  private void visit(int block) {
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      if (!function.isCold(block) && isMovable(i)) {
        leaves[i] = outermost(i, block);
        if (leaves[i] != LoopTree.NONE) {
          movable.add(i);
          gain[i] = gainOf(i);
        }
      }
      for (int k = 0; k < function.operandCount(i); k++) {
        use(function.operand(i, k), leaves[i], block);
      }
      for (int n = 0; n < function.edgeCount(i); n++) {
        int edge = function.edge(i, n);
        for (int k = 0; k < function.argumentCount(edge); k++) {
          use(function.argument(edge, k), LoopTree.NONE, block);
        }
      }
    }
  }

  /** A value whose user does not leave with it would be live in the loop. */
  private void use(int value, int userLeaves, int block) {
    pressure.use(value, block);
    int definer = function.definingInstruction(value);
    if (definer != NONE && leaves[definer] != LoopTree.NONE && leaves[definer] != userLeaves) {
      isRoot[definer] = true;
    }
  }

  private boolean isMovable(int i) {
    SsaOp op = function.op(i);
    return switch (op) {
      // Constants go with their users. A clamp stays behind the check that it belongs to.
      case ICONST, FCONST, VCONST, SPECTRE_GUARD -> false;
      case CTX_LOAD ->
          switch (Region.kind(function.region(i))) {
            case INSTANCE, GLOBAL, MEMORY_DEFINITION, TABLE_DEFINITION -> true;
            case NONE, MEMORY, SHARED_MEMORY, TABLE, STORE, VOLATILE, FIELD, ELEMENT -> false;
          };
      default -> op.isPure() && !Effects.mustStay(function, i);
    };
  }

  private boolean isConstant(int value) {
    SsaOp op = function.definingOp(value, SsaOp.TRAP);
    return op == SsaOp.ICONST || op == SsaOp.FCONST;
  }

  /** The outermost loop around {@code block} that {@code i} may leave, or none. */
  private int outermost(int i, int block) {
    boolean reads = function.op(i).reads();
    int best = LoopTree.NONE;
    int loop = loops.loop(block);
    for (int level = 0; level < MOST_LEVELS && loop != LoopTree.NONE; level++) {
      if (function.isCold(loops.header(loop))
          || loops.header(loop) == function.entry()
          || reads && memory.isWritten(loop, function.region(i))
          || !areOperandsOutside(i, loop)
          || isRare(block, loop)) {
        return best;
      }
      best = loop;
      loop = loops.parent(loop);
    }
    return best;
  }

  private boolean areOperandsOutside(int i, int loop) {
    for (int k = 0; k < function.operandCount(i); k++) {
      int value = function.operand(i, k);
      if (!isConstant(value) && isInside(loop, place(value))) {
        return false;
      }
    }
    return true;
  }

  /** The innermost loop around the place that {@code value} may come to. */
  private int place(int value) {
    int definer = function.definingInstruction(value);
    return definer != NONE && leaves[definer] != LoopTree.NONE
        ? loops.parent(leaves[definer])
        : loops.loop(function.definingBlock(value));
  }

  /** Whether {@code inner} is {@code loop} or in it; says yes where it is nested too deeply. */
  private boolean isInside(int loop, int inner) {
    int level = 0;
    while (inner != LoopTree.NONE && depth(inner) > depth(loop)) {
      if (++level > MOST_LEVELS) {
        return true;
      }
      inner = loops.parent(inner);
    }
    return inner == loop;
  }

  private int depth(int loop) {
    return loops.depth(loops.header(loop));
  }

  /** Whether {@code block} runs less often than control comes to {@code loop}. */
  private boolean isRare(int block, int loop) {
    if (block == loops.header(loop)) {
      return false;
    }
    if (frequency == null) {
      frequency = BlockFrequency.of(flow, loops, dominators);
    }
    int header = loops.header(loop);
    float entries = 0;
    for (int k = 0; k < flow.incomingCount(header); k++) {
      int edge = flow.incoming(header, k);
      if (!dominators.dominates(header, function.sourceBlock(edge))) {
        entries += frequency.edgeFrequency(edge);
      }
    }
    return frequency.isCold(block) || frequency.frequency(block) < entries;
  }

  // ---- what is worth it

  private int gainOf(int i) {
    int sum = cycles(i);
    for (int k = 0; k < function.operandCount(i); k++) {
      int definer = function.definingInstruction(function.operand(i, k));
      if (definer != NONE && leaves[definer] == leaves[i]) {
        sum += gain[definer];
      }
    }
    return Math.min(sum, MOST_GAIN);
  }

  /** What {@code i} costs in a loop; 0 where it is likely to become part of another one. */
  private int cycles(int i) {
    SsaOp op = function.op(i);
    return switch (op) {
      case UEXTEND, WRAP, CTX_ADDRESS -> 0;
      case IADD, ISUB, SHL -> isConstant(function.operand(i, 1)) ? 0 : op.costCycles();
      case SPLAT -> 2;
      default -> op.costCycles();
    };
  }

  private void choose() {
    long[] order = new long[movable.size()];
    int count = 0;
    for (int k = 0; k < movable.size(); k++) {
      int i = movable.get(k);
      if (isRoot[i] && isWorthIt(i)) {
        order[count++] = (long) (MOST_GAIN - gain[i]) << 32 | k;
      }
    }
    Arrays.sort(order, 0, count);
    for (int n = 0; n < count; n++) {
      int i = movable.get((int) order[n]);
      isMoved[i] = pressure.take(function.result(i), function.block(i), leaves[i]);
    }
    for (int k = movable.size() - 1; k >= 0; k--) {
      int i = movable.get(k);
      for (int n = 0; isMoved[i] && n < function.operandCount(i); n++) {
        int definer = function.definingInstruction(function.operand(i, n));
        if (definer != NONE && leaves[definer] != LoopTree.NONE) {
          isMoved[definer] = true;
        }
      }
    }
  }

  private boolean isWorthIt(int i) {
    return switch (function.op(i)) {
      // Part of the branch or the selection that uses it.
      case ICMP, FCMP -> false;
      default ->
          gain[i] >= (memory.hasCall(leaves[i]) ? LEAST_GAIN_AROUND_CALLS : LEAST_GAIN)
              && cycles(i) > 0;
    };
  }

  // ---- moving

  private void move() {
    for (int k = 0; k < movable.size(); k++) {
      int i = movable.get(k);
      if (isMoved[i]) {
        int end = function.terminator(preheaders.of(leaves[i]));
        for (int n = 0; n < function.operandCount(i); n++) {
          moveConstant(function.operand(i, n), leaves[i], end);
        }
        function.remove(i);
        function.insertBefore(i, end);
      }
    }
  }

  private void moveConstant(int value, int loop, int end) {
    if (isConstant(value)) {
      int definer = function.definingInstruction(value);
      int inner = preheaders.loopAround(function.block(definer));
      while (inner != LoopTree.NONE && depth(inner) > depth(loop)) {
        inner = loops.parent(inner);
      }
      if (inner == loop) {
        function.remove(definer);
        function.insertBefore(definer, end);
      }
    }
  }
}
