package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;

/**
 * Makes the control flow graph smaller: branches on constants and between equal edges become jumps,
 * edges skip blocks that only branch on, blocks with one predecessor join it.
 */
public final class SimplifyBranches {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_HOPS = 8;

  private final SsaFunction function;
  private final boolean threadsConditions;

  private SimplifyBranches(SsaFunction function, boolean threadsConditions) {
    this.function = function;
    this.threadsConditions = threadsConditions;
  }

  /** Runs the pass. */
  public static void run(SsaFunction function) {
    new SimplifyBranches(function, true).run();
  }

  /** Runs the pass without leading edges past branches on a condition. */
  public static void runOnJumps(SsaFunction function) {
    new SimplifyBranches(function, false).run();
  }

  private void run() {
    foldTerminators();
    RemoveUnreachableBlocks.run(function);
    threadEdges(UseCounts.of(function));
    foldTerminators();
    ControlFlow flow = ControlFlow.of(function);
    RemoveUnreachableBlocks.run(function, flow);
    mergeBlocks(flow);
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  private long constant(int value) {
    return function.immediate(function.definingInstruction(value));
  }

  // ---- terminators

  private void foldTerminators() {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      cutAfterTrap(b);
      int terminator = function.terminator(b);
      switch (function.op(terminator)) {
        case BR_IF -> foldConditional(terminator);
        case BR_TABLE -> foldTable(terminator);
        default -> {}
      }
    }
  }

  /** A {@code trap_if} that always traps ends its block. */
  private void cutAfterTrap(int block) {
    for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
      if (function.op(i) == SsaOp.TRAP_IF
          && isConstant(function.operand(i, 0))
          && constant(function.operand(i, 0)) != 0) {
        while (function.lastInstruction(block) != i) {
          function.remove(function.lastInstruction(block));
        }
        int kind = function.detail(i);
        function.replaceWith(i, SsaOp.TRAP, SsaType.I32);
        function.setDetail(i, kind);
        return;
      }
    }
  }

  private void foldConditional(int terminator) {
    int condition = function.operand(terminator, 0);
    if (isConstant(condition)) {
      function.keepOnlyEdge(terminator, constant(condition) != 0 ? 0 : 1);
    } else if (areEqual(function.edge(terminator, 0), function.edge(terminator, 1))) {
      function.keepOnlyEdge(terminator, 0);
    }
  }

  private boolean areEqual(int left, int right) {
    if (function.target(left) != function.target(right)) {
      return false;
    }
    for (int k = 0; k < function.argumentCount(left); k++) {
      if (function.argument(left, k) != function.argument(right, k)) {
        return false;
      }
    }
    return true;
  }

  private void foldTable(int terminator) {
    int last = function.edgeCount(terminator) - 1;
    int index = function.operand(terminator, 0);
    if (isConstant(index)) {
      long entry = constant(index) & 0xFFFF_FFFFL;
      function.keepOnlyEdge(terminator, (int) Math.min(entry, last));
      return;
    }
    for (int k = 0; k < last; k++) {
      if (!areEqual(function.edge(terminator, k), function.edge(terminator, last))) {
        return;
      }
    }
    function.keepOnlyEdge(terminator, last);
  }

  // ---- threading

  private void threadEdges(UseCounts uses) {
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      int terminator = function.terminator(b);
      for (int n = 0; n < function.edgeCount(terminator); n++) {
        int edge = function.edge(terminator, n);
        int hops = 0;
        while (hops < MOST_HOPS && thread(b, terminator, edge, uses)) {
          hops++;
        }
      }
    }
  }

  /** Leads {@code edge} past its target, if that only branches on; says whether it did. */
  private boolean thread(int source, int terminator, int edge, UseCounts uses) {
    int target = function.target(edge);
    int branch = function.firstInstruction(target);
    if (target == source || function.next(branch) != NONE) {
      return false;
    }
    int onward = onward(edge, target, branch, uses);
    if (onward == NONE || function.target(onward) == target) {
      return false;
    }
    int count = function.argumentCount(onward);
    if (count > 0 && function.edgeCount(terminator) > 1) {
      // The edge would become critical, and splitting it would make the block again.
      return false;
    }
    int[] arguments = new int[count];
    for (int k = 0; k < count; k++) {
      arguments[k] = passedOn(function.argument(onward, k), target, edge);
      uses.add(arguments[k], 1);
    }
    for (int k = 0; k < function.argumentCount(edge); k++) {
      uses.add(function.argument(edge, k), -1);
    }
    function.clearArguments(edge);
    function.setTarget(edge, function.target(onward));
    for (int argument : arguments) {
      function.addArgument(edge, argument);
    }
    return true;
  }

  /** The edge of {@code branch} that control takes after arriving by {@code edge}, or NONE. */
  private int onward(int edge, int target, int branch, UseCounts uses) {
    SsaOp op = function.op(branch);
    int position;
    if (op == SsaOp.BR) {
      position = 0;
    } else if (op == SsaOp.BR_IF && threadsConditions) {
      int condition = passedOn(function.operand(branch, 0), target, edge);
      if (!isConstant(condition)) {
        return NONE;
      }
      position = constant(condition) != 0 ? 0 : 1;
    } else {
      return NONE;
    }
    return areParametersPrivate(target, branch, uses) ? function.edge(branch, position) : NONE;
  }

  /** Whether nothing but {@code branch} uses the parameters of {@code block}. */
  private boolean areParametersPrivate(int block, int branch, UseCounts uses) {
    int own = 0;
    for (int k = 0; k < function.operandCount(branch); k++) {
      own += isParameterOf(function.operand(branch, k), block) ? 1 : 0;
    }
    for (int n = 0; n < function.edgeCount(branch); n++) {
      int edge = function.edge(branch, n);
      for (int k = 0; k < function.argumentCount(edge); k++) {
        own += isParameterOf(function.argument(edge, k), block) ? 1 : 0;
      }
    }
    int all = 0;
    for (int k = 0; k < function.parameterCount(block); k++) {
      all += uses.of(function.parameter(block, k));
    }
    return own == all;
  }

  private boolean isParameterOf(int value, int block) {
    return function.isParameter(value) && function.definingBlock(value) == block;
  }

  private int passedOn(int value, int block, int edge) {
    return isParameterOf(value, block)
        ? function.argument(edge, function.definingPosition(value))
        : value;
  }

  // ---- merging

  private void mergeBlocks(ControlFlow flow) {
    Forwarding forwarding = new Forwarding(function);
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      if (!function.isInLayout(block)) {
        continue;
      }
      int terminator = function.terminator(block);
      while (function.op(terminator) == SsaOp.BR) {
        int edge = function.edge(terminator, 0);
        int next = function.target(edge);
        if (next == block || flow.incomingCount(next) != 1) {
          break;
        }
        for (int n = 0; n < function.parameterCount(next); n++) {
          forwarding.forward(function.parameter(next, n), function.argument(edge, n));
        }
        function.setCold(block, function.isCold(block) && function.isCold(next));
        function.absorb(block, next);
        terminator = function.terminator(block);
      }
    }
    forwarding.apply();
  }
}
