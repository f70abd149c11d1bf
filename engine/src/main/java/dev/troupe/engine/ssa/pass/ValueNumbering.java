package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;
import java.util.Arrays;

/**
 * Global value numbering with simplification on the way. Walks the dominator tree in preorder, so
 * that the operands of an instruction have been dealt with before it; an instruction equal to one
 * that dominates it is replaced by that one's result.
 *
 * <p>What counts as equal: pure operations on the same operands, also those that may trap, since
 * the first of two equal ones traps; reads of the same address in the same memory version, where a
 * store counts as a read of what it stored, and what was known of other bytes at the same index
 * outlives a store within its block; {@code trap_if} on the same condition. A removed load's access
 * was proven by the earlier one, for memories never shrink.
 */
public final class ValueNumbering {
  private static final int NONE = SsaFunction.NONE;
  private static final int LEAST_TABLE = 16;

  private final SsaFunction function;
  private final ControlFlow flow;
  private final DominatorTree dominators;
  private final Forwarding forwarding;
  private final MemoryVersions versions;
  private final UnsignedRanges ranges;
  private final Simplifier simplifier;

  // Open addressing: instruction ids, with the memory version of reads beside them.
  private int[] table;
  private int[] tableVersion;
  private int tableSize;

  // The newest accesses to linear memory of this block, in a ring, with their versions.
  private static final int RECENT = 8;
  private final int[] recent = new int[RECENT];
  private final int[] recentVersion = new int[RECENT];
  private int recentNext;

  private ValueNumbering(SsaFunction function) {
    this.function = function;
    this.flow = ControlFlow.of(function);
    this.dominators = DominatorTree.of(flow);
    this.forwarding = new Forwarding(function);
    LoopTree loops = LoopTree.of(flow, dominators);
    this.versions = new MemoryVersions(flow, dominators, loops);
    this.ranges = UnsignedRanges.walking(flow, dominators, loops);
    this.simplifier =
        new Simplifier(function, new Inserter(function, this::numberInserted), ranges);
    // Grows only where much is new: instructions and the stores among them have an entry at most.
    int size = Integer.highestOneBit(Math.clamp(function.instructionCount(), LEAST_TABLE, 512)) * 2;
    this.table = new int[size];
    this.tableVersion = new int[size];
    Arrays.fill(table, NONE);
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    new ValueNumbering(function).run();
  }

  private void run() {
    for (int k = 0; k < dominators.size(); k++) {
      int block = dominators.preorder(k);
      versions.enter(block);
      Arrays.fill(recent, NONE);
      ranges.enter(block);
      int i = function.firstInstruction(block);
      while (i != NONE) {
        int next = function.next(i);
        visit(i);
        i = next;
      }
      versions.leave(block);
    }
    invertBranches();
    forwarding.apply();
  }

  /** At the end, since the walk goes by the edges as they were. */
  private void invertBranches() {
    for (int k = 0; k < flow.size(); k++) {
      int terminator = function.terminator(flow.block(k));
      if (function.op(terminator) == SsaOp.BR_IF) {
        simplifier.invert(terminator);
      }
    }
  }

  private void visit(int i) {
    forwarding.apply(i);
    int value = simplifier.simplify(i);
    if (value == NONE) {
      if (isNeverTaken(i)) {
        function.remove(i);
        return;
      }
      int equal = number(i);
      if (equal == NONE) {
        int before = versions.version(function.region(i));
        versions.execute(i);
        rememberApart(i, before);
        rememberStored(i);
        ranges.visit(i);
        return;
      }
      if (function.resultCount(i) == 0) {
        function.remove(i);
        return;
      }
      value = resultOf(equal);
    }
    forwarding.forward(function.result(i), value);
    function.remove(i);
  }

  private boolean isNeverTaken(int i) {
    if (function.op(i) != SsaOp.TRAP_IF) {
      return false;
    }
    int definer = function.definingInstruction(function.operand(i, 0));
    return definer != NONE
        && function.op(definer) == SsaOp.ICONST
        && function.immediate(definer) == 0;
  }

  /** For instructions that the simplifier makes; they have no memory effect. */
  private int numberInserted(int instruction) {
    int equal = number(instruction);
    if (equal == NONE) {
      ranges.visit(instruction);
      return function.result(instruction);
    }
    function.remove(instruction);
    return function.result(equal);
  }

  /** The value that an entry of the table stands for: of a store, what was stored. */
  private int resultOf(int entry) {
    SsaOp op = function.op(entry);
    return op.writes()
        ? function.operand(entry, function.operandCount(entry) - 1)
        : function.result(entry);
  }

  private boolean isNumbered(int i, SsaOp op) {
    if (op.reads()) {
      return Region.kind(function.region(i)) != Region.Kind.VOLATILE;
    }
    return op.isPure() || op == SsaOp.TRAP_IF;
  }

  /** An equal instruction that dominates {@code i}; otherwise NONE, and {@code i} is remembered. */
  private int number(int i) {
    SsaOp op = function.op(i);
    if (!isNumbered(i, op)) {
      return NONE;
    }
    int version = op.reads() ? versions.version(function.region(i)) : MemoryVersions.IMMUTABLE;
    int slot = slot(i, op, version);
    int found = table[slot];
    if (found != NONE && dominators.dominates(function.block(found), function.block(i))) {
      return found;
    }
    put(slot, i, version);
    if (op == SsaOp.LOAD) {
      addRecent(i, version);
    }
    return NONE;
  }

  /** Lets later loads of the same type and width find what a store wrote. */
  private void rememberStored(int i) {
    SsaOp op = function.op(i);
    if (asRead(op) != op
        && function.access(i) == MemoryAccess.whole(function.controllingType(i))
        && Region.kind(function.region(i)) != Region.Kind.VOLATILE) {
      int version = versions.version(function.region(i));
      put(slot(i, asRead(op), version), i, version);
      if (op == SsaOp.STORE) {
        addRecent(i, version);
      }
    }
  }

  private void addRecent(int access, int version) {
    recent[recentNext] = access;
    recentVersion[recentNext] = version;
    recentNext = (recentNext + 1) % RECENT;
  }

  /**
   * Carries over to the version after a store what was known in the one {@code before} it of bytes
   * that the store does not touch.
   */
  private void rememberApart(int store, int before) {
    if (function.op(store) != SsaOp.STORE) {
      return;
    }
    int version = versions.version(function.region(store));
    for (int k = 0; k < RECENT; k++) {
      int fact = recent[k];
      if (fact != NONE && recentVersion[k] == before && areApart(fact, store)) {
        put(slot(fact, asRead(function.op(fact)), version), fact, version);
        recentVersion[k] = version;
      }
    }
  }

  /**
   * Whether two accesses that did not trap touch different bytes of one memory. An address is index
   * plus offset without wrapping around, so with one index the offsets decide.
   */
  private boolean areApart(int left, int right) {
    long leftOffset = function.offset(left);
    long rightOffset = function.offset(right);
    if (function.region(left) != function.region(right)
        || function.memory(left) != function.memory(right)
        || function.operand(left, 0) != function.operand(right, 0)
        || leftOffset < 0
        || rightOffset < 0) {
      return false;
    }
    return leftOffset < rightOffset
        ? rightOffset - leftOffset >= function.access(left).bytes()
        : leftOffset - rightOffset >= function.access(right).bytes();
  }

  private static SsaOp asRead(SsaOp op) {
    return switch (op) {
      case STORE -> SsaOp.LOAD;
      case CTX_STORE -> SsaOp.CTX_LOAD;
      case RAW_STORE -> SsaOp.RAW_LOAD;
      case FIELD_STORE -> SsaOp.FIELD_LOAD;
      case ELEMENT_STORE -> SsaOp.ELEMENT_LOAD;
      default -> op;
    };
  }

  // ---- the table

  private void put(int slot, int i, int version) {
    boolean fresh = table[slot] == NONE;
    table[slot] = i;
    tableVersion[slot] = version;
    if (fresh && ++tableSize * 2 > table.length) {
      grow();
    }
  }

  private void grow() {
    int[] old = table;
    int[] oldVersion = tableVersion;
    table = new int[old.length * 2];
    tableVersion = new int[old.length * 2];
    Arrays.fill(table, NONE);
    for (int k = 0; k < old.length; k++) {
      if (old[k] != NONE) {
        int slot = slot(old[k], asRead(function.op(old[k])), oldVersion[k]);
        table[slot] = old[k];
        tableVersion[slot] = oldVersion[k];
      }
    }
  }

  /** Number of operands that are part of an entry's identity: a stored value is not. */
  private int keyOperands(int i) {
    int count = function.operandCount(i);
    return function.op(i).writes() ? count - 1 : count;
  }

  private boolean areExchanged(int i) {
    return function.isCommutative(i) && function.operand(i, 0) > function.operand(i, 1);
  }

  private int keyOperand(int i, int k, boolean exchanged) {
    return function.operand(i, exchanged ? 1 - k : k);
  }

  /** The slot that holds an instruction equal to {@code i}, or a free one. */
  private int slot(int i, SsaOp op, int version) {
    int mask = table.length - 1;
    int slot = hash(i, op, version) & mask;
    while (table[slot] != NONE && !(tableVersion[slot] == version && equal(table[slot], i, op))) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int hash(int i, SsaOp op, int version) {
    long hash = op.ordinal() * 31L + version;
    if (op.isTyped()) {
      hash = hash * 31 + function.controllingType(i).ordinal();
    }
    if (op != SsaOp.TRAP_IF) {
      hash = hash * 31 + function.detail(i);
    }
    hash = hash * 31 + function.immediate(i);
    boolean exchanged = areExchanged(i);
    for (int k = 0; k < keyOperands(i); k++) {
      hash = (hash ^ keyOperand(i, k, exchanged)) * 0x9E37_79B9_7F4A_7C15L;
    }
    hash *= 0x9E37_79B9_7F4A_7C15L;
    return (int) (hash >>> 32);
  }

  private boolean equal(int entry, int i, SsaOp op) {
    if (asRead(function.op(entry)) != op
        || op.isTyped() && function.controllingType(entry) != function.controllingType(i)
        || op != SsaOp.TRAP_IF && function.detail(entry) != function.detail(i)
        || function.immediate(entry) != function.immediate(i)
        || function.auxiliary(entry) != function.auxiliary(i)
        || function.region(entry) != function.region(i)
        || keyOperands(entry) != keyOperands(i)) {
      return false;
    }
    boolean exchangedEntry = areExchanged(entry);
    boolean exchanged = areExchanged(i);
    for (int k = 0; k < keyOperands(i); k++) {
      if (keyOperand(entry, k, exchangedEntry) != keyOperand(i, k, exchanged)) {
        return false;
      }
    }
    return true;
  }
}
