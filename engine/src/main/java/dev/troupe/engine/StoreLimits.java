package dev.troupe.engine;

import dev.troupe.engine.runtime.VmLimits;

/**
 * Bounds on what one store may own. Growth beyond them returns -1 to the guest, or traps.
 *
 * @param maxMemoryBytes all linear memories and all table elements (8 bytes each) together
 * @param maxInstances instances
 * @param maxMemories linear memories
 * @param maxTables tables
 * @param maxTableElements elements of all tables together
 * @param trapOnGrowthFailure whether {@code memory.grow} and {@code table.grow} beyond a limit trap
 *     instead of returning -1
 */
public record StoreLimits(
    long maxMemoryBytes,
    int maxInstances,
    int maxMemories,
    int maxTables,
    long maxTableElements,
    boolean trapOnGrowthFailure) {

  /** No bounds beyond those of WebAssembly and the engine. */
  public static final StoreLimits UNLIMITED =
      new StoreLimits(
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Long.MAX_VALUE,
          false);

  /** These limits with another bound on memory, bytes. */
  public StoreLimits withMaxMemoryBytes(long bytes) {
    return new StoreLimits(
        bytes, maxInstances, maxMemories, maxTables, maxTableElements, trapOnGrowthFailure);
  }

  /** These limits with another bound on instances. */
  public StoreLimits withMaxInstances(int count) {
    return new StoreLimits(
        maxMemoryBytes, count, maxMemories, maxTables, maxTableElements, trapOnGrowthFailure);
  }

  /** These limits with another bound on table elements. */
  public StoreLimits withMaxTableElements(long count) {
    return new StoreLimits(
        maxMemoryBytes, maxInstances, maxMemories, maxTables, count, trapOnGrowthFailure);
  }

  /** These limits, trapping or not when growth is refused. */
  public StoreLimits withTrapOnGrowthFailure(boolean trap) {
    return new StoreLimits(
        maxMemoryBytes, maxInstances, maxMemories, maxTables, maxTableElements, trap);
  }

  VmLimits toVm() {
    return new VmLimits(
        maxMemoryBytes,
        maxInstances,
        maxMemories,
        maxTables,
        maxTableElements,
        trapOnGrowthFailure);
  }
}
