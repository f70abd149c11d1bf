package dev.troupe.engine.runtime;

/**
 * Bounds on what one store may own.
 *
 * @param maxMemoryBytes linear memories and table elements together
 * @param maxInstances instances
 * @param maxMemories linear memories
 * @param maxTables tables
 * @param maxTableElements elements of all tables together
 * @param trapOnGrowthFailure whether growth beyond a limit traps instead of returning -1
 */
public record VmLimits(
    long maxMemoryBytes,
    int maxInstances,
    int maxMemories,
    int maxTables,
    long maxTableElements,
    boolean trapOnGrowthFailure) {

  /** No bounds beyond those of WebAssembly and of the engine. */
  public static final VmLimits UNLIMITED =
      new VmLimits(
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Long.MAX_VALUE,
          false);
}
