package dev.troupe.engine.text;

import org.jspecify.annotations.Nullable;

/** The grammar of numbers (sections 6.3.1 and 6.3.2): which class a word belongs to, if any. */
final class NumberSyntax {
  private final byte[] source;
  private final int end;
  private int position;

  private NumberSyntax(byte[] source, int start, int end) {
    this.source = source;
    this.position = start;
    this.end = end;
  }

  /**
   * The class of the number from {@code start} to {@code end}: {@link TokenKind#NATURAL}, {@link
   * TokenKind#INTEGER} or {@link TokenKind#FLOAT}; null when it is no number.
   */
  static @Nullable TokenKind classify(byte[] source, int start, int end) {
    NumberSyntax syntax = new NumberSyntax(source, start, end);
    boolean signed = syntax.skipSign();
    if (syntax.isWordAt("inf") || syntax.isWordAt("nan")) {
      return TokenKind.FLOAT;
    }
    if (syntax.startsWith("nan:0x")) {
      syntax.position += 6;
      return syntax.skipDigits(16) && syntax.atEnd() ? TokenKind.FLOAT : null;
    }
    int radix = 10;
    if (syntax.startsWith("0x")) {
      syntax.position += 2;
      radix = 16;
    }
    if (!syntax.skipDigits(radix)) {
      return null;
    }
    if (syntax.atEnd()) {
      return signed ? TokenKind.INTEGER : TokenKind.NATURAL;
    }
    return syntax.skipFraction(radix) && syntax.skipExponent(radix) && syntax.atEnd()
        ? TokenKind.FLOAT
        : null;
  }

  private boolean skipFraction(int radix) {
    if (current() == '.') {
      position++;
      return !isDigit(radix) || skipDigits(radix);
    }
    return true;
  }

  private boolean skipExponent(int radix) {
    int c = current();
    boolean marked = radix == 16 ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
    if (marked) {
      position++;
      skipSign();
      return skipDigits(10);
    }
    return true;
  }

  /** Skips digits with single underscores between them; false when there is no such run. */
  private boolean skipDigits(int radix) {
    if (!isDigit(radix)) {
      return false;
    }
    while (isDigit(radix)) {
      position++;
      if (current() == '_') {
        position++;
        if (!isDigit(radix)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean skipSign() {
    if (current() == '+' || current() == '-') {
      position++;
      return true;
    }
    return false;
  }

  private boolean isDigit(int radix) {
    int c = current();
    return c >= 0 && Character.digit(c, radix) >= 0;
  }

  private boolean isWordAt(String word) {
    return end - position == word.length() && startsWith(word);
  }

  private boolean startsWith(String word) {
    if (end - position < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (source[position + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean atEnd() {
    return position == end;
  }

  private int current() {
    return position < end ? source[position] : -1;
  }
}
