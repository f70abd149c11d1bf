package dev.troupe.engine.regalloc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds registers that hold nothing between two instructions, for moves that need a place to pass
 * through. Built from the final pieces when it is first asked, which in most functions is never.
 */
final class FreeRegisters {
  private static final int NONE = -1;
  private static final int[] NOTHING = {};

  private final Input input;
  private final Pieces pieces;

  /** Pieces in each register, by start; null until the first question. */
  private int @Nullable [][] members;

  FreeRegisters(Input input, Pieces pieces) {
    this.input = input;
    this.pieces = pieces;
  }

  /**
   * A register of {@code registerClass} that holds nothing at the gap before {@code instruction}
   * and is not in {@code busy}, or -1. One that the function would have to save is found only if
   * the function uses it anyway.
   */
  int find(RegisterClass registerClass, int instruction, long busy) {
    int[][] holders = members == null ? build() : members;
    for (int register : input.env.order(registerClass)) {
      boolean saved = (input.env.calleeSaved() & 1L << register) != 0;
      if ((busy & 1L << register) == 0
          && !(saved && holders[register].length == 0)
          && !isHeld(holders[register], instruction)) {
        return register;
      }
    }
    return NONE;
  }

  private boolean isHeld(int[] holders, int instruction) {
    int low = 0;
    int high = holders.length;
    while (low < high) {
      int middle = low + high >>> 1;
      if (pieces.from[holders[middle]] <= Points.early(instruction)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && pieces.to[holders[low - 1]] > Points.gap(instruction);
  }

  private int[][] build() {
    long[] keys = new long[pieces.count];
    int[] counts = new int[64];
    int count = 0;
    for (int piece = 0; piece < pieces.count; piece++) {
      int location = pieces.location[pieces.bundle[piece]];
      if (Location.isRegister(location)) {
        keys[count++] = (long) pieces.from[piece] << 32 | piece;
        counts[location]++;
      }
    }
    Arrays.sort(keys, 0, count);
    int[][] result = new int[64][];
    for (int register = 0; register < result.length; register++) {
      result[register] = counts[register] == 0 ? NOTHING : new int[counts[register]];
    }
    int[] fill = new int[64];
    for (int k = 0; k < count; k++) {
      int piece = (int) keys[k];
      int location = pieces.location[pieces.bundle[piece]];
      result[location][fill[location]++] = piece;
    }
    members = result;
    return result;
  }
}
