package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/**
 * Makes one multiplication of two that compute the halves of one product: the processor's gives
 * both. They come from {@link WideMultiply}, or from a program that has a way to say it.
 */
public final class WideProducts {
  private static final int NONE = SsaFunction.NONE;

  /** How far from the high half to look for the low one. */
  private static final int MOST_STEPS = 64;

  private final SsaFunction function;
  private final Forwarding forwarding;

  private WideProducts(SsaFunction function) {
    this.function = function;
    this.forwarding = new Forwarding(function);
  }

  /** Runs the pass. */
  public static void run(SsaFunction function) {
    WideProducts pass = null;
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      int i = function.firstInstruction(b);
      while (i != NONE) {
        int next = function.next(i);
        if (isHighHalf(function, i)) {
          pass = pass == null ? new WideProducts(function) : pass;
          next = pass.join(i, next);
        }
        i = next;
      }
    }
    if (pass != null) {
      pass.forwarding.apply();
    }
  }

  private static boolean isHighHalf(SsaFunction function, int i) {
    SsaOp op = function.op(i);
    return (op == SsaOp.UMULHI || op == SsaOp.SMULHI) && function.controllingType(i) == SsaType.I64;
  }

  /** Joins a high half with its low one, if that is near; what to look at next. */
  private int join(int high, int next) {
    boolean before = true;
    int low = find(high, true);
    if (low == NONE) {
      before = false;
      low = find(high, false);
    }
    if (low == NONE) {
      return next;
    }
    SsaOp op = function.op(high) == SsaOp.UMULHI ? SsaOp.MUL_WIDE_U : SsaOp.MUL_WIDE_S;
    int first = before ? low : high;
    int[] factors = {function.operand(high, 0), function.operand(high, 1)};
    int both = function.newInstruction(op, SsaType.I64, factors, factors.length);
    function.setWasmOffset(both, function.wasmOffset(first));
    function.addResults(both);
    function.insertBefore(both, first);
    forwarding.forward(function.result(low), function.result(both, 0));
    forwarding.forward(function.result(high), function.result(both, 1));
    int after = next == low ? function.next(low) : next;
    function.remove(low);
    function.remove(high);
    return after;
  }

  private int find(int high, boolean before) {
    int i = high;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      i = before ? function.previous(i) : function.next(i);
      if (i == NONE) {
        return NONE;
      }
      if (function.op(i) == SsaOp.IMUL && hasFactorsOf(i, high)) {
        return i;
      }
    }
    return NONE;
  }

  private boolean hasFactorsOf(int low, int high) {
    int a = function.operand(high, 0);
    int b = function.operand(high, 1);
    int x = function.operand(low, 0);
    int y = function.operand(low, 1);
    return a == x && b == y || a == y && b == x;
  }
}
