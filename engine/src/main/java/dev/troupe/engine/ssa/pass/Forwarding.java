package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import java.util.Arrays;

/** Values that are replaced by other values. Uses are rewritten all at once by {@link #apply}. */
final class Forwarding {
  private final SsaFunction function;
  private int[] target;
  private boolean used;

  Forwarding(SsaFunction function) {
    this.function = function;
    this.target = new int[function.valueCount()];
    Arrays.fill(target, SsaFunction.NONE);
  }

  /** Replaces {@code value}, which has not been replaced, by {@code replacement}. */
  void forward(int value, int replacement) {
    assert resolve(replacement) != value : "forwarding in a circle";
    if (value >= target.length) {
      int old = target.length;
      target = Arrays.copyOf(target, Math.max(value + 1, old * 2));
      Arrays.fill(target, old, target.length, SsaFunction.NONE);
    }
    target[value] = replacement;
    used = true;
  }

  /** What stands for {@code value} now. */
  int resolve(int value) {
    int root = value;
    while (root < target.length && target[root] != SsaFunction.NONE) {
      root = target[root];
    }
    int each = value;
    while (each != root) {
      int next = target[each];
      target[each] = root;
      each = next;
    }
    return root;
  }

  /** Rewrites the operands and edge arguments of one instruction. */
  void apply(int instruction) {
    for (int k = 0; k < function.operandCount(instruction); k++) {
      int value = function.operand(instruction, k);
      int now = resolve(value);
      if (now != value) {
        function.setOperand(instruction, k, now);
      }
    }
    for (int k = 0; k < function.edgeCount(instruction); k++) {
      int edge = function.edge(instruction, k);
      for (int n = 0; n < function.argumentCount(edge); n++) {
        function.setArgument(edge, n, resolve(function.argument(edge, n)));
      }
    }
  }

  /** Rewrites every use in the function. */
  void apply() {
    if (!used) {
      return;
    }
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != SsaFunction.NONE; i = function.next(i)) {
        apply(i);
      }
    }
  }
}
