package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import java.util.Arrays;

/**
 * Copies blocks, so that some of the edges to a block can lead to a copy that goes on in its own
 * way. Until {@link #finish}, what uses the values of copied blocks elsewhere still names those of
 * the originals.
 */
final class BlockCopier {
  private static final int NONE = SsaFunction.NONE;

  private final SsaFunction function;
  private final SsaRepair repair;
  private final int firstNewBlock;
  // Of values, their current copies.
  private final int[] copyOf;
  // Of values made here, whose ids start at the length of copyOf, what they are copies of.
  private int[] originals = new int[16];

  BlockCopier(SsaFunction function) {
    this.function = function;
    this.repair = new SsaRepair(function);
    this.firstNewBlock = function.blockCount();
    this.copyOf = new int[function.valueCount()];
  }

  /** Whether {@code block} was made here. */
  boolean isCopy(int block) {
    return block >= firstNewBlock;
  }

  /** What {@code value} is a copy of, or itself. */
  int original(int value) {
    return value < copyOf.length ? value : originals[value - copyOf.length];
  }

  /** Whether the instructions of {@code block} may be there several times. */
  static boolean mayCopy(SsaFunction function, int block) {
    int terminator = function.terminator(block);
    for (int i = function.firstInstruction(block); i != terminator; i = function.next(i)) {
      SsaOp op = function.op(i);
      if (op.isCall() || op == SsaOp.CAUGHT || op == SsaOp.REF_ADDRESS || op == SsaOp.FENCE) {
        return false;
      }
    }
    return !function.op(terminator).isCall();
  }

  /**
   * A copy of {@code block}, an original, behind it in the layout; nothing leads to it yet.
   *
   * @param position the one edge of the terminator that the copy keeps, or {@link SsaFunction#NONE}
   *     for all
   */
  int copy(int block, int position) {
    int copy = function.newBlock();
    function.insertBlockAfter(copy, block);
    function.setCold(copy, function.isCold(block));
    for (int p = 0; p < function.parameterCount(block); p++) {
      int parameter = function.parameter(block, p);
      define(parameter, copy, function.addParameter(copy, function.valueType(parameter)));
    }
    int terminator = function.terminator(block);
    for (int i = function.firstInstruction(block); i != terminator; i = function.next(i)) {
      copyInstruction(i, block, copy);
    }
    if (position == NONE) {
      int end = copyInstruction(terminator, block, copy);
      for (int n = 0; n < function.edgeCount(terminator); n++) {
        copyEdge(end, function.edge(terminator, n), block);
      }
    } else {
      int end = function.newInstruction(SsaOp.BR, SsaType.I32, copyOf, 0);
      function.setWasmOffset(end, function.wasmOffset(terminator));
      function.append(end, copy);
      copyEdge(end, function.edge(terminator, position), block);
    }
    return copy;
  }

  private void define(int value, int block, int copy) {
    copyOf[value] = copy;
    int slot = copy - copyOf.length;
    if (slot >= originals.length) {
      originals = Arrays.copyOf(originals, Math.max(slot + 1, originals.length * 2));
    }
    originals[slot] = value;
    repair.define(value, block, copy);
  }

  private int mapped(int value, int block) {
    return value < copyOf.length && function.definingBlock(value) == block ? copyOf[value] : value;
  }

  private int copyInstruction(int i, int block, int copy) {
    int[] operands = new int[function.operandCount(i)];
    for (int k = 0; k < operands.length; k++) {
      operands[k] = mapped(function.operand(i, k), block);
    }
    SsaOp op = function.op(i);
    SsaType type = op.isTyped() ? function.controllingType(i) : SsaType.I32;
    int made = function.newInstruction(op, type, operands, operands.length);
    function.setImmediate(made, function.immediate(i));
    function.setDetail(made, function.detail(i));
    function.setAuxiliary(made, function.auxiliary(i));
    function.setRegion(made, function.region(i));
    function.setWasmOffset(made, function.wasmOffset(i));
    function.addResults(made);
    for (int r = 0; r < function.resultCount(i); r++) {
      define(function.result(i, r), copy, function.result(made, r));
    }
    function.append(made, copy);
    return made;
  }

  private void copyEdge(int terminator, int edge, int block) {
    int[] arguments = new int[function.argumentCount(edge)];
    for (int k = 0; k < arguments.length; k++) {
      arguments[k] = mapped(function.argument(edge, k), block);
    }
    function.addEdge(terminator, function.target(edge), arguments, arguments.length);
  }

  /** Makes the function whole again. */
  void finish() {
    RemoveUnreachableBlocks.run(function);
    repair.run();
    RedundantParameters.run(function);
    placeDominatorsFirst();
  }

  /** Keeps the order of the layout, but that no block comes before its immediate dominator. */
  private void placeDominatorsFirst() {
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    // Blocks that wait for their dominator, as linked lists.
    int[] firstWaiting = new int[function.blockCount()];
    int[] nextWaiting = new int[function.blockCount()];
    boolean[] isPlaced = new boolean[function.blockCount()];
    Arrays.fill(firstWaiting, NONE);
    int[] order = new int[flow.size()];
    int[] stack = new int[flow.size()];
    int length = 0;
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      int parent = dominators.parent(b);
      if (parent != NONE && !isPlaced[parent]) {
        nextWaiting[b] = firstWaiting[parent];
        firstWaiting[parent] = b;
        continue;
      }
      int depth = 0;
      stack[depth++] = b;
      while (depth > 0) {
        int block = stack[--depth];
        isPlaced[block] = true;
        order[length++] = block;
        for (int w = firstWaiting[block]; w != NONE; w = nextWaiting[w]) {
          stack[depth++] = w;
        }
      }
    }
    function.setLayout(order, length);
  }
}
