package dev.troupe.gateway.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what calls in flight keep in memory, so that a flood is shed before the heap is full: an
 * {@link OutOfMemoryError} hits whoever allocates next, a refusal only who comes too much. {@link
 * HeapGuard} keeps the accounts. Thread-safe.
 */
final class HeapBudget {
  /**
   * Part of the heap that calls in flight may keep. The rest is for copies on the way, and Netty
   * keeps messages that are not complete outside of the heap, in a space of the same size.
   */
  private static final double PART_OF_HEAP = 0.3;

  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  HeapBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** So many bytes, or, when that is 0, a part of a heap of that size. */
  static HeapBudget of(long bytes, long maxHeapBytes) {
    return new HeapBudget(bytes > 0 ? bytes : (long) (maxHeapBytes * PART_OF_HEAP));
  }

  long limitBytes() {
    return limitBytes;
  }

  long usedBytes() {
    return usedBytes.get();
  }

  /** Counts {@code bytes}, less when negative; false when more is in use now than the limit. */
  boolean add(long bytes) {
    return usedBytes.addAndGet(bytes) <= limitBytes;
  }
}
