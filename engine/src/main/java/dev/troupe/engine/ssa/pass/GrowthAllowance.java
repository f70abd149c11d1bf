package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;

/**
 * How much larger a pass that copies code may make a function: twice as large, and small functions
 * a little more. A function full of small loops would be many times its size otherwise, and take as
 * many times the memory and time that were set aside for it.
 */
public final class GrowthAllowance {
  /** Instructions that every function may gain. */
  public static final int LEAST = 10_000;

  private final SsaFunction function;
  private final int most;

  /** The allowance of a pass that begins now. */
  GrowthAllowance(SsaFunction function) {
    this.function = function;
    this.most = function.instructionCount() + count(function) + LEAST;
  }

  /** Instructions that are in the function now. */
  static int count(SsaFunction function) {
    int count = 0;
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      int i = function.firstInstruction(b);
      while (i != SsaFunction.NONE) {
        count++;
        i = function.next(i);
      }
    }
    return count;
  }

  /** Whether something may still be copied; the last copy may go a little beyond. */
  boolean isLeft() {
    return function.instructionCount() < most;
  }
}
