package dev.troupe.engine.ssa;

import java.util.Arrays;

/**
 * Replaces a call by a copy of the callee's body. The block of the call is split behind it; the
 * call's results become parameters of the second half, to which every return of the copy branches.
 * Takes time linear in the callee and in what follows the call in its block: several calls of one
 * block are best replaced from the last to the first.
 *
 * <p>Nothing but the call goes away: traps, effects and instrumentation of the callee happen where
 * they happened before. Only the callee's own stack check is gone. What the copy throws is in reach
 * of the handlers that the call was in reach of.
 */
public final class CallSplicer {
  private static final int NONE = SsaFunction.NONE;
  private static final int[] NO_OPERANDS = {};

  /** Places of a callee that throw, times handlers that the call is in reach of. */
  private static final int MOST_HANDLER_EDGES = 64;

  private final SsaFunction caller;
  private final SsaFunction callee;
  private final int[] valueMap;
  private final int[] blockMap;
  private final int[] instructionMap;
  private int[] scratch = new int[16];
  private OuterHandlers handlers;

  private CallSplicer(SsaFunction caller, SsaFunction callee) {
    this.caller = caller;
    this.callee = callee;
    this.handlers = OuterHandlers.none(caller);
    this.valueMap = new int[callee.valueCount()];
    this.blockMap = new int[callee.blockCount()];
    this.instructionMap = new int[callee.instructionCount()];
    Arrays.fill(valueMap, NONE);
    Arrays.fill(blockMap, NONE);
  }

  /**
   * Replaces {@code call}.
   *
   * @param call a linked {@link SsaOp#CALL} of {@code caller}, or a {@link SsaOp#TRY_CALL} that
   *     {@linkplain #canSplice may be replaced}
   * @param callee its target; not changed, and not {@code caller} itself. All blocks are reachable
   */
  public static void splice(SsaFunction caller, int call, SsaFunction callee) {
    if (caller == callee
        || !canSplice(caller, call, callee)
        || caller.callee(call) != callee.index()) {
      throw new IllegalArgumentException("not a call of function " + callee.index());
    }
    new CallSplicer(caller, callee).run(call);
  }

  private static boolean isTry(SsaFunction function, int call) {
    return function.op(call) == SsaOp.TRY_CALL;
  }

  /**
   * Whether a call may be replaced: any call outside of the reach of handlers, and inside those of
   * functions that call nothing and do not throw in too many places for so many handlers.
   */
  public static boolean canSplice(SsaFunction caller, int call, SsaFunction callee) {
    if (!isTry(caller, call)) {
      return caller.op(call) == SsaOp.CALL;
    }
    long edges = 0;
    for (int b = callee.entry(); b != NONE; b = callee.nextBlock(b)) {
      for (int i = callee.firstInstruction(b); i != NONE; i = callee.next(i)) {
        SsaOp op = callee.op(i);
        if (op.isThrow()) {
          edges += caller.handlers(call).size();
        } else if (op.isCall() && op != SsaOp.CALL_BUILTIN) {
          return false;
        }
      }
    }
    return edges <= MOST_HANDLER_EDGES;
  }

  private void run(int call) {
    int block = caller.block(call);
    int after = caller.newBlock();
    caller.setCold(after, caller.isCold(block));
    caller.insertBlockAfter(after, block);
    if (isTry(caller, call)) {
      handlers = OuterHandlers.of(caller, call, callee);
      returnAlong(caller.edge(call, 0), after);
    } else {
      caller.splitAfter(call, after);
    }
    InlinedCalls calls = caller.inlinedCalls();
    int position = caller.wasmOffset(call);
    InlinedCalls.Import positions =
        calls.importing(callee.inlinedCalls(), calls.addCall(position, callee.index()));
    int entry = callee.entry();
    for (int i = 0; i < callee.parameterCount(entry); i++) {
      valueMap[callee.parameter(entry, i)] = caller.operand(call, i);
    }
    caller.remove(call);
    caller.moveResultsToParameters(call, after);
    placeBlocks(block);
    for (int b = entry; b != NONE; b = callee.nextBlock(b)) {
      defineValues(b);
    }
    for (int b = entry; b != NONE; b = callee.nextBlock(b)) {
      copyBlock(b, after, positions);
    }
  }

  /** The second half of a block that ends with the call: goes on where a return leads. */
  private void returnAlong(int edge, int after) {
    int count = caller.argumentCount(edge);
    int[] arguments = new int[count];
    for (int k = 0; k < count; k++) {
      arguments[k] = caller.argument(edge, k);
    }
    int branch = caller.newInstruction(SsaOp.BR, SsaType.I32, NO_OPERANDS, 0);
    caller.setWasmOffset(branch, caller.wasmOffset(caller.sourceTerminator(edge)));
    caller.append(branch, after);
    caller.addEdge(branch, caller.target(edge), arguments, count);
  }

  private void placeBlocks(int block) {
    int entry = callee.entry();
    blockMap[entry] = block;
    int place = block;
    for (int b = callee.nextBlock(entry); b != NONE; b = callee.nextBlock(b)) {
      int copy = caller.newBlock();
      blockMap[b] = copy;
      caller.setCold(copy, callee.isCold(b) || caller.isCold(block));
      for (int i = 0; i < callee.parameterCount(b); i++) {
        int parameter = callee.parameter(b, i);
        valueMap[parameter] = caller.addParameter(copy, callee.valueType(parameter));
      }
      caller.insertBlockAfter(copy, place);
      place = copy;
    }
  }

  /** Makes the instructions of a block, so that uses in any order find the values. */
  private void defineValues(int block) {
    for (int i = callee.firstInstruction(block); i != NONE; i = callee.next(i)) {
      if (callee.op(i) == SsaOp.RETURN) {
        continue;
      }
      int copy = callee.op(i).isTailCall() ? ordinaryCall(i) : caller.copyInstruction(callee, i);
      instructionMap[i] = copy;
      for (int k = 0; k < callee.resultCount(i); k++) {
        valueMap[callee.result(i, k)] = caller.result(copy, k);
      }
      caller.append(copy, blockMap[block]);
    }
  }

  /** A tail call of the callee is none of the caller. */
  private int ordinaryCall(int tailCall) {
    SsaOp op = callee.op(tailCall) == SsaOp.RETURN_CALL ? SsaOp.CALL : SsaOp.CALL_INDIRECT;
    int count = callee.operandCount(tailCall);
    reserve(count);
    for (int k = 0; k < count; k++) {
      scratch[k] = callee.operand(tailCall, k);
    }
    int call = caller.newInstruction(op, SsaType.I64, scratch, count);
    caller.copyAttributes(callee, tailCall, call);
    caller.addResults(call);
    return call;
  }

  private void leave(int block, int after, int position, int[] results, int count) {
    int branch = caller.newInstruction(SsaOp.BR, SsaType.I32, NO_OPERANDS, 0);
    caller.setWasmOffset(branch, position);
    caller.append(branch, blockMap[block]);
    caller.addEdge(branch, after, results, count);
  }

  private void copyBlock(int block, int after, InlinedCalls.Import positions) {
    for (int i = callee.firstInstruction(block); i != NONE; i = callee.next(i)) {
      int position = positions.position(callee.wasmOffset(i));
      if (callee.op(i) == SsaOp.RETURN) {
        leave(block, after, position, operands(i), callee.operandCount(i));
        return;
      }
      int copy = instructionMap[i];
      caller.setWasmOffset(copy, position);
      for (int k = 0; k < callee.operandCount(i); k++) {
        caller.setOperand(copy, k, valueMap[callee.operand(i, k)]);
      }
      for (int k = 0; k < callee.edgeCount(i); k++) {
        int edge = callee.edge(i, k);
        int[] arguments = arguments(edge);
        caller.addEdge(copy, blockMap[callee.target(edge)], arguments, callee.argumentCount(edge));
      }
      if (callee.op(i).isThrow()) {
        handlers.reach(copy);
      }
      if (callee.op(i).isTailCall()) {
        int count = caller.resultCount(copy);
        reserve(count);
        for (int k = 0; k < count; k++) {
          scratch[k] = caller.result(copy, k);
        }
        leave(block, after, position, scratch, count);
      }
    }
  }

  private int[] operands(int instruction) {
    reserve(callee.operandCount(instruction));
    for (int k = 0; k < callee.operandCount(instruction); k++) {
      scratch[k] = valueMap[callee.operand(instruction, k)];
    }
    return scratch;
  }

  private int[] arguments(int edge) {
    reserve(callee.argumentCount(edge));
    for (int k = 0; k < callee.argumentCount(edge); k++) {
      scratch[k] = valueMap[callee.argument(edge, k)];
    }
    return scratch;
  }

  private void reserve(int count) {
    if (scratch.length < count) {
      scratch = new int[count * 2];
    }
  }
}
