package dev.troupe.engine.text;

import dev.troupe.engine.wasm.BranchHints;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a source into tokens (sections 6.2 and 6.3): white space, nested comments, annotations,
 * strings, identifiers, numbers, keywords.
 *
 * <p>Never throws: the first error becomes a token and ends the scan.
 */
final class Lexer {
  /** Annotations handed to the parser; all others are skipped. */
  private static final Set<String> KNOWN_ANNOTATIONS =
      Set.of("custom", "name", BranchHints.SECTION);

  private static final boolean[] ID_CHARACTER = new boolean[128];
  private static final boolean[] RESERVED_CHARACTER = new boolean[128];

  static {
    for (char c = '!'; c <= '~'; c++) {
      ID_CHARACTER[c] = "\"(),;[]{}".indexOf(c) < 0;
      RESERVED_CHARACTER[c] = ID_CHARACTER[c] || ",;[]{}".indexOf(c) >= 0;
    }
  }

  private final byte[] source;
  private final List<Annotation> annotations = new ArrayList<>();
  private byte[] kinds;
  private int[] starts;
  private int[] ends;
  private int count;
  private int position;
  private @Nullable String error;

  private Lexer(byte[] source) {
    this.source = source;
    int guess = Math.max(16, source.length / 6);
    this.kinds = new byte[guess];
    this.starts = new int[guess];
    this.ends = new int[guess];
  }

  /** Whether an ASCII character may be part of an identifier. */
  static boolean isIdCharacter(int c) {
    return ID_CHARACTER[c];
  }

  /** Scans a whole source; {@code source} must not change afterwards. */
  static Tokens scan(byte[] source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return new Tokens(
        source, lexer.kinds, lexer.starts, lexer.ends, lexer.count, lexer.error, lexer.annotations);
  }

  private void run() {
    while (error == null && skipBlank()) {
      int c = source[position];
      if (c == '(') {
        if (at(position + 1) == '@') {
          annotation();
        } else {
          add(TokenKind.LEFT, position, position + 1);
        }
      } else if (c == ')') {
        add(TokenKind.RIGHT, position, position + 1);
      } else {
        atom();
      }
    }
    if (error == null) {
      add(TokenKind.END, source.length, source.length);
    }
  }

  /** Moves to the next token; false at the end of the source or after an error. */
  private boolean skipBlank() {
    while (position < source.length) {
      int c = source[position];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        position++;
      } else if (c == ';' && at(position + 1) == ';') {
        skipLineComment();
      } else if (c == '(' && at(position + 1) == ';') {
        if (!skipBlockComment()) {
          return false;
        }
      } else {
        return true;
      }
      if (error != null) {
        return false;
      }
    }
    return false;
  }

  private void skipLineComment() {
    while (position < source.length && source[position] != '\n' && source[position] != '\r') {
      if (!skipCharacter()) {
        return;
      }
    }
  }

  private boolean skipBlockComment() {
    int start = position;
    int depth = 1;
    position += 2;
    while (depth > 0) {
      if (position >= source.length) {
        return fail(start, "unclosed comment");
      }
      int c = source[position];
      if (c == '(' && at(position + 1) == ';') {
        depth++;
        position += 2;
      } else if (c == ';' && at(position + 1) == ')') {
        depth--;
        position += 2;
      } else if (!skipCharacter()) {
        return false;
      }
    }
    return true;
  }

  /** Skips one Unicode scalar value. */
  private boolean skipCharacter() {
    int length = Utf8.lengthAt(source, position);
    if (length == 0) {
      return fail(position, "malformed UTF-8 encoding");
    }
    position += length;
    return true;
  }

  /** A run of identifier characters, strings and reserved punctuation: one token. */
  private void atom() {
    int start = position;
    if (!skipAtom()) {
      return;
    }
    TokenKind kind = classify(start, position);
    if (kind == TokenKind.ERROR) {
      fail(start, "empty identifier");
    } else {
      add(kind, start, position);
    }
  }

  /** Skips an atom; false after an error. */
  private boolean skipAtom() {
    int start = position;
    while (position < source.length) {
      int c = source[position];
      if (c == '"') {
        String problem = StringLiterals.scan(source, position);
        if (problem != null) {
          // `$"` with a broken string behind it is an identifier without a name, except for bad
          // UTF-8.
          boolean identifier = position == start + 1 && source[start] == '$';
          boolean encoding = problem.startsWith("malformed");
          return fail(start, identifier && !encoding ? "empty identifier" : problem);
        }
        position = StringLiterals.end(source, position);
      } else if (c >= 0 && RESERVED_CHARACTER[c] && !(c == ';' && at(position + 1) == ';')) {
        position++;
      } else {
        break;
      }
    }
    if (position == start) {
      int length = Utf8.lengthAt(source, position);
      return fail(start, length == 0 ? "malformed UTF-8 encoding" : "illegal character");
    }
    return true;
  }

  private TokenKind classify(int start, int end) {
    int first = source[start];
    if (first == '"') {
      return StringLiterals.end(source, start) == end ? TokenKind.STRING : TokenKind.RESERVED;
    }
    if (first == '$') {
      if (end == start + 1) {
        return TokenKind.ERROR;
      }
      if (source[start + 1] == '"') {
        return classifyQuotedId(start, end);
      }
    }
    for (int i = start; i < end; i++) {
      if (source[i] < 0 || !ID_CHARACTER[source[i]]) {
        return TokenKind.RESERVED;
      }
    }
    if (first == '$') {
      return TokenKind.ID;
    }
    TokenKind number = NumberSyntax.classify(source, start, end);
    if (number != null) {
      return number;
    }
    return first >= 'a' && first <= 'z' ? TokenKind.KEYWORD : TokenKind.RESERVED;
  }

  private TokenKind classifyQuotedId(int start, int end) {
    if (StringLiterals.end(source, start + 1) != end) {
      return TokenKind.RESERVED;
    }
    return end == start + 3 ? TokenKind.ERROR : TokenKind.ID;
  }

  /** {@code (@id ...)}: any tokens with balanced parentheses. */
  private void annotation() {
    int start = position;
    position += 2;
    String id = annotationId(start);
    if (id == null) {
      return;
    }
    int bodyStart = position;
    int depth = 1;
    while (depth > 0) {
      if (!skipBlank()) {
        if (error == null) {
          fail(start, "unclosed annotation");
        }
        return;
      }
      int c = source[position];
      if (c == '(') {
        depth++;
        position++;
      } else if (c == ')') {
        depth--;
        position++;
      } else if (!skipAtom()) {
        return;
      }
    }
    if (KNOWN_ANNOTATIONS.contains(id)) {
      annotations.add(new Annotation(id, count, start, bodyStart, position));
    }
  }

  private @Nullable String annotationId(int start) {
    int idStart = position;
    if (at(idStart) == '"') {
      String problem = StringLiterals.scan(source, idStart);
      if (problem != null) {
        fail(start, problem.startsWith("malformed") ? problem : "empty annotation id");
        return null;
      }
      position = StringLiterals.end(source, idStart);
      if (position == idStart + 2) {
        fail(start, "empty annotation id");
        return null;
      }
      return new String(StringLiterals.decode(source, idStart, position), StandardCharsets.UTF_8);
    }
    while (position < source.length && source[position] >= 0 && ID_CHARACTER[source[position]]) {
      position++;
    }
    if (position == idStart) {
      fail(start, "empty annotation id");
      return null;
    }
    return new String(source, idStart, position - idStart, StandardCharsets.US_ASCII);
  }

  private int at(int index) {
    return index < source.length ? source[index] : -1;
  }

  private boolean fail(int offset, String message) {
    error = message;
    add(TokenKind.ERROR, offset, Math.min(source.length, offset + 1));
    return false;
  }

  private void add(TokenKind kind, int start, int end) {
    if (count == kinds.length) {
      int capacity = count * 2;
      kinds = Arrays.copyOf(kinds, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    kinds[count] = (byte) kind.ordinal();
    starts[count] = start;
    ends[count] = end;
    count++;
    position = end;
  }
}
