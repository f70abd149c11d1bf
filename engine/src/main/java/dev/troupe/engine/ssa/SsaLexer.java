package dev.troupe.engine.ssa;

/**
 * Splits the text of functions into words, punctuation and strings, with one token of look-ahead.
 */
final class SsaLexer {
  private final String text;
  private int position;
  private int line = 1;
  private String token = "";

  SsaLexer(String text) {
    this.text = text;
    advance();
  }

  /** The token in front; empty at the end of the text. */
  String peek() {
    return token;
  }

  /** Line of the token in front, from 1. */
  int line() {
    return line;
  }

  boolean atEnd() {
    return token.isEmpty();
  }

  SsaSyntaxException error(String message) {
    return new SsaSyntaxException(line, message + " at '" + token + "'");
  }

  String next() {
    String result = token;
    if (result.isEmpty()) {
      throw error("unexpected end");
    }
    advance();
    return result;
  }

  boolean accept(String expected) {
    if (!token.equals(expected)) {
      return false;
    }
    advance();
    return true;
  }

  void expect(String expected) {
    if (!accept(expected)) {
      throw error("expected '" + expected + "'");
    }
  }

  /** A decimal number. */
  long number() {
    try {
      return Long.parseLong(next());
    } catch (NumberFormatException e) {
      throw error("expected a number before");
    }
  }

  /** A number behind {@code prefix}, such as the 3 of v3. */
  int numbered(String prefix) {
    String word = next();
    try {
      if (word.startsWith(prefix)) {
        return Integer.parseInt(word, prefix.length(), word.length(), 10);
      }
    } catch (NumberFormatException e) {
      // Falls through to the common message.
    }
    throw error("expected " + prefix + " and a number before");
  }

  /** Whether the token in front is {@code prefix} and a number. */
  boolean isNumbered(String prefix) {
    return token.length() > prefix.length()
        && token.startsWith(prefix)
        && token.chars().skip(prefix.length()).allMatch(c -> c >= '0' && c <= '9');
  }

  /** A quoted string with escapes of four hexadecimal digits. */
  String string() {
    String word = next();
    if (!word.startsWith("\"")) {
      throw error("expected a string before");
    }
    StringBuilder out = new StringBuilder();
    for (int i = 1; i < word.length() - 1; i++) {
      if (word.charAt(i) == '\\') {
        out.append((char) Integer.parseInt(word, i + 1, i + 5, 16));
        i += 4;
      } else {
        out.append(word.charAt(i));
      }
    }
    return out.toString();
  }

  private void advance() {
    skipSpace();
    int start = position;
    if (position == text.length()) {
      token = "";
      return;
    }
    char first = text.charAt(position++);
    if (first == '"') {
      while (position < text.length() && text.charAt(position) != '"') {
        position++;
      }
      position = Math.min(position + 1, text.length());
    } else if (first == '-' && position < text.length() && text.charAt(position) == '>') {
      position++;
    } else if (isWord(first)) {
      while (position < text.length() && isWord(text.charAt(position))) {
        position++;
      }
    }
    token = text.substring(start, position);
  }

  private void skipSpace() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '\n') {
        line++;
      } else if (c == ';') {
        // A comment reaches to the end of the line.
        while (position + 1 < text.length() && text.charAt(position + 1) != '\n') {
          position++;
        }
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
      position++;
    }
  }

  private static boolean isWord(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '.'
        || c == '-';
  }
}
