package dev.troupe.engine.regalloc;

import dev.troupe.engine.regalloc.checker.AllocationChecker;
import org.junit.jupiter.api.Test;

/** Random functions are allocated, and each result is proved right. */
final class RegisterAllocatorTest {
  @Test
  void allocationsOfSmallRandomFunctionsAreRight() {
    for (long seed = 0; seed < 6000; seed++) {
      allocateAndCheck(seed, 1 + (int) (seed % 12) + 1, 4 + (int) (seed % 17));
    }
  }

  @Test
  void allocationsOfLargerRandomFunctionsAreRight() {
    for (long seed = 100_000; seed < 100_150; seed++) {
      allocateAndCheck(seed, 60, 30);
    }
  }

  private static void allocateAndCheck(long seed, int blocks, int perBlock) {
    TestFunction function = RandomFunctions.generate(seed, blocks, perBlock);
    for (Effort effort : Effort.values()) {
      Allocation allocation = null;
      try {
        allocation = RegisterAllocator.allocate(function, RandomFunctions.ENV, effort);
        AllocationChecker.check(function, RandomFunctions.ENV, allocation);
      } catch (RuntimeException e) {
        throw new AssertionError(
            "seed "
                + seed
                + ", "
                + blocks
                + " blocks, effort "
                + effort
                + ": "
                + e.getMessage()
                + (allocation == null || function.instructionCount() > 150
                    ? ""
                    : "\n" + function.describe(allocation)),
            e);
      }
    }
  }
}
