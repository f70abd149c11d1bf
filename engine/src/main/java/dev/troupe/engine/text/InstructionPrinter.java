package dev.troupe.engine.text;

import dev.troupe.engine.wasm.BlockType;
import dev.troupe.engine.wasm.BranchHint;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.NameSection;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;

/** Instructions of the binary format to flat instructions of the text format. */
final class InstructionPrinter {
  /** Indentation stops growing here, so that deep nesting does not make the text quadratic. */
  private static final int INDENT_LEVELS_MAX = 40;

  private static final String[] CATCH = {"catch", "catch_ref", "catch_all", "catch_all_ref"};

  private final InstructionReader reader;
  private final NameSection named;
  private final PrinterNames names;
  private final PrinterOutput output;
  private final StringBuilder out;
  private final BranchHints hints;

  // Of the function being printed, and the number of its next block.
  private Labels labels = new Labels();
  private int function;
  private int nextBlock;

  InstructionPrinter(
      WasmModule module, PrinterNames names, BranchHints hints, PrinterOutput output) {
    this.hints = hints;
    this.reader = new InstructionReader(module.bytes(), WasmFeatures.ALL);
    this.named = module.names();
    this.names = names;
    this.output = output;
    this.out = output.text;
  }

  /** A function's body, one instruction a line, without its final {@code end}. */
  void body(int function, FuncBody body, IdentifierTable locals) {
    int end = body.end();
    reader.position(body.codeOffset());
    this.function = function;
    nextBlock = 0;
    labels = new Labels();
    labels.push(null);
    int level = 2;
    while (true) {
      WasmOp op = reader.next();
      boolean divides = op == WasmOp.ELSE || op == WasmOp.CATCH || op == WasmOp.CATCH_ALL;
      boolean closes = op == WasmOp.END || op == WasmOp.DELEGATE || divides;
      if (closes) {
        level--;
      }
      if (reader.position() >= end) {
        return;
      }
      out.append('\n').append("  ".repeat(Math.clamp(level, 0, INDENT_LEVELS_MAX)));
      BranchHint hint = hints.at(function, reader.offset() - body.offset());
      if (hint != null) {
        out.append("(@").append(BranchHints.SECTION).append(" \"\\0").append(hint.ordinal());
        out.append("\") ");
      }
      // The module may be invalid: it may end more than it began.
      if ((op == WasmOp.END || op == WasmOp.DELEGATE) && labels.depth() > 0) {
        labels.pop();
      }
      instruction(op, locals);
      output.settle();
      if (divides || opens(op)) {
        level++;
      }
    }
  }

  private static boolean opens(WasmOp op) {
    return op == WasmOp.BLOCK
        || op == WasmOp.LOOP
        || op == WasmOp.IF
        || op == WasmOp.TRY
        || op == WasmOp.TRY_TABLE;
  }

  /** A constant expression in one line, each instruction after a space, without its {@code end}. */
  void expression(int start, int end, IdentifierTable locals) {
    reader.position(start);
    while (true) {
      WasmOp op = reader.next();
      if (reader.position() >= end) {
        return;
      }
      out.append(' ');
      instruction(op, locals);
    }
  }

  private void instruction(WasmOp op, IdentifierTable locals) {
    out.append(op.mnemonic());
    switch (op.immediate()) {
      case NONE, ZERO_BYTE -> {}
      case BLOCK_TYPE, TRY_TABLE -> block(op);
      case LABEL -> label(reader.index());
      case LABEL_TABLE -> {
        for (int i = 0; i < reader.listSize(); i++) {
          label(reader.listItem(i));
        }
        label(reader.index());
      }
      case BRANCH_ON_CAST -> {
        label(reader.index());
        reference((reader.index2() & 1) != 0, reader.heapType());
        reference((reader.index2() & 2) != 0, reader.heapType2());
      }
      case FUNCTION -> word(names.functions().use(reader.index()));
      case CALL_INDIRECT -> {
        optional(names.tables(), reader.index2());
        out.append(" (type ").append(names.types().use(reader.index())).append(')');
      }
      case TYPE -> word(names.types().use(reader.index()));
      case SELECT_TYPES -> selectTypes();
      case LOCAL -> word(locals.use(reader.index()));
      case GLOBAL -> word(names.globals().use(reader.index()));
      case TABLE -> optional(names.tables(), reader.index());
      case TABLE_INIT -> {
        optional(names.tables(), reader.index2());
        word(names.elements().use(reader.index()));
      }
      case TABLE_COPY -> bothOrNone(names.tables());
      case ELEMENT -> word(names.elements().use(reader.index()));
      case MEM_ARG -> memoryArgument(op);
      case MEM_ARG_LANE -> {
        memoryArgument(op);
        number(reader.index2());
      }
      case MEMORY -> optional(names.memories(), reader.index());
      case MEMORY_INIT -> {
        optional(names.memories(), reader.index2());
        word(names.data().use(reader.index()));
      }
      case MEMORY_COPY -> bothOrNone(names.memories());
      case DATA -> word(names.data().use(reader.index()));
      case I32 -> word(Integer.toString(reader.i32()));
      case I64 -> word(Long.toString(reader.i64()));
      case F32 -> word(FloatPrinter.f32(reader.i32()));
      case F64 -> word(FloatPrinter.f64(reader.i64()));
      case V128 -> {
        word("i64x2");
        word("0x" + Long.toHexString(reader.i64()));
        word("0x" + Long.toHexString(reader.i64High()));
      }
      case SHUFFLE -> shuffle();
      case LANE -> number(reader.i32());
      case HEAP_TYPE -> heapType(op);
      case TAG -> word(names.tags().use(reader.index()));
      case TYPE_FIELD, TYPE_COUNT -> {
        word(names.types().use(reader.index()));
        number(reader.index2());
      }
      case TYPE_DATA -> typeAnd(names.data());
      case TYPE_ELEMENT -> typeAnd(names.elements());
      case TYPE_TYPE -> typeAnd(names.types());
    }
  }

  private void word(String text) {
    out.append(' ').append(text);
  }

  private void number(int value) {
    word(Integer.toUnsignedString(value));
  }

  private void typeAnd(IdentifierTable second) {
    word(names.types().use(reader.index()));
    word(second.use(reader.index2()));
  }

  private void optional(IdentifierTable space, int index) {
    if (index != 0) {
      word(space.use(index));
    }
  }

  private void bothOrNone(IdentifierTable space) {
    if (reader.index() != 0 || reader.index2() != 0) {
      word(space.use(reader.index()));
      word(space.use(reader.index2()));
    }
  }

  private void label(int depth) {
    String name = labels.name(depth);
    word(name == null ? Integer.toUnsignedString(depth) : IdentifierTable.identifier(name));
  }

  /** A block's name, type and clauses, which are outside of it. */
  private void block(WasmOp op) {
    String name = named.name(NameSection.Subject.LABEL, function, nextBlock++);
    String identifier = name == null || name.isEmpty() ? null : name;
    if (identifier != null) {
      word(IdentifierTable.identifier(identifier));
    } else if (name != null) {
      word("(@name \"\")");
    }
    blockType();
    if (op == WasmOp.TRY_TABLE) {
      catchClauses();
    }
    labels.push(identifier);
  }

  private void blockType() {
    int type = reader.blockType();
    if (BlockType.isTypeIndex(type)) {
      out.append(" (type ").append(names.types().use(type)).append(')');
    } else if (type != BlockType.EMPTY) {
      out.append(" (result ").append(ValType.ofCode(BlockType.resultCode(type)).text()).append(')');
    }
  }

  private void catchClauses() {
    for (int i = 0; i < reader.listSize(); i += 3) {
      int kind = reader.listItem(i);
      out.append(" (").append(CATCH[kind]);
      if (kind < 2) {
        word(names.tags().use(reader.listItem(i + 1)));
      }
      label(reader.listItem(i + 2));
      out.append(')');
    }
  }

  private void selectTypes() {
    if (reader.listSize() == 0) {
      out.append(" (result)");
    }
    for (int i = 0; i < reader.listSize(); i++) {
      out.append(" (result ").append(ValType.ofCode(reader.listItem(i)).text()).append(')');
    }
  }

  private void memoryArgument(WasmOp op) {
    optional(names.memories(), reader.index());
    if (reader.memoryOffset() != 0) {
      word("offset=" + Long.toUnsignedString(reader.memoryOffset()));
    }
    if (reader.alignLog2() != op.accessLog2()) {
      word("align=" + Long.toUnsignedString(1L << reader.alignLog2()));
    }
  }

  private void shuffle() {
    for (int i = 0; i < 16; i++) {
      long half = i < 8 ? reader.i64() : reader.i64High();
      number((int) (half >>> (8 * (i & 7))) & 0xFF);
    }
  }

  private void heapType(WasmOp op) {
    switch (op) {
      case REF_TEST, REF_CAST -> reference(false, reader.heapType());
      case REF_TEST_NULL, REF_CAST_NULL -> reference(true, reader.heapType());
      default -> word(reader.heapType().text());
    }
  }

  private void reference(boolean nullable, HeapType heap) {
    word(new RefType(nullable, heap).text());
  }
}
