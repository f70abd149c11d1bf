package dev.troupe.engine.validate;

import static dev.troupe.engine.validate.TypeCodes.I32;
import static dev.troupe.engine.validate.TypeCodes.I64;

import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.WasmOp;

/** Table instructions (section 3.4.7). Indexes are i32 or i64 as the table's type says. */
final class TableRules {
  private final ModuleContext context;
  private final InstructionReader reader;
  private final OperandStack operands;

  TableRules(ModuleContext context, InstructionReader reader, OperandStack operands) {
    this.context = context;
    this.reader = reader;
    this.operands = operands;
  }

  /** Returns {@code table} when it exists. */
  int known(int table) {
    if (Integer.compareUnsigned(table, context.tableElements.length) >= 0) {
      throw unknown("table", table);
    }
    return table;
  }

  void table(WasmOp op) {
    switch (op) {
      case TABLE_INIT -> init();
      case ELEM_DROP -> elementSegment();
      case TABLE_COPY -> copy();
      case TABLE_GET, TABLE_SET, TABLE_SIZE, TABLE_GROW, TABLE_FILL ->
          single(op, known(reader.index()));
      default -> throw new IllegalStateException("not a table instruction: " + op);
    }
  }

  private void single(WasmOp op, int table) {
    int element = context.tableElements[table];
    int address = context.tableAddresses[table];
    switch (op) {
      case TABLE_GET -> {
        operands.pop(address);
        operands.push(element);
      }
      case TABLE_SET -> {
        operands.pop(element);
        operands.pop(address);
      }
      case TABLE_SIZE -> operands.push(address);
      case TABLE_GROW -> {
        operands.pop(address);
        operands.pop(element);
        operands.push(address);
      }
      case TABLE_FILL -> {
        operands.pop(address);
        operands.pop(element);
        operands.pop(address);
      }
      default -> throw new IllegalStateException("not an instruction on one table: " + op);
    }
  }

  private void init() {
    int table = known(reader.index2());
    int segment = elementSegment();
    requireMatch(context.elementTypes[segment], context.tableElements[table]);
    operands.pop(I32);
    operands.pop(I32);
    operands.pop(context.tableAddresses[table]);
  }

  private void copy() {
    int target = known(reader.index());
    int source = known(reader.index2());
    requireMatch(context.tableElements[source], context.tableElements[target]);
    int targetAddress = context.tableAddresses[target];
    int sourceAddress = context.tableAddresses[source];
    operands.pop(targetAddress == I64 && sourceAddress == I64 ? I64 : I32);
    operands.pop(sourceAddress);
    operands.pop(targetAddress);
  }

  private int elementSegment() {
    int segment = reader.index();
    if (Integer.compareUnsigned(segment, context.elementTypes.length) >= 0) {
      throw unknown("elem segment", segment);
    }
    return segment;
  }

  private void requireMatch(int actual, int expected) {
    if (!context.matches(actual, expected)) {
      throw operands.mismatch(TypeCodes.text(expected), TypeCodes.text(actual));
    }
  }

  private InvalidException unknown(String what, int index) {
    return new InvalidException(
        "unknown " + what + " " + Integer.toUnsignedString(index), reader.offset());
  }
}
