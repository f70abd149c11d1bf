package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import java.util.HashMap;
import java.util.Map;

/**
 * Removes stores that are overwritten on every way from there, in other blocks, before anybody can
 * have seen them. What {@link DeadStores} asks of the instructions between two stores of one block
 * holds for every instruction on every way: no read that may be of those bytes, no call, no return,
 * nothing that may trap.
 *
 * <p>One walk against the order of control, with a set of places as a word of bits: a place is in
 * the set where all ways overwrite it first. Edges that go back bring the empty set, so that the
 * time until the bytes are what they should be is that of a way through the code, not of a loop.
 */
final class DeadStoresAcrossBlocks {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_PLACES = Long.SIZE;

  /** Bytes at a distance from where the operands of a store point. */
  private record Base(SsaOp op, int region, int memory, int address, int index) {}

  private record Place(Base base, long offset, int bytes) {}

  private record Index(int memory, int value) {}

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final Map<Place, Integer> places = new HashMap<>();
  private final Place[] placeOf = new Place[MOST_PLACES];
  private final Map<Place, Long> within = new HashMap<>();
  private final Map<Integer, Long> ofRegion = new HashMap<>();
  private final boolean[] cannotTrap;
  private final long[] atStart;

  private DeadStoresAcrossBlocks(SsaFunction function, ControlFlow flow) {
    this.function = function;
    this.flow = flow;
    this.dominators = DominatorTree.of(flow);
    this.cannotTrap = new boolean[function.instructionCount()];
    this.atStart = new long[function.blockCount()];
  }

  static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    if (flow.size() > 1 && hasCandidate(function, flow)) {
      new DeadStoresAcrossBlocks(function, flow).run();
    }
  }

  /** Whether there are two blocks with stores. */
  private static boolean hasCandidate(SsaFunction function, ControlFlow flow) {
    int blocks = 0;
    for (int k = 0; k < flow.size() && blocks < 2; k++) {
      int i = function.firstInstruction(flow.block(k));
      while (i != NONE && !DeadStores.isPlainStore(function.op(i))) {
        i = function.next(i);
      }
      blocks += i == NONE ? 0 : 1;
    }
    return blocks == 2;
  }

  private void run() {
    if (!collectPlaces()) {
      return;
    }
    findSafeAccesses();
    for (int k = flow.size() - 1; k >= 0; k--) {
      int block = flow.block(k);
      atStart[block] = walk(block, overwrittenBehind(block, k));
    }
  }

  // ---- places

  /** Finds the places that several blocks store to; says whether there are any. */
  private boolean collectPlaces() {
    Map<Place, Integer> firstBlock = new HashMap<>();
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        if (isKnownStore(i)) {
          Place place = place(i);
          int first = firstBlock.getOrDefault(place, block);
          firstBlock.putIfAbsent(place, block);
          if (first != block && places.size() < MOST_PLACES) {
            places.putIfAbsent(place, places.size());
          }
        }
      }
    }
    places.forEach((place, number) -> {
      placeOf[number] = place;
      ofRegion.merge(place.base.region, 1L << number, (left, right) -> left | right);
    });
    return !places.isEmpty();
  }

  private boolean isKnownStore(int i) {
    SsaOp op = function.op(i);
    if (!DeadStores.isPlainStore(op) || !DeadStores.hasEnd(function, i)) {
      return false;
    }
    return switch (Region.kind(function.region(i))) {
      case MEMORY, TABLE, GLOBAL, FIELD, ELEMENT -> true;
      case NONE, MEMORY_DEFINITION, TABLE_DEFINITION, INSTANCE, STORE, VOLATILE, SHARED_MEMORY ->
          false;
    };
  }

  private Place place(int store) {
    SsaOp op = function.op(store);
    int count = function.operandCount(store) - 1;
    Base base =
        new Base(
            op,
            function.region(store),
            op == SsaOp.STORE ? function.memory(store) : 0,
            count > 0 ? function.operand(store, 0) : NONE,
            count > 1 ? function.operand(store, 1) : NONE);
    return new Place(base, function.offset(store), function.access(store).bytes());
  }

  private static boolean contains(Place outer, Place inner) {
    return outer.base.equals(inner.base)
        && outer.offset <= inner.offset
        && inner.offset + inner.bytes <= outer.offset + outer.bytes;
  }

  // ---- traps

  /** Marks the accesses that do not trap, since an access that dominates them reached as far. */
  private void findSafeAccesses() {
    Map<Index, Integer> farthest = new HashMap<>();
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        SsaOp op = function.op(i);
        if ((op == SsaOp.LOAD || op == SsaOp.STORE) && DeadStores.hasEnd(function, i)) {
          Index index = new Index(function.memory(i), function.operand(i, 0));
          int known = farthest.getOrDefault(index, NONE);
          boolean holds = known != NONE && dominators.dominates(function.block(known), block);
          cannotTrap[i] = holds && end(known) >= end(i) || isInside(i);
          if (!holds || end(known) < end(i)) {
            farthest.put(index, i);
          }
        }
      }
    }
  }

  private long end(int access) {
    return function.offset(access) + function.access(access).bytes();
  }

  /** Whether the index is a constant and the bytes are there from the start. */
  private boolean isInside(int access) {
    int index = function.definingInstruction(function.operand(access, 0));
    if (index == NONE || function.op(index) != SsaOp.ICONST) {
      return false;
    }
    long address = function.immediate(index);
    if (function.controllingType(index) == SsaType.I32) {
      address &= 0xFFFF_FFFFL;
    }
    long minimum = function.memoryMinimumBytes(function.memory(access));
    return address >= 0 && address <= minimum && end(access) <= minimum - address;
  }

  // ---- the walk

  private long overwrittenBehind(int block, int number) {
    int terminator = function.terminator(block);
    int count = function.edgeCount(terminator);
    long all = count == 0 ? 0 : -1;
    for (int n = 0; n < count; n++) {
      int target = function.target(function.edge(terminator, n));
      all &= flow.number(target) > number ? atStart[target] : 0;
    }
    return all;
  }

  /** The places that are overwritten from the start of {@code block}, given those behind it. */
  private long walk(int block, long behind) {
    long overwritten = behind;
    int i = function.lastInstruction(block);
    while (i != NONE) {
      int previous = function.previous(i);
      SsaOp op = function.op(i);
      if (isKnownStore(i)) {
        overwritten = store(i, op, overwritten);
      } else if (op.isCall()
          || op.mayTrap() && !cannotTrap[i]
          || op.writes() && !DeadStores.isPlainStore(op)) {
        overwritten = 0;
      } else if (op.reads()) {
        overwritten &= ~read(i);
      }
      i = previous;
    }
    return overwritten;
  }

  private long store(int i, SsaOp op, long behind) {
    boolean isSafe = op != SsaOp.STORE || cannotTrap[i];
    if (!isSafe) {
      return 0;
    }
    Place place = place(i);
    int number = places.getOrDefault(place, NONE);
    if (number != NONE && (behind >>> number & 1) != 0) {
      function.remove(i);
      return behind;
    }
    return behind | within.computeIfAbsent(place, this::placesWithin);
  }

  private long placesWithin(Place outer) {
    long all = 0;
    for (long rest = placesOf(outer.base.region); rest != 0; rest &= rest - 1) {
      all |= contains(outer, placeOf[Long.numberOfTrailingZeros(rest)]) ? rest & -rest : 0;
    }
    return all;
  }

  private long placesOf(int region) {
    return ofRegion.getOrDefault(region, 0L);
  }

  /** The places that a read may see. */
  private long read(int i) {
    long all = placesOf(function.region(i));
    if (function.op(i) != SsaOp.LOAD || !DeadStores.hasEnd(function, i)) {
      return all;
    }
    long seen = 0;
    for (long rest = all; rest != 0; rest &= rest - 1) {
      Place place = placeOf[Long.numberOfTrailingZeros(rest)];
      boolean isApart =
          place.base.address == function.operand(i, 0)
              && place.base.memory == function.memory(i)
              && (end(i) <= place.offset || place.offset + place.bytes <= function.offset(i));
      seen |= isApart ? 0 : rest & -rest;
    }
    return seen;
  }
}
