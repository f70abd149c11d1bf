package dev.troupe.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Siblings that wait on one worker, the least key first. A key is a virtual deadline: virtual time
 * plus the slice asked for. Guarded by the worker's lock.
 */
final class FairHeap<E extends FairHeap.Node> {
  private static final int INITIAL_CAPACITY = 4;

  /** A place in a heap. */
  abstract static class Node extends TimerWheel.Timer {
    static final int NOT_IN_HEAP = -1;

    /** The order in the heap. */
    long key;

    /** The order among equal keys: first come, first served. */
    private long sequence;

    private int heapIndex = NOT_IN_HEAP;

    final boolean isInHeap() {
      return heapIndex != NOT_IN_HEAP;
    }

    final boolean before(Node other) {
      // Differences, not values: virtual time may wrap around.
      long difference = key - other.key;
      return difference != 0 ? difference < 0 : sequence - other.sequence < 0;
    }
  }

  private Node[] heap = new Node[INITIAL_CAPACITY];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** The sibling whose turn it is, or null. */
  @SuppressWarnings("unchecked")
  @Nullable E first() {
    return size == 0 ? null : (E) heap[0];
  }

  void insert(E node, long sequence) {
    assert !node.isInHeap() : "queued twice";
    Node entering = node;
    entering.sequence = sequence;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    siftUp(size++, entering);
  }

  /** Takes {@code node} out, wherever it stands. */
  void remove(E node) {
    Node leaving = node;
    int index = leaving.heapIndex;
    assert index >= 0 && index < size : "not queued";
    leaving.heapIndex = Node.NOT_IN_HEAP;
    Node last = heap[--size];
    heap[size] = NOBODY;
    if (index != size) {
      place(index, last);
    }
  }

  /** Restores the order after {@code node}, which is queued, got another key. */
  void rekeyed(E node) {
    Node moved = node;
    place(moved.heapIndex, moved);
  }

  private void place(int index, Node node) {
    if (index > 0 && node.before(heap[(index - 1) >>> 1])) {
      siftUp(index, node);
    } else {
      siftDown(index, node);
    }
  }

  private void siftUp(int from, Node node) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) >>> 1;
      if (!node.before(heap[parent])) {
        break;
      }
      set(index, heap[parent]);
      index = parent;
    }
    set(index, node);
  }

  private void siftDown(int from, Node node) {
    int index = from;
    while (true) {
      int child = 2 * index + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].before(heap[child])) {
        child++;
      }
      if (!heap[child].before(node)) {
        break;
      }
      set(index, heap[child]);
      index = child;
    }
    set(index, node);
  }

  private void set(int index, Node node) {
    heap[index] = node;
    node.heapIndex = index;
  }

  /** Fills unused places of the heap, so that it keeps nothing alive. */
  private static final Node NOBODY = new Node() {};
}
