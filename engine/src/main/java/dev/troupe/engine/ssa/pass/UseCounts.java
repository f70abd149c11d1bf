package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;

/**
 * How often values are used, by instructions and as arguments of edges, at the time of counting.
 * Passes that rewrite as they go take the numbers as estimates.
 */
final class UseCounts {
  private final int[] uses;

  private UseCounts(int values) {
    this.uses = new int[values];
  }

  /** Counts the uses in all blocks of the layout. */
  static UseCounts of(SsaFunction function) {
    UseCounts counts = new UseCounts(function.valueCount());
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != SsaFunction.NONE; i = function.next(i)) {
        counts.count(function, i);
      }
    }
    return counts;
  }

  private void count(SsaFunction function, int i) {
    for (int k = 0; k < function.operandCount(i); k++) {
      uses[function.operand(i, k)]++;
    }
    for (int n = 0; n < function.edgeCount(i); n++) {
      int edge = function.edge(i, n);
      for (int k = 0; k < function.argumentCount(edge); k++) {
        uses[function.argument(edge, k)]++;
      }
    }
  }

  /** Uses of {@code value}; of one that is newer than the counts, 1. */
  int of(int value) {
    return value < uses.length ? uses[value] : 1;
  }

  /** Corrects the count of {@code value}, which is not newer than the counts. */
  void add(int value, int difference) {
    uses[value] += difference;
  }
}
