package dev.troupe.pooling;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.ExhaustedException;
import dev.troupe.engine.runtime.LinearMemory;
import dev.troupe.engine.runtime.MemoryAllocator;
import dev.troupe.engine.runtime.MemoryRequest;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;

/**
 * Linear memories in one slab. A released slot is reset at once where writing a few pages does it.
 * Others wait for the pool's own thread, which drops their pages together, so that no caller waits
 * for a large memory to be taken apart; only then are they free again. Whoever finds no free slot
 * meanwhile does that work himself: resets never fall behind further than the pool is large.
 *
 * <p>A memory that needs more address space than a slot has, such as one with 64-bit indexes, gets
 * a reservation of its own.
 *
 * <p>Thread-safe. Lock order: {@code dropLock}, held while pages are dropped, then {@code lock}
 * around the indexes, which no system call is made under. Slots are prepared and reset outside.
 */
public final class MemoryPool implements MemoryAllocator {
  /** Resets that come so soon after each other are one batch. */
  private static final long DROP_DELAY_NANOS = 1_000_000;

  /** Pages of memories longer than this do not wait for others. */
  private static final long LARGE_BYTES = 16L << 20;

  private final PoolConfig config;
  private final SlabLayout layout;
  private final long slabBase;
  private final MemorySlot[] slots;
  private final SlotIndex index;
  private final WideMemories wide;
  private final SlotLine line;
  private final SharedBudget residentBudget;
  private final SharedBudget imageMappings;
  private final DropTimer timer;
  private final ReentrantLock dropLock = new ReentrantLock();
  private final Object lock = new Object();
  private final int[] awaitingDrop;
  private int awaitingDropCount;
  private int dropping;
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
    this(config, DropTimer.threaded());
  }

  MemoryPool(PoolConfig config, DropTimer timer) {
    this.config = config;
    this.timer = timer;
    line = new SlotLine(config.memorySlots(), this::freeSlots);
    residentBudget = new SharedBudget(config.maxResidentBytes());
    imageMappings = new SharedBudget(config.imageMappings());
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
              config.keepResidentBytes(),
              residentBudget,
              imageMappings);
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
    int slot = tryTakeSlot(owner);
    if (slot == SlotIndex.NONE) {
      // Perhaps some only wait to be reset, or are being reset right now.
      dropAwaiting();
      slot = tryTakeSlot(owner);
    }
    if (slot == SlotIndex.NONE) {
      synchronized (lock) {
        exhaustions++;
      }
      throw new ExhaustedException(
          ExhaustedException.Kind.MEMORY, "all " + slots.length + " pooled memories are in use");
    }
    return slot;
  }

  private int tryTakeSlot(SlotIndex.Owner owner) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the memory pool is closed");
      }
      int slot = index.take(owner);
      if (slot != SlotIndex.NONE) {
        allocations++;
      }
      return slot;
    }
  }

  /** Resets a slot that its user has left and frees it, now or soon. */
  void release(int slot) {
    boolean reset = slots[slot].resetByWriting();
    long delayNanos = -1;
    synchronized (lock) {
      if (reset) {
        index.release(slot);
      } else {
        awaitingDrop[awaitingDropCount++] = slot;
        boolean urgent =
            awaitingDropCount == config.dropBatch()
                || slots[slot].accessibleBytes() > LARGE_BYTES
                || line.any();
        if (urgent || awaitingDropCount == 1) {
          delayNanos = urgent ? 0 : DROP_DELAY_NANOS;
        }
      }
    }
    if (reset) {
      line.call();
    } else if (delayNanos >= 0) {
      timer.after(delayNanos, this::dropAwaiting);
    }
  }

  /** Resets all slots that wait for it. Returns when none is being reset any more. */
  private void dropAwaiting() {
    dropLock.lock();
    try {
      int[] batch;
      synchronized (lock) {
        batch = Arrays.copyOf(awaitingDrop, awaitingDropCount);
        dropping = batch.length;
        awaitingDropCount = 0;
      }
      for (int slot : batch) {
        slots[slot].drop();
        synchronized (lock) {
          dropping--;
          index.release(slot);
        }
        line.call();
      }
    } finally {
      dropLock.unlock();
    }
  }

  /** The line of those who found the pool full. */
  public SlotLine line() {
    return line;
  }

  private int freeSlots() {
    synchronized (lock) {
      return slots.length - index.live();
    }
  }

  @Override
  public void purge(long moduleKey) {
    dropAwaiting();
    forFreeSlots(
        () -> index.warmSlotsOf(moduleKey),
        slot -> {
          slots[slot].forgetSoon();
          return 0;
        },
        Long.MAX_VALUE);
  }

  /**
   * Gives pages that free slots have kept to the kernel, those unused the longest first.
   *
   * @param bytes how much is enough
   * @return how much it was
   */
  public long trim(long bytes) {
    dropAwaiting();
    return forFreeSlots(index::warmSlots, slot -> slots[slot].trim(), bytes);
  }

  /** Takes free slots out one by one, works on them and puts them back, until it is enough. */
  private long forFreeSlots(Supplier<int[]> choice, IntToLongFunction work, long enough) {
    dropLock.lock();
    try {
      int[] chosen;
      synchronized (lock) {
        chosen = choice.get();
      }
      long done = 0;
      for (int i = 0; i < chosen.length && done < enough; i++) {
        boolean taken;
        synchronized (lock) {
          taken = index.takeOut(chosen[i]);
          dropping += taken ? 1 : 0;
        }
        if (taken) {
          done += work.applyAsLong(chosen[i]);
          synchronized (lock) {
            dropping--;
            index.release(chosen[i]);
          }
          line.call();
        }
      }
      return done;
    } finally {
      dropLock.unlock();
    }
  }

  /** The pool at this moment. */
  public PoolMetrics metrics() {
    synchronized (lock) {
      return new PoolMetrics(
          slots.length,
          index.live() - awaitingDropCount - dropping,
          index.warm(),
          awaitingDropCount + dropping,
          allocations,
          affinityHits,
          exhaustions,
          line.count(),
          residentBudget.used());
    }
  }

  /** Where the slots are, for tests and diagnosis. */
  public SlabLayout layout() {
    return layout;
  }

  @Override
  public void close() {
    dropAwaiting();
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (index.live() > 0) {
        throw new IllegalStateException(index.live() + " pooled memories are still in use");
      }
      closed = true;
    }
    timer.close();
    VirtualMemory.unmap(slabBase, layout.totalBytes());
  }
}
