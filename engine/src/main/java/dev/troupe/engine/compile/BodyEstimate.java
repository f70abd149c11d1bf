package dev.troupe.engine.compile;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.validate.FunctionFacts;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;

/**
 * Estimates the working memory that compiling a body takes, before it is taken.
 *
 * <p>It grows with the size of the body and with the number of block parameters that SSA form may
 * need: one for every local that is assigned inside a block, for every such block. A small body of
 * deeply nested blocks that assigns many locals needs very many.
 */
final class BodyEstimate {
  /** Measured on straight-line code: 150 to 250. */
  private static final int BYTES_PER_BODY_BYTE = 300;

  /** Measured on nested loops over thousands of locals: 300 to 500. */
  private static final int BYTES_PER_PARAMETER = 500;

  /** An instruction that makes an object becomes three blocks and a dozen operations. */
  private static final int BYTES_PER_ALLOCATION = 8 << 10;

  private static final int BYTES_PER_FUNCTION = 16 << 10;

  private BodyEstimate() {}

  /** Estimated bytes for function {@code index} with these facts. */
  static long bytes(WasmModule module, int index, FunctionFacts facts, WasmFeatures features) {
    FuncBody body = module.body(index);
    int locals = body.localCount() + module.functionType(index).paramCount();
    long assignable = Math.min(locals, facts.instructionCount());
    long base =
        BYTES_PER_FUNCTION
            + (long) body.codeLength() * BYTES_PER_BODY_BYTE
            + allocations(module, body, features) * BYTES_PER_ALLOCATION;
    long most = facts.blockCount() * assignable * BYTES_PER_PARAMETER;
    return most < base
        ? base + most
        : base + parameters(module, body, locals, features) * BYTES_PER_PARAMETER;
  }

  private static long allocations(WasmModule module, FuncBody body, WasmFeatures features) {
    boolean makesObjects = false;
    for (SubType type : module.types().asList()) {
      makesObjects |= type.composite().compositeKind() != CompositeType.Kind.FUNC;
    }
    if (!makesObjects) {
      return 0;
    }
    InstructionReader reader = new InstructionReader(module.bytes(), features);
    reader.position(body.codeOffset());
    long count = 0;
    while (reader.position() < body.end()) {
      switch (reader.next()) {
        case STRUCT_NEW, STRUCT_NEW_DEFAULT, ARRAY_NEW, ARRAY_NEW_DEFAULT, ARRAY_NEW_FIXED ->
            count++;
        default -> {}
      }
    }
    return count;
  }

  /** Sum over all blocks of the locals assigned inside, each local counted as often as assigned. */
  private static long parameters(
      WasmModule module, FuncBody body, int locals, WasmFeatures features) {
    InstructionReader reader = new InstructionReader(module.bytes(), features);
    reader.position(body.codeOffset());
    IntList outer = new IntList();
    long sum = 0;
    int assigned = 0;
    while (reader.position() < body.end()) {
      WasmOp op = reader.next();
      if (op == WasmOp.LOCAL_SET || op == WasmOp.LOCAL_TEE) {
        assigned = Math.min(assigned + 1, locals);
      } else if (op == WasmOp.BLOCK || op == WasmOp.LOOP || op == WasmOp.IF) {
        outer.add(assigned);
        assigned = 0;
      } else if (op == WasmOp.END && !outer.isEmpty()) {
        sum += assigned;
        assigned = Math.min(assigned + outer.removeLast(), locals);
      }
    }
    return sum;
  }
}
