package dev.troupe.engine.runtime;

import java.util.Arrays;

/**
 * Where the functions of a module's text are and how to unwind them. Arrays are indexed by defined
 * function and sorted by start. Offsets are from the start of the text, bytes.
 *
 * @param starts first byte
 * @param ends after the last byte
 * @param frameBytes distance from the stack pointer to the return address once the frame is set up
 * @param prologueEnds first instruction after the frame is set up; before it, the return address is
 *     at the stack pointer
 * @param addressMap code offset to byte offset in the module
 */
public record FunctionMap(
    int[] starts, int[] ends, int[] frameBytes, int[] prologueEnds, AddressMap addressMap) {

  /** No function contains the offset. */
  public static final int NONE = -1;

  /** The defined function whose code contains this offset, or {@link #NONE}. */
  public int functionAt(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    int function = found >= 0 ? found : -found - 2;
    return function >= 0 && offset < ends[function] ? function : NONE;
  }

  /** Code offsets to module offsets: entry {@code i} holds from {@code codeOffsets[i]} on. */
  public interface AddressMap {
    /** The byte offset in the module of the instruction at a code offset, or -1. */
    int wasmOffset(int codeOffset);
  }
}
