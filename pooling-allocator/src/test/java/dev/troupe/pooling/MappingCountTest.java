package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.LinearMemory;
import dev.troupe.engine.runtime.MemoryRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link PoolSizing} plans with is what the kernel counts. */
class MappingCountTest {
  private static final int COUNT = 400;

  /** The JVM maps for itself meanwhile. */
  private static final long OTHERS = 100;

  private static final long PAGE = 64 << 10;

  @Test
  void twoMappingsAMemoryAndTwoAStack() throws IOException {
    PoolConfig config = PoolConfig.DEFAULT.withSlots(COUNT, COUNT);
    long before = mappings();
    try (MemoryPool memories = new MemoryPool(config);
        StackPool stacks = new StackPool(config)) {
      List<LinearMemory> live = new ArrayList<>();
      List<GuestStack> parked = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        LinearMemory memory =
            memories.allocate(new MemoryRequest(1, 0, PAGE, 1L << 32, 1L << 32, 32L << 20, null));
        RawMemory.putByte(memory.base() + 5000, (byte) 1);
        assertThat(memory.grow(3 * PAGE)).isTrue();
        RawMemory.putByte(memory.base() + 2 * PAGE, (byte) 1);
        live.add(memory);
        GuestStack stack = stacks.allocate();
        RawMemory.putLong(stack.top() - Long.BYTES, i);
        parked.add(stack);
      }
      long expected =
          COUNT * (long) (PoolSizing.MAPPINGS_PER_MEMORY + PoolSizing.MAPPINGS_PER_STACK);
      assertThat(mappings() - before).isBetween(expected - OTHERS, expected + OTHERS);
      live.forEach(LinearMemory::close);
      parked.forEach(GuestStack::close);
      assertThat(memories.trim(Long.MAX_VALUE)).isNotNegative();
      assertThat(stacks.trim()).isPositive();
      assertThat(mappings() - before).as("also after reset").isLessThan(expected + OTHERS);
    }
    assertThat(mappings() - before).isLessThan(OTHERS);
  }

  private static long mappings() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.count();
    }
  }
}
