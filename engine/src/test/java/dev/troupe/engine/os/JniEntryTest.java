package dev.troupe.engine.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JniEntryTest {
  /** {@code mov rax, ARGUMENT; ret} for each of seven arguments. */
  private static final int[][] RETURN_ARGUMENT = {
    {0x48, 0x89, 0xF8, 0xC3},
    {0x48, 0x89, 0xF0, 0xC3},
    {0x48, 0x89, 0xD0, 0xC3},
    {0x48, 0x89, 0xC8, 0xC3},
    {0x4C, 0x89, 0xC0, 0xC3},
    {0x4C, 0x89, 0xC8, 0xC3},
    {0x48, 0x8B, 0x44, 0x24, 0x08, 0xC3},
  };

  /** {@code mov rax, rsp; ret}. */
  private static final int[] RETURN_STACK_POINTER = {0x48, 0x89, 0xE0, 0xC3};

  @Test
  void everyArgumentArrivesOnAnAlignedStack(@TempDir Path folder) throws IOException {
    Path library = folder.resolve("entry.so");
    Files.write(library, EntryLibrary.image());
    assertThat(JniEntry.load(library.toString())).isTrue();
    long page = VirtualMemory.allocate(VirtualMemory.PAGE_BYTES);
    for (int i = 0; i < RETURN_ARGUMENT.length; i++) {
      put(page + 16 * i, RETURN_ARGUMENT[i]);
    }
    put(page + 256, RETURN_STACK_POINTER);
    VirtualMemory.protect(page, VirtualMemory.PAGE_BYTES, Protection.READ_EXECUTE);
    long[] values = {1, -2, Long.MAX_VALUE, Long.MIN_VALUE, 5L << 32, -6, 7};
    for (int i = 0; i < values.length; i++) {
      assertThat(enter(page + 16 * i, values)).isEqualTo(values[i]);
      // Compiled by the JIT it is called in another way.
      for (int time = 0; time < 20_000; time++) {
        assertThat(enter(page + 16 * i, values) == values[i]).isTrue();
      }
    }
    assertThat(enter(page + 256, values) & 15).isEqualTo(8);
    VirtualMemory.unmap(page, VirtualMemory.PAGE_BYTES);
  }

  @Test
  void withoutALibraryItIsNotLoaded(@TempDir Path folder) {
    Path none = folder.resolve("none.so");
    assertThat(JniEntry.load(null)).isFalse();
    assertThat(JniEntry.load("")).isFalse();
    assertThat(JniEntry.load(none.toString())).isFalse();
  }

  private static long enter(long code, long[] x) {
    return JniEntry.enter(code, x[0], x[1], x[2], x[3], x[4], x[5], x[6]);
  }

  private static void put(long address, int[] code) {
    for (int i = 0; i < code.length; i++) {
      RawMemory.putByte(address + i, (byte) code[i]);
    }
  }
}
