package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;

/** Moves with the place where each belongs, unordered. */
final class MoveList {
  /** Stage at a gap: moves on the edge into the block, at its start. */
  static final int EDGE_IN = 0;

  /**
   * Stage at a gap: places that change between instructions, results of fixed definitions, stores.
   */
  static final int BETWEEN = 1;

  /** Stage at a gap: copies into the fixed and reused registers of the instruction. */
  static final int OPERANDS = 2;

  /** Stage at a gap: moves on the edge out of the block, before its terminator. */
  static final int EDGE_OUT = 3;

  final IntList keys = new IntList();
  final IntList sources = new IntList();
  final IntList destinations = new IntList();
  final IntList vregs = new IntList();

  void add(int instruction, int stage, int source, int destination, int vreg) {
    if (source == destination) {
      return;
    }
    keys.add(instruction << 2 | stage);
    sources.add(source);
    destinations.add(destination);
    vregs.add(vreg);
  }
}
