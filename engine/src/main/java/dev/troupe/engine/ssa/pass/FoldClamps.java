package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;
import java.util.Arrays;

/**
 * Leaves out clamps of 64-bit indexes, or shares them.
 *
 * <p>An index that is small by its data needs none: it was masked, loaded from 32 bits, or counts
 * up to a constant. Conditions prove nothing here, since a processor that guesses them wrong would
 * read anywhere.
 *
 * <p>Accesses at {@code p} and {@code p + c} share the clamp of {@code p} where the sum provably
 * does not wrap around, of which an access at {@code p} before is proof enough: beyond the end of
 * the reservation both fault, and {@code c} becomes part of the offset, which is less than the
 * guard. The proof may come from conditions, for the address is within reservation and guard in any
 * case.
 */
public final class FoldClamps {
  private static final int NONE = SsaFunction.NONE;

  /** Well below the guard behind a memory: larger offsets would need a check. */
  private static final long MOST_OFFSET = 1 << 20;

  private final SsaFunction function;
  private final DominatorTree dominators;
  private final UnsignedRanges ranges;
  private final UnsignedRanges data;
  private final Forwarding forwarding;
  private final Inserter inserter;

  // By value: its last clamp that the walk has seen, an instruction.
  private int[] clampOf;

  private FoldClamps(ControlFlow flow, DominatorTree dominators) {
    LoopTree loops = LoopTree.of(flow, dominators);
    this.function = flow.function();
    this.dominators = dominators;
    this.ranges = UnsignedRanges.walking(flow, dominators, loops);
    this.data = UnsignedRanges.ofData(flow, dominators, loops);
    this.forwarding = new Forwarding(function);
    this.inserter = new Inserter(function, function::result);
    this.clampOf = new int[function.valueCount()];
    Arrays.fill(clampOf, NONE);
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    if (hasClamp(function)) {
      ControlFlow flow = ControlFlow.of(function);
      DominatorTree dominators = DominatorTree.of(flow);
      new FoldClamps(flow, dominators).walk();
    }
  }

  private static boolean hasClamp(SsaFunction function) {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        if (function.op(i) == SsaOp.INDEX_CLAMP) {
          return true;
        }
      }
    }
    return false;
  }

  private void walk() {
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      ranges.enter(block);
      data.enter(block);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        SsaOp op = function.op(i);
        if (op == SsaOp.INDEX_CLAMP) {
          clamp(i);
        } else if (op == SsaOp.LOAD || op == SsaOp.STORE || op.isAtomicAccess()) {
          access(i);
        }
        ranges.visit(i);
        data.visit(i);
      }
    }
    forwarding.apply();
  }

  private void clamp(int i) {
    int index = function.operand(i, 0);
    if (isSmall(index, i)) {
      forwarding.forward(function.result(i), index);
    } else {
      remember(index, i);
    }
  }

  /** Whether data alone keeps an index at or below the end that {@code clamp} has. */
  private boolean isSmall(int index, int clamp) {
    long most = data.max(index);
    return most >= 0 && most <= data.min(function.operand(clamp, 1));
  }

  private void remember(int index, int clamp) {
    if (index >= clampOf.length) {
      int old = clampOf.length;
      clampOf = Arrays.copyOf(clampOf, Math.max(index + 1, old * 2));
      Arrays.fill(clampOf, old, clampOf.length, NONE);
    }
    if (!isAvailable(clampOf[index], clamp)) {
      clampOf[index] = clamp;
    }
  }

  /** Whether {@code clamp}, which the walk has seen, comes before {@code user} on every way. */
  private boolean isAvailable(int clamp, int user) {
    return clamp != NONE && dominators.dominates(function.block(clamp), function.block(user));
  }

  private void access(int access) {
    int clamp = function.definingInstruction(function.operand(access, 0));
    while (clamp != NONE && function.op(clamp) == SsaOp.INDEX_CLAMP) {
      int sum = function.definingInstruction(function.operand(clamp, 0));
      if (sum == NONE
          || function.op(sum) != SsaOp.IADD
          || function.definingOp(function.operand(sum, 1), SsaOp.TRAP) != SsaOp.ICONST) {
        return;
      }
      int base = function.operand(sum, 0);
      long distance = function.immediate(function.definingInstruction(function.operand(sum, 1)));
      long offset = function.offset(access) + distance;
      boolean isNear = distance >= 0 && offset >= distance && offset <= MOST_OFFSET;
      if (!isNear || ranges.max(base) < 0) {
        return;
      }
      clamp = clampOf(base, clamp, access);
      function.setOperand(access, 0, function.result(clamp));
      function.setImmediate(access, offset);
    }
  }

  /** The clamp of {@code base} that is there, or a new one, like {@code other}. */
  private int clampOf(int base, int other, int user) {
    int end = function.operand(other, 1);
    if (base < clampOf.length
        && isAvailable(clampOf[base], user)
        && function.operand(clampOf[base], 1) == end) {
      return clampOf[base];
    }
    inserter.at(user);
    int clamp =
        function.definingInstruction(inserter.binary(SsaOp.INDEX_CLAMP, SsaType.I64, base, end));
    ranges.visit(clamp);
    data.visit(clamp);
    clamp(clamp);
    return clamp;
  }
}
