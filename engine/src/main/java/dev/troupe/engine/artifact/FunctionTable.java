package dev.troupe.engine.artifact;

import dev.troupe.engine.contract.SavedRegisters;

/**
 * Where each defined function's code is, relative to the start of the text, and what an unwinder
 * must know about its frame. Entry i belongs to defined function i (imports do not count). Code
 * lies in the order of the functions, without overlap.
 */
public final class FunctionTable {
  final int[] starts;
  final int[] sizes;
  final int[] frameBytes;
  final int[] prologueEnds;
  final int[] saves;

  private FunctionTable(
      int[] starts, int[] sizes, int[] frameBytes, int[] prologueEnds, int[] saves) {
    this.starts = starts;
    this.sizes = sizes;
    this.frameBytes = frameBytes;
    this.prologueEnds = prologueEnds;
    this.saves = saves;
  }

  /**
   * A table over these arrays, which it takes over.
   *
   * @param starts first byte of each function in the text, ascending
   * @param sizes bytes of code, jump tables and literals of each
   * @param frameBytes distance from the stack pointer after the prologue to the return address
   * @param prologueEnds offset in the text just after the frame is complete
   * @param saves what each frame keeps for its caller, as {@link SavedRegisters} packs it
   * @throws IllegalArgumentException if functions overlap, are out of order, or lengths differ
   */
  public static FunctionTable of(
      int[] starts, int[] sizes, int[] frameBytes, int[] prologueEnds, int[] saves) {
    int count = starts.length;
    if (sizes.length != count
        || frameBytes.length != count
        || prologueEnds.length != count
        || saves.length != count) {
      throw new IllegalArgumentException("function table columns differ in length");
    }
    long end = 0;
    for (int i = 0; i < count; i++) {
      if (starts[i] < end
          || sizes[i] < 0
          || frameBytes[i] < 0
          || prologueEnds[i] < starts[i]
          || (long) prologueEnds[i] > (long) starts[i] + sizes[i]
          || (saves[i] & ~SavedRegisters.MOST) != 0
          || SavedRegisters.leastFrameBytes(saves[i]) > frameBytes[i]) {
        throw new IllegalArgumentException("function " + i + " overlaps, or has a bad frame");
      }
      end = (long) starts[i] + sizes[i];
    }
    if (end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("text of more than 2 GiB");
    }
    return new FunctionTable(starts, sizes, frameBytes, prologueEnds, saves);
  }

  /** The number of defined functions. */
  public int count() {
    return starts.length;
  }

  /** First byte of function {@code i}. */
  public int start(int i) {
    return starts[i];
  }

  /** Byte after the last of function {@code i}. */
  public int end(int i) {
    return starts[i] + sizes[i];
  }

  /** Distance from the stack pointer to the return address inside function {@code i}. */
  public int frameBytes(int i) {
    return frameBytes[i];
  }

  /** Offset in the text from which on the frame of function {@code i} is complete. */
  public int prologueEnd(int i) {
    return prologueEnds[i];
  }

  /** What the frame of function {@code i} keeps for its caller: see {@link SavedRegisters}. */
  public int saves(int i) {
    return saves[i];
  }

  /** The function that contains byte {@code textOffset}, or -1. */
  public int at(int textOffset) {
    int low = 0;
    int high = starts.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (starts[middle] <= textOffset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high >= 0 && textOffset < end(high) ? high : -1;
  }

  /** Bytes from the start of the text to the end of the last function. */
  int endOfCode() {
    return starts.length == 0 ? 0 : end(starts.length - 1);
  }
}
