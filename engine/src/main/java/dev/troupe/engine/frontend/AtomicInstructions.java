package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;

/**
 * Atomic accesses, waiting and notifying (threads proposal). The opcodes of the accesses are a
 * table of families by widths, and so is the translation.
 */
final class AtomicInstructions {
  private static final SsaType I32 = SsaType.I32;
  private static final SsaType I64 = SsaType.I64;

  private static final int FIRST_ACCESS = WasmOp.I32_ATOMIC_LOAD.opcode();

  /** In the order of the opcodes; a subtraction adds the negative. */
  private static final SsaOp[] FAMILIES = {
    SsaOp.ATOMIC_LOAD,
    SsaOp.ATOMIC_STORE,
    SsaOp.ATOMIC_ADD,
    SsaOp.ATOMIC_ADD,
    SsaOp.ATOMIC_AND,
    SsaOp.ATOMIC_OR,
    SsaOp.ATOMIC_XOR,
    SsaOp.ATOMIC_EXCHANGE,
    SsaOp.ATOMIC_COMPARE_EXCHANGE
  };

  private static final int SUBTRACTION = 3;

  /** The widths within a family, in the order of the opcodes. */
  private static final SsaType[] TYPES = {I32, I64, I32, I32, I64, I64, I64};

  private static final MemoryAccess[] ACCESSES = {
    MemoryAccess.INT32_U,
    MemoryAccess.INT64,
    MemoryAccess.INT8_U,
    MemoryAccess.INT16_U,
    MemoryAccess.INT8_U,
    MemoryAccess.INT16_U,
    MemoryAccess.INT32_U
  };

  private static final SsaSignature WAIT32 =
      new SsaSignature(List.of(I32, I64, I32, I64), List.of(I32));
  private static final SsaSignature WAIT64 =
      new SsaSignature(List.of(I32, I64, I64, I64), List.of(I32));
  private static final SsaSignature NOTIFY = new SsaSignature(List.of(I32, I64, I32), List.of(I32));

  private final TranslationState state;
  private final ValueStack stack;
  private final MemoryInstructions memories;

  AtomicInstructions(TranslationState state, MemoryInstructions memories) {
    this.state = state;
    this.stack = state.stack;
    this.memories = memories;
  }

  /** Translates one of the instructions with the prefix 0xFE. */
  void translate(WasmOp op, InstructionReader reader) {
    switch (op) {
      case ATOMIC_FENCE -> {
        int unused = state.builder.fence();
      }
      case MEMORY_ATOMIC_WAIT32 -> wait(Builtin.MEMORY_WAIT32, WAIT32, reader);
      case MEMORY_ATOMIC_WAIT64 -> wait(Builtin.MEMORY_WAIT64, WAIT64, reader);
      case MEMORY_ATOMIC_NOTIFY -> {
        int count = stack.pop();
        int address = address(reader, stack.pop());
        call(Builtin.MEMORY_NOTIFY, NOTIFY, state.i32(reader.index()), address, count);
      }
      default -> access(op.opcode() - FIRST_ACCESS, reader);
    }
  }

  private void access(int form, InstructionReader reader) {
    int family = form / TYPES.length;
    SsaOp op = FAMILIES[family];
    SsaType type = TYPES[form % TYPES.length];
    MemoryAccess access = ACCESSES[form % TYPES.length];
    int[] operands = stack.pop(op.fixedOperandCount());
    if (family == SUBTRACTION) {
      int zero = state.builder.iconst(type, 0);
      operands[1] = state.builder.binary(SsaOp.ISUB, type, zero, operands[1]);
    }
    requireAligned(operands[0], reader.memoryOffset(), access.bytes());
    int memory = reader.index();
    operands[0] = memories.guarded(memory, operands[0], access, reader.memoryOffset());
    int instruction =
        state.builder.atomic(
            op,
            type,
            access,
            memory,
            state.context.memoryRegion(memory),
            reader.memoryOffset(),
            operands);
    if (state.function.resultCount(instruction) == 1) {
      stack.push(state.function.result(instruction));
    }
  }

  /** The lowest bits of the sum of index and offset are those of the sum of their lowest bits. */
  private void requireAligned(int index, long offset, int bytes) {
    if (bytes == 1) {
      return;
    }
    SsaType type = state.function.valueType(index);
    int mask = bytes - 1;
    int address = index;
    if ((offset & mask) != 0) {
      int rest = state.builder.iconst(type, offset & mask);
      address = state.builder.binary(SsaOp.IADD, type, index, rest);
    }
    int low = state.builder.binary(SsaOp.IAND, type, address, state.builder.iconst(type, mask));
    int zero = state.builder.iconst(type, 0);
    int unaligned = state.builder.icmp(IntCondition.NE, type, low, zero);
    state.builder.trapIf(unaligned, TrapKind.UNALIGNED_ATOMIC);
  }

  private void wait(Builtin builtin, SsaSignature signature, InstructionReader reader) {
    int timeout = stack.pop();
    int expected = stack.pop();
    int address = address(reader, stack.pop());
    call(builtin, signature, state.i32(reader.index()), address, expected, timeout);
  }

  private void call(Builtin builtin, SsaSignature signature, int... arguments) {
    int call = state.builder.callBuiltin(builtin, signature, arguments);
    stack.push(state.function.result(call));
  }

  /** Index plus offset in 64 bits, for the host to check; beyond them there is no memory. */
  private int address(InstructionReader reader, int index) {
    int start = state.widen(index);
    if (reader.memoryOffset() == 0) {
      return start;
    }
    int address = state.add(start, state.i64(reader.memoryOffset()));
    if (memories.is64(reader.index())) {
      state.builder.trapIf(
          state.compare(IntCondition.ULT, address, start), TrapKind.MEMORY_OUT_OF_BOUNDS);
    }
    return address;
  }
}
