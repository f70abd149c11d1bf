package dev.troupe.engine.backend.x64;

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
  /// @param memory which one
  /// @param reservationBytes address space of the memory, without the guard behind it
  /// @param most that the index can be as an unsigned number; negative if that is unknown
  /// @param offset of the instruction, unsigned
  /// @param bytes that the access touches
  static MemoryPolicy of(
      BackendContext context,
      int memory,
      long reservationBytes,
      long most,
      long offset,
      int bytes) {
    boolean reserved = most >= 0 && most <= reservationBytes;
    boolean nearEnough =
        offset >= 0
            && offset <= context.tunables().guardBytes() - bytes
            && offset <= Integer.MAX_VALUE;
    boolean guarded = context.signals() && !context.comparedMemories().get(memory);
    return guarded && reserved && nearEnough ? GUARDED : CHECKED;
  }

  /// Decides for an access at a constant address.
  ///
  /// @param reservationBytes address space of the memory, without the guard behind it
  /// @param index the constant, as an unsigned number of 64 bits
  static MemoryPolicy ofConstant(
      BackendContext context,
      int memory,
      long reservationBytes,
      long index,
      long offset,
      int bytes) {
    long end = index + offset;
    boolean small = index >= 0 && offset >= 0 && end >= 0 && end <= Integer.MAX_VALUE;
    if (small && end + bytes <= context.memoryMinimumBytes()[memory]) {
      return IN_BOUNDS;
    }
    return small ? of(context, memory, reservationBytes, 0, end, bytes) : CHECKED;
  }
}
