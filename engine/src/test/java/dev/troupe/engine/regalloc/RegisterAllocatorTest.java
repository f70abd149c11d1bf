package dev.troupe.engine.regalloc;

import static org.assertj.core.api.Assertions.assertThat;

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
    int rescues = 0;
    for (long seed = 100_000; seed < 100_150; seed++) {
      rescues += allocateAndCheck(seed, 60, 30);
    }
    assertThat(rescues).as("allocations with moves for which no register is free").isPositive();
  }

  @Test
  void referencesAreInSlotsThatAreToldWhereverObjectsMove() {
    int told = 0;
    for (long seed = 200_000; seed < 202_000; seed++) {
      TestFunction function =
          RandomFunctions.generate(seed, 2 + (int) (seed % 20), 4 + (int) (seed % 27))
              .withReferences();
      for (Effort effort : Effort.values()) {
        try {
          Allocation allocation = RegisterAllocator.allocate(function, RandomFunctions.ENV, effort);
          AllocationChecker.check(function, RandomFunctions.ENV, allocation);
          for (int i = 0; i < function.instructionCount(); i++) {
            told += allocation.liveReferences(i).length;
          }
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", effort " + effort, e);
        }
      }
    }
    assertThat(told).as("references that live across safepoints").isGreaterThan(1000);
  }

  /** How many of the allocations have moves from slot to slot. */
  private static int allocateAndCheck(long seed, int blocks, int perBlock) {
    TestFunction function = RandomFunctions.generate(seed, blocks, perBlock);
    int rescues = 0;
    for (Effort effort : Effort.values()) {
      Allocation allocation = null;
      try {
        allocation = RegisterAllocator.allocate(function, RandomFunctions.ENV, effort);
        AllocationChecker.check(function, RandomFunctions.ENV, allocation);
        rescues += allocation.rescueSlot() >= 0 ? 1 : 0;
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
    return rescues;
  }
}
