package dev.troupe.pooling;

/**
 * How many slots fit into what the kernel allows, and the sentence that says so.
 *
 * @param config the configuration with slot counts that fit
 * @param reason what was asked for, what fits and which limit decided
 */
public record PoolSizing(PoolConfig config, String reason) {
  /** Mappings of a memory: what is accessible and the rest of its reservation. */
  static final int MAPPINGS_PER_MEMORY = 2;

  /** Mappings of a stack: its guard page and itself. */
  static final int MAPPINGS_PER_STACK = 2;

  /** Mappings left to the JVM, its threads and libraries. */
  static final int MAPPINGS_FOR_JVM = 8192;

  /** Slots of each kind that {@link #most} does not go beyond. */
  static final int MOST_SLOTS = 16_000;

  /**
   * Slots of each kind that the kernel has room for, up to 16,000; a seventh of the mappings is
   * left for images.
   */
  public static int most(KernelLimits limits) {
    long mappings = Math.max(0, limits.maxMappings() - MAPPINGS_FOR_JVM) / 7 * 6;
    long slots = mappings / (MAPPINGS_PER_MEMORY + MAPPINGS_PER_STACK);
    return (int) Math.max(1, Math.min(MOST_SLOTS, slots));
  }

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
    long left =
        mappings - (long) memories * MAPPINGS_PER_MEMORY - (long) stacks * MAPPINGS_PER_STACK;
    long images = Math.min(Math.max(0, left), (long) memories * MemorySlot.MAPPINGS_PER_IMAGE);
    PoolConfig fitted = wanted.withSlots(memories, stacks).withImageMappings(images);
    String sizes = memories + " memories, " + stacks + " stacks";
    String reason =
        limit.isEmpty()
            ? sizes + " (vm.max_map_count=" + limits.maxMappings() + ")"
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
