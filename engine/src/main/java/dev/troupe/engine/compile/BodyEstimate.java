package dev.troupe.engine.compile;

import dev.troupe.engine.frontend.FunctionTranslator;
import dev.troupe.engine.ssa.pass.GrowthAllowance;
import dev.troupe.engine.validate.FunctionFacts;
import dev.troupe.engine.wasm.CatchClause;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates the working memory that compiling a body takes, before it is taken.
 *
 * <p>It grows with the size of the body and with what SSA form may need beyond it: a block
 * parameter for every local that is assigned inside a block, for every such block; and for each an
 * argument from every branch to the end of the block, or for every handler of exceptions from every
 * call in its reach. A small body of deeply nested blocks that assigns many locals needs very many.
 */
final class BodyEstimate {
  /** Measured on straight-line code: 150 to 250. */
  private static final int BYTES_PER_BODY_BYTE = 300;

  /** Measured on nested loops over thousands of locals: 300 to 500. */
  private static final int BYTES_PER_PARAMETER = 500;

  /** Measured on calls in reach of many handlers: 25 to 50. */
  private static final int BYTES_PER_ARGUMENT = 60;

  /** An instruction that makes an object becomes three blocks and a dozen operations. */
  private static final int BYTES_PER_ALLOCATION = 8 << 10;

  /** What optimization may make of a loop beyond the loop itself, and what that takes. */
  private static final int INSTRUCTIONS_PER_LOOP = 160;

  private static final int BYTES_PER_COPIED_INSTRUCTION = 400;

  private static final int BYTES_PER_FUNCTION = 16 << 10;

  /** An open block: what was found inside so far. */
  private static final class Open {
    long assigned;
    long branches;
    long throwing;
    long handlers;
  }

  private final int locals;
  private final List<Open> open = new ArrayList<>();
  private long parameters;
  private long arguments;

  private BodyEstimate(int locals) {
    this.locals = locals;
  }

  /** Estimated bytes for function {@code index} with these facts. */
  static long bytes(WasmModule module, int index, FunctionFacts facts, WasmFeatures features) {
    FuncBody body = module.body(index);
    int locals = body.localCount() + module.functionType(index).paramCount();
    long assignable = Math.min(locals, facts.instructionCount());
    long base =
        BYTES_PER_FUNCTION
            + (long) body.codeLength() * BYTES_PER_BODY_BYTE
            + (long) facts.allocationCount() * BYTES_PER_ALLOCATION
            + copied(facts) * BYTES_PER_COPIED_INSTRUCTION;
    long edges = facts.branchCount() + (long) facts.handlerCount() * facts.instructionCount();
    long most = bytes(facts.blockCount() * assignable, edges * (assignable + 1));
    if (most < base) {
      return base + most;
    }
    BodyEstimate estimate = new BodyEstimate(locals);
    estimate.read(module, body, features);
    return base + bytes(estimate.parameters, estimate.arguments);
  }

  /** Instructions that copying of loops adds at most. */
  private static long copied(FunctionFacts facts) {
    long most = (long) facts.instructionCount() + GrowthAllowance.LEAST;
    return Math.min((long) facts.loopCount() * INSTRUCTIONS_PER_LOOP, most);
  }

  /** What needs more arguments than are allowed is refused when it comes to that. */
  private static long bytes(long parameters, long arguments) {
    return parameters * BYTES_PER_PARAMETER
        + Math.min(arguments, FunctionTranslator.MOST_ARGUMENTS) * BYTES_PER_ARGUMENT;
  }

  private void read(WasmModule module, FuncBody body, WasmFeatures features) {
    InstructionReader reader = new InstructionReader(module.bytes(), features);
    reader.position(body.codeOffset());
    open.add(new Open());
    while (reader.position() < body.end()) {
      switch (reader.next()) {
        case LOCAL_SET, LOCAL_TEE -> top().assigned++;
        case BLOCK, LOOP, IF, TRY -> open.add(new Open());
        case TRY_TABLE -> {
          open.add(new Open());
          top().handlers = reader.listSize() / CatchClause.LIST_ITEMS;
        }
        case CATCH, CATCH_ALL -> top().handlers++;
        case BR, BR_IF, BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL ->
            branch(reader.index());
        case BR_TABLE -> {
          branch(reader.index());
          for (int i = 0; i < reader.listSize(); i++) {
            branch(reader.listItem(i));
          }
        }
        case CALL, CALL_INDIRECT, CALL_REF, THROW, THROW_REF, RETHROW -> top().throwing++;
        case END, DELEGATE -> close();
        default -> {}
      }
    }
  }

  private Open top() {
    return open.get(open.size() - 1);
  }

  private void branch(int label) {
    open.get(open.size() - 1 - label).branches++;
  }

  private void close() {
    Open closed = open.removeLast();
    long assigned = Math.min(closed.assigned, locals);
    if (open.isEmpty()) {
      return;
    }
    parameters += assigned;
    arguments += closed.branches * assigned + closed.throwing * closed.handlers * (assigned + 1);
    top().assigned += assigned;
    top().throwing += closed.throwing;
  }
}
