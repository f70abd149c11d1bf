package dev.troupe.engine.backend.x64;

import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.Location;

/// Where a function saves which callee-saved registers: those that are touched outside of the
/// region of calls in the prologue, the others where the region starts.
///
/// The frame has one size in either case, so unwinding need not know.
///
/// @param hasRegion whether the function has a [CallRegion] that saves registers on its own; if
///   not, all is done in the prologue
/// @param early mask of the registers that the prologue saves
/// @param late mask of the registers that the start of the region saves
record SavePlan(MachFunction function, boolean hasRegion, long early, long late) {

  static SavePlan of(MachFunction function, Allocation allocation, FrameLayout frame) {
    boolean region = false;
    for (int b = 0; b < function.blockCount(); b++) {
      region |= function.startsCallRegion(b);
    }
    // A large frame is checked before it is made.
    if (!region || frame.isLarge()) {
      return new SavePlan(function, false, frame.saved(), 0);
    }
    long touched = 0;
    for (int b = 0; b < function.blockCount(); b++) {
      if (!function.inCallRegion(b)) {
        touched |= touched(function, allocation, b);
      }
    }
    long late = frame.saved() & ~touched;
    return new SavePlan(function, late != 0, frame.saved() & ~late, late);
  }

  private static long touched(MachFunction function, Allocation allocation, int b) {
    long touched = 0;
    int first = function.firstInstruction(b);
    int end = function.firstInstruction(b + 1);
    for (int k = function.firstOperand(first); k < function.firstOperand(end); k++) {
      touched |= bit(allocation.operandLocation(k));
    }
    for (int m = allocation.firstMove(first); m < allocation.firstMove(end); m++) {
      touched |= bit(allocation.moveSource(m)) | bit(allocation.moveDestination(m));
    }
    for (int i = first; i < end; i++) {
      touched |= function.clobbers(i);
    }
    return touched;
  }

  private static long bit(int location) {
    return Location.isRegister(location) ? 1L << location : 0;
  }

  /// A register that holds nothing at the start of the region once what callers keep in it is
  /// saved.
  int free() {
    return Long.numberOfTrailingZeros(late);
  }

  /// What is saved in a block.
  long saved(int block) {
    return hasRegion && !function.inCallRegion(block) ? early : early | late;
  }

  /// Whether the region starts at a block.
  boolean startsAt(int block) {
    return hasRegion && function.startsCallRegion(block);
  }

  /// Whether the jump at the end of a block leaves the region.
  boolean leavesAt(int block) {
    return hasRegion
        && function.inCallRegion(block)
        && function.successorCount(block) == 1
        && !function.inCallRegion(function.successor(block, 0));
  }
}
