package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TableDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import java.util.List;

/** Tables: elements, size, growth, bulk operations. */
final class TableInstructions {
  private static final SsaType I32 = SsaType.I32;
  private static final SsaType I64 = SsaType.I64;
  private static final SsaSignature GROW = new SsaSignature(List.of(I32, I64, I64), List.of(I64));
  private static final SsaSignature FILL = new SsaSignature(List.of(I32, I64, I64, I64), List.of());
  private static final SsaSignature COPY =
      new SsaSignature(List.of(I32, I32, I64, I64, I64), List.of());
  private static final SsaSignature DROP = new SsaSignature(List.of(I32), List.of());
  private static final int ELEMENT_LOG2 = Integer.numberOfTrailingZeros(TableDef.ELEMENT_BYTES);

  private final TranslationState state;
  private final ValueStack stack;

  TableInstructions(TranslationState state) {
    this.state = state;
    this.stack = state.stack;
  }

  private int definitionField(int table, int field) {
    int region = state.context.tableDefinitionRegion(table);
    if (state.context.isImportedTable(table)) {
      int definition = state.instanceField(state.layout().tablePointer(table));
      return state.builder.rawLoad(I64, MemoryAccess.INT64, region, definition, field);
    }
    int offset = state.layout().definedTable(table) + field;
    return state.builder.ctxLoad(I64, MemoryAccess.INT64, region, offset);
  }

  private int length(int table) {
    return state.context.hasFixedLength(table)
        ? state.i64(state.context.module().tables().get(table).limits().min())
        : definitionField(table, TableDef.LENGTH);
  }

  /** Address of an element; traps with {@code kind} when there is none. */
  private int elementAddress(int table, int index, TrapKind kind) {
    int index64 = state.widen(index);
    int length = length(table);
    state.builder.trapIf(state.compare(IntCondition.UGE, index64, length), kind);
    int safe =
        state.tunables().spectre()
            ? state.builder.binary(SsaOp.SPECTRE_GUARD, I64, index64, length)
            : index64;
    int scaled = state.builder.binary(SsaOp.SHL, I64, safe, state.i64(ELEMENT_LOG2));
    return state.add(definitionField(table, TableDef.ELEMENTS), scaled);
  }

  /** The element at {@code index}; traps with {@code kind} when there is none. */
  int element(int table, int index, TrapKind kind) {
    int address = elementAddress(table, index, kind);
    return state.builder.rawLoad(
        elementType(table), MemoryAccess.INT64, state.context.tableRegion(table), address, 0);
  }

  void get(int table) {
    stack.push(element(table, stack.pop(), TrapKind.TABLE_OUT_OF_BOUNDS));
  }

  void set(int table) {
    int value = stack.pop();
    int address = elementAddress(table, stack.pop(), TrapKind.TABLE_OUT_OF_BOUNDS);
    state.builder.rawStore(
        elementType(table),
        MemoryAccess.INT64,
        state.context.tableRegion(table),
        address,
        value,
        0);
  }

  private SsaType elementType(int table) {
    return state.context.type(state.context.module().tables().get(table).element());
  }

  private boolean is64(int table) {
    return state.context.module().tables().get(table).limits().is64();
  }

  void size(int table) {
    stack.push(state.narrow(length(table), is64(table)));
  }

  void grow(int table) {
    int delta = state.widen(stack.pop());
    int initial = state.bits(stack.pop());
    int call =
        state.builder.callBuiltin(Builtin.TABLE_GROW, GROW, state.i32(table), initial, delta);
    stack.push(state.narrow(state.function.result(call), is64(table)));
  }

  void fill(int table) {
    int length = state.widen(stack.pop());
    int value = state.bits(stack.pop());
    int start = state.widen(stack.pop());
    state.builder.callBuiltin(Builtin.TABLE_FILL, FILL, state.i32(table), start, value, length);
  }

  void copy(int target, int source) {
    transfer(Builtin.TABLE_COPY, target, source);
  }

  void init(int segment, int table) {
    transfer(Builtin.TABLE_INIT, table, segment);
  }

  private void transfer(Builtin builtin, int first, int second) {
    int length = state.widen(stack.pop());
    int from = state.widen(stack.pop());
    int to = state.widen(stack.pop());
    state.builder.callBuiltin(builtin, COPY, state.i32(first), state.i32(second), to, from, length);
  }

  void dropElements(int segment) {
    state.builder.callBuiltin(Builtin.ELEM_DROP, DROP, state.i32(segment));
  }
}
