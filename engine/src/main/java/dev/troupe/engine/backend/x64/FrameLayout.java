package dev.troupe.engine.backend.x64;

import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.SavedRegisters;
import dev.troupe.engine.regalloc.Allocation;

/// What a frame holds, offsets from rsp behind the prologue.
///
/// <pre>
///   | stack area of the caller        |
///   | return address                  | frameBytes
///   | (padding)                       |
///   | instance pointer                | if calls may change it
///   | callee-saved registers in use   |
///   | spill slots                     | 16-aligned
///   | stack area for callees          | 0
/// </pre>
///
/// @param spillOffset first byte of the spill slots
/// @param saved mask of the callee-saved registers that the function writes
/// @param savedOffset where the lowest of them is kept
/// @param instanceOffset where the instance pointer is kept, or -1
/// @param frameBytes size; rsp is 16-byte aligned behind the prologue unless the frame is empty
/// @see CallingConvention
record FrameLayout(
    int spillOffset, long saved, int savedOffset, int instanceOffset, int frameBytes) {

  /// Frames above this are checked against the stack limit before rsp moves, because below rsp a
  /// signal frame must fit at any time.
  static final int LARGE_BYTES = 4096;

  static FrameLayout of(MachFunction function, Allocation allocation) {
    int spillOffset = (function.outgoingBytes + 15) & -16;
    long saved = allocation.usedCalleeSaved() & Registers.CALLEE_SAVED;
    int savedOffset = (spillOffset + allocation.spillAreaBytes() + 7) & -8;
    int end = savedOffset + Long.bitCount(saved) * Long.BYTES;
    int instanceOffset = -1;
    if (function.changesInstance) {
      instanceOffset = end;
      end += Long.BYTES;
    }
    boolean empty = end == 0 && !function.hasCalls;
    int frameBytes = empty ? 0 : ((end + 8 + 15) & -16) - 8;
    return new FrameLayout(spillOffset, saved, savedOffset, instanceOffset, frameBytes);
  }

  /// What unwinding must know, packed by [SavedRegisters].
  int saves() {
    boolean hasInstance = instanceOffset >= 0;
    int end = savedOffset + Long.bitCount(saved) * Long.BYTES + (hasInstance ? Long.BYTES : 0);
    boolean keepsSomething = saved != 0 || hasInstance;
    return SavedRegisters.pack(saved, hasInstance, keepsSomething && end != frameBytes);
  }

  boolean isLarge() {
    return frameBytes > LARGE_BYTES;
  }
}
