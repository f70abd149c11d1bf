package dev.troupe.engine.runtime;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import java.util.ArrayDeque;

/**
 * Address space for the collected heaps of an engine's stores: two halves of equal size, of which
 * the first bytes are accessible. Thread-safe.
 *
 * <p>Some regions are kept for the next store, with zeros in what the last one touched.
 */
final class GcRegions implements AutoCloseable {
  /** Bytes of address space of one half: the largest heap. */
  static final long HALF_BYTES = 1L << 30;

  /** Accessible bytes per half that a kept region keeps. */
  static final long KEPT_BYTES = 512 << 10;

  private static final int MOST_KEPT = 64;

  /**
   * Most regions that there may be: each has four mappings, and the process has only so many,
   * without which the JVM ends. With the large blocks of {@link NativeHeap} that is what a pool
   * leaves.
   */
  static final int MOST_REGIONS = 1024;

  private final int places;
  private final ArrayDeque<Region> kept = new ArrayDeque<>();
  private volatile Runnable freed = () -> {};
  private int regions;
  private boolean closed;

  /** One reservation; used by one store at a time. */
  static class Region {
    final long base;
    private long accessible;

    /** Whether pages that could not be given back lie somewhere behind the accessible ones. */
    private boolean torn;

    /** A reservation of which the first bytes of both halves can be touched. */
    Region(long base, long accessible) {
      this.base = base;
      this.accessible = accessible;
    }

    long half(boolean second) {
      return second ? base + HALF_BYTES : base;
    }

    /** Bytes of each half that may be touched. */
    long accessible() {
      return accessible;
    }

    /** Makes so many bytes of both halves accessible; false when the system refuses. */
    boolean makeAccessible(long bytes) {
      if (bytes <= accessible) {
        return true;
      }
      if (bytes > HALF_BYTES) {
        return false;
      }
      try {
        for (int half = 0; half < 2; half++) {
          long start = half(half == 1) + accessible;
          VirtualMemory.protect(start, bytes - accessible, Protection.READ_WRITE);
        }
      } catch (OsException e) {
        return false;
      }
      accessible = bytes;
      return true;
    }

    /** Writes zeros: nothing of one store may be found by the next. */
    private void clear(long bytes) {
      for (int half = 0; half < 2; half++) {
        RawMemory.fill(half(half == 1), bytes, (byte) 0);
      }
    }

    /**
     * Gives pages behind the first {@code bytes} of both halves back. They cannot be touched
     * afterwards, whatever the answer.
     *
     * @return false when the system refuses: some of them may still be what they were
     */
    boolean shrink(long bytes) {
      long before = accessible;
      if (bytes >= before) {
        return true;
      }
      // First: what fails half-way must not leave a half that is believed to be there.
      accessible = bytes;
      try {
        for (int half = 0; half < 2; half++) {
          VirtualMemory.remapFresh(half(half == 1) + bytes, before - bytes, Protection.NONE);
        }
        return true;
      } catch (OsException e) {
        torn = true;
        return false;
      }
    }
  }

  GcRegions(int places) {
    this.places = places;
  }

  /** How many there may be, in use or not. */
  int places() {
    return places;
  }

  /** How many more stores can have one. */
  synchronized int free() {
    return places - regions + kept.size();
  }

  /** Runs an action whenever one becomes free, on any thread. */
  void whenFreed(Runnable action) {
    freed = action;
  }

  /**
   * A region.
   *
   * @throws ExhaustedException when all are in use
   * @throws AllocationException when there is no address space
   */
  Region take() {
    synchronized (this) {
      Region known = kept.pollLast();
      if (known != null) {
        return known;
      }
      if (regions == places) {
        throw new ExhaustedException(
            ExhaustedException.Kind.COLLECTED_HEAP,
            "all " + places + " collected heaps are in use");
      }
      regions++;
    }
    try {
      return new Region(VirtualMemory.reserve(2 * HALF_BYTES), 0);
    } catch (OsException e) {
      synchronized (this) {
        regions--;
      }
      // Somebody may have found none free meanwhile.
      freed.run();
      throw new AllocationException("no address space for a collected heap", e);
    }
  }

  /**
   * Takes a region back.
   *
   * @param used bytes of each half that may have been written
   */
  void giveBack(Region region, long used) {
    // What could not be given back page by page goes as a whole: it has not been cleared.
    boolean clean = region.shrink(KEPT_BYTES) && !region.torn;
    if (clean) {
      region.clear(Math.min(used, region.accessible()));
    }
    if (!clean || !keep(region)) {
      unmap(region);
      synchronized (this) {
        regions--;
      }
    }
    freed.run();
  }

  private synchronized boolean keep(Region region) {
    boolean wanted = !closed && kept.size() < MOST_KEPT;
    if (wanted) {
      kept.addLast(region);
    }
    return wanted;
  }

  /** A store is closed whatever the kernel says; what it keeps is address space. */
  private static void unmap(Region region) {
    try {
      VirtualMemory.unmap(region.base, 2 * HALF_BYTES);
    } catch (OsException e) {
      // Nothing refers to it any more.
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (Region region : kept) {
      unmap(region);
    }
    kept.clear();
  }
}
