package dev.troupe.pooling;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.LinearMemory;
import dev.troupe.engine.runtime.MemoryAllocator;
import dev.troupe.engine.runtime.MemoryRequest;
import java.util.concurrent.CompletionStage;

/**
 * Linear memories in one slab. A released slot is reset at once as far as that needs no system
 * call; pages beyond its resident part are dropped together with those of other slots when {@link
 * PoolConfig#dropBatch} of them wait, or when somebody needs a slot. Only then is it free again.
 *
 * <p>A memory that needs more address space than a slot has, such as one with 64-bit indexes, gets
 * a reservation of its own.
 *
 * <p>Thread-safe: one lock around the indexes; slots are prepared and reset outside of it.
 */
public final class MemoryPool implements MemoryAllocator {
  private final PoolConfig config;
  private final SlabLayout layout;
  private final long slabBase;
  private final MemorySlot[] slots;
  private final SlotIndex index;
  private final WideMemories wide;
  private final SlotWaiters waiters = new SlotWaiters();
  private final int[] awaitingDrop;
  private final Object lock = new Object();
  private int awaitingDropCount;
  private long allocations;
  private long affinityHits;
  private long exhaustions;
  private boolean closed;

  /**
   * Reserves the slab.
   *
   * @throws AllocationException when the kernel does not grant the address space; {@link
   *     PoolSizing#fit} avoids that
   */
  public MemoryPool(PoolConfig config) {
    this.config = config;
    layout = SlabLayout.of(config.memorySlots(), config.reservationBytes(), config.guardBytes());
    try {
      slabBase = VirtualMemory.reserve(layout.totalBytes());
    } catch (OsException e) {
      throw new AllocationException(
          "no address space for a pool of "
              + config.memorySlots()
              + " memories ("
              + (layout.totalBytes() >> 30)
              + " GiB): configure fewer",
          e);
    }
    VirtualMemory.withoutHugePages(slabBase, layout.totalBytes());
    slots = new MemorySlot[config.memorySlots()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] =
          new MemorySlot(
              slabBase + layout.slotOffset(i),
              layout.reservationBytes(),
              config.keepResidentBytes());
    }
    wide = new WideMemories(config.maxMemoryBytes());
    index = new SlotIndex(slots.length, config.maxWarmSlots());
    awaitingDrop = new int[slots.length];
  }

  @Override
  public LinearMemory allocate(MemoryRequest request) {
    checkFits(request);
    if (request.reservationBytes() > layout.reservationBytes()) {
      return wide.allocate(request);
    }
    int slot = takeSlot(new SlotIndex.Owner(request.moduleKey(), request.memoryIndex()));
    boolean hit;
    try {
      hit = slots[slot].prepare(request);
    } catch (OsException e) {
      release(slot);
      throw new AllocationException(
          "the kernel refused to map a pooled memory: raise vm.max_map_count", e);
    }
    if (hit) {
      synchronized (lock) {
        affinityHits++;
      }
    }
    return new PooledMemory(this, slot, slots[slot], request);
  }

  private void checkFits(MemoryRequest request) {
    if (request.initialBytes() > config.maxMemoryBytes()) {
      throw new AllocationException(
          "memory of "
              + request.initialBytes()
              + " bytes exceeds the pool's maximum of "
              + config.maxMemoryBytes());
    }
    if (request.guardBytes() > layout.guardBytes()) {
      throw new AllocationException(
          "module needs a guard of "
              + request.guardBytes()
              + " bytes, the pool's slots have "
              + layout.guardBytes());
    }
  }

  private int takeSlot(SlotIndex.Owner owner) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the memory pool is closed");
      }
      int slot = index.take(owner);
      if (slot == SlotIndex.NONE && awaitingDropCount > 0) {
        flushDrops();
        slot = index.take(owner);
      }
      if (slot == SlotIndex.NONE) {
        exhaustions++;
        throw new AllocationException("all " + slots.length + " pooled memories are in use");
      }
      allocations++;
      return slot;
    }
  }

  /** Resets a slot that its user has left and frees it, now or with its batch. */
  void release(int slot) {
    slots[slot].resetResident();
    synchronized (lock) {
      if (slots[slot].needsDrop()) {
        awaitingDrop[awaitingDropCount++] = slot;
        if (awaitingDropCount < config.dropBatch() && waiters.count() == 0) {
          return;
        }
        flushDrops();
      } else {
        index.release(slot);
      }
    }
    waiters.wakeOne();
  }

  // Under the lock.
  private void flushDrops() {
    for (int i = 0; i < awaitingDropCount; i++) {
      slots[awaitingDrop[i]].drop();
      index.release(awaitingDrop[i]);
    }
    awaitingDropCount = 0;
  }

  /**
   * A stage that completes when a slot has become free: what to do instead of failing when {@link
   * #allocate} finds the pool full. Fair: first come, first woken.
   */
  public CompletionStage<Void> whenFree() {
    CompletionStage<Void> stage = waiters.add();
    boolean free;
    synchronized (lock) {
      free = index.live() < slots.length;
    }
    if (free) {
      waiters.wakeOne();
    }
    return stage;
  }

  @Override
  public void purge(long moduleKey) {
    synchronized (lock) {
      flushDrops();
      for (int slot : index.warmSlotsOf(moduleKey)) {
        slots[slot].forgetImage();
      }
    }
  }

  /** The pool at this moment. */
  public PoolMetrics metrics() {
    synchronized (lock) {
      return new PoolMetrics(
          slots.length,
          index.live() - awaitingDropCount,
          index.warm(),
          awaitingDropCount,
          allocations,
          affinityHits,
          exhaustions,
          waiters.count());
    }
  }

  /** Where the slots are, for tests and diagnosis. */
  public SlabLayout layout() {
    return layout;
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      flushDrops();
      if (index.live() > 0) {
        throw new IllegalStateException(index.live() + " pooled memories are still in use");
      }
      closed = true;
    }
    VirtualMemory.unmap(slabBase, layout.totalBytes());
  }
}
