package dev.troupe.engine.frontend;

import java.util.Arrays;

/**
 * The forest of blocks that have one predecessor each, with pointers that skip over many of them
 * (Myers, "An Applicative Random-Access Stack", 1983), and which locals are written between. The
 * arms of thousands of conditionals inside of each other are such a tree: a look for the last write
 * of a local goes up in logarithmic time as long as few locals are written on the way.
 */
final class BlockAncestors {
  private int[] skip = new int[16];
  private int[] depth = new int[16];

  // Sets of locals as bits, several locals to a bit: written in the block, and between it and the
  // block that its pointer leads to.
  private long[] written = new long[16];
  private long[] between = new long[16];

  private static long bit(int local) {
    return 1L << local;
  }

  /** Makes a block known, without a parent. */
  void addRoot(int block) {
    if (block >= skip.length) {
      int size = Math.max(block + 1, skip.length * 2);
      skip = Arrays.copyOf(skip, size);
      depth = Arrays.copyOf(depth, size);
      written = Arrays.copyOf(written, size);
      between = Arrays.copyOf(between, size);
    }
    skip[block] = block;
  }

  /** Puts a new block below its only predecessor, which is complete. */
  void setParent(int block, int parent) {
    depth[block] = depth[parent] + 1;
    int near = skip[parent];
    int far = skip[near];
    if (near != parent && depth[parent] - depth[near] == depth[near] - depth[far]) {
      skip[block] = far;
      between[block] = written[parent] | between[parent] | written[near] | between[near];
    } else {
      skip[block] = parent;
    }
  }

  /** Notes that {@code block} writes a local. */
  void write(int block, int local) {
    written[block] |= bit(local);
  }

  /** An ancestor of {@code block} so that no block between them writes the local, or itself. */
  int unwritten(int block, int local) {
    return (between[block] & bit(local)) == 0 ? skip[block] : block;
  }
}
