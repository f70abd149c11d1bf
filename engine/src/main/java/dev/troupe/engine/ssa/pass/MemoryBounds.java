package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;

/** What ranges of indexes say about loads and stores of linear memory. */
final class MemoryBounds {
  private final SsaFunction function;
  private final UnsignedRanges ranges;

  MemoryBounds(SsaFunction function, UnsignedRanges ranges) {
    this.function = function;
    this.ranges = ranges;
  }

  /** Whether an access touches only bytes that its memory has from the start, and cannot trap. */
  boolean isInside(int access) {
    long most = ranges.max(function.operand(access, 0));
    long limit = function.memoryMinimumBytes(function.memory(access));
    long offset = function.offset(access);
    int bytes = function.access(access).bytes();
    return most >= 0 && offset >= 0 && offset <= limit && most <= limit - offset - bytes;
  }

  /** Whether two accesses may touch the same byte. Both are inside. */
  boolean mayOverlap(int left, int right) {
    if (function.region(left) != function.region(right)) {
      return false;
    }
    int leftIndex = function.operand(left, 0);
    int rightIndex = function.operand(right, 0);
    long leftOffset = function.offset(left);
    long rightOffset = function.offset(right);
    long leftEnd = leftOffset + function.access(left).bytes();
    long rightEnd = rightOffset + function.access(right).bytes();
    if (leftIndex == rightIndex && function.memory(left) == function.memory(right)) {
      return leftOffset < rightEnd && rightOffset < leftEnd;
    }
    // Several imported memories may be one memory.
    return ranges.min(leftIndex) + leftOffset < ranges.max(rightIndex) + rightEnd
        && ranges.min(rightIndex) + rightOffset < ranges.max(leftIndex) + leftEnd;
  }
}
