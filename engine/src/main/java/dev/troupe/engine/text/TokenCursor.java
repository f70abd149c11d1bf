package dev.troupe.engine.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A position in a token array with the small steps that all parsers here are made of. */
final class TokenCursor {
  private static final int QUOTED_CHARACTERS_MAX = 60;

  private final Tokens tokens;
  private int position;

  TokenCursor(Tokens tokens, int position) {
    this.tokens = tokens;
    this.position = position;
  }

  Tokens tokens() {
    return tokens;
  }

  int position() {
    return position;
  }

  void moveTo(int newPosition) {
    position = newPosition;
  }

  void advance() {
    position++;
  }

  TokenKind kind() {
    return tokens.kind(position);
  }

  /**
   * The kind of the next token but one; the end of the source has no successor and stands for it.
   */
  TokenKind kindAfter() {
    return tokens.kind(Math.min(position + 1, tokens.count() - 1));
  }

  String text() {
    return tokens.text(position);
  }

  boolean is(TokenKind kind) {
    return kind() == kind;
  }

  boolean isKeyword(String keyword) {
    return is(TokenKind.KEYWORD) && tokens.is(position, keyword);
  }

  /** Whether the next tokens are a left parenthesis and this keyword. */
  boolean isLeft(String keyword) {
    return is(TokenKind.LEFT)
        && kindAfter() == TokenKind.KEYWORD
        && tokens.is(position + 1, keyword);
  }

  boolean accept(TokenKind kind) {
    if (is(kind)) {
      position++;
      return true;
    }
    return false;
  }

  boolean acceptKeyword(String keyword) {
    if (isKeyword(keyword)) {
      position++;
      return true;
    }
    return false;
  }

  /** Steps over a left parenthesis with this keyword, if they are next. */
  boolean acceptLeft(String keyword) {
    if (isLeft(keyword)) {
      position += 2;
      return true;
    }
    return false;
  }

  void expect(TokenKind kind) {
    if (!accept(kind)) {
      throw unexpected();
    }
  }

  void expectKeyword(String keyword) {
    if (!acceptKeyword(keyword)) {
      throw unexpected();
    }
  }

  void expectLeft(String keyword) {
    expect(TokenKind.LEFT);
    expectKeyword(keyword);
  }

  void expectRight() {
    expect(TokenKind.RIGHT);
  }

  /** The keyword here, stepping over it. */
  String expectKeyword() {
    if (!is(TokenKind.KEYWORD)) {
      throw unexpected();
    }
    String keyword = text();
    position++;
    return keyword;
  }

  /** The identifier here without its dollar sign, or null when something else is here. */
  @Nullable String acceptId() {
    if (!is(TokenKind.ID)) {
      return null;
    }
    String id = id(position);
    position++;
    return id;
  }

  private String id(int index) {
    int start = tokens.start(index) + 1;
    if (tokens.source()[start] == '"') {
      byte[] name = StringLiterals.decode(tokens.source(), start, tokens.end(index));
      return new String(name, StandardCharsets.UTF_8);
    }
    return new String(tokens.source(), start, tokens.end(index) - start, StandardCharsets.US_ASCII);
  }

  /** The bytes of the string here. */
  byte[] expectString() {
    if (!is(TokenKind.STRING)) {
      throw unexpected();
    }
    byte[] bytes =
        StringLiterals.decode(tokens.source(), tokens.start(position), tokens.end(position));
    position++;
    return bytes;
  }

  /** The string here, which must be UTF-8. */
  String expectName() {
    int start = position;
    byte[] bytes = expectString();
    if (!Utf8.isValid(bytes)) {
      throw tokens.errorAt(start, "malformed UTF-8 encoding");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** All strings from here on, joined. */
  byte[] strings() {
    ByteSink sink = new ByteSink();
    while (is(TokenKind.STRING)) {
      sink.add(expectString());
    }
    return sink.toByteArray();
  }

  /** An unsigned integer of so many bits. */
  long expectNatural(int bits) {
    return expectNatural(bits, "constant out of range");
  }

  /** The size of a memory, which has 64 bits whatever its indexes have. */
  long expectMemorySize() {
    return expectNatural(Long.SIZE, "i64 constant out of range");
  }

  private long expectNatural(int bits, String outOfRange) {
    if (!is(TokenKind.NATURAL)) {
      throw unexpected();
    }
    return integer(bits, outOfRange);
  }

  /** An unsigned 32-bit integer. */
  int expectU32() {
    return (int) expectNatural(32);
  }

  /** An integer of so many bits, signed or unsigned. */
  long expectInteger(int bits) {
    if (!is(TokenKind.NATURAL) && !is(TokenKind.INTEGER)) {
      throw unexpected();
    }
    return integer(bits, "constant out of range");
  }

  /** The integer here, already known to be one. */
  long integer(int bits, String outOfRange) {
    IntegerLiterals.Result result = IntegerLiterals.parse(text(), bits);
    if (!result.inRange()) {
      throw error(outOfRange + " " + quoted());
    }
    position++;
    return result.bits();
  }

  /** The bit pattern of the floating-point (or integer) literal here. */
  long expectFloat(FloatLiterals.Format format) {
    if (!is(TokenKind.NATURAL) && !is(TokenKind.INTEGER) && !is(TokenKind.FLOAT)) {
      throw unexpected();
    }
    Long bits = FloatLiterals.parse(text(), format);
    if (bits == null) {
      throw error("constant out of range " + quoted());
    }
    position++;
    return bits;
  }

  /** From a left parenthesis to behind its right one, whatever is between. */
  void skipParenthesized() {
    int depth = 0;
    do {
      switch (kind()) {
        case LEFT -> depth++;
        case RIGHT -> depth--;
        case END, ERROR -> throw unexpected();
        case ID, STRING, NATURAL, INTEGER, FLOAT, KEYWORD, RESERVED -> {}
      }
      position++;
    } while (depth > 0);
  }

  /** The error that the token here is not what the grammar allows. */
  WatException unexpected() {
    return switch (kind()) {
      case ERROR -> error(tokens.error());
      case RESERVED -> error("unknown operator " + quoted());
      case KEYWORD ->
          error((Keywords.isKnown(text()) ? "unexpected token " : "unknown operator ") + quoted());
      case END -> error("unexpected token: end of text");
      case LEFT, RIGHT, ID, STRING, NATURAL, INTEGER, FLOAT ->
          error("unexpected token " + quoted());
    };
  }

  /** An error at the token here. */
  WatException error(String message) {
    return tokens.errorAt(position, message);
  }

  /** The token here for a message, cut when it is long. */
  String quoted() {
    String text = text();
    return text.length() <= QUOTED_CHARACTERS_MAX
        ? text
        : text.substring(0, QUOTED_CHARACTERS_MAX) + "...";
  }
}
