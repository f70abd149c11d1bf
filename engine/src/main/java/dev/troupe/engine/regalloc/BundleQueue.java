package dev.troupe.engine.regalloc;

import java.util.Arrays;

/** A binary heap of bundles: longest first, then smallest number. */
final class BundleQueue {
  private long[] heap = new long[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(int bundle, int length) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    long key = (long) (Integer.MAX_VALUE - length) << 32 | bundle;
    int at = size++;
    while (at > 0 && heap[at - 1 >> 1] > key) {
      heap[at] = heap[at - 1 >> 1];
      at = at - 1 >> 1;
    }
    heap[at] = key;
  }

  int remove() {
    long result = heap[0];
    long key = heap[--size];
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
    return (int) result;
  }
}
