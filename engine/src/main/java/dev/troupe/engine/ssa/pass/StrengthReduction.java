package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.BlockFrequency;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.InductionVariables;
import dev.troupe.engine.ssa.analysis.LoopTree;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what loops compute anew from their induction variables by a variable of its own that one
 * addition advances (Cocke and Kennedy, "An Algorithm for Reduction of Operator Strength", CACM
 * 20(11), 1977). Addition wraps around as the product would have, so nothing has to be proven.
 *
 * <p>A variable costs an addition per round and a register all through the loop. So a computation
 * is replaced only if more than that goes, there is a register, and the loop comes to it as often
 * as it goes round. What addresses and {@code lea} do for free counts nothing: a shift by up to
 * three below a sum, a constant that is added. Where a sum as a whole does not pay, the products in
 * it may.
 */
public final class StrengthReduction {
  private static final int NONE = SsaFunction.NONE;

  /** Instructions of one computation: it bounds the work, and what is put in front of the loop. */
  private static final int MOST_NODES = 12;

  /** What an outer loop computes for an inner one is looked at again, this often. */
  private static final int MOST_ROUNDS = 2;

  /** How far to look for an equal computation, and how deep. */
  private static final int MOST_TWINS = 16;

  private static final int MOST_DEPTH = 4;

  /** Edges to a header: each that goes back has an addition of its own. */
  private static final int MOST_EDGES = 8;

  /** Instructions of a loop that an operation more or less makes no difference to. */
  private static final int MOST_INSTRUCTIONS = 64;

  /** The least that must go from a round beside the addition, in micro-operations. */
  private static final float LEAST_GAIN = 0.9f;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final LoopTree loops;
  private final InductionVariables variables;
  private final UseCounts uses;
  private @Nullable LoopPressure pressure;
  private @Nullable BlockFrequency frequency;

  // Linear results of loops, operands before users; of values, the uses by linear results of their
  // own loop, and whether one of those users stays.
  private final IntList linear = new IntList();
  private final int[] linearUses;
  private final boolean[] isForced;
  // Of values: whether an instruction uses one that leaves its result in the place of its operand.
  private final boolean[] isOverwritten;
  // Of values: whether a memory is accessed there.
  private final boolean[] isIndex;
  // Of loops, with those in them.
  private final int[] instructions;
  // What gets a variable, and for each the one before it that computes the same, or NONE.
  private final IntList chosen = new IntList();
  private final IntList twin = new IntList();
  private int nodes;

  private StrengthReduction(SsaFunction function, ControlFlow flow, LoopTree loops) {
    this.function = function;
    this.flow = flow;
    this.dominators = DominatorTree.of(flow);
    this.loops = loops;
    this.variables = InductionVariables.of(flow, dominators, loops);
    this.uses = UseCounts.of(function);
    this.linearUses = new int[function.valueCount()];
    this.isForced = new boolean[function.valueCount()];
    this.isOverwritten = new boolean[function.valueCount()];
    this.isIndex = new boolean[function.valueCount()];
    this.instructions = new int[loops.size()];
  }

  /** Runs the pass. All blocks of the layout are reachable, and nothing is unused. */
  public static void run(SsaFunction function) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      ControlFlow flow = ControlFlow.of(function);
      LoopTree loops = LoopTree.of(flow, DominatorTree.of(flow));
      if (loops.size() == 0 || !new StrengthReduction(function, flow, loops).reduce()) {
        return;
      }
      DeadCode.run(function);
    }
  }

  /** Says whether anything has changed. */
  private boolean reduce() {
    if (!collect()) {
      return false;
    }
    for (int k = linear.size() - 1; k >= 0; k--) {
      decide(linear.get(k));
    }
    if (chosen.isEmpty()) {
      return false;
    }
    LinearVariables maker = new LinearVariables(function, flow, loops, variables);
    for (int k = 0; k < chosen.size(); k++) {
      maker.replace(chosen.get(k), twin.get(k));
    }
    maker.finish();
    return true;
  }

  // ---- what there is

  /** Collects linear results; says whether some are more than a step. */
  private boolean collect() {
    boolean any = false;
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      if (loops.loop(block) == LoopTree.NONE) {
        continue;
      }
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        instructions[loops.loop(block)] += function.op(i) == SsaOp.ICONST ? 0 : 1;
        noteUses(i);
        if (function.resultCount(i) == 1 && variables.isLinear(function.result(i))) {
          linear.add(function.result(i));
          any |= cost(i, true) > 0;
          for (int n = 0; n < function.operandCount(i); n++) {
            int operand = function.operand(i, n);
            if (isOwn(operand, loops.loop(block))) {
              linearUses[operand]++;
            }
          }
        }
      }
    }
    for (int loop = loops.size() - 1; loop >= 0; loop--) {
      if (loops.parent(loop) != LoopTree.NONE) {
        instructions[loops.parent(loop)] += instructions[loop];
      }
    }
    return any;
  }

  /**
   * A variable goes on to the next round, so an instruction of two operands needs a copy of it. A
   * product that only such a one uses is overwritten for free.
   */
  private void noteUses(int i) {
    switch (function.op(i)) {
      case IAND, IOR, IXOR, SHL, USHR, SSHR, ROTL, ROTR, ISUB ->
          isOverwritten[function.operand(i, 0)] = true;
      case LOAD, STORE -> isIndex[function.operand(i, 0)] = true;
      default -> {}
    }
  }

  private boolean isOwn(int value, int loop) {
    return variables.isLinear(value) && loops.loop(function.definingBlock(value)) == loop;
  }

  // ---- what pays

  /** Users have been decided on before. */
  private void decide(int value) {
    if (uses.of(value) == linearUses[value] && !isForced[value]) {
      return;
    }
    int equal = chosenTwin(value);
    if (equal != NONE || pays(value)) {
      chosen.add(value);
      twin.add(equal);
      return;
    }
    int i = function.definingInstruction(value);
    for (int n = 0; n < function.operandCount(i); n++) {
      isForced[function.operand(i, n)] = true;
    }
  }

  /** Copies of loop bodies that were peeled off compute the same again. */
  private int chosenTwin(int value) {
    int loop = loops.loop(function.definingBlock(value));
    for (int k = chosen.size() - 1; k >= Math.max(0, chosen.size() - MOST_TWINS); k--) {
      int other = chosen.get(k);
      if (twin.get(k) == NONE
          && loops.loop(function.definingBlock(other)) == loop
          && areEqual(value, other, MOST_DEPTH)) {
        return other;
      }
    }
    return NONE;
  }

  private boolean areEqual(int a, int b, int depth) {
    int left = function.definingInstruction(a);
    int right = function.definingInstruction(b);
    if (a == b) {
      return true;
    }
    if (left == NONE || right == NONE || function.op(left) != function.op(right) || depth == 0) {
      return false;
    }
    if (isConstant(a)) {
      return function.valueType(a) == function.valueType(b)
          && function.immediate(left) == function.immediate(right);
    }
    boolean same =
        switch (function.op(left)) {
          case IADD, ISUB, IMUL, SHL -> function.valueType(a) == function.valueType(b);
          default -> false;
        };
    return same
        && areEqual(function.operand(left, 0), function.operand(right, 0), depth - 1)
        && areEqual(function.operand(left, 1), function.operand(right, 1), depth - 1);
  }

  private boolean pays(int value) {
    int i = function.definingInstruction(value);
    int block = function.block(i);
    int loop = loops.loop(block);
    int header = loops.header(loop);
    if (cost(i, false) == 0
        || isStep(value, loop)
        || header == function.entry()
        || function.isCold(header)
        || function.isCold(block)
        || flow.incomingCount(header) > MOST_EDGES
        || instructions[loop] > MOST_INSTRUCTIONS) {
      return false;
    }
    nodes = 0;
    float saved = saved(i, loop, false) - (isOverwritten[value] ? 1 : 0);
    if (saved - 1 < LEAST_GAIN || size(value, loop) > MOST_NODES) {
      return false;
    }
    float often = block == header ? 1 : frequencies().frequency(block) / frequency(header);
    return saved * often - 1 >= LEAST_GAIN
        && pressure().takeWithin(value, loop, variables.hasConstantStep(value) ? 1 : 2);
  }

  private float frequency(int header) {
    return Math.max(BlockFrequency.LEAST, frequencies().frequency(header));
  }

  /** Whether {@code value} is what a basic variable of the loop becomes. */
  private boolean isStep(int value, int loop) {
    int i = function.definingInstruction(value);
    for (int n = 0; n < function.operandCount(i); n++) {
      int operand = function.operand(i, n);
      if (variables.isBasic(operand)
          && variables.next(operand) == value
          && function.definingBlock(operand) == loops.header(loop)) {
        return true;
      }
    }
    return false;
  }

  /** Micro-operations of {@code i} and of what only it uses. */
  private float saved(int i, int loop, boolean isInSum) {
    float sum = cost(i, isInSum);
    SsaOp op = function.op(i);
    boolean sums = op == SsaOp.IADD;
    for (int n = 0; n < function.operandCount(i) && ++nodes < MOST_NODES; n++) {
      int operand = function.operand(i, n);
      if (isOwn(operand, loop)
          && !function.isParameter(operand)
          && uses.of(operand) == 1
          && !isStep(operand, loop)) {
        sum += saved(function.definingInstruction(operand), loop, sums);
        sums = false;
      }
    }
    return sum;
  }

  /**
   * Micro-operations: a multiplication counts two, since it takes three cycles and there is one
   * unit for it.
   */
  private int cost(int i, boolean isInSum) {
    SsaOp op = function.op(i);
    return switch (op) {
      case IMUL -> isLea(function.operand(i, 1)) ? 1 : 2;
      // An index of 32 bits wraps around where the displacement of an address would not.
      case IADD -> isConstant(function.operand(i, 1)) && !isIndex[function.result(i)] ? 0 : 1;
      case ISUB -> 1;
      case SHL -> isFree(i, isInSum) ? 0 : 1;
      default -> 0;
    };
  }

  private boolean isLea(int factor) {
    if (!isConstant(factor)) {
      return false;
    }
    long times = function.immediate(function.definingInstruction(factor));
    return times == 3 || times == 5 || times == 9;
  }

  /** Whether a sum, or the addresses that alone use it, shift for free. */
  private boolean isFree(int shift, boolean isInSum) {
    int amount = function.operand(shift, 1);
    if (!isConstant(amount)) {
      return false;
    }
    long bits = function.immediate(function.definingInstruction(amount));
    int value = function.operand(shift, 0);
    boolean isScale = bits >= 1 && bits <= 3;
    return isScale
        && (isInSum
            || function.valueType(value) == SsaType.I32
                && variables.ranges().max(value) << bits <= 0xFFFF_FFFFL);
  }

  /** Instructions behind {@code value} that its first value is computed with, if not too many. */
  private int size(int value, int loop) {
    nodes = 0;
    measure(value, loop);
    return nodes;
  }

  private void measure(int value, int loop) {
    int i = function.definingInstruction(value);
    if (i == NONE || !loops.contains(loop, function.block(i)) || nodes > MOST_NODES) {
      return;
    }
    nodes++;
    for (int n = 0; n < function.operandCount(i); n++) {
      measure(function.operand(i, n), loop);
    }
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  private BlockFrequency frequencies() {
    if (frequency == null) {
      frequency = BlockFrequency.of(flow, loops, dominators);
    }
    return frequency;
  }

  private LoopPressure pressure() {
    if (pressure == null) {
      pressure = LoopPressure.counted(flow, loops);
    }
    return pressure;
  }
}
