package dev.troupe.engine.artifact;

import java.lang.foreign.MemorySegment;

/**
 * The initial contents of a part of a linear memory, from the data segments: mapped copy-on-write.
 *
 * @param memoryIndex the defined memory, in the module's index space
 * @param memoryOffset where in the memory it belongs, a multiple of the page size
 * @param contents the bytes, a multiple of the page size
 */
public record MemoryImage(int memoryIndex, long memoryOffset, MemorySegment contents) {
  /** The page size of the machine. */
  public static final int PAGE_BYTES = 4096;

  /** Checks alignment and size. */
  public MemoryImage {
    if (memoryIndex < 0
        || memoryOffset < 0
        || memoryOffset % PAGE_BYTES != 0
        || contents.byteSize() % PAGE_BYTES != 0) {
      throw new IllegalArgumentException("memory image is not a run of pages");
    }
  }
}
