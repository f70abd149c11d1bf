package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import java.util.Arrays;

/**
 * Removes stores whose bytes another one overwrites before anybody can have seen them: no read that
 * may be of those bytes, no call and nothing that may trap lies in between. A store to linear
 * memory goes only where an access before it has shown that it does not trap. First within blocks,
 * then {@linkplain DeadStoresAcrossBlocks across them}.
 */
public final class DeadStores {
  private static final int NONE = SsaFunction.NONE;

  /** Stores looked at together, and accesses remembered for what they prove. */
  private static final int RECENT = 8;

  private final SsaFunction function;
  private final int[] pending = new int[RECENT];
  private final int[] proven = new int[RECENT];
  private int nextPending;
  private int nextProven;

  private DeadStores(SsaFunction function) {
    this.function = function;
  }

  /** Runs the pass. */
  public static void run(SsaFunction function) {
    DeadStores pass = new DeadStores(function);
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      Arrays.fill(pass.pending, NONE);
      Arrays.fill(pass.proven, NONE);
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        pass.visit(i);
      }
    }
    DeadStoresAcrossBlocks.run(function);
  }

  private void visit(int i) {
    SsaOp op = function.op(i);
    boolean isMemory = op == SsaOp.LOAD || op == SsaOp.STORE;
    boolean isSafe = isMemory && isProven(i);
    if (op.isCall() || op.isTerminator() || op.mayTrap() && !isSafe) {
      Arrays.fill(pending, NONE);
    } else if (op.reads()) {
      forgetRead(i);
    }
    if (isPlainStore(op)) {
      removeOverwritten(i);
      if (op != SsaOp.STORE || isSafe) {
        pending[nextPending] = i;
        nextPending = (nextPending + 1) % RECENT;
      }
    } else if (op.writes()) {
      Arrays.fill(pending, NONE);
    }
    if (isMemory) {
      proven[nextProven] = i;
      nextProven = (nextProven + 1) % RECENT;
    }
  }

  static boolean isPlainStore(SsaOp op) {
    return switch (op) {
      case STORE, CTX_STORE, RAW_STORE, FIELD_STORE, ELEMENT_STORE -> true;
      default -> false;
    };
  }

  /** Whether an access before has shown that this one does not trap. */
  private boolean isProven(int access) {
    if (!hasEnd(access)) {
      return false;
    }
    for (int known : proven) {
      if (known != NONE
          && hasEnd(known)
          && function.memory(known) == function.memory(access)
          && function.operand(known, 0) == function.operand(access, 0)
          && end(known) >= end(access)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasEnd(int access) {
    return hasEnd(function, access);
  }

  /** Whether offset plus width is a number: offsets of 64-bit memories are unsigned. */
  static boolean hasEnd(SsaFunction function, int access) {
    long offset = function.offset(access);
    return offset >= 0 && offset <= Long.MAX_VALUE - function.access(access).bytes();
  }

  /** Where an access ends, counted from its index. */
  private long end(int access) {
    return function.offset(access) + function.access(access).bytes();
  }

  private void forgetRead(int read) {
    for (int k = 0; k < RECENT; k++) {
      int store = pending[k];
      if (store != NONE && function.region(store) == function.region(read)) {
        pending[k] = NONE;
      }
    }
  }

  private void removeOverwritten(int store) {
    Region.Kind kind = Region.kind(function.region(store));
    if (kind == Region.Kind.VOLATILE || kind == Region.Kind.SHARED_MEMORY) {
      return;
    }
    for (int k = 0; k < RECENT; k++) {
      if (pending[k] != NONE && overwrites(store, pending[k])) {
        function.remove(pending[k]);
        pending[k] = NONE;
      }
    }
  }

  private boolean overwrites(int store, int old) {
    SsaOp op = function.op(store);
    if (op != function.op(old)
        || function.region(store) != function.region(old)
        || op == SsaOp.STORE && function.memory(store) != function.memory(old)
        || !hasEnd(store)
        || !hasEnd(old)
        || function.offset(store) > function.offset(old)
        || end(store) < end(old)) {
      return false;
    }
    for (int k = 0; k < function.operandCount(store) - 1; k++) {
      if (function.operand(store, k) != function.operand(old, k)) {
        return false;
      }
    }
    return true;
  }
}
