package dev.troupe.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source cut into tokens: parallel arrays, immutable once the lexer has returned.
 *
 * <p>The last token is {@link TokenKind#END} or {@link TokenKind#ERROR}; nothing follows either.
 */
final class Tokens {
  private static final TokenKind[] KINDS = TokenKind.values();

  private final byte[] source;
  private final byte[] kinds;
  private final int[] starts;
  private final int[] ends;
  private final int count;
  private final @Nullable String error;
  private final List<Annotation> annotations;

  Tokens(
      byte[] source,
      byte[] kinds,
      int[] starts,
      int[] ends,
      int count,
      @Nullable String error,
      List<Annotation> annotations) {
    this.source = source;
    this.kinds = Arrays.copyOf(kinds, count);
    this.starts = Arrays.copyOf(starts, count);
    this.ends = Arrays.copyOf(ends, count);
    this.count = count;
    this.error = error;
    this.annotations = List.copyOf(annotations);
  }

  int count() {
    return count;
  }

  TokenKind kind(int index) {
    return KINDS[kinds[index]];
  }

  /** Offset of the token's first byte. */
  int start(int index) {
    return starts[index];
  }

  /** Offset behind the token's last byte. */
  int end(int index) {
    return ends[index];
  }

  byte[] source() {
    return source;
  }

  /** The token's characters, undecoded. */
  String text(int index) {
    return new String(source, starts[index], ends[index] - starts[index], StandardCharsets.UTF_8);
  }

  /** Whether the token is exactly these ASCII characters. */
  boolean is(int index, String characters) {
    int start = starts[index];
    if (ends[index] - start != characters.length()) {
      return false;
    }
    for (int i = 0; i < characters.length(); i++) {
      if (source[start + i] != characters.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Annotations whose names mean something to us, in source order. */
  List<Annotation> annotations() {
    return annotations;
  }

  /** The message of the trailing {@link TokenKind#ERROR} token. */
  String error() {
    if (error == null) {
      throw new IllegalStateException("the source has no lexical error");
    }
    return error;
  }

  /** An error at a token, with its line and column. */
  WatException errorAt(int index, String message) {
    return errorAtOffset(starts[index], message);
  }

  /** An error at a byte offset, with its line and column. */
  WatException errorAtOffset(int offset, String message) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset; i++) {
      if (endsLine(i)) {
        line++;
        lineStart = i + 1;
      }
    }
    int column = 1;
    for (int i = lineStart; i < offset; i++) {
      if ((source[i] & 0xC0) != 0x80) {
        column++;
      }
    }
    return new WatException(message, line, column);
  }

  /** Whether the byte ends a line: a line feed, or a carriage return without one behind it. */
  private boolean endsLine(int offset) {
    return source[offset] == '\n'
        || source[offset] == '\r' && !(offset + 1 < source.length && source[offset + 1] == '\n');
  }

  /** A counter of lines from the start of the source. */
  LineCounter lineCounter() {
    return new LineCounter();
  }

  /** Gives line numbers for tokens asked in ascending order, in one walk over the source. */
  final class LineCounter {
    private int line = 1;
    private int offset;

    /** The line, from 1, on which a token starts. */
    int lineOf(int index) {
      int target = starts[index];
      if (target < offset) {
        throw new IllegalStateException("lines are counted forwards");
      }
      for (; offset < target; offset++) {
        if (endsLine(offset)) {
          line++;
        }
      }
      return line;
    }
  }
}
