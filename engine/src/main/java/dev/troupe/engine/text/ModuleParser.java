package dev.troupe.engine.text;

import dev.troupe.engine.text.ModuleSections.Section;
import dev.troupe.engine.wasm.WasmOp;
import org.jspecify.annotations.Nullable;

/** The second walk over a module's fields (section 6.6): writes their binary form. */
final class ModuleParser {
  private static final int KIND_FUNCTION = 0;
  private static final int KIND_TABLE = 1;
  private static final int KIND_MEMORY = 2;
  private static final int KIND_GLOBAL = 3;
  private static final int KIND_TAG = 4;

  private final TokenCursor cursor;
  private final ModuleContext module;
  private final ModuleSections sections = new ModuleSections();
  private final TypeParser types;
  private final SegmentParser segments;
  private final NameSectionWriter names;
  private final BranchHintWriter hints;
  private int functionIndex;
  private int tableIndex;
  private int memoryIndex;
  private int globalIndex;
  private int tagIndex;

  private ModuleParser(TokenCursor cursor, ModuleContext module, NameSectionWriter names) {
    this.cursor = cursor;
    this.module = module;
    this.types = new TypeParser(cursor, module.types);
    this.segments = new SegmentParser(cursor, module, sections, types);
    this.names = names;
    this.hints = new BranchHintWriter(cursor);
  }

  /**
   * The binary of a module.
   *
   * @param cursor at the first field; ends behind the last
   * @param moduleName the module's identifier, or null
   */
  static byte[] parse(TokenCursor cursor, @Nullable String moduleName) {
    ModuleContext module = new ModuleContext();
    int start = cursor.position();
    ModuleBinder.bind(cursor, module);
    int end = cursor.position();
    cursor.moveTo(start);
    NameSectionWriter names = new NameSectionWriter(module, moduleName);
    ModuleParser parser = new ModuleParser(cursor, module, names);
    AnnotationReader annotations =
        new AnnotationReader(cursor.tokens(), start, end, parser.sections, parser.hints);
    while (cursor.position() < end) {
      annotations.beforeField(cursor.position());
      parser.fieldWithName(annotations);
    }
    annotations.finish();
    parser.hints.write(parser.sections);
    if (module.usesDataSegments) {
      parser.sections.entry(Section.DATA_COUNT).u32(parser.sections.count(Section.DATA));
    }
    return parser.sections.assemble(module.types, names.write(annotations));
  }

  /** A field and the name that an annotation gives to what it defines. */
  private void fieldWithName(AnnotationReader annotations) {
    int start = cursor.position();
    field();
    int end = cursor.position();
    cursor.moveTo(start + 1);
    String keyword = cursor.expectKeyword();
    cursor.acceptId();
    int behindId = cursor.position();
    cursor.moveTo(end);
    IndexSpace space = named(keyword);
    String name = annotations.insideField(behindId, end, space != null || isContainer(keyword));
    if (name != null && space != null) {
      space.rename(definedIndex(keyword) - 1, name);
    }
  }

  private @Nullable IndexSpace named(String keyword) {
    return switch (keyword) {
      case "func" -> module.functions;
      case "table" -> module.tables;
      case "memory" -> module.memories;
      case "global" -> module.globals;
      case "tag" -> module.tags;
      default -> null;
    };
  }

  private int definedIndex(String keyword) {
    return switch (keyword) {
      case "func" -> functionIndex;
      case "table" -> tableIndex;
      case "memory" -> memoryIndex;
      case "global" -> globalIndex;
      default -> tagIndex;
    };
  }

  /**
   * Whether names may be given inside a field without the field's own definition having one here.
   */
  private static boolean isContainer(String keyword) {
    return keyword.equals("type")
        || keyword.equals("rec")
        || keyword.equals("import")
        || keyword.equals("elem")
        || keyword.equals("data");
  }

  private void field() {
    cursor.expect(TokenKind.LEFT);
    String keyword = cursor.expectKeyword();
    switch (keyword) {
      case "type", "rec" -> {
        // Written by the binder.
        cursor.moveTo(cursor.position() - 2);
        cursor.skipParenthesized();
        return;
      }
      case "import" -> importField();
      case "func" -> function();
      case "table" -> table();
      case "memory" -> memory();
      case "global" -> global();
      case "tag" -> tag();
      case "export" -> exportField();
      case "start" -> sections.entry(Section.START).u32(module.functions.use(cursor));
      case "elem" -> segments.element();
      case "data" -> segments.data();
      default -> throw cursor.unexpected();
    }
    cursor.expectRight();
  }

  private void importField() {
    ByteSink out = sections.entry(Section.IMPORT);
    out.name(cursor.expectName());
    out.name(cursor.expectName());
    cursor.expect(TokenKind.LEFT);
    String keyword = cursor.expectKeyword();
    cursor.acceptId();
    switch (keyword) {
      case "func" -> importedFunction(out);
      case "table" -> importedTable(out);
      case "memory" -> importedMemory(out);
      case "global" -> importedGlobal(out);
      case "tag" -> importedTag(out);
      default -> throw cursor.unexpected();
    }
    cursor.expectRight();
  }

  private void importedFunction(ByteSink out) {
    IndexSpace locals = new IndexSpace("local");
    out.add(KIND_FUNCTION);
    out.u32(types.typeUseIndex(locals));
    names.locals(functionIndex++, locals);
  }

  private void importedTable(ByteSink out) {
    out.add(KIND_TABLE);
    types.tableType(out);
    tableIndex++;
  }

  private void importedMemory(ByteSink out) {
    out.add(KIND_MEMORY);
    types.memoryType(out);
    memoryIndex++;
  }

  private void importedGlobal(ByteSink out) {
    out.add(KIND_GLOBAL);
    types.globalType(out);
    globalIndex++;
  }

  private void importedTag(ByteSink out) {
    out.add(KIND_TAG);
    out.add(0);
    out.u32(types.typeUseIndex(new IndexSpace("local")));
    tagIndex++;
  }

  /**
   * Inline exports, then perhaps an inline import.
   *
   * @return where the import's description goes, or null when this is no import
   */
  private @Nullable ByteSink inlineExportsAndImport(int kind, int index) {
    cursor.acceptId();
    while (cursor.acceptLeft("export")) {
      ByteSink export = sections.entry(Section.EXPORT);
      export.name(cursor.expectName());
      export.add(kind);
      export.u32(index);
      cursor.expectRight();
    }
    if (!cursor.acceptLeft("import")) {
      return null;
    }
    ByteSink out = sections.entry(Section.IMPORT);
    out.name(cursor.expectName());
    out.name(cursor.expectName());
    cursor.expectRight();
    return out;
  }

  private void function() {
    ByteSink imported = inlineExportsAndImport(KIND_FUNCTION, functionIndex);
    if (imported != null) {
      importedFunction(imported);
      return;
    }
    IndexSpace locals = new IndexSpace("local");
    sections.entry(Section.FUNCTION).u32(types.typeUseIndex(locals));
    ByteSink body = new ByteSink();
    localDeclarations(body, locals);
    ExpressionParser expression = new ExpressionParser(cursor, module, types, locals, hints);
    expression.sequence(body);
    names.labels(functionIndex, expression.labelNames());
    hints.endFunction(functionIndex);
    sections.entry(Section.CODE).vector(body);
    names.locals(functionIndex++, locals);
  }

  /** Locals, runs of one type together. */
  private void localDeclarations(ByteSink out, IndexSpace locals) {
    ByteSink runs = new ByteSink();
    ByteSink type = new ByteSink();
    String runType = "";
    int runLength = 0;
    int runCount = 0;
    while (cursor.acceptLeft("local")) {
      boolean named = cursor.is(TokenKind.ID);
      while (named || !cursor.is(TokenKind.RIGHT)) {
        locals.define(cursor);
        type.truncate(0);
        types.valueType(type);
        if (!type.key(0).equals(runType)) {
          runCount += localRun(runs, runLength, runType);
          runType = type.key(0);
          runLength = 0;
        }
        runLength++;
        if (named) {
          break;
        }
      }
      cursor.expectRight();
    }
    runCount += localRun(runs, runLength, runType);
    out.u32(runCount);
    out.add(runs);
  }

  private static int localRun(ByteSink out, int length, String type) {
    if (length == 0) {
      return 0;
    }
    out.u32(length);
    for (int i = 0; i < type.length(); i++) {
      out.add(type.charAt(i));
    }
    return 1;
  }

  private void table() {
    ByteSink imported = inlineExportsAndImport(KIND_TABLE, tableIndex);
    if (imported != null) {
      importedTable(imported);
      return;
    }
    int start = cursor.position();
    boolean wide = types.indexType();
    if (types.isReferenceType()) {
      segments.tableWithElements(tableIndex++, wide);
      return;
    }
    cursor.moveTo(start);
    ByteSink type = new ByteSink();
    types.tableType(type);
    ByteSink out = sections.entry(Section.TABLE);
    tableIndex++;
    ByteSink initial = new ByteSink();
    if (!cursor.is(TokenKind.RIGHT)) {
      segments.constantExpression(initial);
    }
    if (initial.size() > 0 && !isNullOf(type, initial)) {
      out.add(0x40);
      out.add(0);
      out.add(type);
      out.add(initial);
    } else {
      out.add(type);
    }
  }

  /**
   * Whether the initial value is what a nullable table has without one; then the short form serves.
   */
  private static boolean isNullOf(ByteSink tableType, ByteSink initial) {
    String type = tableType.key(0);
    String heap = initial.key(0).substring(1, initial.size() - 1);
    boolean refNull = initial.key(0).charAt(0) == WasmOp.REF_NULL.code();
    return refNull && (type.startsWith(heap) || type.startsWith((char) 0x63 + heap));
  }

  private void memory() {
    ByteSink imported = inlineExportsAndImport(KIND_MEMORY, memoryIndex);
    if (imported != null) {
      importedMemory(imported);
      return;
    }
    int start = cursor.position();
    boolean wide = types.indexType();
    int pageSizeLog2 = types.pageSize();
    if (cursor.isLeft("data")) {
      segments.memoryWithData(memoryIndex++, wide, pageSizeLog2);
      return;
    }
    cursor.moveTo(start);
    types.memoryType(sections.entry(Section.MEMORY));
    memoryIndex++;
  }

  private void global() {
    ByteSink imported = inlineExportsAndImport(KIND_GLOBAL, globalIndex);
    if (imported != null) {
      importedGlobal(imported);
      return;
    }
    ByteSink out = sections.entry(Section.GLOBAL);
    types.globalType(out);
    segments.constantExpression(out);
    globalIndex++;
  }

  private void tag() {
    ByteSink imported = inlineExportsAndImport(KIND_TAG, tagIndex);
    if (imported != null) {
      importedTag(imported);
      return;
    }
    ByteSink out = sections.entry(Section.TAG);
    out.add(0);
    out.u32(types.typeUseIndex(new IndexSpace("local")));
    tagIndex++;
  }

  private void exportField() {
    ByteSink out = sections.entry(Section.EXPORT);
    out.name(cursor.expectName());
    cursor.expect(TokenKind.LEFT);
    String keyword = cursor.expectKeyword();
    switch (keyword) {
      case "func" -> export(out, KIND_FUNCTION, module.functions);
      case "table" -> export(out, KIND_TABLE, module.tables);
      case "memory" -> export(out, KIND_MEMORY, module.memories);
      case "global" -> export(out, KIND_GLOBAL, module.globals);
      case "tag" -> export(out, KIND_TAG, module.tags);
      default -> throw cursor.unexpected();
    }
    cursor.expectRight();
  }

  private void export(ByteSink out, int kind, IndexSpace space) {
    out.add(kind);
    out.u32(space.use(cursor));
  }
}
