package dev.troupe.engine.backend.x64;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.Location;
import java.util.Arrays;

/// Blocks that come out empty: a jump and nothing else once the allocator has done its work. Jumps
/// to such a block go where it goes.
final class BlockForwarding {
  private static final int UNKNOWN = -1;

  private final MachFunction function;
  private final Allocation allocation;
  private final SavePlan saves;
  private final int[] target;

  BlockForwarding(MachFunction function, Allocation allocation, SavePlan saves) {
    this.saves = saves;
    this.function = function;
    this.allocation = allocation;
    int count = function.blockCount();
    this.target = new int[count];
    Arrays.fill(target, UNKNOWN);
    IntList path = new IntList();
    for (int b = 0; b < count; b++) {
      resolve(b, path);
    }
  }

  /// Follows empty blocks from `start`; a cycle of them ends at the block that closes it.
  private void resolve(int start, IntList path) {
    path.clear();
    int b = start;
    while (target[b] == UNKNOWN && b != 0 && isEmpty(b)) {
      target[b] = b;
      path.add(b);
      b = function.successor(b, 0);
    }
    if (target[b] == UNKNOWN) {
      target[b] = b;
    }
    int end = target[b];
    for (int i = 0; i < path.size(); i++) {
      target[path.get(i)] = end;
    }
  }

  private boolean isEmpty(int b) {
    int last = function.firstInstruction(b + 1) - 1;
    if (!function.isPseudo(last) || function.pseudo(last) != MachPseudo.JUMP) {
      return false;
    }
    if (saves.startsAt(b) || saves.leavesAt(b)) {
      return false;
    }
    if (allocation.firstMove(function.firstInstruction(b)) != allocation.firstMove(last + 1)) {
      return false;
    }
    for (int i = function.firstInstruction(b); i < last; i++) {
      if (!emitsNothing(i)) {
        return false;
      }
    }
    return true;
  }

  /// Whether an instruction is a copy from a place to itself or defines what is made again wherever
  /// it is needed.
  boolean emitsNothing(int instruction) {
    int first = function.firstOperand(instruction);
    int operands = function.firstOperand(instruction + 1) - first;
    if (operands == 0) {
      return false;
    }
    if (allocation.operandLocation(first) == Location.NONE) {
      return true;
    }
    return function.isMove(instruction)
        && allocation.operandLocation(first) == allocation.operandLocation(first + 1);
  }

  /// Where a jump to `block` ends.
  int target(int block) {
    return target[block];
  }

  /// Whether no code stands for the block.
  boolean isForwarded(int block) {
    return target[block] != block;
  }
}
