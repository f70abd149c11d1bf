package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.MemoryType;
import org.jspecify.annotations.Nullable;

/** From a memory's type to what an allocator is asked for. Pure. */
final class MemorySizing {
  private MemorySizing() {}

  static MemoryRequest request(
      MemoryType type,
      Tunables tunables,
      long moduleKey,
      int memoryIndex,
      @Nullable HeapImage image) {
    long reservation =
        type.limits().is64()
            ? tunables.memory64ReservationBytes()
            : tunables.memoryReservationBytes();
    int log2 = type.pageSizeLog2();
    long mostPages = reservation >>> log2;
    long initialPages = type.limits().min();
    if (Long.compareUnsigned(initialPages, mostPages) > 0) {
      throw new AllocationException(
          "a linear memory of "
              + Long.toUnsignedString(initialPages)
              + " pages does not fit the reservation of "
              + mostPages
              + " pages");
    }
    long declaredMax = type.limits().maxOr(mostPages);
    long maxPages = Long.compareUnsigned(declaredMax, mostPages) > 0 ? mostPages : declaredMax;
    return new MemoryRequest(
        moduleKey,
        memoryIndex,
        accessibleBytes(initialPages << log2),
        accessibleBytes(maxPages << log2),
        reservation,
        tunables.guardBytes(),
        image);
  }

  /**
   * What must be accessible for a memory of so many bytes: whole pages of the processor, in the
   * steps in which memories usually grow. Where that is more, compiled code compares.
   */
  static long accessibleBytes(long bytes) {
    return (bytes + MemoryType.PAGE_BYTES - 1) & -MemoryType.PAGE_BYTES;
  }
}
