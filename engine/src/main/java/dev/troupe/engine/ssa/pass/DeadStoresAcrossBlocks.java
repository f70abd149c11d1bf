package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import java.util.Arrays;

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

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;

  // Of stores: the first one to the same place, which stands for it.
  private final int[] firstOf;
  // Of stores that stand for a place: its number, or NONE, and the numbered places inside of it.
  private final int[] number;
  private final long[] within;
  // By number: the store that stands for the place.
  private final int[] placeOf = new int[MOST_PLACES];
  private int placeCount;
  private final boolean[] cannotTrap;
  private final long[] atStart;

  private DeadStoresAcrossBlocks(SsaFunction function, ControlFlow flow) {
    this.function = function;
    this.flow = flow;
    this.dominators = DominatorTree.of(flow);
    this.firstOf = new int[function.instructionCount()];
    this.number = new int[function.instructionCount()];
    this.within = new long[function.instructionCount()];
    this.cannotTrap = new boolean[function.instructionCount()];
    this.atStart = new long[function.blockCount()];
    Arrays.fill(firstOf, NONE);
    Arrays.fill(number, NONE);
  }

  static void run(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    int stores = flow.size() > 1 ? storesInSeveralBlocks(function, flow) : 0;
    if (stores > 0) {
      new DeadStoresAcrossBlocks(function, flow).run(stores);
    }
  }

  /** How many stores there are, or none if there is but one block with any. */
  private static int storesInSeveralBlocks(SsaFunction function, ControlFlow flow) {
    int stores = 0;
    int blocks = 0;
    for (int k = 0; k < flow.size(); k++) {
      int before = stores;
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        stores += DeadStores.isPlainStore(function.op(i)) ? 1 : 0;
      }
      blocks += stores > before ? 1 : 0;
    }
    return blocks > 1 ? stores : 0;
  }

  private void run(int stores) {
    collectPlaces(stores);
    if (placeCount == 0) {
      return;
    }
    findPlacesWithin();
    findSafeAccesses();
    for (int k = flow.size() - 1; k >= 0; k--) {
      int block = flow.block(k);
      atStart[block] = walk(block, overwrittenBehind(block, k));
    }
  }

  // ---- places

  /** Finds equal places by a table of hashes, and numbers those that several blocks store to. */
  private void collectPlaces(int stores) {
    int[] table = new int[2 * Integer.highestOneBit(stores) + 2 * stores];
    Arrays.fill(table, NONE);
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        if (isKnownStore(i)) {
          firstOf[i] = lookUp(table, i);
          note(firstOf[i], block);
        }
      }
    }
  }

  private int lookUp(int[] table, int store) {
    int at = Math.floorMod(hash(store), table.length);
    while (table[at] != NONE && !isSamePlace(table[at], store)) {
      at = at + 1 == table.length ? 0 : at + 1;
    }
    if (table[at] == NONE) {
      table[at] = store;
    }
    return table[at];
  }

  private int hash(int store) {
    int hash = function.region(store) * 31 + Long.hashCode(function.offset(store));
    for (int k = 0; k < function.operandCount(store) - 1; k++) {
      hash = hash * 31 + function.operand(store, k);
    }
    return hash * 0x9E3779B9 >>> 4;
  }

  private boolean isSamePlace(int store, int other) {
    return function.offset(store) == function.offset(other)
        && function.access(store).bytes() == function.access(other).bytes()
        && hasSameBase(store, other);
  }

  private boolean hasSameBase(int store, int other) {
    SsaOp op = function.op(store);
    boolean same =
        op == function.op(other)
            && function.region(store) == function.region(other)
            && (op != SsaOp.STORE || function.memory(store) == function.memory(other));
    for (int k = 0; same && k < function.operandCount(store) - 1; k++) {
      same = function.operand(store, k) == function.operand(other, k);
    }
    return same;
  }

  /** Notes that {@code block} stores to the place that {@code first} stands for. */
  private void note(int first, int block) {
    if (function.block(first) != block && number[first] == NONE && placeCount < MOST_PLACES) {
      number[first] = placeCount;
      placeOf[placeCount++] = first;
    }
  }

  /** Each place has itself and smaller ones within. */
  private void findPlacesWithin() {
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        for (int n = 0; firstOf[i] == i && n < placeCount; n++) {
          within[i] |= contains(i, placeOf[n]) ? 1L << n : 0;
        }
      }
    }
  }

  private boolean contains(int outer, int inner) {
    return function.offset(outer) <= function.offset(inner)
        && end(inner) <= end(outer)
        && hasSameBase(outer, inner);
  }

  private boolean isKnownStore(int i) {
    if (!DeadStores.isPlainStore(function.op(i)) || !DeadStores.hasEnd(function, i)) {
      return false;
    }
    return switch (Region.kind(function.region(i))) {
      case MEMORY, TABLE, GLOBAL, FIELD, ELEMENT -> true;
      case NONE, MEMORY_DEFINITION, TABLE_DEFINITION, INSTANCE, STORE, VOLATILE, SHARED_MEMORY ->
          false;
    };
  }

  // ---- traps

  /** Marks the accesses that do not trap, since an access that dominates them reached as far. */
  private void findSafeAccesses() {
    // By index: the access that dominates what is walked now and reaches farthest.
    int[] farthest = new int[function.valueCount()];
    Arrays.fill(farthest, NONE);
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        SsaOp op = function.op(i);
        if ((op == SsaOp.LOAD || op == SsaOp.STORE) && DeadStores.hasEnd(function, i)) {
          int index = function.operand(i, 0);
          int known = farthest[index];
          boolean holds =
              known != NONE
                  && function.memory(known) == function.memory(i)
                  && dominators.dominates(function.block(known), block);
          cannotTrap[i] = holds && end(known) >= end(i) || isInside(i);
          if (!holds || end(known) < end(i)) {
            farthest[index] = i;
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
      } else if (overwritten != 0 && op.reads()) {
        overwritten &= ~seen(i, overwritten);
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
    int place = number[firstOf[i]];
    if (place != NONE && (behind >>> place & 1) != 0) {
      function.remove(i);
      return behind;
    }
    return behind | within[firstOf[i]];
  }

  /** Of {@code places}, those that a read may see. */
  private long seen(int i, long places) {
    boolean isLoad = function.op(i) == SsaOp.LOAD && DeadStores.hasEnd(function, i);
    long seen = 0;
    for (long rest = places; rest != 0; rest &= rest - 1) {
      int place = placeOf[Long.numberOfTrailingZeros(rest)];
      boolean isApart =
          function.region(place) != function.region(i)
              || isLoad
                  && function.op(place) == SsaOp.STORE
                  && function.operand(place, 0) == function.operand(i, 0)
                  && function.memory(place) == function.memory(i)
                  && (end(i) <= function.offset(place) || end(place) <= function.offset(i));
      seen |= isApart ? 0 : rest & -rest;
    }
    return seen;
  }
}
