package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.MemoryType;
import java.util.List;

/** Linear memory: accesses, size, growth, bulk operations. */
final class MemoryInstructions {
  private static final SsaType I32 = SsaType.I32;
  private static final SsaType I64 = SsaType.I64;
  private static final SsaSignature GROW = new SsaSignature(List.of(I32, I64), List.of(I64));
  private static final SsaSignature COPY = new SsaSignature(List.of(I64, I64, I64), List.of());
  private static final SsaSignature FILL = new SsaSignature(List.of(I64, I32, I64), List.of());
  private static final SsaSignature INIT =
      new SsaSignature(List.of(I32, I32, I64, I64, I64), List.of());
  private static final SsaSignature DROP = new SsaSignature(List.of(I32), List.of());
  private static final MemoryAccess[] ACCESSES = MemoryAccess.values();
  private static final int PAGE_LOG2 = Integer.numberOfTrailingZeros(MemoryType.PAGE_BYTES);

  private final TranslationState state;
  private final ValueStack stack;

  MemoryInstructions(TranslationState state) {
    this.state = state;
    this.stack = state.stack;
  }

  private boolean is64(int memory) {
    return state.context.module().memories().get(memory).limits().is64();
  }

  void load(PlainInstructions.Row row, InstructionReader reader) {
    int memory = reader.index();
    stack.push(
        state.builder.load(
            row.type(),
            ACCESSES[row.detail()],
            memory,
            state.context.memoryRegion(memory),
            stack.pop(),
            reader.memoryOffset()));
  }

  void store(PlainInstructions.Row row, InstructionReader reader) {
    int memory = reader.index();
    int value = stack.pop();
    int index = stack.pop();
    state.builder.store(
        row.type(),
        ACCESSES[row.detail()],
        memory,
        state.context.memoryRegion(memory),
        index,
        value,
        reader.memoryOffset());
  }

  private int byteLength(int memory) {
    int region = state.context.memoryDefinitionRegion(memory);
    if (state.context.isImportedMemory(memory)) {
      int definition = state.instanceField(state.layout().memoryPointer(memory));
      return state.builder.rawLoad(
          I64, MemoryAccess.INT64, region, definition, MemoryDef.BYTE_LENGTH);
    }
    int offset = state.layout().definedMemory(memory) + MemoryDef.BYTE_LENGTH;
    return state.builder.ctxLoad(I64, MemoryAccess.INT64, region, offset);
  }

  void size(int memory) {
    int pages = state.builder.binary(SsaOp.USHR, I64, byteLength(memory), state.i64(PAGE_LOG2));
    stack.push(state.narrow(pages, is64(memory)));
  }

  void grow(int memory) {
    int delta = state.widen(stack.pop());
    int call = state.builder.callBuiltin(Builtin.MEMORY_GROW, GROW, state.i32(memory), delta);
    stack.push(state.narrow(state.function.result(call), is64(memory)));
  }

  void copy(int target, int source) {
    int length = stack.pop();
    int from = stack.pop();
    int to = stack.pop();
    int length64 = state.widen(length);
    int to64 = state.widen(to);
    int from64 = state.widen(from);
    checkRange(target, to64, length64);
    checkRange(source, from64, length64);
    state.builder.callBuiltin(
        Builtin.MEMORY_COPY, COPY, address(target, to64), address(source, from64), length64);
  }

  void fill(int memory) {
    int length = state.widen(stack.pop());
    int value = stack.pop();
    int to = state.widen(stack.pop());
    checkRange(memory, to, length);
    state.builder.callBuiltin(Builtin.MEMORY_FILL, FILL, address(memory, to), value, length);
  }

  void init(int segment, int memory) {
    int length = state.widen(stack.pop());
    int from = state.widen(stack.pop());
    int to = state.widen(stack.pop());
    state.builder.callBuiltin(
        Builtin.MEMORY_INIT, INIT, state.i32(memory), state.i32(segment), to, from, length);
  }

  void dropData(int segment) {
    state.builder.callBuiltin(Builtin.DATA_DROP, DROP, state.i32(segment));
  }

  /** Traps unless the whole range lies in the memory. */
  private void checkRange(int memory, int start, int length) {
    int limit = byteLength(memory);
    int outside;
    if (is64(memory)) {
      // start + length may wrap around: length > limit or start > limit - length.
      state.builder.trapIf(
          state.compare(IntCondition.UGT, length, limit), TrapKind.MEMORY_OUT_OF_BOUNDS);
      int room = state.builder.binary(SsaOp.ISUB, I64, limit, length);
      outside = state.compare(IntCondition.UGT, start, room);
    } else {
      outside = state.compare(IntCondition.UGT, state.add(start, length), limit);
    }
    state.builder.trapIf(outside, TrapKind.MEMORY_OUT_OF_BOUNDS);
  }

  private int address(int memory, int offset) {
    return state.add(state.instanceField(state.layout().memoryBase(memory)), offset);
  }
}
