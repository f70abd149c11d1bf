package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.ControlFlow;

/**
 * Removes instructions without effect and parameters whose values nothing needs. Starts from what
 * has an effect and follows operands backwards, so that circles of unneeded values go too.
 */
public final class DeadCode {
  private final SsaFunction function;
  private final ControlFlow flow;
  private final boolean[] needed;
  private final IntList work = new IntList();

  private DeadCode(SsaFunction function) {
    this.function = function;
    this.flow = ControlFlow.of(function);
    this.needed = new boolean[function.valueCount()];
  }

  /** Runs the pass. All blocks of the layout are reachable. */
  public static void run(SsaFunction function) {
    DeadCode pass = new DeadCode(function);
    pass.mark();
    pass.sweep();
  }

  private void need(int value) {
    if (!needed[value]) {
      needed[value] = true;
      work.add(value);
    }
  }

  private void needOperands(int instruction) {
    for (int k = 0; k < function.operandCount(instruction); k++) {
      need(function.operand(instruction, k));
    }
  }

  private void mark() {
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
        if (Effects.mustStay(function, i)) {
          needOperands(i);
        }
      }
    }
    while (!work.isEmpty()) {
      int value = work.removeLast();
      int definer = function.definingInstruction(value);
      if (definer != SsaFunction.NONE) {
        needOperands(definer);
      } else {
        int block = function.definingBlock(value);
        for (int n = 0; n < flow.incomingCount(block); n++) {
          need(function.argument(flow.incoming(block, n), function.definingPosition(value)));
        }
      }
    }
  }

  private void sweep() {
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      int i = function.firstInstruction(block);
      while (i != SsaFunction.NONE) {
        int next = function.next(i);
        if (!Effects.mustStay(function, i) && !isNeeded(i)) {
          function.remove(i);
        }
        i = next;
      }
      if (k > 0) {
        sweepParameters(block);
      }
    }
  }

  private boolean isNeeded(int instruction) {
    for (int n = 0; n < function.resultCount(instruction); n++) {
      if (needed[function.result(instruction, n)]) {
        return true;
      }
    }
    return false;
  }

  private void sweepParameters(int block) {
    boolean[] keep = new boolean[function.parameterCount(block)];
    boolean all = true;
    for (int n = 0; n < keep.length; n++) {
      keep[n] = needed[function.parameter(block, n)];
      all &= keep[n];
    }
    if (!all) {
      RedundantParameters.retain(function, flow, block, keep);
    }
  }
}
