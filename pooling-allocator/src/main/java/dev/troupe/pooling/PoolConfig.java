package dev.troupe.pooling;

/**
 * How large the pools are and how they reset slots.
 *
 * @param memorySlots linear memories that may be live at once
 * @param stackSlots guest stacks that may be live at once
 * @param reservationBytes address space of a memory slot, without its guard
 * @param guardBytes inaccessible space behind it; at least the engine's own tunable
 * @param maxMemoryBytes what a memory may grow to at most
 * @param keepResidentBytes prefix of a memory that is reset by writing instead of by a system call
 * @param maxResidentBytes what all memories together may keep resident in that way
 * @param imageMappings mappings that heap images mapped from their files may add, two each; images
 *     beyond that are copied
 * @param maxWarmSlots free memory slots that may remember their module before old ones are reused
 * @param dropBatch slots waiting to be reset at which the pool does not wait for more
 * @param stackBytes guest-usable bytes of a stack
 * @param stackKeepResidentBytes top of a stack that stays resident between uses
 * @param maxResidentStacks free stacks that may; those beyond give all pages back
 */
public record PoolConfig(
    int memorySlots,
    int stackSlots,
    long reservationBytes,
    long guardBytes,
    long maxMemoryBytes,
    long keepResidentBytes,
    long maxResidentBytes,
    long imageMappings,
    int maxWarmSlots,
    int dropBatch,
    long stackBytes,
    long stackKeepResidentBytes,
    int maxResidentStacks) {

  /** 1,000 memories of up to 4 GiB, 1,000 stacks of 512 KiB. */
  public static final PoolConfig DEFAULT =
      new PoolConfig(
          1000, 1000, 1L << 32, 32L << 20, 1L << 32, 128 << 10, 64L << 20, 2000, 100, 16, 512 << 10,
          32 << 10, 1000);

  public PoolConfig {
    if (memorySlots < 1 || stackSlots < 1) {
      throw new IllegalArgumentException("a pool needs at least one slot of each kind");
    }
    if (maxMemoryBytes < 0 || maxMemoryBytes > reservationBytes) {
      throw new IllegalArgumentException(
          "maxMemoryBytes is "
              + maxMemoryBytes
              + ", more than the reservation "
              + reservationBytes);
    }
    if (keepResidentBytes < 0
        || maxResidentBytes < 0
        || imageMappings < 0
        || stackKeepResidentBytes < 0
        || maxResidentStacks < 0
        || guardBytes < 0) {
      throw new IllegalArgumentException("sizes must not be negative");
    }
    if (maxWarmSlots < 0 || dropBatch < 1 || stackBytes < 16 << 10) {
      throw new IllegalArgumentException(
          "maxWarmSlots must not be negative, dropBatch at least 1, stackBytes at least 16 KiB");
    }
  }

  /** This configuration with other slot counts. */
  public PoolConfig withSlots(int memories, int stacks) {
    return new PoolConfig(
        memories,
        stacks,
        reservationBytes,
        guardBytes,
        maxMemoryBytes,
        keepResidentBytes,
        maxResidentBytes,
        imageMappings,
        maxWarmSlots,
        dropBatch,
        stackBytes,
        stackKeepResidentBytes,
        maxResidentStacks);
  }

  /** This configuration with other sizes of memories and stacks. */
  public PoolConfig withSizes(long maxMemory, long stack) {
    return new PoolConfig(
        memorySlots,
        stackSlots,
        reservationBytes,
        guardBytes,
        maxMemory,
        keepResidentBytes,
        maxResidentBytes,
        imageMappings,
        maxWarmSlots,
        dropBatch,
        stack,
        stackKeepResidentBytes,
        maxResidentStacks);
  }

  /** This configuration with another way to reset memories. */
  public PoolConfig withReset(long keepResident, int batch) {
    return new PoolConfig(
        memorySlots,
        stackSlots,
        reservationBytes,
        guardBytes,
        maxMemoryBytes,
        keepResident,
        maxResidentBytes,
        imageMappings,
        maxWarmSlots,
        batch,
        stackBytes,
        stackKeepResidentBytes,
        maxResidentStacks);
  }

  /** This configuration with other bounds of what free slots keep. */
  public PoolConfig withResident(long memoryBytes, int stacks) {
    return new PoolConfig(
        memorySlots,
        stackSlots,
        reservationBytes,
        guardBytes,
        maxMemoryBytes,
        keepResidentBytes,
        memoryBytes,
        imageMappings,
        maxWarmSlots,
        dropBatch,
        stackBytes,
        stackKeepResidentBytes,
        stacks);
  }

  /** This configuration with room for so many mappings of images. */
  public PoolConfig withImageMappings(long mappings) {
    return new PoolConfig(
        memorySlots,
        stackSlots,
        reservationBytes,
        guardBytes,
        maxMemoryBytes,
        keepResidentBytes,
        maxResidentBytes,
        mappings,
        maxWarmSlots,
        dropBatch,
        stackBytes,
        stackKeepResidentBytes,
        maxResidentStacks);
  }
}
