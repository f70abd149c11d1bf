package dev.troupe.engine.regalloc;

import java.util.Arrays;

/** Fills the operand locations, adds the copies they need, and puts all moves in order. */
final class ResultBuilder {
  private final Input input;
  private final Pieces pieces;
  private final Placement placement;
  private final MoveList moves;
  private final int[] operandLocations;

  ResultBuilder(Input input, Pieces pieces, Placement placement, MoveList moves) {
    this.input = input;
    this.pieces = pieces;
    this.placement = placement;
    this.moves = moves;
    operandLocations = new int[input.operandVreg.length];
  }

  Allocation build(Assigner assigner, long workUnits, int spilledPieces) {
    for (int i = 0; i < input.instructionCount; i++) {
      int begin = input.operandFirst[i];
      int end = input.operandFirst[i + 1];
      for (int o = begin; o < end; o++) {
        if (input.aliasOf[o] < 0) {
          operandLocations[o] = locate(i, o);
        }
      }
      for (int o = begin; o < end; o++) {
        if (input.aliasOf[o] >= 0) {
          int target = operandLocations[input.aliasOf[o]];
          operandLocations[o] = target;
          copyAtGap(i, o, target);
        }
      }
    }
    ParallelMoves sequence =
        new ParallelMoves(input, placement.slots, new FreeRegisters(input, pieces));
    int[] firstMoves = sequence(sequence);
    int[] offsets = placement.slots.layout();
    long used = usedRegisters(sequence);
    Allocation.Statistics statistics =
        new Allocation.Statistics(
            workUnits,
            assigner.processed,
            assigner.evictions,
            assigner.splits(),
            spilledPieces,
            sequence.sources.size());
    return new Allocation(
        operandLocations,
        firstMoves,
        sequence.sources.toArray(),
        sequence.destinations.toArray(),
        sequence.vregs.toArray(),
        Arrays.copyOf(offsets, offsets.length - 1),
        offsets[offsets.length - 1],
        sequence.rescueSlot(),
        References.at(input, assigner.reservations, placement),
        used,
        (used | assigner.reservations.clobberedAnywhere) & input.env.calleeSaved(),
        statistics);
  }

  private int locate(int instruction, int operand) {
    int v = input.operandVreg[operand];
    int descriptor = input.operandDescriptor[operand];
    switch (Operand.constraint(descriptor)) {
      case Operand.FIXED -> {
        int register = Operand.argument(descriptor);
        if (!Operand.isDefinition(descriptor)) {
          copyAtGap(instruction, operand, register);
        }
        return register;
      }
      case Operand.STACK -> {
        return placement.slotLocation(v);
      }
      default -> {
        if (!placement.isLive(v)) {
          return Location.NONE;
        }
        int point =
            Operand.isDefinition(descriptor)
                ? input.definitionPoint[v]
                : Operand.isLate(descriptor) ? Points.late(instruction) : Points.early(instruction);
        int location = placement.locationAt(v, point);
        if (location == Location.REMATERIALIZE) {
          if (!Operand.isDefinition(descriptor)) {
            throw new IllegalStateException(
                "operand " + operand + " reads a value that is nowhere");
          }
          return Location.NONE;
        }
        return location;
      }
    }
  }

  private void copyAtGap(int instruction, int operand, int target) {
    int v = input.operandVreg[operand];
    int source = placement.locationAt(v, Points.gap(instruction));
    moves.add(instruction, MoveList.OPERANDS, source, target, v);
  }

  private int[] sequence(ParallelMoves sequence) {
    int count = moves.keys.size();
    long[] order = new long[count];
    for (int m = 0; m < count; m++) {
      order[m] = (long) moves.keys.get(m) << 32 | m;
    }
    Arrays.sort(order);
    int[] firstMoves = new int[input.instructionCount + 1];
    int at = 0;
    for (int i = 0; i < input.instructionCount; i++) {
      firstMoves[i] = sequence.sources.size();
      long named = named(order, at, i);
      while (at < count && (int) (order[at] >> 32) >> 2 == i) {
        int key = (int) (order[at] >> 32);
        sequence.begin(i, named);
        while (at < count && (int) (order[at] >> 32) == key) {
          int m = (int) order[at++];
          sequence.add(moves.sources.get(m), moves.destinations.get(m), moves.vregs.get(m));
        }
        sequence.finish();
      }
    }
    firstMoves[input.instructionCount] = sequence.sources.size();
    return firstMoves;
  }

  /** The registers that moves from position {@code at} on name, as far as they stand before i. */
  private long named(long[] order, int at, int i) {
    long named = 0;
    for (int k = at; k < order.length && (int) (order[k] >> 32) >> 2 == i; k++) {
      int source = moves.sources.get((int) order[k]);
      int destination = moves.destinations.get((int) order[k]);
      named |= Location.isRegister(source) ? 1L << source : 0;
      named |= Location.isRegister(destination) ? 1L << destination : 0;
    }
    return named;
  }

  private long usedRegisters(ParallelMoves sequence) {
    long used = 0;
    for (int location : operandLocations) {
      used |= Location.isRegister(location) ? 1L << location : 0;
    }
    for (int m = 0; m < sequence.destinations.size(); m++) {
      int location = sequence.destinations.get(m);
      used |= Location.isRegister(location) ? 1L << location : 0;
    }
    return used;
  }
}
