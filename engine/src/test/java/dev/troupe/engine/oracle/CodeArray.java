package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.BlockType;
import dev.troupe.engine.wasm.CatchClause;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One body as a list of instructions in which blocks know where they end.
 *
 * @param instructions all instructions, with the final {@code end}
 * @param localCount locals with the parameters
 */
record CodeArray(List<Instruction> instructions, int localCount) {

  /** An instruction with its immediates; the meaning of the fields depends on the instruction. */
  static final class Instruction {
    final WasmOp op;
    int index;
    int index2;
    long value;
    long valueHigh;
    int[] labels = {};
    // Of casts and null references; of try_table.
    HeapType heap = AbstractHeapType.ANY;
    List<CatchClause> clauses = List.of();
    // Blocks: arity of parameters and results, positions of else (or end) and end.
    int params;
    int results;
    int elseAt;
    int endAt;

    Instruction(WasmOp op) {
      this.op = op;
    }
  }

  static CodeArray of(WasmModule module, int function) {
    FuncBody body = module.body(function);
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.ALL);
    reader.position(body.codeOffset());
    List<Instruction> instructions = new ArrayList<>();
    Deque<Instruction> open = new ArrayDeque<>();
    while (reader.position() < body.end()) {
      Instruction instruction = read(reader, module);
      int at = instructions.size();
      instructions.add(instruction);
      switch (instruction.op) {
        case BLOCK, LOOP, IF, TRY_TABLE -> open.push(instruction);
        case ELSE -> {
          open.element().elseAt = at;
          instruction.index = -1;
        }
        case END -> {
          if (!open.isEmpty()) {
            Instruction start = open.pop();
            start.endAt = at;
            if (start.elseAt == 0) {
              start.elseAt = at;
            } else {
              instructions.get(start.elseAt).endAt = at;
            }
          }
        }
        default -> {}
      }
    }
    int params = module.functionType(function).paramCount();
    return new CodeArray(instructions, params + body.localCount());
  }

  private static Instruction read(InstructionReader reader, WasmModule module) {
    WasmOp op = reader.next();
    Instruction result = new Instruction(op);
    result.index = reader.index();
    result.index2 = reader.index2();
    switch (op.immediate()) {
      case BLOCK_TYPE, TRY_TABLE -> {
        FuncType type = BlockType.funcType(reader.blockType(), module);
        result.params = type.paramCount();
        result.results = type.resultCount();
        if (op == WasmOp.TRY_TABLE) {
          result.clauses = clauses(reader);
        }
      }
      case HEAP_TYPE -> result.heap = reader.heapType();
      case BRANCH_ON_CAST -> result.heap = reader.heapType2();
      case LABEL_TABLE -> {
        result.labels = new int[reader.listSize() + 1];
        for (int i = 0; i < reader.listSize(); i++) {
          result.labels[i] = reader.listItem(i);
        }
        result.labels[reader.listSize()] = reader.index();
      }
      case I32, F32 -> result.value = reader.i32();
      case I64, F64, LANE -> result.value = reader.i64();
      case MEM_ARG, MEM_ARG_LANE -> result.value = reader.memoryOffset();
      case V128, SHUFFLE -> {
        result.value = reader.i64();
        result.valueHigh = reader.i64High();
      }
      default -> {}
    }
    return result;
  }

  private static List<CatchClause> clauses(InstructionReader reader) {
    List<CatchClause> clauses = new ArrayList<>();
    for (int i = 0; i < reader.listSize(); i += CatchClause.LIST_ITEMS) {
      clauses.add(CatchClause.read(reader, i));
    }
    return List.copyOf(clauses);
  }
}
