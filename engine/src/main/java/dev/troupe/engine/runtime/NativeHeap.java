package dev.troupe.engine.runtime;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Native memory for the small structures that compiled code reads: contexts, table elements, global
 * cells. Blocks are zeroed, 64-byte aligned from 64 bytes on, and freed explicitly with their size.
 * Sizes are powers of two, cut from chunks; large blocks are mappings of their own. Of these there
 * are only so many, because the process has only so many mappings, and the JVM ends when it gets
 * none. Thread-safe.
 */
public final class NativeHeap implements AutoCloseable {
  private static final int SMALLEST_SHIFT = 5;
  private static final int LARGEST_SHIFT = 18;
  private static final long SMALLEST_CHUNK_BYTES = 256 << 10;
  private static final int BLOCKS_PER_CHUNK = 8;

  /** Half of the mappings that a pool leaves to everything else. */
  static final int MOST_LARGE_BLOCKS = 4096;

  private final SizeClass[] classes = new SizeClass[LARGEST_SHIFT + 1];
  private final AtomicLong liveBytes = new AtomicLong();
  private final AtomicInteger largeBlocks = new AtomicInteger();

  /** A heap without any memory yet. */
  public NativeHeap() {
    for (int shift = SMALLEST_SHIFT; shift <= LARGEST_SHIFT; shift++) {
      classes[shift] = new SizeClass(1 << shift);
    }
  }

  /**
   * A zeroed block of at least {@code bytes} bytes.
   *
   * @throws AllocationException when there are too many blocks of more than 256 KiB, or the kernel
   *     refuses one
   */
  public long allocate(long bytes) {
    long rounded = roundUp(bytes);
    if (rounded > 1 << LARGEST_SHIFT) {
      return allocateLarge(rounded);
    }
    long block = classes[shiftOf(rounded)].take();
    liveBytes.addAndGet(rounded);
    RawMemory.fill(block, rounded, (byte) 0);
    return block;
  }

  private long allocateLarge(long bytes) {
    boolean allocated = false;
    try {
      if (largeBlocks.incrementAndGet() > MOST_LARGE_BLOCKS) {
        throw new AllocationException(
            "all " + MOST_LARGE_BLOCKS + " native structures of more than 256 KiB are in use");
      }
      long block = VirtualMemory.allocate(bytes);
      allocated = true;
      liveBytes.addAndGet(bytes);
      return block;
    } catch (OsException e) {
      throw new AllocationException("the kernel refused memory for a native structure", e);
    } finally {
      if (!allocated) {
        largeBlocks.decrementAndGet();
      }
    }
  }

  /** Gives a block back; {@code bytes} is what it was allocated with. */
  public void free(long block, long bytes) {
    long rounded = roundUp(bytes);
    liveBytes.addAndGet(-rounded);
    if (rounded > 1 << LARGEST_SHIFT) {
      VirtualMemory.unmap(block, rounded);
      largeBlocks.decrementAndGet();
    } else {
      classes[shiftOf(rounded)].give(block);
    }
  }

  /** Bytes in blocks not yet freed. */
  public long liveBytes() {
    return liveBytes.get();
  }

  /**
   * Returns all chunks to the system.
   *
   * @throws IllegalStateException when a block is still in use
   */
  @Override
  public void close() {
    if (liveBytes.get() != 0) {
      throw new IllegalStateException(liveBytes.get() + " bytes of native structures still in use");
    }
    for (int shift = SMALLEST_SHIFT; shift <= LARGEST_SHIFT; shift++) {
      classes[shift].releaseChunks();
    }
  }

  private static long roundUp(long bytes) {
    if (bytes > 1 << LARGEST_SHIFT) {
      return VirtualMemory.roundUpToPages(bytes);
    }
    return Math.max(1 << SMALLEST_SHIFT, Long.highestOneBit(Math.max(1, bytes - 1)) << 1);
  }

  private static int shiftOf(long rounded) {
    return Long.numberOfTrailingZeros(rounded);
  }

  /** Blocks of one size; free ones are linked through their first eight bytes. */
  private static final class SizeClass {
    private final int blockBytes;
    private final long chunkBytes;
    private long firstFree;
    private long bump;
    private long bumpEnd;
    private long[] chunks = new long[4];
    private int chunkCount;

    SizeClass(int blockBytes) {
      this.blockBytes = blockBytes;
      this.chunkBytes = Math.max(SMALLEST_CHUNK_BYTES, (long) blockBytes * BLOCKS_PER_CHUNK);
    }

    synchronized long take() {
      long block = firstFree;
      if (block != 0) {
        firstFree = RawMemory.getLong(block);
        return block;
      }
      if (bump == bumpEnd) {
        if (chunkCount == chunks.length) {
          chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        bump = chunk();
        bumpEnd = bump + chunkBytes;
        chunks[chunkCount++] = bump;
      }
      block = bump;
      bump += blockBytes;
      return block;
    }

    private long chunk() {
      try {
        return VirtualMemory.allocate(chunkBytes);
      } catch (OsException e) {
        throw new AllocationException("the kernel refused memory for native structures", e);
      }
    }

    synchronized void give(long block) {
      RawMemory.putLong(block, firstFree);
      firstFree = block;
    }

    synchronized void releaseChunks() {
      for (int i = 0; i < chunkCount; i++) {
        VirtualMemory.unmap(chunks[i], chunkBytes);
      }
      chunkCount = 0;
      firstFree = 0;
      bump = 0;
      bumpEnd = 0;
    }
  }
}
