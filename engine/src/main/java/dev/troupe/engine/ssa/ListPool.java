package dev.troupe.engine.ssa;

import java.util.Arrays;

/**
 * Backing storage of many small int lists. The owner keeps (start, length) of each list; a list
 * that may grow owns the next power of two of cells at or above its length, so that n appends leave
 * less than 2n dead cells.
 */
final class ListPool {
  private int[] cells = new int[64];
  private int used;

  /** Reserves {@code length} cells of a list that never grows; returns its start. */
  int allocate(int length) {
    int start = used;
    used += length;
    if (used > cells.length) {
      cells = Arrays.copyOf(cells, Math.max(used, cells.length * 2));
    }
    return start;
  }

  /** Reserves cells of a list that may grow; returns its start. */
  int allocateGrowable(int length) {
    return allocate(capacity(length));
  }

  /** Appends to a growable list; returns its start, which may have moved. */
  int append(int start, int length, int value) {
    int home = start;
    if (length == capacity(length)) {
      home = allocate(capacity(length + 1));
      System.arraycopy(cells, start, cells, home, length);
    }
    cells[home + length] = value;
    return home;
  }

  int get(int cell) {
    return cells[cell];
  }

  void set(int cell, int value) {
    cells[cell] = value;
  }

  private static int capacity(int length) {
    return length == 0 ? 0 : Integer.highestOneBit(2 * length - 1);
  }
}
