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
    long mostPages = reservation / MemoryType.PAGE_BYTES;
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
        initialPages * MemoryType.PAGE_BYTES,
        maxPages * MemoryType.PAGE_BYTES,
        reservation,
        tunables.guardBytes(),
        image);
  }
}
