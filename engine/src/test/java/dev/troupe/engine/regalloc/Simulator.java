package dev.troupe.engine.regalloc;

import java.util.Arrays;
import java.util.Random;

/**
 * Runs an allocated function on concrete tokens along random paths: the oracle for the checker.
 * Each execution of a definition makes a new token; each use must read the token of its virtual
 * register.
 */
final class Simulator {
  private final RegallocFunction function;
  private final Allocation allocation;
  private final Random random;
  private final long[] expected;
  private final long[] cells;
  private long nextToken;

  Simulator(RegallocFunction function, Allocation allocation, long seed) {
    this.function = function;
    this.allocation = allocation;
    random = new Random(seed);
    expected = new long[function.vregCount()];
    cells = new long[64 + allocation.spillAreaBytes() / 8 + 4];
  }

  /** Whether a walk of at most {@code steps} blocks reads a wrong value. */
  boolean readsWrongValue(int steps) {
    Arrays.fill(cells, -1);
    int block = 0;
    for (int step = 0; step < steps; step++) {
      for (int i = function.firstInstruction(block);
          i < function.firstInstruction(block + 1);
          i++) {
        if (!execute(i)) {
          return true;
        }
      }
      int successors = function.successorCount(block);
      if (successors == 0) {
        return false;
      }
      int next = function.successor(block, random.nextInt(successors));
      passArguments(block, next);
      block = next;
    }
    return false;
  }

  private void passArguments(int block, int next) {
    long[] values = new long[function.parameterCount(next)];
    for (int p = 0; p < values.length; p++) {
      values[p] = expected[function.branchArgument(block, p)];
    }
    for (int p = 0; p < values.length; p++) {
      expected[function.parameter(next, p)] = values[p];
    }
  }

  private boolean execute(int instruction) {
    for (int m = allocation.firstMove(instruction);
        m < allocation.firstMove(instruction + 1);
        m++) {
      move(m);
    }
    int first = function.firstOperand(instruction);
    int last = function.firstOperand(instruction + 1);
    for (int o = first; o < last; o++) {
      if (!Operand.isDefinition(function.operandDescriptor(o)) && !readsRight(o)) {
        return false;
      }
    }
    define(first, last, false);
    for (long left = function.clobbers(instruction); left != 0; left &= left - 1) {
      cells[Long.numberOfTrailingZeros(left)] = --nextToken;
    }
    define(first, last, true);
    for (int o = first; o < last; o++) {
      int descriptor = function.operandDescriptor(o);
      if (!Operand.isDefinition(descriptor) && Operand.isLate(descriptor) && !readsRight(o)) {
        return false;
      }
    }
    return true;
  }

  private void define(int first, int last, boolean late) {
    for (int o = first; o < last; o++) {
      int descriptor = function.operandDescriptor(o);
      if (Operand.isDefinition(descriptor) && Operand.isLate(descriptor) == late) {
        int v = function.operandVreg(o);
        expected[v] = function.isRematerializable(v) ? constant(v) : ++nextToken;
        if (allocation.operandLocation(o) != Location.NONE) {
          write(allocation.operandLocation(o), expected[v], v);
        }
      }
    }
  }

  private static long constant(int v) {
    return 1L << 40 | v;
  }

  private boolean readsRight(int operand) {
    int v = function.operandVreg(operand);
    int location = allocation.operandLocation(operand);
    return read(location, v) == expected[v];
  }

  private int cell(int location) {
    return Location.isRegister(location)
        ? location
        : 64 + allocation.slotOffsetBytes(Location.slot(location)) / 8;
  }

  private long read(int location, int v) {
    int cell = cell(location);
    boolean torn =
        Location.isSlot(location)
            && function.spillBytes(v) == 16
            && cells[cell + 1] != ~cells[cell];
    return torn ? Long.MIN_VALUE : cells[cell];
  }

  private void write(int location, long token, int v) {
    int cell = cell(location);
    cells[cell] = token;
    if (Location.isSlot(location) && function.spillBytes(v) == 16) {
      cells[cell + 1] = ~token;
    }
  }

  private void move(int m) {
    int v = allocation.moveVreg(m);
    int source = allocation.moveSource(m);
    long token = source == Location.REMATERIALIZE ? constant(v) : read(source, v);
    write(allocation.moveDestination(m), token, v);
  }
}
