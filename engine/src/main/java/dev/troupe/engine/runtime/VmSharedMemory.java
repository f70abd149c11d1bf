package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.MemoryType;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A shared linear memory: it belongs to an engine, and any number of its stores and threads use it
 * at a time. Thread-safe.
 *
 * <p>It is a reservation of its own, never from the pool: its end is not that of a store. The base
 * never moves and the length only grows: pages become accessible first, the new length is published
 * then, and compiled code reads it anew whenever it needs it. The address space goes with the last
 * holder.
 */
public final class VmSharedMemory {
  private final VmEngine engine;
  private final MemoryType declared;
  private final LinearMemory memory;
  private final long definition;
  private final long spanBytes;
  private final WaitQueues waiters = new WaitQueues();
  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * A memory with one holder.
   *
   * @throws AllocationException when the system refuses
   */
  VmSharedMemory(VmEngine engine, MemoryType type, MemoryRequest request) {
    if (!type.shared()) {
      throw new IllegalArgumentException("not the type of a shared memory: " + type);
    }
    this.engine = engine;
    this.declared = type;
    this.spanBytes = request.reservationBytes() + request.guardBytes();
    this.definition = engine.heap().allocate(MemoryDef.SIZE_BYTES);
    this.memory = allocate(request);
    RawMemory.putLong(definition + MemoryDef.BASE, memory.base());
    RawMemory.putLongRelease(definition + MemoryDef.BYTE_LENGTH, type.minimumBytes());
    engine.sharedMemoryOpened();
  }

  private LinearMemory allocate(MemoryRequest request) {
    boolean allocated = false;
    try {
      LinearMemory reservation = engine.sharedMemoryAllocator().allocate(request);
      allocated = true;
      return reservation;
    } finally {
      if (!allocated) {
        engine.heap().free(definition, MemoryDef.SIZE_BYTES);
      }
    }
  }

  /**
   * A memory made by the host, with one holder.
   *
   * @throws AllocationException when the system refuses
   */
  public static VmSharedMemory create(VmEngine engine, MemoryType type) {
    return new VmSharedMemory(
        engine, type, MemorySizing.request(type, engine.tunables(), 0, 0, null));
  }

  public VmEngine engine() {
    return engine;
  }

  /** The type as declared: its minimum is the initial length. */
  public MemoryType declared() {
    return declared;
  }

  /** What holds the bytes. */
  LinearMemory allocation() {
    return memory;
  }

  /** Address of the structure that compiled code reads. */
  long definition() {
    return definition;
  }

  long spanBytes() {
    return spanBytes;
  }

  /** Who waits here. */
  public WaitQueues waiters() {
    return waiters;
  }

  /** Address of byte 0. */
  public long base() {
    return memory.base();
  }

  /** Present length; it may be more at once. */
  public long byteLength() {
    return RawMemory.getLongAcquire(definition + MemoryDef.BYTE_LENGTH);
  }

  /** One more holder, if there is one. */
  public boolean tryRetain() {
    int known = holders.get();
    while (known > 0) {
      if (holders.compareAndSet(known, known + 1)) {
        return true;
      }
      known = holders.get();
    }
    return false;
  }

  /** One holder less: the last one unmaps the memory. */
  public void release() {
    if (holders.decrementAndGet() == 0) {
      memory.close();
      engine.heap().free(definition, MemoryDef.SIZE_BYTES);
      engine.sharedMemoryClosed();
    }
  }

  /**
   * Grows by {@code delta} pages (unsigned).
   *
   * @param payer is charged with the growth: the store whose guest grows it, or who answers for the
   *     host
   * @return the previous size in pages, or -1 when the type, the payer or the system refuses
   */
  public long grow(long delta, GrowthGate payer) {
    synchronized (memory) {
      long length = byteLength();
      long grown = MemoryGrowth.grow(declared, memory, length, delta, payer);
      if (grown == MemoryGrowth.REFUSED) {
        return -1;
      }
      RawMemory.putLongRelease(definition + MemoryDef.BYTE_LENGTH, grown);
      return length >>> declared.pageSizeLog2();
    }
  }

  /** Whether {@code length} bytes at {@code offset} (both unsigned) are inside. */
  public boolean contains(long offset, long length) {
    return MemoryGrowth.contains(byteLength(), offset, length);
  }

  /**
   * Waits at an address, which is aligned and inside: compares and queues.
   *
   * @param owner whose {@link #abandon} ends the wait; null for a guest, whose wait its fiber ends
   * @return the waiter, or null when the memory holds something else
   * @throws AllocationException when too many wait
   */
  public WaitQueues.@Nullable Waiter await32(long offset, int expected, @Nullable Object owner) {
    long address = base() + offset;
    return waiters.enqueue(offset, owner, () -> RawMemory.getIntVolatile(address) == expected);
  }

  /** As {@link #await32} for eight bytes. */
  public WaitQueues.@Nullable Waiter await64(long offset, long expected, @Nullable Object owner) {
    long address = base() + offset;
    return waiters.enqueue(offset, owner, () -> RawMemory.getLongVolatile(address) == expected);
  }

  /** Wakes up to {@code most} (unsigned) waiters at an address; says how many. */
  public int wake(long offset, int most) {
    return waiters.wake(offset, most);
  }

  /** How many wait now. */
  public int waiting() {
    return waiters.waiting();
  }

  /** Ends all waits of an owner. */
  public void abandon(Object owner) {
    waiters.abandon(owner);
  }
}
