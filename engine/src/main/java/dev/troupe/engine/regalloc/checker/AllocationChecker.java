package dev.troupe.engine.regalloc.checker;

import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.MachineEnv;
import dev.troupe.engine.regalloc.RegallocFunction;

/** Proves that an allocation computes what the function says. */
public final class AllocationChecker {
  private AllocationChecker() {}

  /**
   * Returns normally if {@code allocation} is right.
   *
   * @throws IllegalStateException naming the instruction, the operand and what was found instead
   */
  public static void check(RegallocFunction function, MachineEnv env, Allocation allocation) {
    throw new IllegalStateException("not there yet for " + function + env + allocation);
  }
}
