package dev.troupe.engine.runtime;

import java.util.Arrays;

/**
 * Hands out runs of consecutive units of a space; unit 0 is never given away. Freed runs are used
 * again for runs of the same length. Not thread-safe.
 */
final class UnitAllocator {
  private final int capacity;
  private int next = 1;
  private int[][] free = new int[2][8];
  private int[] freeCounts = new int[2];

  UnitAllocator(int capacity) {
    this.capacity = capacity;
  }

  /** The first unit of a run of {@code length}, or 0 when there is no room. */
  int allocate(int length) {
    if (length < free.length && freeCounts[length] > 0) {
      return free[length][--freeCounts[length]];
    }
    if (length > capacity - next) {
      return 0;
    }
    int start = next;
    next += length;
    return start;
  }

  /** Gives a run back. */
  void free(int start, int length) {
    if (length >= free.length) {
      int lengths = length + 1;
      int known = free.length;
      free = Arrays.copyOf(free, lengths);
      freeCounts = Arrays.copyOf(freeCounts, lengths);
      for (int i = known; i < lengths; i++) {
        free[i] = new int[8];
      }
    }
    int count = freeCounts[length]++;
    if (count == free[length].length) {
      free[length] = Arrays.copyOf(free[length], count * 2);
    }
    free[length][count] = start;
  }
}
