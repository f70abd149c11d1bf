package dev.troupe.engine.text;

import dev.troupe.engine.text.FloatLiterals.Format;
import dev.troupe.engine.wasm.WasmOp;

/** What follows an instruction's name (section 6.5), chosen by the instruction table's row. */
final class ImmediateParser {
  private final TokenCursor cursor;
  private final ModuleContext module;
  private final TypeParser types;
  private final IndexSpace locals;
  private final Labels labels;

  ImmediateParser(
      TokenCursor cursor,
      ModuleContext module,
      TypeParser types,
      IndexSpace locals,
      Labels labels) {
    this.cursor = cursor;
    this.module = module;
    this.types = types;
    this.locals = locals;
    this.labels = labels;
  }

  /** The immediates of an instruction that opens no block, with its opcode before them. */
  void plain(WasmOp mnemonicOp, ByteSink out) {
    WasmOp op = variant(mnemonicOp);
    opcode(op, out);
    switch (op.immediate()) {
      case NONE -> {}
      case LABEL -> out.u32(labels.use(cursor));
      case LABEL_TABLE -> labelTable(out);
      case BRANCH_ON_CAST -> branchOnCast(out);
      case FUNCTION -> out.u32(module.functions.use(cursor));
      case CALL_INDIRECT -> callIndirect(out);
      case TYPE -> out.u32(type());
      case SELECT_TYPES -> selectTypes(out);
      case LOCAL -> out.u32(locals.use(cursor));
      case GLOBAL -> out.u32(module.globals.use(cursor));
      case TABLE -> out.u32(optionalIndex(module.tables));
      case TABLE_INIT -> segmentThenSpace(module.elements, module.tables, out);
      case TABLE_COPY -> twoOrNone(module.tables, out);
      case ELEMENT -> out.u32(module.elements.use(cursor));
      case MEM_ARG -> memoryArgument(op, optionalIndex(module.memories), out);
      case MEM_ARG_LANE -> memoryArgumentAndLane(op, out);
      case MEMORY -> out.u32(optionalIndex(module.memories));
      case MEMORY_INIT -> {
        segmentThenSpace(module.data, module.memories, out);
        module.usesDataSegments = true;
      }
      case MEMORY_COPY -> twoOrNone(module.memories, out);
      case DATA -> {
        out.u32(module.data.use(cursor));
        module.usesDataSegments = true;
      }
      case I32 -> out.s64((int) cursor.expectInteger(32));
      case I64 -> out.s64(cursor.expectInteger(64));
      case F32 -> out.littleEndian(cursor.expectFloat(Format.F32), 4);
      case F64 -> out.littleEndian(cursor.expectFloat(Format.F64), 8);
      case ZERO_BYTE -> out.add(0);
      case V128 -> out.add(VectorLiterals.parse(cursor));
      case SHUFFLE -> out.add(VectorLiterals.shuffle(cursor));
      case LANE -> out.add(VectorLiterals.lane(cursor));
      case HEAP_TYPE -> heapType(op, out);
      case TAG -> out.u32(module.tags.use(cursor));
      case TYPE_FIELD -> typeAndField(out);
      case TYPE_COUNT -> {
        out.u32(type());
        out.u32(cursor.expectU32());
      }
      case TYPE_DATA -> {
        out.u32(type());
        out.u32(module.data.use(cursor));
        module.usesDataSegments = true;
      }
      case TYPE_ELEMENT -> {
        out.u32(type());
        out.u32(module.elements.use(cursor));
      }
      case TYPE_TYPE -> {
        out.u32(type());
        out.u32(type());
      }
      case BLOCK_TYPE, TRY_TABLE ->
          throw new IllegalStateException(op + " opens a block and is not plain");
    }
  }

  /** Tells apart instructions that share a mnemonic: by result types, by nullability. */
  private WasmOp variant(WasmOp op) {
    return switch (op) {
      case SELECT -> cursor.isLeft("result") ? WasmOp.SELECT_TYPED : op;
      case REF_TEST -> isNullable() ? WasmOp.REF_TEST_NULL : op;
      case REF_CAST -> isNullable() ? WasmOp.REF_CAST_NULL : op;
      default -> op;
    };
  }

  /** Whether the reference type here is nullable; it is read later. */
  private boolean isNullable() {
    if (!cursor.isLeft("ref")) {
      return types.isReferenceType();
    }
    int start = cursor.position();
    cursor.moveTo(start + 2);
    boolean nullable = cursor.isKeyword("null");
    cursor.moveTo(start);
    return nullable;
  }

  private static void opcode(WasmOp op, ByteSink out) {
    if (op.prefix() == 0) {
      out.add(op.opcode());
    } else {
      out.add(op.prefix());
      out.u32(op.opcode());
    }
  }

  void blockType(ByteSink out) {
    types.blockType(out);
  }

  /** {@code (catch tag label)} and its three relatives, any number. */
  void catchClauses(ByteSink out) {
    ByteSink clauses = new ByteSink();
    int count = 0;
    for (int kind; (kind = catchKind()) >= 0; count++) {
      clauses.add(kind);
      if (kind < 2) {
        clauses.u32(module.tags.use(cursor));
      }
      clauses.u32(labels.use(cursor));
      cursor.expectRight();
    }
    out.u32(count);
    out.add(clauses);
  }

  private int catchKind() {
    return cursor.acceptLeft("catch")
        ? 0
        : cursor.acceptLeft("catch_ref")
            ? 1
            : cursor.acceptLeft("catch_all") ? 2 : cursor.acceptLeft("catch_all_ref") ? 3 : -1;
  }

  private int type() {
    return module.types.ids().use(cursor);
  }

  /** An index that stands for 0 when it is left out. */
  private int optionalIndex(IndexSpace space) {
    return IndexSpace.isIndex(cursor) ? space.use(cursor) : 0;
  }

  private void labelTable(ByteSink out) {
    ByteSink targets = new ByteSink();
    int count = 0;
    int last = labels.use(cursor);
    for (; IndexSpace.isIndex(cursor); count++) {
      targets.u32(last);
      last = labels.use(cursor);
    }
    out.u32(count);
    out.add(targets);
    out.u32(last);
  }

  private void branchOnCast(ByteSink out) {
    int label = labels.use(cursor);
    boolean fromNullable = isNullable();
    ByteSink heapTypes = new ByteSink();
    heapTypeOfReference(heapTypes);
    boolean toNullable = isNullable();
    heapTypeOfReference(heapTypes);
    out.add((fromNullable ? 1 : 0) | (toNullable ? 2 : 0));
    out.u32(label);
    out.add(heapTypes);
  }

  private void callIndirect(ByteSink out) {
    int table = optionalIndex(module.tables);
    out.u32(types.typeUseIndex(null));
    out.u32(table);
  }

  private void selectTypes(ByteSink out) {
    ByteSink results = new ByteSink();
    int count = 0;
    while (cursor.acceptLeft("result")) {
      for (; !cursor.accept(TokenKind.RIGHT); count++) {
        types.valueType(results);
      }
    }
    out.u32(count);
    out.add(results);
  }

  /** In text the space comes first and may be left out; in binary the segment comes first. */
  private void segmentThenSpace(IndexSpace segments, IndexSpace space, ByteSink out) {
    int spaceIndex = 0;
    boolean two = cursor.kindAfter() == TokenKind.NATURAL || cursor.kindAfter() == TokenKind.ID;
    if (two) {
      spaceIndex = space.use(cursor);
    }
    out.u32(segments.use(cursor));
    out.u32(spaceIndex);
  }

  private void twoOrNone(IndexSpace space, ByteSink out) {
    boolean present = IndexSpace.isIndex(cursor);
    out.u32(present ? space.use(cursor) : 0);
    out.u32(present ? space.use(cursor) : 0);
  }

  private void memoryArgumentAndLane(WasmOp op, ByteSink out) {
    int memory = isMemoryBeforeLane() ? module.memories.use(cursor) : 0;
    memoryArgument(op, memory, out);
    out.add(VectorLiterals.lane(cursor));
  }

  /** Whether the number here is a memory: a lane is always the last number. */
  private boolean isMemoryBeforeLane() {
    if (!cursor.is(TokenKind.NATURAL) || cursor.kindAfter() == TokenKind.NATURAL) {
      return IndexSpace.isIndex(cursor);
    }
    int start = cursor.position();
    cursor.advance();
    boolean argument =
        cursor.is(TokenKind.KEYWORD)
            && (cursor.text().startsWith("offset=") || cursor.text().startsWith("align="));
    cursor.moveTo(start);
    return argument;
  }

  private void memoryArgument(WasmOp op, int memory, ByteSink out) {
    long offset = keywordNumber("offset=", 64, 0);
    int position = cursor.position();
    long alignment = keywordNumber("align=", 64, 1L << op.accessLog2());
    if (Long.bitCount(alignment) != 1) {
      throw cursor.tokens().errorAt(position, "alignment must be a power of two");
    }
    int flags = Long.numberOfTrailingZeros(alignment);
    if (memory == 0) {
      out.u32(flags);
    } else {
      out.u32(flags | 0x40);
      out.u32(memory);
    }
    out.u64(offset);
  }

  /** {@code key=number}, one token, or a default. */
  private long keywordNumber(String key, int bits, long missing) {
    if (!cursor.is(TokenKind.KEYWORD) || !cursor.text().startsWith(key)) {
      return missing;
    }
    int start = cursor.tokens().start(cursor.position()) + key.length();
    int end = cursor.tokens().end(cursor.position());
    if (NumberSyntax.classify(cursor.tokens().source(), start, end) != TokenKind.NATURAL) {
      throw cursor.error("unknown operator " + cursor.quoted());
    }
    IntegerLiterals.Result result =
        IntegerLiterals.parse(cursor.text().substring(key.length()), bits);
    if (!result.inRange()) {
      throw cursor.error("constant out of range " + cursor.quoted());
    }
    cursor.advance();
    return result.bits();
  }

  private void heapType(WasmOp op, ByteSink out) {
    if (op == WasmOp.REF_NULL) {
      types.heapType(out);
    } else {
      heapTypeOfReference(out);
    }
  }

  /** Reads a reference type and writes its heap type alone. */
  private void heapTypeOfReference(ByteSink out) {
    if (cursor.acceptLeft("ref")) {
      cursor.acceptKeyword("null");
      types.heapType(out);
      cursor.expectRight();
    } else {
      types.referenceType(out);
    }
  }

  private void typeAndField(ByteSink out) {
    int type = type();
    out.u32(type);
    if (cursor.is(TokenKind.ID)) {
      IndexSpace fields = module.types.fields().get(type);
      if (fields == null) {
        throw cursor.error("unknown field " + cursor.quoted());
      }
      out.u32(fields.use(cursor));
    } else {
      out.u32(cursor.expectU32());
    }
  }
}
