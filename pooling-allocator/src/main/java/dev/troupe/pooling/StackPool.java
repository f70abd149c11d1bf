package dev.troupe.pooling;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.ExhaustedException;
import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.StackAllocator;

/**
 * Guest stacks in one slab, the most recently used first: it is in the cache.
 *
 * <pre>
 *  |guard|head room|usable ...   top|guard|head room|usable ...   top| ...
 * </pre>
 *
 * <p>Stacks are not cleared between uses: compiled code never reads a stack slot that it has not
 * written. Pages below the resident part are dropped when a stack returns for the {@link
 * #USES_BETWEEN_DROPS}th time, so that one deep recursion does not keep its memory for ever.
 */
public final class StackPool implements StackAllocator {
  private static final long GUARD_BYTES = VirtualMemory.PAGE_BYTES;
  private static final int USES_BETWEEN_DROPS = 64;
  private static final int TRIM_BATCH = 16;

  private final long slotBytes;
  private final long keepResidentBytes;
  private final int maxResident;
  private final long slabBase;
  private final long slabBytes;
  private final int[] free;
  private final int[] uses;
  private final boolean[] mapped;
  // Free, and without any page.
  private final boolean[] empty;
  private final SlotLine line;
  private final Object lock = new Object();
  private int freeCount;
  private int neverUsed;
  private long allocations;
  private long affinityHits;
  private long exhaustions;
  private boolean closed;

  /**
   * Reserves the slab.
   *
   * @throws AllocationException when the kernel does not grant the address space
   */
  public StackPool(PoolConfig config) {
    slotBytes =
        GUARD_BYTES
            + GuestStack.HEAD_ROOM_BYTES
            + VirtualMemory.roundUpToPages(config.stackBytes());
    keepResidentBytes = VirtualMemory.roundUpToPages(config.stackKeepResidentBytes());
    maxResident = config.maxResidentStacks();
    slabBytes = Math.multiplyExact(slotBytes, (long) config.stackSlots());
    try {
      slabBase = VirtualMemory.reserve(slabBytes);
    } catch (OsException e) {
      throw new AllocationException(
          "no address space for a pool of " + config.stackSlots() + " stacks", e);
    }
    VirtualMemory.withoutHugePages(slabBase, slabBytes);
    line = new SlotLine(config.stackSlots(), this::freeSlots);
    free = new int[config.stackSlots()];
    uses = new int[config.stackSlots()];
    mapped = new boolean[config.stackSlots()];
    empty = new boolean[config.stackSlots()];
  }

  @Override
  public GuestStack allocate() {
    int slot = takeSlot();
    if (!mapped[slot]) {
      try {
        VirtualMemory.protect(low(slot), slotBytes - GUARD_BYTES, Protection.READ_WRITE);
      } catch (OsException e) {
        release(slot);
        throw new AllocationException(
            "the kernel refused to map a pooled stack: raise vm.max_map_count", e);
      }
      mapped[slot] = true;
    }
    return new PooledStack(this, slot);
  }

  private int takeSlot() {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the stack pool is closed");
      }
      if (freeCount > 0) {
        allocations++;
        affinityHits++;
        return free[--freeCount];
      }
      if (neverUsed == free.length) {
        exhaustions++;
        throw new ExhaustedException(
            ExhaustedException.Kind.STACK, "all " + free.length + " pooled stacks are in use");
      }
      allocations++;
      return neverUsed++;
    }
  }

  private long low(int slot) {
    return slabBase + slot * slotBytes + GUARD_BYTES;
  }

  private void release(int slot) {
    long idleBytes = slotBytes - GUARD_BYTES - keepResidentBytes;
    boolean manyFree;
    synchronized (lock) {
      manyFree = freeCount >= maxResident;
    }
    boolean dropped = false;
    if (manyFree) {
      dropped = drop(slot, slotBytes - GUARD_BYTES);
    } else if (++uses[slot] % USES_BETWEEN_DROPS == 0 && idleBytes > 0) {
      boolean _ = drop(slot, idleBytes);
    }
    synchronized (lock) {
      empty[slot] = dropped;
      free[freeCount++] = slot;
    }
    line.call();
  }

  /** Gives pages of a free stack to the kernel. If it refuses, they stay: nobody reads them. */
  private boolean drop(int slot, long bytes) {
    try {
      VirtualMemory.discard(low(slot), bytes);
      return true;
    } catch (OsException e) {
      return false;
    }
  }

  /**
   * Gives the pages of all free stacks to the kernel.
   *
   * @return bytes that they may have kept at most
   */
  public long trim() {
    int from = 0;
    int end;
    long kept = 0;
    do {
      // A few at a time: others take and return stacks in between.
      synchronized (lock) {
        end = Math.min(freeCount, from + TRIM_BATCH);
        for (int i = from; i < end; i++) {
          int slot = free[i];
          if (!empty[slot] && drop(slot, slotBytes - GUARD_BYTES)) {
            empty[slot] = true;
            kept += keepResidentBytes;
          }
        }
      }
      from += TRIM_BATCH;
    } while (end == from);
    return kept;
  }

  /** The line of those who found the pool full. */
  public SlotLine line() {
    return line;
  }

  private int freeSlots() {
    synchronized (lock) {
      return free.length - neverUsed + freeCount;
    }
  }

  /** The pool at this moment. */
  public PoolMetrics metrics() {
    synchronized (lock) {
      return new PoolMetrics(
          free.length,
          neverUsed - freeCount,
          freeCount,
          0,
          allocations,
          affinityHits,
          exhaustions,
          line.count(),
          Math.min(freeCount, maxResident) * keepResidentBytes);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (freeCount != neverUsed) {
        throw new IllegalStateException(
            (neverUsed - freeCount) + " pooled stacks are still in use");
      }
      closed = true;
    }
    VirtualMemory.unmap(slabBase, slabBytes);
  }

  private static final class PooledStack implements GuestStack {
    private final StackPool pool;
    private final int slot;
    private boolean returned;

    PooledStack(StackPool pool, int slot) {
      this.pool = pool;
      this.slot = slot;
    }

    @Override
    public long top() {
      return pool.slabBase + (slot + 1) * pool.slotBytes;
    }

    @Override
    public long limit() {
      return pool.low(slot) + HEAD_ROOM_BYTES;
    }

    @Override
    public void close() {
      if (returned) {
        throw new IllegalStateException("pooled stack " + slot + " closed twice");
      }
      returned = true;
      pool.release(slot);
    }
  }
}
