package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * The pieces that occupy one physical register, ordered by start: a two-level sorted list (chunks
 * of at most {@value #CHUNK}), so that inserting among n pieces costs about the square root of n
 * copies.
 */
final class Occupancy {
  private static final int CHUNK = 128;

  private final Pieces pieces;
  private static final int FIRST_CHUNK = 16;

  private int[][] chunks = {};
  private int[] sizes = {};
  private int[] firstFrom = {};
  private int chunkCount;

  Occupancy(Pieces pieces) {
    this.pieces = pieces;
  }

  /** A cursor: the first piece that ends after {@code point}, or -1. */
  long seek(int point) {
    if (chunkCount == 0) {
      return -1;
    }
    int chunk = chunkFor(point);
    int index = indexFor(chunk, point);
    if (index > 0 && pieces.to[chunks[chunk][index - 1]] > point) {
      return (long) chunk << 32 | index - 1;
    }
    if (index == 0 && chunk > 0) {
      int before = chunk - 1;
      if (pieces.to[chunks[before][sizes[before] - 1]] > point) {
        return (long) before << 32 | sizes[before] - 1;
      }
    }
    return normalize(chunk, index);
  }

  /** The cursor after {@code cursor}, or -1. */
  long next(long cursor) {
    return normalize((int) (cursor >> 32), (int) cursor + 1);
  }

  /** The piece at {@code cursor}. */
  int piece(long cursor) {
    return chunks[(int) (cursor >> 32)][(int) cursor];
  }

  private long normalize(int chunk, int index) {
    if (index < sizes[chunk]) {
      return (long) chunk << 32 | index;
    }
    return chunk + 1 < chunkCount ? (long) (chunk + 1) << 32 : -1;
  }

  /** The last chunk whose first piece starts at or before {@code point}, or chunk 0. */
  private int chunkFor(int point) {
    int low = 0;
    int high = chunkCount - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (firstFrom[middle] <= point) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The first index in {@code chunk} whose piece starts at or after {@code point}. */
  private int indexFor(int chunk, int point) {
    int[] members = chunks[chunk];
    int low = 0;
    int high = sizes[chunk];
    while (low < high) {
      int middle = low + high >>> 1;
      if (pieces.from[members[middle]] < point) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void insert(int piece) {
    int from = pieces.from[piece];
    if (chunkCount == 0) {
      addChunk(0, new int[FIRST_CHUNK], 0);
    }
    int chunk = chunkFor(from);
    if (sizes[chunk] == CHUNK) {
      splitChunk(chunk);
      chunk = chunkFor(from);
    }
    int index = indexFor(chunk, from);
    int[] members = chunks[chunk];
    if (sizes[chunk] == members.length) {
      members = Arrays.copyOf(members, Math.min(CHUNK, 2 * members.length));
      chunks[chunk] = members;
    }
    System.arraycopy(members, index, members, index + 1, sizes[chunk] - index);
    members[index] = piece;
    sizes[chunk]++;
    firstFrom[chunk] = pieces.from[members[0]];
  }

  void remove(int piece) {
    int from = pieces.from[piece];
    int chunk = chunkFor(from);
    int index = indexFor(chunk, from);
    int[] members = chunks[chunk];
    if (index >= sizes[chunk] || members[index] != piece) {
      throw new IllegalStateException("piece is not where it was put");
    }
    System.arraycopy(members, index + 1, members, index, sizes[chunk] - index - 1);
    sizes[chunk]--;
    if (sizes[chunk] > 0) {
      firstFrom[chunk] = pieces.from[members[0]];
    } else {
      removeChunk(chunk);
    }
  }

  private void splitChunk(int chunk) {
    int[] upper = new int[CHUNK];
    int half = CHUNK / 2;
    System.arraycopy(chunks[chunk], half, upper, 0, CHUNK - half);
    sizes[chunk] = half;
    addChunk(chunk + 1, upper, CHUNK - half);
    firstFrom[chunk + 1] = pieces.from[upper[0]];
  }

  private void addChunk(int at, int[] members, int size) {
    if (chunkCount == chunks.length) {
      int capacity = Math.max(2, chunkCount * 2);
      chunks = Arrays.copyOf(chunks, capacity);
      sizes = Arrays.copyOf(sizes, capacity);
      firstFrom = Arrays.copyOf(firstFrom, capacity);
    }
    System.arraycopy(chunks, at, chunks, at + 1, chunkCount - at);
    System.arraycopy(sizes, at, sizes, at + 1, chunkCount - at);
    System.arraycopy(firstFrom, at, firstFrom, at + 1, chunkCount - at);
    chunks[at] = members;
    sizes[at] = size;
    chunkCount++;
  }

  private void removeChunk(int at) {
    chunkCount--;
    System.arraycopy(chunks, at + 1, chunks, at, chunkCount - at);
    System.arraycopy(sizes, at + 1, sizes, at, chunkCount - at);
    System.arraycopy(firstFrom, at + 1, firstFrom, at, chunkCount - at);
  }
}
