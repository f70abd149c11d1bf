package dev.troupe.engine.regalloc;

import java.util.Arrays;

/**
 * Finds every move that the placement needs.
 *
 * <p>A spilled virtual register is stored once behind its definition, if that is cheaper than
 * storing it wherever it leaves a register: its value never changes, so that slot stays right for
 * good.
 */
final class MoveResolver {
  private final Input input;
  private final Pieces pieces;
  private final Placement placement;
  private final MoveList moves = new MoveList();
  private final int[] endLocation;
  private final int[] endStamp;

  /** Steps made: the work measure of this stage. */
  long work;

  MoveResolver(Input input, Pieces pieces, Placement placement) {
    this.input = input;
    this.pieces = pieces;
    this.placement = placement;
    endLocation = new int[input.blockCount];
    endStamp = new int[input.blockCount];
    Arrays.fill(endStamp, -1);
  }

  MoveList run() {
    for (int v = 0; v < input.vregCount; v++) {
      if (placement.isLive(v)) {
        resolve(v);
      }
    }
    resolveParameters();
    return moves;
  }

  private void resolve(int v) {
    // The definition need not come first in layout order.
    int point = input.definitionPoint[v];
    int start = placement.locationAt(v, point);
    int definition = input.definitionOperand[v];
    int fixed =
        definition >= 0 && Operand.constraint(input.operandDescriptor[definition]) == Operand.FIXED
            ? Operand.argument(input.operandDescriptor[definition])
            : -1;
    if (fixed >= 0) {
      moves.add(Points.instruction(point), MoveList.BETWEEN, fixed, start, v);
    }
    boolean several = placement.first[v + 1] - placement.first[v] > 1;
    if (several) {
      recordEnds(v);
    }
    boolean storeAtDefinition = false;
    if (placement.needsSlot[v]) {
      float transitionCost = several ? transitions(v, true, true) : Float.MAX_VALUE;
      storeAtDefinition =
          Location.isSlot(start)
              || hasSlotUse(v)
              || transitionCost >= input.frequency[input.definitionBlock[v]];
      if (storeAtDefinition && !Location.isSlot(start)) {
        int instruction =
            Points.isGap(point) ? Points.instruction(point) : Points.instruction(point) + 1;
        moves.add(
            instruction,
            MoveList.BETWEEN,
            fixed >= 0 ? fixed : start,
            placement.slotLocation(v),
            v);
      }
    }
    if (several) {
      transitions(v, false, !storeAtDefinition);
    }
  }

  private boolean hasSlotUse(int v) {
    for (int e = input.entryFirst[v]; e < input.entryFirst[v + 1]; e++) {
      if ((input.entryFlags[e] & Input.NEEDS_SLOT) != 0) {
        return true;
      }
    }
    return false;
  }

  private void recordEnds(int v) {
    for (int k = placement.first[v]; k < placement.first[v + 1]; k++) {
      int piece = placement.sorted[k];
      int location = placement.locationOfPiece(piece);
      int last = input.blockAt(pieces.to[piece] - 1);
      for (int block = input.blockAt(pieces.from[piece]); block <= last; block++) {
        work++;
        if (pieces.to[piece] >= input.blockEnd(block)) {
          endLocation[block] = location;
          endStamp[block] = v;
        }
      }
    }
  }

  /**
   * Visits every change of place: counts the frequency of those that store, or emits the moves (the
   * stores among them only if {@code withStores}).
   */
  private float transitions(int v, boolean countOnly, boolean withStores) {
    float storeCost = 0;
    for (int k = placement.first[v]; k < placement.first[v + 1]; k++) {
      int piece = placement.sorted[k];
      int from = pieces.from[piece];
      int location = placement.locationOfPiece(piece);
      int block = input.blockAt(from);
      if (from != input.definitionPoint[v] && from != input.blockStart(block)) {
        int before = k > placement.first[v] ? placement.sorted[k - 1] : piece;
        if (pieces.to[before] != from) {
          throw new IllegalStateException("a gap in the pieces of virtual register " + v);
        }
        storeCost +=
            change(
                v, placement.locationOfPiece(before), location, from, block, countOnly, withStores);
      }
      if (from != input.blockStart(block)) {
        block++;
      }
      int last = input.blockAt(pieces.to[piece] - 1);
      for (; block <= last; block++) {
        work++;
        if (block != input.definitionBlock[v] || input.definitionOperand[v] >= 0) {
          storeCost += changeOnEdges(v, location, block, countOnly, withStores);
        }
      }
    }
    return storeCost;
  }

  private float change(
      int v, int from, int to, int point, int block, boolean countOnly, boolean withStores) {
    if (from == to || to == Location.REMATERIALIZE) {
      return 0;
    }
    boolean store = Location.isSlot(to);
    if (!store && !Points.isGap(point)) {
      throw new IllegalStateException("a register changes inside instruction " + (point >> 2));
    }
    if (!countOnly && (!store || withStores)) {
      int stage = Points.isGap(point) ? MoveList.BETWEEN : MoveList.OPERANDS;
      moves.add(Points.instruction(point), stage, from, to, v);
    }
    return store ? input.frequency[block] : 0;
  }

  private float changeOnEdges(
      int v, int location, int block, boolean countOnly, boolean withStores) {
    if (location == Location.REMATERIALIZE) {
      return 0;
    }
    float cost = 0;
    boolean store = Location.isSlot(location);
    int predecessors = input.function.predecessorCount(block);
    for (int p = 0; p < predecessors; p++) {
      int predecessor = input.function.predecessor(block, p);
      work++;
      if (endStamp[predecessor] != v) {
        throw new IllegalStateException(
            "virtual register " + v + " is not live at the end of block " + predecessor);
      }
      int from = endLocation[predecessor];
      if (from == location) {
        continue;
      }
      boolean atEnd = input.function.successorCount(predecessor) == 1;
      cost += store ? input.frequency[atEnd ? predecessor : block] : 0;
      if (countOnly || store && !withStores) {
        continue;
      }
      if (atEnd) {
        moves.add(input.terminator(predecessor), MoveList.EDGE_OUT, from, location, v);
      } else {
        moves.add(input.blockFirst[block], MoveList.EDGE_IN, from, location, v);
      }
    }
    return cost;
  }

  private void resolveArrivals(int block) {
    RegallocFunction function = input.function;
    for (int p = 0; p < function.parameterCount(block); p++) {
      work++;
      int parameter = function.parameter(block, p);
      if (placement.isLive(parameter)) {
        int to = placement.locationAt(parameter, input.blockStart(block));
        moves.add(
            input.blockFirst[block], MoveList.EDGE_IN, function.arrival(block, p), to, parameter);
      }
    }
  }

  private void resolveParameters() {
    RegallocFunction function = input.function;
    for (int block = 0; block < input.blockCount; block++) {
      if (function.successorCount(block) != 1) {
        for (int s = 0; s < function.successorCount(block); s++) {
          resolveArrivals(function.successor(block, s));
        }
        continue;
      }
      int successor = function.successor(block, 0);
      for (int a = 0; a < function.parameterCount(successor); a++) {
        work++;
        int parameter = function.parameter(successor, a);
        if (placement.isLive(parameter)) {
          int argument = function.branchArgument(block, a);
          int from = placement.locationAt(argument, input.blockEnd(block) - 1);
          int to = placement.locationAt(parameter, input.blockStart(successor));
          moves.add(input.terminator(block), MoveList.EDGE_OUT, from, to, argument);
        }
      }
    }
  }
}
