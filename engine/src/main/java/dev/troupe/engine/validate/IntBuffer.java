package dev.troupe.engine.validate;

import java.util.Arrays;

/** A growing array of ints. */
final class IntBuffer {
  private int[] items = new int[16];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    items[size++] = item;
  }

  void set(int i, int item) {
    items[i] = item;
  }

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}
