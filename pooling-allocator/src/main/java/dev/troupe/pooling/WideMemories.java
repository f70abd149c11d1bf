package dev.troupe.pooling;

import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.LinearMemory;
import dev.troupe.engine.runtime.MemoryRequest;
import dev.troupe.engine.runtime.OnDemandMemoryAllocator;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memories that no slot of the slab is wide enough for: reserved when they are asked for, unmapped
 * when they are released, with a bound on the address space that they take together. Thread-safe.
 */
final class WideMemories {
  /** A part of the address space that the sizing of the slab leaves free. */
  static final long MOST_ADDRESS_BYTES = 4L << 40;

  private final OnDemandMemoryAllocator allocator = new OnDemandMemoryAllocator();
  private final AtomicLong reservedBytes = new AtomicLong();
  private final long maxMemoryBytes;

  /**
   * @param maxMemoryBytes what a memory may grow to at most
   */
  WideMemories(long maxMemoryBytes) {
    this.maxMemoryBytes = maxMemoryBytes;
  }

  LinearMemory allocate(MemoryRequest request) {
    long span = request.reservationBytes() + request.guardBytes();
    if (reservedBytes.addAndGet(span) > MOST_ADDRESS_BYTES) {
      long unused = reservedBytes.addAndGet(-span);
      throw new AllocationException(
          "memories that are wider than the pool's slots take more than "
              + (MOST_ADDRESS_BYTES >> 30)
              + " GiB of address space together");
    }
    boolean allocated = false;
    try {
      LinearMemory memory = allocator.allocate(request);
      allocated = true;
      return new Wide(memory, span);
    } finally {
      if (!allocated) {
        long unused = reservedBytes.addAndGet(-span);
      }
    }
  }

  private final class Wide implements LinearMemory {
    private final LinearMemory memory;
    private final long spanBytes;

    Wide(LinearMemory memory, long spanBytes) {
      this.memory = memory;
      this.spanBytes = spanBytes;
    }

    @Override
    public long base() {
      return memory.base();
    }

    @Override
    public long byteLength() {
      return memory.byteLength();
    }

    @Override
    public long maximumBytes() {
      return Math.min(memory.maximumBytes(), maxMemoryBytes);
    }

    @Override
    public boolean imageApplied() {
      return memory.imageApplied();
    }

    @Override
    public boolean grow(long newByteLength) {
      return newByteLength <= maximumBytes() && memory.grow(newByteLength);
    }

    @Override
    public void close() {
      memory.close();
      long unused = reservedBytes.addAndGet(-spanBytes);
    }
  }
}
