package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * Live ranges and the bundles they are allocated in, as arrays.
 *
 * <p>A <em>piece</em> is one contiguous live range of one virtual register with the slice of its
 * entries that lie inside. A <em>bundle</em> is a list of disjoint pieces, in order, that get one
 * location. Pieces of a virtual register always partition its live range, so the union never
 * changes; splitting only cuts pieces and moves them to other bundles.
 */
final class Pieces {
  /** Bundle location: still waiting. */
  static final int WAITING = -3;

  /** Bundle location: in its spill slot, or re-emitted where needed. */
  static final int SPILLED = -4;

  int count;
  int[] from;
  int[] to;
  int[] vreg;
  int[] entryFirst;
  int[] entryEnd;
  int[] bundle;
  int[] next;

  int bundleCount;
  int[] first;
  int[] last;
  int[] pieceCount;
  int[] location;

  /** The merged set of virtual registers that the bundle came from; they share a spill slot. */
  int[] family;

  /** How far splitting has gone, see {@link Splitter}. */
  byte[] level;

  /** Spill weight: frequency-weighted entries per length. */
  float[] weight;

  /** Frequency-weighted entries. */
  float[] benefit;

  int[] length;

  /** Whether a fixed operand names the register that would be best. */
  boolean[] hinted;

  /** Room for the pieces and bundles that {@code vregCount} virtual registers usually make. */
  Pieces(int vregCount) {
    int size = Math.max(16, vregCount + vregCount / 2);
    from = new int[size];
    to = new int[size];
    vreg = new int[size];
    entryFirst = new int[size];
    entryEnd = new int[size];
    bundle = new int[size];
    next = new int[size];
    first = new int[size];
    last = new int[size];
    pieceCount = new int[size];
    location = new int[size];
    family = new int[size];
    level = new byte[size];
    weight = new float[size];
    benefit = new float[size];
    length = new int[size];
    hinted = new boolean[size];
  }

  int newPiece(int pieceFrom, int pieceTo, int pieceVreg, int firstEntry, int endEntry) {
    if (count == from.length) {
      growPieces();
    }
    int piece = count++;
    from[piece] = pieceFrom;
    to[piece] = pieceTo;
    vreg[piece] = pieceVreg;
    entryFirst[piece] = firstEntry;
    entryEnd[piece] = endEntry;
    bundle[piece] = -1;
    next[piece] = -1;
    return piece;
  }

  int newBundle(int bundleFamily, int bundleLevel) {
    if (bundleCount == first.length) {
      growBundles();
    }
    int b = bundleCount++;
    first[b] = -1;
    last[b] = -1;
    pieceCount[b] = 0;
    location[b] = WAITING;
    family[b] = bundleFamily;
    level[b] = (byte) bundleLevel;
    return b;
  }

  /** Appends {@code piece}, which must lie behind all pieces of {@code b}. */
  void append(int b, int piece) {
    bundle[piece] = b;
    next[piece] = -1;
    if (last[b] < 0) {
      first[b] = piece;
    } else {
      if (to[last[b]] > from[piece]) {
        throw new IllegalStateException("pieces of a bundle overlap or are out of order");
      }
      next[last[b]] = piece;
    }
    last[b] = piece;
    pieceCount[b]++;
  }

  /**
   * Cuts {@code piece} at {@code point}; it keeps the part before. Entries of the instruction in
   * which a point after GAP lies stay in the part before.
   */
  int cut(Input input, int piece, int point) {
    if (point <= from[piece] || point >= to[piece]) {
      throw new IllegalStateException("cut outside of the piece");
    }
    int firstInstruction = point + 3 >> 2;
    int split = entryFirst[piece];
    int high = entryEnd[piece];
    while (split < high) {
      int middle = split + high >>> 1;
      if (Points.instruction(input.entryPoint[middle]) < firstInstruction) {
        split = middle + 1;
      } else {
        high = middle;
      }
    }
    int rest = newPiece(point, to[piece], vreg[piece], split, entryEnd[piece]);
    to[piece] = point;
    entryEnd[piece] = split;
    return rest;
  }

  private void growPieces() {
    int size = count * 2;
    from = Arrays.copyOf(from, size);
    to = Arrays.copyOf(to, size);
    vreg = Arrays.copyOf(vreg, size);
    entryFirst = Arrays.copyOf(entryFirst, size);
    entryEnd = Arrays.copyOf(entryEnd, size);
    bundle = Arrays.copyOf(bundle, size);
    next = Arrays.copyOf(next, size);
  }

  private void growBundles() {
    int size = bundleCount * 2;
    first = Arrays.copyOf(first, size);
    last = Arrays.copyOf(last, size);
    pieceCount = Arrays.copyOf(pieceCount, size);
    location = Arrays.copyOf(location, size);
    family = Arrays.copyOf(family, size);
    level = Arrays.copyOf(level, size);
    weight = Arrays.copyOf(weight, size);
    benefit = Arrays.copyOf(benefit, size);
    length = Arrays.copyOf(length, size);
    hinted = Arrays.copyOf(hinted, size);
  }
}
