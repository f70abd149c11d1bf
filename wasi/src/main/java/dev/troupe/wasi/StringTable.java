package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Strings as WASI passes them: an array of pointers, and the bytes, each string ended by NUL. */
final class StringTable {
  private final byte[][] strings;
  private final int totalBytes;

  /**
   * Encodes strings as UTF-8.
   *
   * @throws IllegalArgumentException when one contains NUL, or they are too long together
   */
  StringTable(List<String> texts) {
    strings = new byte[texts.size()][];
    long total = 0;
    for (int i = 0; i < strings.length; i++) {
      String text = texts.get(i);
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("an argument or variable contains NUL");
      }
      strings[i] = text.getBytes(StandardCharsets.UTF_8);
      total += strings[i].length + 1L;
    }
    if (total > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("arguments or environment exceed 2 GiB");
    }
    totalBytes = (int) total;
  }

  void writeSizes(GuestMemory memory, int countPointer, int bytesPointer) {
    memory.putInt(countPointer, strings.length);
    memory.putInt(bytesPointer, totalBytes);
  }

  void write(GuestMemory memory, int pointers, int buffer) {
    long array = memory.address(pointers, 4L * strings.length);
    long bytes = memory.address(buffer, totalBytes);
    int offset = 0;
    for (int i = 0; i < strings.length; i++) {
      RawMemory.putInt(array + 4L * i, buffer + offset);
      RawMemory.copyIn(strings[i], 0, bytes + offset, strings[i].length);
      offset += strings[i].length;
      RawMemory.putByte(bytes + offset, (byte) 0);
      offset++;
    }
  }
}
