package dev.troupe.engine.wasm;

import java.util.Arrays;

/** Byte offsets of the entries of one section, for error messages. Grows while decoding. */
final class EntryOffsets {
  private int[] offsets = {};
  private int size;

  void add(int offset) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, Math.max(8, 2 * size));
    }
    offsets[size++] = offset;
  }

  /** The offset of entry {@code i}, or 0 when it was built without one. */
  int get(int i) {
    return i < size ? offsets[i] : 0;
  }
}
