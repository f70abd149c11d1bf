package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Brings a function into SSA form again after blocks were copied. A value of a copied block has a
 * definition in each copy; uses elsewhere get the one that arrives, by parameters where several do.
 * Constants are made anew where they are used: a parameter would be none any more.
 *
 * <p>Per value the blocks between its definitions and its uses are visited once, in the manner of
 * Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (CC 2013), but
 * from a list and not recursively. Parameters that turn out to carry one value only are for {@link
 * RedundantParameters} to remove.
 */
final class SsaRepair {
  private static final int NONE = SsaFunction.NONE;

  /** A value, its copies as pairs of block and value, and the instructions that use it. */
  private record Variable(int original, IntList copies, IntList users) {}

  private final SsaFunction function;
  private final List<Variable> variables = new ArrayList<>();
  private final int[] variableOf;
  private int[] atEnd = {};
  private int[] atStart = {};
  private boolean[] isLive = {};

  SsaRepair(SsaFunction function) {
    this.function = function;
    this.variableOf = new int[function.valueCount()];
    Arrays.fill(variableOf, NONE);
  }

  /** Notes that {@code copy} is in {@code block} what {@code original} is where it is defined. */
  void define(int original, int block, int copy) {
    if (variableOf[original] == NONE) {
      variableOf[original] = variables.size();
      variables.add(new Variable(original, new IntList(2), new IntList(2)));
    }
    IntList copies = variables.get(variableOf[original]).copies;
    copies.add(block);
    copies.add(copy);
  }

  /** Rewrites the uses. All blocks of the layout are reachable. */
  void run() {
    if (variables.isEmpty()) {
      return;
    }
    ControlFlow flow = ControlFlow.of(function);
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != NONE; i = function.next(i)) {
        collect(block, i);
      }
    }
    atEnd = new int[function.blockCount()];
    atStart = new int[function.blockCount()];
    isLive = new boolean[function.blockCount()];
    Arrays.fill(atEnd, NONE);
    for (Variable variable : variables) {
      if (isConstant(function, variable.original)) {
        repeat(variable);
      } else if (!variable.users.isEmpty()) {
        repair(flow, variable);
      }
    }
  }

  /** Whether nothing has to arrive where {@code value} is used. */
  static boolean isConstant(SsaFunction function, int value) {
    return switch (function.definingOp(value, SsaOp.TRAP)) {
      case ICONST, FCONST, VCONST -> true;
      default -> false;
    };
  }

  /** Gives each user a constant of its own. */
  private void repeat(Variable variable) {
    int definer = function.definingInstruction(variable.original);
    SsaOp op = function.op(definer);
    SsaType type = op.isTyped() ? function.controllingType(definer) : SsaType.I32;
    int last = NONE;
    for (int k = 0; k < variable.users.size(); k++) {
      int user = variable.users.get(k);
      if (user != last) {
        int made = function.newInstruction(op, type, new int[0], 0);
        function.setImmediate(made, function.immediate(definer));
        function.setWasmOffset(made, function.wasmOffset(user));
        function.addResults(made);
        function.insertBefore(made, user);
        rewrite(user, variable.original, function.result(made));
        last = user;
      }
    }
  }

  private void collect(int block, int i) {
    for (int k = 0; k < function.operandCount(i); k++) {
      collect(block, i, function.operand(i, k));
    }
    for (int n = 0; n < function.edgeCount(i); n++) {
      int edge = function.edge(i, n);
      for (int k = 0; k < function.argumentCount(edge); k++) {
        collect(block, i, function.argument(edge, k));
      }
    }
  }

  private void collect(int block, int i, int value) {
    if (value < variableOf.length
        && variableOf[value] != NONE
        && function.definingBlock(value) != block) {
      variables.get(variableOf[value]).users.add(i);
    }
  }

  private void repair(ControlFlow flow, Variable variable) {
    int home = function.definingBlock(variable.original);
    atEnd[home] = variable.original;
    for (int k = 0; k < variable.copies.size(); k += 2) {
      atEnd[variable.copies.get(k)] = variable.copies.get(k + 1);
    }
    int[] live = liveBlocks(flow, variable);
    for (int block : live) {
      arrive(flow, variable, block);
    }
    for (int block : live) {
      if (flow.incomingCount(block) > 1) {
        for (int n = 0; n < flow.incomingCount(block); n++) {
          int edge = flow.incoming(block, n);
          function.addArgument(edge, atEnd[function.sourceBlock(edge)]);
        }
      }
    }
    rewrite(variable);
    for (int block : live) {
      isLive[block] = false;
      atEnd[block] = NONE;
    }
    atEnd[home] = NONE;
    for (int k = 0; k < variable.copies.size(); k += 2) {
      atEnd[variable.copies.get(k)] = NONE;
    }
  }

  /** The blocks that the variable is live at the start of, in reverse postorder. */
  private int[] liveBlocks(ControlFlow flow, Variable variable) {
    IntList live = new IntList();
    IntList positions = new IntList();
    for (int k = 0; k < variable.users.size(); k++) {
      live(function.block(variable.users.get(k)), live);
    }
    for (int k = 0; k < live.size(); k++) {
      int block = live.get(k);
      assert block != function.entry() : "a use that no definition reaches";
      positions.add(flow.number(block));
      for (int n = 0; n < flow.incomingCount(block); n++) {
        int source = function.sourceBlock(flow.incoming(block, n));
        if (atEnd[source] == NONE) {
          live(source, live);
        }
      }
    }
    positions.sort();
    int[] blocks = new int[positions.size()];
    for (int k = 0; k < blocks.length; k++) {
      blocks[k] = flow.block(positions.get(k));
    }
    return blocks;
  }

  private void live(int block, IntList live) {
    if (!isLive[block]) {
      isLive[block] = true;
      live.add(block);
    }
  }

  /** A block with one predecessor comes behind that in reverse postorder. */
  private void arrive(ControlFlow flow, Variable variable, int block) {
    int value =
        flow.incomingCount(block) == 1
            ? atEnd[function.sourceBlock(flow.incoming(block, 0))]
            : function.addParameter(block, function.valueType(variable.original));
    atStart[block] = value;
    atEnd[block] = value;
  }

  private void rewrite(Variable variable) {
    for (int k = 0; k < variable.users.size(); k++) {
      int user = variable.users.get(k);
      rewrite(user, variable.original, atStart[function.block(user)]);
    }
  }

  private void rewrite(int user, int original, int value) {
    for (int n = 0; n < function.operandCount(user); n++) {
      if (function.operand(user, n) == original) {
        function.setOperand(user, n, value);
      }
    }
    for (int n = 0; n < function.edgeCount(user); n++) {
      int edge = function.edge(user, n);
      for (int m = 0; m < function.argumentCount(edge); m++) {
        if (function.argument(edge, m) == original) {
          function.setArgument(edge, m, value);
        }
      }
    }
  }
}
