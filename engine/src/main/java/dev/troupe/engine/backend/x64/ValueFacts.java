package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import java.util.Arrays;

/// What selection knows about values before it starts.
///
/// - The <em>root</em> of a value: `wrap` and most `uextend` need no instruction; they are other
///   names of their operand.
/// - Whether the register of an i32 has a zero upper half. True of everything that a 32-bit
///   instruction writes; not of parameters, call results and `wrap`, unless somebody wants it of
///   them: then they are <em>cleared</em> where they are defined, once for all. Block parameters
///   have it when all their arguments have it.
/// - Whether a clamp of an index is a <em>check</em> instead: the next effect behind it is an
///   access at this index, so trapping here is trapping there. It then is another name of the
///   index.
/// - How often a root is used, and the <em>effect epoch</em> of an instruction: the number of
///   effects before it in its block. A load may move down to its user while the epoch is the same.
final class ValueFacts {
  /// How far behind a clamp its access is looked for.
  private static final int MOST_STEPS = 32;

  private final SsaFunction function;
  private final int[] root;
  private final boolean[] zeroUpper;
  private final boolean[] cleared;
  private final int[] uses;
  private final int[] sums;
  private final int[] epoch;
  private final boolean branchesOnIndexes;

  /// @param branchesOnIndexes whether clamps of indexes may become comparisons and branches
  ValueFacts(SsaFunction function, ControlFlow flow, boolean branchesOnIndexes) {
    this.function = function;
    this.branchesOnIndexes = branchesOnIndexes;
    this.root = new int[function.valueCount()];
    this.zeroUpper = new boolean[function.valueCount()];
    this.cleared = new boolean[function.valueCount()];
    this.uses = new int[function.valueCount()];
    this.sums = new int[function.valueCount()];
    this.epoch = new int[function.instructionCount()];
    findCleared(flow);
    findZeroUpper(flow);
    for (int v = 0; v < root.length; v++) {
      root[v] = v;
    }
    for (int i = 0; i < flow.size(); i++) {
      findRoots(flow.block(i));
    }
    for (int i = 0; i < flow.size(); i++) {
      countUses(flow.block(i));
    }
  }

  /// The value whose register holds this one.
  int root(int value) {
    return root[value];
  }

  /// Whether bits 32 to 63 of the register of this i32 are zero.
  boolean isZeroUpper(int value) {
    return zeroUpper[value];
  }

  /// Whether the definition of a value must see to it that the upper half of its register is zero.
  boolean isCleared(int value) {
    return cleared[value];
  }

  /// Whether all uses of a value are in sums.
  boolean isOnlySummed(int value) {
    return sums[root[value]] == uses[root[value]];
  }

  /// Uses of the root of a value, by whatever name.
  int uses(int value) {
    return uses[root[value]];
  }

  /// Effects before an instruction in its block.
  int epoch(int instruction) {
    return epoch[instruction];
  }

  /// Finds the parameters, call results and `wrap`s that become indexes, or 64 bits wide, as they
  /// are or by way of block parameters.
  private void findCleared(ControlFlow flow) {
    IntList work = new IntList();
    boolean[] seen = new boolean[cleared.length];
    int[] position = new int[cleared.length];
    for (int i = 0; i < flow.size(); i++) {
      int block = flow.block(i);
      for (int p = 0; p < function.parameterCount(block); p++) {
        position[function.parameter(block, p)] = p;
      }
      for (int k = function.firstInstruction(block); k != NONE; k = function.next(k)) {
        SsaOp op = function.op(k);
        boolean extends32 =
            switch (op) {
              case LOAD, STORE, UEXTEND, UITOF -> true;
              default -> op.isAtomicAccess();
            };
        if (extends32) {
          want(function.operand(k, 0), seen, work);
        }
      }
    }
    while (!work.isEmpty()) {
      int parameter = work.removeLast();
      int block = function.definingBlock(parameter);
      for (int e = 0; e < flow.incomingCount(block); e++) {
        want(function.argument(flow.incoming(block, e), position[parameter]), seen, work);
      }
    }
  }

  private void want(int value, boolean[] seen, IntList work) {
    if (seen[value] || function.valueType(value) != SsaType.I32) {
      return;
    }
    seen[value] = true;
    if (!function.isParameter(value)) {
      cleared[value] = !definesZeroUpper(function.definingInstruction(value));
    } else if (function.definingBlock(value) == function.entry()) {
      cleared[value] = true;
    } else {
      work.add(value);
    }
  }

  private void findZeroUpper(ControlFlow flow) {
    for (int v = 0; v < zeroUpper.length; v++) {
      zeroUpper[v] =
          function.valueType(v) == SsaType.I32
              && (cleared[v]
                  || (function.isParameter(v)
                      ? function.definingBlock(v) != function.entry()
                      : definesZeroUpper(function.definingInstruction(v))));
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < flow.size(); i++) {
        changed |= weakenParameters(flow, flow.block(i));
      }
    }
  }

  private boolean weakenParameters(ControlFlow flow, int block) {
    boolean changed = false;
    for (int p = 0; p < function.parameterCount(block); p++) {
      int parameter = function.parameter(block, p);
      for (int e = 0; zeroUpper[parameter] && e < flow.incomingCount(block); e++) {
        if (!zeroUpper[function.argument(flow.incoming(block, e), p)]) {
          zeroUpper[parameter] = false;
          changed = true;
        }
      }
    }
    return changed;
  }

  private boolean definesZeroUpper(int instruction) {
    SsaOp op = function.op(instruction);
    if (op == SsaOp.WRAP) {
      return isZeroUpper64(function.operand(instruction, 0));
    }
    return !op.isCall();
  }

  /// Whether an i64 is certainly below 2^32.
  private boolean isZeroUpper64(int value) {
    int instruction = function.definingInstruction(value);
    if (instruction == NONE) {
      return false;
    }
    return switch (function.op(instruction)) {
      case UEXTEND -> true;
      case LOAD, CTX_LOAD, RAW_LOAD, FIELD_LOAD, ELEMENT_LOAD ->
          function.access(instruction).bytes() <= 4 && !function.access(instruction).signExtends();
      case USHR -> isConstant(instruction, Integer.SIZE, Long.SIZE - 1);
      case IAND -> isConstant(instruction, 0, 0xFFFF_FFFFL);
      default -> false;
    };
  }

  /// Whether the second operand is a constant in these bounds.
  private boolean isConstant(int instruction, long least, long most) {
    int definer = function.definingInstruction(function.operand(instruction, 1));
    return definer != NONE
        && function.op(definer) == SsaOp.ICONST
        && function.immediate(definer) >= least
        && function.immediate(definer) <= most;
  }

  /// The access that a clamp checks the index of, or NONE if it is an ordinary clamp.
  int checkedAccess(int instruction) {
    if (!branchesOnIndexes || function.op(instruction) != SsaOp.INDEX_CLAMP) {
      return NONE;
    }
    int i = function.next(instruction);
    for (int steps = 0; i != NONE && steps < MOST_STEPS; steps++) {
      SsaOp op = function.op(i);
      if (op == SsaOp.LOAD || op == SsaOp.STORE || op.isAtomicAccess()) {
        return function.operand(i, 0) == function.result(instruction) ? i : NONE;
      }
      if (op.hasSideEffect() || op.isCall()) {
        return NONE;
      }
      i = function.next(i);
    }
    return NONE;
  }

  private void findRoots(int block) {
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      SsaOp op = function.op(i);
      boolean alias =
          op == SsaOp.WRAP && !cleared[function.result(i)]
              || op == SsaOp.UEXTEND && zeroUpper[function.operand(i, 0)]
              || checkedAccess(i) != NONE;
      if (alias) {
        root[function.result(i)] = root[function.operand(i, 0)];
      }
    }
  }

  private void countUses(int block) {
    int effects = 0;
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      SsaOp op = function.op(i);
      epoch[i] = effects;
      if (op.hasSideEffect() || op.isCall()) {
        effects++;
      }
      boolean alias =
          function.resultCount(i) == 1 && root[function.result(i)] != function.result(i);
      boolean uses = !alias || op == SsaOp.INDEX_CLAMP;
      for (int k = 0; uses && k < function.operandCount(i); k++) {
        int operand = root[function.operand(i, k)];
        this.uses[operand]++;
        sums[operand] += op == SsaOp.IADD ? 1 : 0;
      }
      for (int e = 0; e < function.edgeCount(i); e++) {
        int edge = function.edge(i, e);
        for (int a = 0; a < function.argumentCount(edge); a++) {
          this.uses[root[function.argument(edge, a)]]++;
        }
      }
    }
  }

  @Override
  public String toString() {
    return "uses " + Arrays.toString(uses);
  }
}
