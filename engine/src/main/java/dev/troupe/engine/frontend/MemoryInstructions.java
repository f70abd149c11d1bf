package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
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

  private final TranslationState state;
  private final ValueStack stack;

  MemoryInstructions(TranslationState state) {
    this.state = state;
    this.stack = state.stack;
  }

  boolean is64(int memory) {
    return type(memory).limits().is64();
  }

  private MemoryType type(int memory) {
    return state.context.module().memories().get(memory);
  }

  void load(PlainInstructions.Row row, InstructionReader reader) {
    stack.push(load(row.type(), ACCESSES[row.detail()], reader, stack.pop()));
  }

  int load(SsaType type, MemoryAccess access, InstructionReader reader, int index) {
    int memory = reader.index();
    return state.builder.load(
        type,
        access,
        memory,
        state.context.memoryRegion(memory),
        guarded(memory, index, access, reader.memoryOffset()),
        reader.memoryOffset());
  }

  /**
   * The index to access a memory at. Where a 64-bit memory is guarded by pages that fault, an index
   * beyond its reservation becomes one at its end: that faults too.
   */
  int guarded(int memory, int index, MemoryAccess access, long offset) {
    long room = state.tunables().guardBytes() - access.bytes();
    if (!is64(memory)
        || !type(memory).hasStandardPages()
        || state.tunables().traps() != TrapMode.SIGNALS
        || Long.compareUnsigned(offset, room) > 0
        || isNarrow(index)) {
      return index;
    }
    int end = state.i64(state.tunables().memory64ReservationBytes());
    return state.builder.binary(SsaOp.INDEX_CLAMP, I64, index, end);
  }

  private boolean isNarrow(int index) {
    int definer = state.function.definingInstruction(index);
    if (definer == SsaFunction.NONE) {
      return false;
    }
    SsaOp op = state.function.op(definer);
    return op == SsaOp.ICONST || op == SsaOp.UEXTEND;
  }

  void store(PlainInstructions.Row row, InstructionReader reader) {
    int value = stack.pop();
    store(row.type(), ACCESSES[row.detail()], reader, stack.pop(), value);
  }

  void store(SsaType type, MemoryAccess access, InstructionReader reader, int index, int value) {
    int memory = reader.index();
    state.builder.store(
        type,
        access,
        memory,
        state.context.memoryRegion(memory),
        guarded(memory, index, access, reader.memoryOffset()),
        value,
        reader.memoryOffset());
  }

  private int byteLength(int memory) {
    int region = state.context.memoryDefinitionRegion(memory);
    if (state.context.isImportedMemory(memory) || state.context.isShared(memory)) {
      int definition = state.instanceField(state.layout().memoryPointer(memory));
      return state.builder.rawLoad(
          I64, MemoryAccess.INT64, region, definition, MemoryDef.BYTE_LENGTH);
    }
    int offset = state.layout().definedMemory(memory) + MemoryDef.BYTE_LENGTH;
    return state.builder.ctxLoad(I64, MemoryAccess.INT64, region, offset);
  }

  void size(int memory) {
    int pages =
        state.builder.binary(
            SsaOp.USHR, I64, byteLength(memory), state.i64(type(memory).pageSizeLog2()));
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
