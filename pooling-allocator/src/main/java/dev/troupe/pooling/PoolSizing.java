package dev.troupe.pooling;

/**
 * How many slots fit into what the kernel allows, and the sentence that says so.
 *
 * @param config the configuration with slot counts that fit
 * @param reason what was asked for, what fits and which limit decided
 */
public record PoolSizing(PoolConfig config, String reason) {
  /**
   * Mappings that a live memory may need: image, accessible rest, inaccessible rest, dropped tail.
   */
  static final int MAPPINGS_PER_MEMORY = 4;

  /** Mappings that a stack needs: its guard page and itself. */
  static final int MAPPINGS_PER_STACK = 2;

  /** Mappings left to the JVM, its threads and libraries. */
  static final int MAPPINGS_FOR_JVM = 8192;

  /**
   * The largest configuration not above {@code wanted} that fits.
   *
   * @throws IllegalStateException when not even one slot fits; the message says which setting to
   *     raise
   */
  public static PoolSizing fit(PoolConfig wanted, KernelLimits limits) {
    long mappings = Math.max(0, limits.maxMappings() - MAPPINGS_FOR_JVM);
    long needed =
        (long) wanted.memorySlots() * MAPPINGS_PER_MEMORY
            + (long) wanted.stackSlots() * MAPPINGS_PER_STACK;
    double byMappings = needed <= mappings ? 1.0 : (double) mappings / needed;
    int memories = (int) (wanted.memorySlots() * byMappings);
    int stacks = (int) (wanted.stackSlots() * byMappings);

    long slotBytes = wanted.reservationBytes() + wanted.guardBytes();
    // An eighth stays free: code, stacks and the heap live in the same space.
    long usableBytes = limits.addressSpaceBytes() / 8 * 7;
    long byAddress = (usableBytes - wanted.guardBytes()) / slotBytes;
    String limit = byMappings < 1.0 ? "vm.max_map_count=" + limits.maxMappings() : "";
    if (byAddress < memories) {
      memories = (int) Math.max(0, byAddress);
      limit = "address space of " + (limits.addressSpaceBytes() >> 30) + " GiB";
    }
    if (memories < 1 || stacks < 1) {
      throw new IllegalStateException(
          "not even one pooled memory fits ("
              + limit
              + ", vm.overcommit_memory="
              + limits.overcommitMode()
              + "): raise vm.max_map_count or set vm.overcommit_memory to 0");
    }
    PoolConfig fitted = wanted.withSlots(memories, stacks);
    String sizes = memories + " memories, " + stacks + " stacks";
    String reason =
        limit.isEmpty()
            ? sizes + ", as configured"
            : sizes
                + " instead of "
                + wanted.memorySlots()
                + " and "
                + wanted.stackSlots()
                + ", limited by "
                + limit;
    return new PoolSizing(fitted, reason);
  }
}
