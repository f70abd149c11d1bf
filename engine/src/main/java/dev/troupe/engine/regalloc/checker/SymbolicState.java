package dev.troupe.engine.regalloc.checker;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which virtual registers each cell holds. Cells are the 64 physical registers and then the spill
 * area in units of 8 bytes; a 16-byte value in memory takes two cells, of which the second holds
 * the virtual register's number plus the number of virtual registers. A cell holds a sorted set,
 * because a value and the block parameter it was passed for are the same.
 */
final class SymbolicState {
  private static final int[] EMPTY = {};

  private final int[][] cells;
  private final int[] holders;
  private final int[][] singles;

  SymbolicState(int cellCount, int valueCount) {
    cells = new int[cellCount][];
    Arrays.fill(cells, EMPTY);
    holders = new int[valueCount];
    singles = new int[valueCount][];
  }

  boolean holds(int cell, int value) {
    int[] set = cells[cell];
    return set.length == 1 ? set[0] == value : Arrays.binarySearch(set, value) >= 0;
  }

  int[] get(int cell) {
    return cells[cell];
  }

  void set(int cell, int[] set) {
    for (int value : cells[cell]) {
      holders[value]--;
    }
    for (int value : set) {
      holders[value]++;
    }
    cells[cell] = set;
  }

  void clear(int cell) {
    set(cell, EMPTY);
  }

  int[] single(int value) {
    int[] set = singles[value];
    if (set == null) {
      set = new int[] {value};
      singles[value] = set;
    }
    return set;
  }

  /** Removes {@code value} from every cell: it is about to be defined anew. */
  void forget(int value) {
    for (int cell = 0; holders[value] > 0; cell++) {
      if (holds(cell, value)) {
        int[] set = cells[cell];
        int[] rest = new int[set.length - 1];
        int at = 0;
        for (int other : set) {
          if (other != value) {
            rest[at++] = other;
          }
        }
        set(cell, rest);
      }
    }
  }

  /** Adds {@code added} to the cells numbered in {@code where}. */
  void addTo(int[] where, int added) {
    for (int cell : where) {
      if (!holds(cell, added)) {
        int[] set = Arrays.copyOf(cells[cell], cells[cell].length + 1);
        set[set.length - 1] = added;
        Arrays.sort(set);
        set(cell, set);
      }
    }
  }

  /** The numbers of the cells that hold {@code value}. */
  int[] cellsOf(int value) {
    int[] result = new int[holders[value]];
    int at = 0;
    for (int cell = 0; at < result.length; cell++) {
      if (holds(cell, value)) {
        result[at++] = cell;
      }
    }
    return result;
  }

  /** A compact copy: cells that hold anything. */
  record Snapshot(int[] cellNumbers, int[][] sets) {}

  Snapshot snapshot() {
    int count = 0;
    for (int[] set : cells) {
      count += set.length > 0 ? 1 : 0;
    }
    int[] numbers = new int[count];
    int[][] sets = new int[count][];
    int at = 0;
    for (int cell = 0; cell < cells.length; cell++) {
      if (cells[cell].length > 0) {
        numbers[at] = cell;
        sets[at++] = cells[cell];
      }
    }
    return new Snapshot(numbers, sets);
  }

  void restore(@Nullable Snapshot snapshot) {
    for (int cell = 0; cell < cells.length; cell++) {
      if (cells[cell].length > 0) {
        clear(cell);
      }
    }
    if (snapshot != null) {
      for (int k = 0; k < snapshot.cellNumbers.length; k++) {
        set(snapshot.cellNumbers[k], snapshot.sets[k]);
      }
    }
  }

  /** What {@code before} and this state agree on, or null if that is all of {@code before}. */
  @Nullable Snapshot meet(Snapshot before) {
    int[] numbers = new int[before.cellNumbers.length];
    int[][] sets = new int[numbers.length][];
    int count = 0;
    boolean same = true;
    for (int k = 0; k < before.cellNumbers.length; k++) {
      int[] old = before.sets[k];
      int[] common = intersect(old, cells[before.cellNumbers[k]]);
      same &= common.length == old.length;
      if (common.length > 0) {
        numbers[count] = before.cellNumbers[k];
        sets[count++] = common;
      }
    }
    return same ? null : new Snapshot(Arrays.copyOf(numbers, count), Arrays.copyOf(sets, count));
  }

  private static int[] intersect(int[] a, int[] b) {
    if (a.length == 1 && b.length == 1) {
      return a[0] == b[0] ? a : EMPTY;
    }
    int[] result = new int[Math.min(a.length, b.length)];
    int count = 0;
    int x = 0;
    int y = 0;
    while (x < a.length && y < b.length) {
      if (a[x] == b[y]) {
        result[count++] = a[x];
        x++;
        y++;
      } else if (a[x] < b[y]) {
        x++;
      } else {
        y++;
      }
    }
    return count == a.length ? a : Arrays.copyOf(result, count);
  }
}
