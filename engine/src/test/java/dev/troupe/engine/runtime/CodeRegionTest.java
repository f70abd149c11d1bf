package dev.troupe.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Places for code when the kernel does not do what it is asked for. */
class CodeRegionTest {
  private static final int[] NO_TRAPS = {};
  private static final byte[] NO_KINDS = {};

  private final CodeRegion region = CodeRegion.instance();

  @Test
  void whatTheKernelRefusesIsAnExhaustionAndTakesNothing() {
    long mappedBefore = VirtualMemory.mappedBytes();
    int modules = region.mappedCount();
    MappedCode first = region.map(MemorySegment.ofArray(new byte[] {1}), NO_TRAPS, NO_KINDS);
    first.unmap();
    try (NativeFile file = NativeFile.inMemory("troupe-code-region-test")) {
      file.truncate(VirtualMemory.PAGE_BYTES);
      // No file is mapped from the middle of a page.
      assertThatThrownBy(
              () -> region.mapFile(file, 1, VirtualMemory.PAGE_BYTES, NO_TRAPS, NO_KINDS))
          .isInstanceOf(AllocationException.class)
          .hasCauseInstanceOf(OsException.class)
          .hasMessageContaining("vm.max_map_count");
    }
    assertThat(region.mappedCount()).isEqualTo(modules);
    MappedCode second = region.map(MemorySegment.ofArray(new byte[] {2}), NO_TRAPS, NO_KINDS);
    assertThat(second.base()).as("the place is free again").isEqualTo(first.base());
    assertThat(region.find(second.base())).isSameAs(second);
    second.unmap();
    assertThat(region.find(second.base())).isNull();
    assertThat(VirtualMemory.mappedBytes()).isEqualTo(mappedBefore);
  }
}
