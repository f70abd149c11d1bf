package dev.troupe.engine.validate;

import static dev.troupe.engine.validate.TypeCodes.I32;
import static dev.troupe.engine.validate.TypeCodes.I64;

import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;

/** Memory instructions (section 3.4.8). Addresses are i32 or i64 as the memory's type says. */
final class MemoryRules {
  private static final int VECTOR_BYTES = 16;

  private final ModuleContext context;
  private final InstructionReader reader;
  private final OperandStack operands;

  MemoryRules(ModuleContext context, InstructionReader reader, OperandStack operands) {
    this.context = context;
    this.reader = reader;
    this.operands = operands;
  }

  private int addressType(int memory) {
    if (Integer.compareUnsigned(memory, context.memoryAddresses.length) >= 0) {
      throw invalid("unknown memory " + Integer.toUnsignedString(memory));
    }
    return context.memoryAddresses[memory];
  }

  void access(WasmOp op) {
    int address = addressType(reader.index());
    if (reader.alignLog2() > op.accessLog2()) {
      throw invalid("alignment must not be larger than natural");
    }
    if (op.isAtomicAccess() && reader.alignLog2() < op.accessLog2()) {
      throw invalid("atomic alignment must be natural");
    }
    if (address == I32 && reader.memoryOffset() >>> 32 != 0) {
      throw invalid("offset out of range");
    }
    if (op.immediate() == Immediate.MEM_ARG_LANE
        && reader.index2() >= VECTOR_BYTES / op.accessBytes()) {
      throw LaneRules.invalidLane(reader.index2(), reader);
    }
    int[] params = OpSignatures.params(op);
    for (int i = params.length - 1; i > 0; i--) {
      operands.pop(params[i]);
    }
    operands.pop(address);
    operands.push(OpSignatures.results(op));
  }

  void bulk(WasmOp op) {
    switch (op) {
      case MEMORY_SIZE -> operands.push(addressType(reader.index()));
      case MEMORY_GROW -> {
        int address = addressType(reader.index());
        operands.pop(address);
        operands.push(address);
      }
      case MEMORY_FILL -> {
        int address = addressType(reader.index());
        operands.pop(address);
        operands.pop(I32);
        operands.pop(address);
      }
      case MEMORY_COPY -> {
        int target = addressType(reader.index());
        int source = addressType(reader.index2());
        operands.pop(target == I64 && source == I64 ? I64 : I32);
        operands.pop(source);
        operands.pop(target);
      }
      case MEMORY_INIT -> {
        int address = addressType(reader.index2());
        dataSegment();
        operands.pop(I32);
        operands.pop(I32);
        operands.pop(address);
      }
      case DATA_DROP -> dataSegment();
      default -> throw new IllegalStateException("not a memory instruction: " + op);
    }
  }

  private void dataSegment() {
    int count = context.module.dataCount();
    if (count == WasmModule.NO_DATA_COUNT) {
      throw new MalformedException("data count section required", reader.offset());
    }
    if (Integer.compareUnsigned(reader.index(), count) >= 0) {
      throw invalid("unknown data segment " + Integer.toUnsignedString(reader.index()));
    }
  }

  private InvalidException invalid(String text) {
    return new InvalidException(text, reader.offset());
  }
}
