package dev.troupe.engine.backend.x64;

import dev.troupe.engine.contract.Tunables;

/// Decides how an access to linear memory is kept in bounds. The one place for this decision.
enum MemoryPolicy {
  /// The address is constant and below the initial size of the memory: nothing can go wrong.
  IN_BOUNDS,
  /// Whatever the index, the access ends in the reservation or the guard behind it: an access out
  /// of bounds faults.
  GUARDED,
  /// Compare with the current length first.
  CHECKED;

  /// Decides for an access with an index that is not known.
  ///
  /// @param index32 whether the index is an i32
  /// @param offset of the instruction, unsigned
  /// @param bytes that the access touches
  static MemoryPolicy of(BackendContext context, boolean index32, long offset, int bytes) {
    Tunables tunables = context.tunables();
    boolean reservedForAll =
        tunables.memoryReservationBytes() >= Tunables.DEFAULT_RESERVATION_BYTES;
    boolean nearEnough =
        offset >= 0 && offset <= tunables.guardBytes() - bytes && offset <= Integer.MAX_VALUE;
    return context.signals() && index32 && reservedForAll && nearEnough ? GUARDED : CHECKED;
  }

  /// Decides for an access at a constant address.
  ///
  /// @param index the constant, as an unsigned number of 64 bits
  static MemoryPolicy ofConstant(
      BackendContext context, int memory, boolean index32, long index, long offset, int bytes) {
    long end = index + offset;
    boolean small = index >= 0 && offset >= 0 && end >= 0 && end <= Integer.MAX_VALUE;
    if (small && end + bytes <= context.memoryMinimumBytes()[memory]) {
      return IN_BOUNDS;
    }
    return small ? of(context, index32, end, bytes) : CHECKED;
  }
}
