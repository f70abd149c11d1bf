package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Constants of a function that instructions read as memory operands. They lie behind its code, the
/// 16-byte ones first.
final class LiteralPool {
  private static final int STRIDE = 3;
  private int count;

  /// Size in bytes, low half, high half.
  private long[] entries = new long[8 * STRIDE];

  private int[] labels = {};
  private final Map<Constant, Integer> ids = new HashMap<>();

  private record Constant(int bytes, long low, long high) {}

  /// Id of a constant of 4 or 8 bytes.
  int scalar(int bytes, long bits) {
    return intern(bytes, bits, 0);
  }

  /// Id of a 16-byte constant.
  int vector(long low, long high) {
    return intern(16, low, high);
  }

  private int intern(int bytes, long low, long high) {
    Integer known = ids.putIfAbsent(new Constant(bytes, low, high), count);
    if (known != null) {
      return known;
    }
    if (count * STRIDE == entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    entries[count * STRIDE] = bytes;
    entries[count * STRIDE + 1] = low;
    entries[count * STRIDE + 2] = high;
    return count++;
  }

  /// Label of a constant.
  int label(Assembler assembler, int id) {
    if (labels.length != count) {
      int known = labels.length;
      labels = Arrays.copyOf(labels, count);
      for (int i = known; i < count; i++) {
        labels[i] = assembler.newLabel();
      }
    }
    return labels[id];
  }

  String text(int id) {
    long size = entries[id * STRIDE];
    String low = Long.toHexString(entries[id * STRIDE + 1]);
    return size == 16 ? Long.toHexString(entries[id * STRIDE + 2]) + ":" + low : low;
  }

  /// Writes all constants that were named.
  void emit(Assembler assembler) {
    if (labels.length == 0) {
      return;
    }
    for (int size = 16; size >= 4; size /= 2) {
      boolean aligned = false;
      for (int i = 0; i < labels.length; i++) {
        if (entries[i * STRIDE] == size) {
          if (!aligned) {
            assembler.align(size);
            aligned = true;
          }
          assembler.bind(labels[i]);
          assembler.data(bytes(i, size));
        }
      }
    }
  }

  private byte[] bytes(int id, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (entries[id * STRIDE + 1 + i / 8] >>> 8 * (i % 8));
    }
    return bytes;
  }
}
