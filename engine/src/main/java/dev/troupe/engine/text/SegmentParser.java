package dev.troupe.engine.text;

import dev.troupe.engine.text.ModuleSections.Section;
import dev.troupe.engine.wasm.WasmOp;

/** Element and data segments (sections 6.6.9 and 6.6.10), and those written inside definitions. */
final class SegmentParser {
  private static final int FUNCREF = 0x70;
  private static final int PAGE_LOG2 = 16;

  private final TokenCursor cursor;
  private final ModuleContext module;
  private final ModuleSections sections;
  private final TypeParser types;
  private final IndexSpace noLocals = new IndexSpace("local");

  SegmentParser(
      TokenCursor cursor, ModuleContext module, ModuleSections sections, TypeParser types) {
    this.cursor = cursor;
    this.module = module;
    this.sections = sections;
    this.types = types;
  }

  /** The members of an element segment. */
  private record Elements(
      boolean expressions, boolean plainFuncref, ByteSink type, ByteSink items) {}

  /** An expression up to the parenthesis that closes it. */
  void constantExpression(ByteSink out) {
    new ExpressionParser(cursor, module, types, noLocals).sequence(out);
  }

  /** {@code (offset e)} or a single folded instruction. */
  private void offset(ByteSink out) {
    ExpressionParser parser = new ExpressionParser(cursor, module, types, noLocals);
    if (cursor.acceptLeft("offset")) {
      parser.sequence(out);
      cursor.expectRight();
    } else {
      parser.single(out);
    }
  }

  /** {@code (elem ...)} behind its keyword. */
  void element() {
    cursor.acceptId();
    if (cursor.acceptKeyword("declare")) {
      ByteSink out = sections.entry(Section.ELEMENT);
      Elements elements = elementList(false);
      out.add(elements.expressions() ? 7 : 3);
      typed(out, elements, true);
      return;
    }
    int table = 0;
    boolean tableGiven = cursor.isLeft("table");
    if (cursor.acceptLeft("table")) {
      table = module.tables.use(cursor);
      cursor.expectRight();
    } else if (IndexSpace.isIndex(cursor) && cursor.kindAfter() == TokenKind.LEFT) {
      table = module.tables.use(cursor);
      tableGiven = true;
    }
    boolean active = tableGiven || cursor.is(TokenKind.LEFT) && !cursor.isLeft("ref");
    ByteSink out = sections.entry(Section.ELEMENT);
    if (!active) {
      Elements elements = elementList(false);
      out.add(elements.expressions() ? 5 : 1);
      typed(out, elements, true);
      return;
    }
    ByteSink offset = new ByteSink();
    offset(offset);
    Elements elements = elementList(true);
    boolean explicit = table != 0 || !elements.plainFuncref();
    out.add((elements.expressions() ? 4 : 0) | (explicit ? 2 : 0));
    if (explicit) {
      out.u32(table);
    }
    out.add(offset);
    typed(out, elements, explicit);
  }

  /** Element kind or type where the form has it, then the members. */
  private static void typed(ByteSink out, Elements elements, boolean withType) {
    if (withType) {
      if (elements.expressions()) {
        out.add(elements.type());
      } else {
        out.add(0);
      }
    }
    out.add(elements.items());
  }

  /** {@code func x*}, {@code reftype e*}, or just {@code x*} where that is allowed. */
  private Elements elementList(boolean bareIndices) {
    boolean functions = cursor.acceptKeyword("func");
    if (functions || bareIndices && (IndexSpace.isIndex(cursor) || cursor.is(TokenKind.RIGHT))) {
      return functionIndices();
    }
    ByteSink type = new ByteSink();
    types.referenceType(type);
    return expressions(type);
  }

  private Elements functionIndices() {
    ByteSink items = new ByteSink();
    int count = 0;
    for (; IndexSpace.isIndex(cursor); count++) {
      items.u32(module.functions.use(cursor));
    }
    return new Elements(false, true, new ByteSink(), counted(count, items));
  }

  private Elements expressions(ByteSink type) {
    ByteSink items = new ByteSink();
    int count = 0;
    for (; cursor.is(TokenKind.LEFT); count++) {
      ExpressionParser parser = new ExpressionParser(cursor, module, types, noLocals);
      if (cursor.acceptLeft("item")) {
        parser.sequence(items);
        cursor.expectRight();
      } else {
        parser.single(items);
      }
    }
    boolean plain = type.size() == 1 && type.toByteArray()[0] == FUNCREF;
    return new Elements(true, plain, type, counted(count, items));
  }

  private static ByteSink counted(int count, ByteSink items) {
    ByteSink counted = new ByteSink();
    counted.u32(count);
    counted.add(items);
    return counted;
  }

  /** {@code (table reftype (elem ...))}: a table just large enough and a segment that fills it. */
  void tableWithElements(int table, boolean wide) {
    ByteSink type = new ByteSink();
    types.referenceType(type);
    cursor.expectLeft("elem");
    Elements elements;
    if (IndexSpace.isIndex(cursor) || cursor.is(TokenKind.RIGHT)) {
      elements = functionIndices();
    } else {
      elements = expressions(type);
    }
    cursor.expectRight();
    ByteSink out = sections.entry(Section.TABLE);
    out.add(type);
    int count = countOf(elements);
    out.add(wide ? 5 : 1);
    out.u32(count);
    out.u32(count);
    segmentOfTable(table, wide, elements, type);
  }

  private void segmentOfTable(int table, boolean wide, Elements elements, ByteSink type) {
    ByteSink out = sections.entry(Section.ELEMENT);
    boolean plain = type.size() == 1 && type.toByteArray()[0] == FUNCREF;
    boolean asExpressions = elements.expressions() || !plain;
    boolean explicit = table != 0 || !plain;
    out.add((asExpressions ? 4 : 0) | (explicit ? 2 : 0));
    if (explicit) {
      out.u32(table);
    }
    zero(out, wide);
    if (explicit) {
      if (asExpressions) {
        out.add(type);
      } else {
        out.add(0);
      }
    }
    out.add(asExpressions && !elements.expressions() ? asExpressions(elements) : elements.items());
  }

  /** Function indices as {@code ref.func} expressions, for a segment with another type. */
  private static ByteSink asExpressions(Elements elements) {
    byte[] items = elements.items().toByteArray();
    ByteSink out = new ByteSink();
    int position = 0;
    while (items[position++] < 0) {}
    out.add(items, 0, position);
    while (position < items.length) {
      int start = position;
      while (items[position++] < 0) {}
      out.add(WasmOp.REF_FUNC.code());
      out.add(items, start, position - start);
      out.add(WasmOp.END.code());
    }
    return out;
  }

  private static int countOf(Elements elements) {
    byte[] items = elements.items().toByteArray();
    int count = 0;
    for (int i = 0; ; i++) {
      count |= (items[i] & 0x7F) << (7 * i);
      if (items[i] >= 0) {
        return count;
      }
    }
  }

  private static void zero(ByteSink out, boolean wide) {
    out.add(wide ? WasmOp.I64_CONST.code() : WasmOp.I32_CONST.code());
    out.add(0);
    out.add(WasmOp.END.code());
  }

  /** {@code (data ...)} behind its keyword. */
  void data() {
    cursor.acceptId();
    int memory = 0;
    boolean memoryGiven = cursor.isLeft("memory");
    if (cursor.acceptLeft("memory")) {
      memory = module.memories.use(cursor);
      cursor.expectRight();
    } else if (IndexSpace.isIndex(cursor)) {
      memory = module.memories.use(cursor);
      memoryGiven = true;
    }
    ByteSink out = sections.entry(Section.DATA);
    if (!memoryGiven && !cursor.is(TokenKind.LEFT)) {
      out.add(1);
    } else {
      out.add(memory == 0 ? 0 : 2);
      if (memory != 0) {
        out.u32(memory);
      }
      offset(out);
    }
    out.vector(cursor.strings());
  }

  /** {@code (memory (data ...))}: a memory just large enough and a segment that fills it. */
  void memoryWithData(int memory, boolean wide, int pageSizeLog2) {
    cursor.expectLeft("data");
    byte[] contents = cursor.strings();
    cursor.expectRight();
    int log2 = pageSizeLog2 < 0 ? PAGE_LOG2 : pageSizeLog2;
    long pages = (contents.length + (1L << log2) - 1) >>> log2;
    ByteSink out = sections.entry(Section.MEMORY);
    out.add((wide ? 5 : 1) | (pageSizeLog2 < 0 ? 0 : 8));
    out.u64(pages);
    out.u64(pages);
    if (pageSizeLog2 >= 0) {
      out.u32(pageSizeLog2);
    }
    ByteSink segment = sections.entry(Section.DATA);
    segment.add(memory == 0 ? 0 : 2);
    if (memory != 0) {
      segment.u32(memory);
    }
    zero(segment, wide);
    segment.vector(contents);
  }
}
