package dev.troupe.engine.text;

import dev.troupe.engine.text.TypeSpace.Signature;
import org.jspecify.annotations.Nullable;

/** Types (section 6.4): each method reads one kind of type and writes its binary form. */
final class TypeParser {
  /**
   * A use of a function type (section 6.6.3).
   *
   * @param explicitIndex the unsigned index given by {@code (type x)}, or -1
   * @param inline parameters and results that were written out
   */
  record TypeUse(long explicitIndex, Signature inline) {}

  private final TokenCursor cursor;
  private final TypeSpace types;

  TypeParser(TokenCursor cursor, TypeSpace types) {
    this.cursor = cursor;
    this.types = types;
  }

  /** A value type. */
  void valueType(ByteSink out) {
    if (cursor.is(TokenKind.KEYWORD)) {
      int code = Keywords.valueType(cursor.text());
      if (code < 0) {
        throw cursor.unexpected();
      }
      cursor.advance();
      out.add(code);
    } else {
      referenceType(out);
    }
  }

  /** Whether a reference type is here. */
  boolean isReferenceType() {
    if (cursor.is(TokenKind.KEYWORD)) {
      int code = Keywords.valueType(cursor.text());
      return code >= 0 && code < 0x77;
    }
    return cursor.isLeft("ref");
  }

  /** A reference type. */
  void referenceType(ByteSink out) {
    if (cursor.is(TokenKind.KEYWORD)) {
      if (!isReferenceType()) {
        throw cursor.unexpected();
      }
      valueType(out);
      return;
    }
    cursor.expectLeft("ref");
    boolean nullable = cursor.acceptKeyword("null");
    boolean shorthand = nullable && cursor.is(TokenKind.KEYWORD);
    if (!shorthand) {
      out.add(nullable ? 0x63 : 0x64);
    }
    heapType(out);
    cursor.expectRight();
  }

  /** A heap type: a keyword or a type index. */
  void heapType(ByteSink out) {
    if (cursor.is(TokenKind.KEYWORD)) {
      int code = Keywords.heapType(cursor.text());
      if (code < 0) {
        throw cursor.unexpected();
      }
      cursor.advance();
      out.add(code);
    } else {
      out.s64(types.ids().use(cursor) & 0xFFFF_FFFFL);
    }
  }

  /** {@code (mut t)} or {@code t}. */
  void globalType(ByteSink out) {
    boolean mutable = cursor.acceptLeft("mut");
    valueType(out);
    if (mutable) {
      cursor.expectRight();
    }
    out.add(mutable ? 1 : 0);
  }

  /**
   * A memory type: index type, limits, sharing, page size.
   *
   * @return whether addresses are 64 bits wide
   */
  boolean memoryType(ByteSink out) {
    boolean wide = indexType();
    long minimum = cursor.expectMemorySize();
    boolean hasMaximum = cursor.is(TokenKind.NATURAL);
    long maximum = hasMaximum ? cursor.expectMemorySize() : 0;
    boolean shared = cursor.acceptKeyword("shared");
    int pageSizeLog2 = pageSize();
    int flags = (hasMaximum ? 1 : 0) | (shared ? 2 : 0) | (wide ? 4 : 0);
    out.add(pageSizeLog2 < 0 ? flags : flags | 8);
    out.u64(minimum);
    if (hasMaximum) {
      out.u64(maximum);
    }
    if (pageSizeLog2 >= 0) {
      out.u32(pageSizeLog2);
    }
    return wide;
  }

  /** {@code (pagesize n)} as a base-2 logarithm, or -1. */
  int pageSize() {
    if (!cursor.acceptLeft("pagesize")) {
      return -1;
    }
    int size = cursor.expectU32();
    if (Integer.bitCount(size) != 1) {
      throw cursor.error("invalid custom page size");
    }
    cursor.expectRight();
    return Integer.numberOfTrailingZeros(size);
  }

  /** A table type; the element type is written before the limits. */
  void tableType(ByteSink out) {
    boolean wide = indexType();
    long minimum = cursor.expectNatural(64);
    boolean hasMaximum = cursor.is(TokenKind.NATURAL);
    long maximum = hasMaximum ? cursor.expectNatural(64) : 0;
    boolean shared = cursor.acceptKeyword("shared");
    referenceType(out);
    out.add((hasMaximum ? 1 : 0) | (shared ? 2 : 0) | (wide ? 4 : 0));
    out.u64(minimum);
    if (hasMaximum) {
      out.u64(maximum);
    }
  }

  /** An optional {@code i32} or {@code i64}; true for the latter. */
  boolean indexType() {
    return !cursor.acceptKeyword("i32") && cursor.acceptKeyword("i64");
  }

  /**
   * Parameters and results, any number of each, in that order.
   *
   * @param locals takes the identifiers of parameters; when null there must be none
   */
  Signature signature(@Nullable IndexSpace locals) {
    ByteSink parameters = new ByteSink();
    int parameterCount = 0;
    while (cursor.acceptLeft("param")) {
      parameterCount += declarations(parameters, locals);
    }
    ByteSink results = new ByteSink();
    int resultCount = 0;
    while (cursor.acceptLeft("result")) {
      for (; !cursor.accept(TokenKind.RIGHT); resultCount++) {
        valueType(results);
      }
    }
    ByteSink encoded = new ByteSink();
    encoded.u32(parameterCount);
    encoded.add(parameters);
    encoded.u32(resultCount);
    encoded.add(results);
    return new Signature(encoded.key(0), parameterCount);
  }

  /** The inside of {@code (param ...)}: one named type or any number of types. */
  private int declarations(ByteSink out, @Nullable IndexSpace names) {
    if (names != null && cursor.is(TokenKind.ID)) {
      names.define(cursor);
      valueType(out);
      cursor.expectRight();
      return 1;
    }
    int count = 0;
    for (; !cursor.accept(TokenKind.RIGHT); count++) {
      if (names != null) {
        names.defineUnidentified(cursor);
      }
      valueType(out);
    }
    return count;
  }

  /**
   * A type use: {@code (type x)}, parameters and results, all optional.
   *
   * @param locals takes the parameters, named or not; when null, parameters have no names
   */
  TypeUse typeUse(@Nullable IndexSpace locals) {
    long explicitIndex = -1;
    int position = cursor.position();
    if (cursor.acceptLeft("type")) {
      explicitIndex = types.ids().use(cursor) & 0xFFFF_FFFFL;
      cursor.expectRight();
    }
    Signature inline = signature(locals);
    if (explicitIndex >= 0) {
      Signature declared = types.signature((int) explicitIndex);
      if (!inline.isEmpty() && !inline.equals(declared)) {
        if (cursor.isLeft("param")) {
          // The grammar comes first: parameters behind results.
          cursor.advance();
          throw cursor.unexpected();
        }
        String message =
            explicitIndex >= types.ids().size() ? "unknown type" : "inline function type";
        throw cursor.tokens().errorAt(position, message);
      }
      if (inline.isEmpty() && locals != null && declared != null) {
        for (int i = 0; i < declared.parameterCount(); i++) {
          locals.defineAnonymous();
        }
      }
    }
    return new TypeUse(explicitIndex, inline);
  }

  /** A type use as the index of its type, which is added when it is new. */
  int typeUseIndex(@Nullable IndexSpace locals) {
    TypeUse use = typeUse(locals);
    return use.explicitIndex() >= 0 ? (int) use.explicitIndex() : types.inline(use.inline());
  }

  /** A block type: nothing, one result, or the index of a function type. */
  void blockType(ByteSink out) {
    TypeUse use = typeUse(null);
    String encoded = use.inline().encoded();
    if (use.explicitIndex() >= 0) {
      out.s64(use.explicitIndex());
    } else if (use.inline().isEmpty()) {
      out.add(0x40);
    } else if (encoded.startsWith("\0\1")) {
      for (int i = 2; i < encoded.length(); i++) {
        out.add(encoded.charAt(i));
      }
    } else {
      out.s64(types.inline(use.inline()) & 0xFFFF_FFFFL);
    }
  }

  /** {@code (type $id? subtype)} behind its keyword and identifier. */
  void definition(ByteSink out, int index, boolean alone) {
    if (!cursor.acceptLeft("sub")) {
      Signature signature = compositeType(out, index);
      types.defined(signature);
      if (alone && signature != null) {
        types.reusable(signature);
      }
      return;
    }
    boolean isFinal = cursor.acceptKeyword("final");
    ByteSink supertypes = new ByteSink();
    int count = 0;
    for (; IndexSpace.isIndex(cursor); count++) {
      supertypes.u32(types.ids().use(cursor));
    }
    boolean shorthand = isFinal && count == 0;
    if (!shorthand) {
      out.add(isFinal ? 0x4F : 0x50);
      out.u32(count);
      out.add(supertypes);
    }
    Signature signature = compositeType(out, index);
    types.defined(signature);
    if (alone && shorthand && signature != null) {
      types.reusable(signature);
    }
    cursor.expectRight();
  }

  private @Nullable Signature compositeType(ByteSink out, int index) {
    cursor.expect(TokenKind.LEFT);
    Signature signature = null;
    if (cursor.acceptKeyword("func")) {
      signature = signature(new IndexSpace("local"));
      out.add(0x60);
      for (int i = 0; i < signature.encoded().length(); i++) {
        out.add(signature.encoded().charAt(i));
      }
    } else if (cursor.acceptKeyword("struct")) {
      structType(out, index);
    } else if (cursor.acceptKeyword("array")) {
      out.add(0x5E);
      fieldType(out);
    } else {
      throw cursor.unexpected();
    }
    cursor.expectRight();
    return signature;
  }

  private void structType(ByteSink out, int index) {
    IndexSpace names = new IndexSpace("field");
    types.fields().put(index, names);
    ByteSink fields = new ByteSink();
    while (cursor.acceptLeft("field")) {
      if (cursor.is(TokenKind.ID)) {
        names.define(cursor);
        fieldType(fields);
        cursor.expectRight();
      } else {
        while (!cursor.accept(TokenKind.RIGHT)) {
          names.defineUnidentified(cursor);
          fieldType(fields);
        }
      }
    }
    out.add(0x5F);
    out.u32(names.size());
    out.add(fields);
  }

  private void fieldType(ByteSink out) {
    boolean mutable = cursor.acceptLeft("mut");
    if (cursor.acceptKeyword("i8")) {
      out.add(0x78);
    } else if (cursor.acceptKeyword("i16")) {
      out.add(0x77);
    } else {
      valueType(out);
    }
    if (mutable) {
      cursor.expectRight();
    }
    out.add(mutable ? 1 : 0);
  }
}
