package dev.troupe.engine.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first walk over a module's fields: gives every definition its index and reads the types,
 * which may refer to each other and to which everything else refers.
 */
final class ModuleBinder {
  /** A definition behind which no import may stand. */
  private enum Defined {
    FUNCTION("func"),
    TABLE("table"),
    MEMORY("memory"),
    GLOBAL("global"),
    TAG("tag");

    private final String keyword;

    Defined(String keyword) {
      this.keyword = keyword;
    }

    static @Nullable Defined ofKeyword(String keyword) {
      for (Defined defined : values()) {
        if (defined.keyword.equals(keyword)) {
          return defined;
        }
      }
      return null;
    }

    /** The word in messages about misplaced imports. */
    String word() {
      return this == FUNCTION ? "function" : keyword;
    }
  }

  private final TokenCursor cursor;
  private final ModuleContext module;
  private final List<Integer> typeFields = new ArrayList<>();

  /** The first definition that is not an import. */
  private @Nullable Defined firstDefined;

  private boolean hasStart;

  private ModuleBinder(TokenCursor cursor, ModuleContext module) {
    this.cursor = cursor;
    this.module = module;
  }

  /** Binds all fields from the cursor to the end of the module; the cursor ends there. */
  static void bind(TokenCursor cursor, ModuleContext module) {
    ModuleBinder binder = new ModuleBinder(cursor, module);
    while (cursor.is(TokenKind.LEFT)) {
      binder.field();
    }
    int end = cursor.position();
    binder.types();
    cursor.moveTo(end);
  }

  private void field() {
    int start = cursor.position();
    cursor.advance();
    String keyword = cursor.is(TokenKind.KEYWORD) ? cursor.text() : "";
    switch (keyword) {
      case "type" -> {
        typeFields.add(start);
        bindId(module.types.ids());
      }
      case "rec" -> {
        typeFields.add(start);
        recursiveTypes();
      }
      case "import" -> importField();
      case "func", "table", "memory", "global", "tag" -> definition(start, keyword);
      case "elem" -> bindId(module.elements);
      case "data" -> bindId(module.data);
      case "start" -> {
        if (hasStart) {
          throw cursor.error("multiple start sections");
        }
        hasStart = true;
      }
      case "export" -> {}
      default -> throw cursor.unexpected();
    }
    cursor.moveTo(start);
    cursor.skipParenthesized();
  }

  private void bindId(IndexSpace space) {
    cursor.advance();
    space.define(cursor);
  }

  private void recursiveTypes() {
    cursor.advance();
    while (cursor.isLeft("type")) {
      int start = cursor.position();
      cursor.moveTo(start + 2);
      module.types.ids().define(cursor);
      cursor.moveTo(start);
      cursor.skipParenthesized();
    }
    cursor.expectRight();
  }

  private void importField() {
    int start = cursor.position();
    cursor.advance();
    cursor.expectName();
    cursor.expectName();
    cursor.expect(TokenKind.LEFT);
    Defined kind = cursor.is(TokenKind.KEYWORD) ? Defined.ofKeyword(cursor.text()) : null;
    if (kind == null) {
      throw cursor.unexpected();
    }
    checkImportOrder(start);
    bindId(space(kind));
  }

  private void checkImportOrder(int position) {
    if (firstDefined != null) {
      throw cursor.tokens().errorAt(position, "import after " + firstDefined.word());
    }
  }

  /** A definition, which is an import when an inline import follows its inline exports. */
  private void definition(int start, String keyword) {
    Defined kind = Defined.ofKeyword(keyword);
    if (kind == null) {
      throw new IllegalStateException("no index space for " + keyword);
    }
    bindId(space(kind));
    while (cursor.isLeft("export")) {
      cursor.skipParenthesized();
    }
    if (cursor.isLeft("import")) {
      checkImportOrder(start);
    } else if (firstDefined == null) {
      firstDefined = kind;
    }
    switch (kind) {
      case TABLE -> inlineSegment("elem", module.elements);
      case MEMORY -> inlineSegment("data", module.data);
      case FUNCTION, GLOBAL, TAG -> {}
    }
  }

  /**
   * Gives an index to the segment in {@code (table t (elem ...))} or {@code (memory (data ...))}.
   */
  private void inlineSegment(String keyword, IndexSpace segments) {
    while (!cursor.is(TokenKind.RIGHT)) {
      if (cursor.isLeft(keyword)) {
        segments.defineAnonymous();
      }
      if (cursor.is(TokenKind.LEFT)) {
        cursor.skipParenthesized();
      } else if (cursor.is(TokenKind.END) || cursor.is(TokenKind.ERROR)) {
        throw cursor.unexpected();
      } else {
        cursor.advance();
      }
    }
  }

  private IndexSpace space(Defined kind) {
    return switch (kind) {
      case FUNCTION -> module.functions;
      case TABLE -> module.tables;
      case MEMORY -> module.memories;
      case GLOBAL -> module.globals;
      case TAG -> module.tags;
    };
  }

  /** Reads all type definitions, now that their identifiers are known. */
  private void types() {
    TypeSpace types = module.types;
    TypeParser parser = new TypeParser(cursor, types);
    int index = 0;
    for (int start : typeFields) {
      cursor.moveTo(start + 1);
      if (cursor.acceptKeyword("type")) {
        cursor.acceptId();
        parser.definition(types.section(), index++, true);
      } else {
        cursor.expectKeyword("rec");
        ByteSink members = new ByteSink();
        int count = 0;
        boolean alone = isSingleton();
        for (; cursor.acceptLeft("type"); count++) {
          cursor.acceptId();
          parser.definition(members, index++, alone);
          cursor.expectRight();
        }
        if (count != 1) {
          types.section().add(0x4E);
          types.section().u32(count);
        }
        types.section().add(members);
      }
      cursor.expectRight();
      types.endGroup();
    }
  }

  /** Whether the recursion group whose members start here has exactly one. */
  private boolean isSingleton() {
    int start = cursor.position();
    if (!cursor.isLeft("type")) {
      return false;
    }
    cursor.skipParenthesized();
    boolean single = cursor.is(TokenKind.RIGHT);
    cursor.moveTo(start);
    return single;
  }
}
