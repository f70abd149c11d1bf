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
 * @param maxWarmSlots free memory slots that may remember their module before old ones are reused
 * @param dropBatch slots whose pages are dropped together, off the hot path
 * @param stackBytes guest-usable bytes of a stack
 * @param stackKeepResidentBytes top of a stack that stays resident between uses
 */
public record PoolConfig(
    int memorySlots,
    int stackSlots,
    long reservationBytes,
    long guardBytes,
    long maxMemoryBytes,
    long keepResidentBytes,
    int maxWarmSlots,
    int dropBatch,
    long stackBytes,
    long stackKeepResidentBytes) {

  /** 1,000 memories of up to 4 GiB, 1,000 stacks of 512 KiB. */
  public static final PoolConfig DEFAULT =
      new PoolConfig(
          1000, 1000, 1L << 32, 32L << 20, 1L << 32, 128 << 10, 100, 16, 512 << 10, 32 << 10);

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
    if (keepResidentBytes < 0 || stackKeepResidentBytes < 0 || guardBytes < 0) {
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
        maxWarmSlots,
        dropBatch,
        stackBytes,
        stackKeepResidentBytes);
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
        maxWarmSlots,
        batch,
        stackBytes,
        stackKeepResidentBytes);
  }
}
