package dev.troupe.pooling;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.SystemInfo;
import dev.troupe.engine.os.VirtualMemory;

/**
 * What the kernel lets one process map.
 *
 * @param maxMappings {@code vm.max_map_count}
 * @param addressSpaceBytes the largest reservation that was granted
 * @param overcommitMode {@code vm.overcommit_memory}: 2 refuses reservations beyond memory and swap
 */
public record KernelLimits(long maxMappings, long addressSpaceBytes, int overcommitMode) {

  /** Probes this machine: tries reservations from 120 TiB downwards, a quarter less each time. */
  public static KernelLimits probe() {
    return new KernelLimits(
        SystemInfo.maxMapCount(), largestReservation(), SystemInfo.overcommitMode());
  }

  private static long largestReservation() {
    for (long bytes = 120L << 40; bytes >= 1L << 30; bytes = bytes / 4096 * 3 / 4 * 4096) {
      try {
        VirtualMemory.unmap(VirtualMemory.reserve(bytes), bytes);
        return bytes;
      } catch (OsException refused) {
        // Try less.
        continue;
      }
    }
    return 0;
  }
}
