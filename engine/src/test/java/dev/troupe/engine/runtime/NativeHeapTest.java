package dev.troupe.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks of all sizes, and the bound of those that are mappings of their own. */
class NativeHeapTest {

  @Test
  void blocksAreZeroedDistinctAndReturned() {
    long mappedBefore = VirtualMemory.mappedBytes();
    NativeHeap heap = new NativeHeap();
    for (int round = 0; round < 2; round++) {
      List<Long> blocks = new ArrayList<>();
      for (long bytes = 1; bytes <= 1 << 20; bytes *= 2) {
        long block = heap.allocate(bytes);
        for (long i = 0; i < bytes; i++) {
          if (RawMemory.getByte(block + i) != 0) {
            throw new AssertionError("byte " + i + " of " + bytes);
          }
        }
        RawMemory.fill(block, bytes, (byte) 0x7f);
        blocks.add(block);
      }
      assertThat(blocks).doesNotHaveDuplicates();
      long bytes = 1;
      for (long block : blocks) {
        heap.free(block, bytes);
        bytes *= 2;
      }
    }
    heap.close();
    assertThat(VirtualMemory.mappedBytes()).isEqualTo(mappedBefore);
  }

  @Test
  void largeBlocksAreBounded() {
    long large = 300 << 10;
    try (NativeHeap heap = new NativeHeap()) {
      List<Long> blocks = new ArrayList<>();
      for (int i = 0; i < NativeHeap.MOST_LARGE_BLOCKS; i++) {
        blocks.add(heap.allocate(large));
      }
      assertThatThrownBy(() -> heap.allocate(large))
          .isInstanceOf(AllocationException.class)
          .hasMessageContaining("more than 256 KiB");
      heap.free(blocks.removeLast(), large);
      blocks.add(heap.allocate(large));
      blocks.forEach(block -> heap.free(block, large));
      assertThat(heap.liveBytes()).isZero();
    }
  }
}
