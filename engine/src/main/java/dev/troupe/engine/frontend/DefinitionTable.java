package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.SsaFunction;
import java.util.Arrays;

/** Hash table from (block, local) to value with linear probing; never iterated. */
final class DefinitionTable {
  private static final long FREE = -1;
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private long[] keys = new long[256];
  private int[] values = new int[256];
  private int size;

  DefinitionTable() {
    Arrays.fill(keys, FREE);
  }

  private static long key(int block, int local) {
    return (long) block << 32 | local;
  }

  private static int slot(long key, int mask) {
    return (int) (key * MULTIPLIER >>> 32) & mask;
  }

  /** The value of {@code local} at the end of {@code block}, or {@link SsaFunction#NONE}. */
  int get(int block, int local) {
    long key = key(block, local);
    int mask = keys.length - 1;
    for (int slot = slot(key, mask); keys[slot] != FREE; slot = slot + 1 & mask) {
      if (keys[slot] == key) {
        return values[slot];
      }
    }
    return SsaFunction.NONE;
  }

  void put(int block, int local, int value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    long key = key(block, local);
    int mask = keys.length - 1;
    int slot = slot(key, mask);
    while (keys[slot] != FREE && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    if (keys[slot] == FREE) {
      size++;
      keys[slot] = key;
    }
    values[slot] = value;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    Arrays.fill(keys, FREE);
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int slot = slot(oldKeys[i], mask);
        while (keys[slot] != FREE) {
          slot = slot + 1 & mask;
        }
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
