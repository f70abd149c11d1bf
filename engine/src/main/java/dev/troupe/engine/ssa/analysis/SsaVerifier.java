package dev.troupe.engine.ssa.analysis;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaPrinter;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.VectorOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a function and reports every violation. The invariants, all of them:
 *
 * <ol>
 *   <li>There is an entry block; its parameters have the types of the signature; no edge leads to
 *       it.
 *   <li>Every block in the layout ends in exactly one terminator, which is its last instruction.
 *   <li>Every edge of a block in the layout leads to a block in the layout and carries one argument
 *       of the right type for each parameter. {@code br} has one edge, {@code br_if} two, {@code
 *       br_table} at least one; a call in reach of handlers one and one for each handler, a throw
 *       one for each handler; other terminators none. Results of a call in reach of handlers are
 *       seen along edge 0 only, whose target has no other edge if they are used behind it.
 *   <li>An instruction has the operands, types, attributes and results that its row in {@link
 *       SsaOp} and its signature call for.
 *   <li>Every used value is defined by a parameter of a block in the layout or by a linked
 *       instruction, and its definition dominates the use. In unreachable blocks only the first
 *       half is asked for.
 *   <li>{@code return} carries the results of the function's signature.
 *   <li>Lists agree with themselves: back links, positions, block of an instruction. A kept
 *       analysis is the one that would be computed now.
 * </ol>
 */
public final class SsaVerifier {
  private static final int MOST_ERRORS = 20;

  private final SsaFunction function;
  private final List<String> errors = new ArrayList<>();

  private SsaVerifier(SsaFunction function) {
    this.function = function;
  }

  /** The violations, at most 20, in the order of the text; empty if there are none. */
  public static List<String> check(SsaFunction function) {
    SsaVerifier verifier = new SsaVerifier(function);
    verifier.structure();
    if (verifier.errors.isEmpty()) {
      verifier.instructions();
    }
    if (verifier.errors.isEmpty()) {
      verifier.dominance();
    }
    return verifier.errors;
  }

  /**
   * Fails if {@code function} does not verify.
   *
   * @param after what was done last, for the message
   * @throws IllegalStateException naming violations, with the text of the function
   */
  public static void verify(SsaFunction function, String after) {
    List<String> errors = check(function);
    if (!errors.isEmpty()) {
      throw new IllegalStateException(
          "SSA does not verify after "
              + after
              + ":\n  "
              + String.join("\n  ", errors)
              + "\n"
              + SsaPrinter.print(function));
    }
  }

  private void error(String message) {
    if (errors.size() < MOST_ERRORS) {
      errors.add(message);
    }
  }

  private void error(int instruction, String message) {
    error(
        "block"
            + function.block(instruction)
            + ": "
            + SsaPrinter.print(function, instruction)
            + ": "
            + message);
  }

  // ---- invariants 1, 2, 7

  private void structure() {
    int entry = function.entry();
    if (entry == SsaFunction.NONE) {
      error("no entry block");
      return;
    }
    List<SsaType> parameters = function.signature().parameters();
    if (function.parameterCount(entry) != parameters.size()) {
      error("entry block has " + function.parameterCount(entry) + " parameters");
    } else {
      for (int i = 0; i < parameters.size(); i++) {
        if (function.valueType(function.parameter(entry, i)) != parameters.get(i)) {
          error("entry parameter " + i + " is not " + parameters.get(i).text());
        }
      }
    }
    int previous = SsaFunction.NONE;
    for (int b = entry; b != SsaFunction.NONE; b = function.nextBlock(b)) {
      if (function.previousBlock(b) != previous) {
        error("layout: back link of block" + b);
      }
      previous = b;
      blockStructure(b);
    }
    if (function.lastBlock() != previous) {
      error("layout: last block");
    }
  }

  private void blockStructure(int block) {
    for (int i = 0; i < function.parameterCount(block); i++) {
      int value = function.parameter(block, i);
      if (!function.isParameter(value)
          || function.definingBlock(value) != block
          || function.definingPosition(value) != i) {
        error("block" + block + ": parameter " + i + " does not know its place");
      }
    }
    int previous = SsaFunction.NONE;
    for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
      if (function.block(i) != block || function.previous(i) != previous) {
        error(i, "links of instruction " + i);
      }
      if (function.op(i).isTerminator() != (function.next(i) == SsaFunction.NONE)) {
        error(i, "a terminator ends a block and only that");
      }
      previous = i;
    }
    if (previous == SsaFunction.NONE) {
      error("block" + block + ": empty");
    }
    if (function.lastInstruction(block) != previous) {
      error("block" + block + ": last instruction");
    }
  }

  // ---- invariants 3, 4, 6

  private void instructions() {
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != SsaFunction.NONE; i = function.next(i)) {
        instruction(i);
      }
    }
  }

  private void instruction(int i) {
    SsaOp op = function.op(i);
    if (op.isTyped() && !op.allows(function.controllingType(i))) {
      error(i, "controlling type");
    }
    int fixed = op.fixedOperandCount();
    int count = function.operandCount(i);
    if (count < fixed || count > fixed && !op.isVariadic()) {
      error(i, "operand count");
      return;
    }
    for (int k = 0; k < count; k++) {
      if (!isDefined(function.operand(i, k))) {
        error(i, "v" + function.operand(i, k) + " is defined nowhere");
        return;
      }
    }
    for (int k = 0; k < fixed; k++) {
      if (!matches(op.operands().get(k), i, function.valueType(function.operand(i, k)))) {
        error(i, "type of operand " + k);
      }
    }
    if (op == SsaOp.RETURN) {
      operandTypes(i, 0, function.signature().results());
    } else if (op.has(SsaOp.Attribute.SIGNATURE)) {
      operandTypes(i, fixed, function.callSignature(i).parameters());
      if (op.isTailCall()
          && !function.callSignature(i).results().equals(function.signature().results())) {
        error(i, "results of the function called are not those of this one");
      }
    }
    attributes(i, op);
    results(i);
    edges(i, op);
  }

  private boolean isDefined(int value) {
    if (value < 0 || value >= function.valueCount()) {
      return false;
    }
    int definer = function.definingInstruction(value);
    if (definer != SsaFunction.NONE) {
      return function.block(definer) != SsaFunction.NONE
          && function.isInLayout(function.block(definer));
    }
    int block = function.definingBlock(value);
    int position = function.definingPosition(value);
    return function.isInLayout(block)
        && position < function.parameterCount(block)
        && function.parameter(block, position) == value;
  }

  private boolean matches(SsaOp.Operand rule, int instruction, SsaType actual) {
    return switch (rule) {
      case T -> actual == function.controllingType(instruction);
      case I32 -> actual == SsaType.I32;
      case I64 -> actual == SsaType.I64;
      case F32 -> actual == SsaType.F32;
      case F64 -> actual == SsaType.F64;
      case INT -> actual.isInteger();
      case VECTOR -> actual == SsaType.V128;
      case REF -> actual == SsaType.REF;
      case FLOAT -> actual.isFloat();
      case ANY -> true;
      case VARIADIC -> true;
    };
  }

  private void operandTypes(int i, int from, List<SsaType> types) {
    if (function.operandCount(i) - from != types.size()) {
      error(i, "operand count");
      return;
    }
    for (int k = 0; k < types.size(); k++) {
      if (function.valueType(function.operand(i, from + k)) != types.get(k)) {
        error(i, "type of operand " + (from + k));
      }
    }
  }

  private void attributes(int i, SsaOp op) {
    if (op.has(SsaOp.Attribute.ACCESS)) {
      MemoryAccess access = function.access(i);
      if (!access.fits(function.controllingType(i))
          || op.writes() && (access.signExtends() || access.isPartialVector())) {
        error(i, "access");
      }
    }
    if ((op.reads() || op.writes()) == (function.region(i) == Region.NONE)) {
      error(i, "region");
    }
    if (op.writes() && Region.isImmutable(function.region(i))) {
      error(i, "write to an immutable region");
    }
    if ((op == SsaOp.LOAD || op == SsaOp.STORE || op.isAtomicAccess())
        && (function.memory(i) < 0 || !Region.isLinearMemory(function.region(i)))) {
      error(i, "memory");
    }
    if (op == SsaOp.ICONST
        && function.controllingType(i) == SsaType.I32
        && function.immediate(i) != (int) function.immediate(i)) {
      error(i, "an i32 constant is sign-extended");
    }
    if (op.isTyped() && function.controllingType(i) == SsaType.REF) {
      referenceAttributes(i, op);
    }
    if (op.isVector()) {
      vectorAttributes(i, op);
    }
    if (op == SsaOp.VSHUFFLE
        && ((function.vectorLow(i) | function.vectorHigh(i)) & ~0x1F1F_1F1F_1F1F_1F1FL) != 0) {
      error(i, "a byte of a shuffle is one of 32");
    }
    if (op == SsaOp.BITCAST) {
      SsaType from = function.valueType(function.operand(i, 0));
      SsaType to = function.controllingType(i);
      if (from.bytes() != to.bytes() || from.isInteger() == to.isInteger()) {
        error(i, "bitcast changes kind and keeps the size");
      }
    }
  }

  private void referenceAttributes(int i, SsaOp op) {
    if (op == SsaOp.ICONST && function.immediate(i) != 0) {
      error(i, "the only constant reference is null");
    }
    if (op == SsaOp.ICMP
        && function.intCondition(i) != IntCondition.EQ
        && function.intCondition(i) != IntCondition.NE) {
      error(i, "references have no order");
    }
  }

  private void vectorAttributes(int i, SsaOp op) {
    VectorOp row = function.vectorOp(i);
    if (row.op() != op || op.isTyped() && row.scalar() != function.controllingType(i)) {
      error(i, "vector operation");
    }
    if (op.has(SsaOp.Attribute.LANE) && (function.lane(i) < 0 || function.lane(i) >= row.lanes())) {
      error(i, "lane");
    }
  }

  private void results(int i) {
    List<SsaType> expected = function.resultTypes(i);
    if (function.resultCount(i) != expected.size()) {
      error(i, "result count");
      return;
    }
    for (int k = 0; k < expected.size(); k++) {
      int value = function.result(i, k);
      if (function.valueType(value) != expected.get(k)
          || function.definingInstruction(value) != i
          || function.definingPosition(value) != k) {
        error(i, "result " + k);
      }
    }
  }

  private void edges(int i, SsaOp op) {
    int count = function.edgeCount(i);
    boolean right =
        switch (op) {
          case BR -> count == 1;
          case BR_IF -> count == 2;
          case BR_TABLE -> count >= 1;
          case TRY_CALL, TRY_CALL_INDIRECT ->
              count >= 2 && count == 1 + function.handlers(i).size();
          case THROW, THROW_REF -> count == function.handlers(i).size();
          default -> count == 0;
        };
    if (!right) {
      error(i, "edge count");
    }
    for (int k = 0; k < count; k++) {
      edge(i, function.edge(i, k));
    }
  }

  private void edge(int i, int edge) {
    int target = function.target(edge);
    if (function.sourceTerminator(edge) != i) {
      error(i, "edge does not know its terminator");
    }
    if (target < 0 || target >= function.blockCount() || !function.isInLayout(target)) {
      error(i, "block" + target + " is not in the layout");
    } else if (target == function.entry()) {
      error(i, "edge to the entry");
    } else if (function.parameterCount(target) != function.argumentCount(edge)) {
      error(i, "argument count for block" + target);
    } else {
      for (int k = 0; k < function.argumentCount(edge); k++) {
        int argument = function.argument(edge, k);
        if (!isDefined(argument)) {
          error(i, "v" + argument + " is defined nowhere");
        } else if (function.valueType(argument)
            != function.valueType(function.parameter(target, k))) {
          error(i, "type of argument " + k + " for block" + target);
        }
      }
    }
  }

  // ---- invariant 5

  private void dominance() {
    ControlFlow flow = ControlFlow.compute(function);
    if (function.keptAnalysis() instanceof ControlFlow kept && !kept.isSameAs(flow)) {
      error("blocks or edges changed and their analysis was kept");
    }
    DominatorTree dominators = DominatorTree.of(flow);
    // Order of instructions within their blocks; parameters come before all of them.
    int[] order = new int[function.instructionCount()];
    for (int k = 0; k < flow.size(); k++) {
      int position = 0;
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
        order[i] = position++;
      }
    }
    for (int k = 0; k < flow.size(); k++) {
      int block = flow.block(k);
      for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
        for (int n = 0; n < function.operandCount(i); n++) {
          use(flow, dominators, order, i, function.operand(i, n));
        }
        for (int n = 0; n < function.edgeCount(i); n++) {
          int edge = function.edge(i, n);
          for (int m = 0; m < function.argumentCount(edge); m++) {
            argument(flow, dominators, order, edge, n, function.argument(edge, m));
          }
        }
      }
    }
  }

  /** The results of a call in reach of handlers go along its first edge. */
  private void argument(
      ControlFlow flow, DominatorTree dominators, int[] order, int edge, int position, int value) {
    int i = function.sourceTerminator(edge);
    if (function.definingInstruction(value) == i) {
      if (position != 0) {
        error(i, "v" + value + " does not exist along edge " + position);
      }
    } else {
      use(flow, dominators, order, i, value);
    }
  }

  /** Whether a value, unless its definition may end otherwise, is there in another block. */
  private boolean reaches(ControlFlow flow, DominatorTree dominators, int value, int to) {
    int definer = function.definingInstruction(value);
    if (definer == SsaFunction.NONE || !function.op(definer).isTryCall()) {
      return dominators.dominates(function.definingBlock(value), to);
    }
    int next = function.target(function.edge(definer, 0));
    return flow.incomingCount(next) == 1 && dominators.dominates(next, to);
  }

  private void use(ControlFlow flow, DominatorTree dominators, int[] order, int i, int value) {
    int from = function.definingBlock(value);
    int to = function.block(i);
    boolean right =
        from != to
            ? reaches(flow, dominators, value, to)
            : function.isParameter(value) || order[function.definingInstruction(value)] < order[i];
    if (!right) {
      error(i, "v" + value + " does not dominate its use");
    }
  }
}
