package dev.troupe.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** String literals (section 6.3.3): finding their end, checking them, decoding their escapes. */
final class StringLiterals {
  private StringLiterals() {}

  /**
   * Checks the literal whose opening quote is at {@code start}.
   *
   * <p>A literal that is the name of an identifier or an annotation must also decode to UTF-8; the
   * check for those is part of this one because the reader of the source meets it first.
   *
   * @return what is wrong, or null
   */
  static @Nullable String scan(byte[] source, int start) {
    boolean isName = start > 0 && (source[start - 1] == '$' || source[start - 1] == '@');
    for (int i = start + 1; i < source.length; ) {
      int c = source[i];
      if (c == '"') {
        if (isName && !Utf8.isValid(decode(source, start, i + 1))) {
          return "malformed UTF-8 encoding";
        }
        return null;
      }
      if (c == '\n' || c == '\r') {
        return "unclosed string";
      }
      if (c == '\\') {
        int length = escapeLength(source, i);
        if (length == 0) {
          return "illegal escape";
        }
        i += length;
      } else if (c >= 0 && (c < 0x20 || c == 0x7F)) {
        return "illegal control character in string";
      } else {
        int length = Utf8.lengthAt(source, i);
        if (length == 0) {
          return "malformed UTF-8 encoding";
        }
        i += length;
      }
    }
    return "unclosed string";
  }

  /** Offset behind the closing quote of a literal that {@link #scan} has accepted. */
  static int end(byte[] source, int start) {
    int i = start + 1;
    while (source[i] != '"') {
      i += source[i] == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  /**
   * The bytes that an accepted literal from {@code start} to {@code end} (with quotes) stands for.
   */
  static byte[] decode(byte[] source, int start, int end) {
    byte[] out = new byte[end - start - 2];
    int length = 0;
    for (int i = start + 1; i < end - 1; ) {
      if (source[i] != '\\') {
        out[length++] = source[i++];
        continue;
      }
      int escape = escapeLength(source, i);
      int c = source[i + 1];
      if (c == 'u') {
        byte[] encoded = Character.toString(codePoint(source, i)).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(encoded, 0, out, length, encoded.length);
        length += encoded.length;
      } else {
        out[length++] = (byte) simpleEscape(source, i);
      }
      i += escape;
    }
    return Arrays.copyOf(out, length);
  }

  /** A literal for a name. */
  static String quote(String name) {
    return quote(name.getBytes(StandardCharsets.UTF_8));
  }

  /** A literal, in ASCII, for any bytes. */
  static String quote(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length + 2).append('"');
    for (byte b : bytes) {
      if (b >= 0x20 && b < 0x7F && b != '"' && b != '\\') {
        out.append((char) b);
      } else {
        out.append('\\').append(Character.forDigit(b >> 4 & 0xF, 16));
        out.append(Character.forDigit(b & 0xF, 16));
      }
    }
    return out.append('"').toString();
  }

  private static int simpleEscape(byte[] source, int i) {
    int c = source[i + 1];
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case '"', '\'', '\\' -> c;
      default -> Character.digit(c, 16) << 4 | Character.digit(source[i + 2], 16);
    };
  }

  /** Length of the escape at a backslash, or 0 when there is no such escape. */
  private static int escapeLength(byte[] source, int i) {
    if (i + 1 >= source.length) {
      return 0;
    }
    int c = source[i + 1];
    if (c == 't' || c == 'n' || c == 'r' || c == '"' || c == '\'' || c == '\\') {
      return 2;
    }
    if (c == 'u') {
      int point = codePoint(source, i);
      if (point < 0) {
        return 0;
      }
      int close = i + 3;
      while (source[close] != '}') {
        close++;
      }
      return close + 1 - i;
    }
    boolean twoDigits =
        i + 2 < source.length && hexDigit(source[i + 1]) >= 0 && hexDigit(source[i + 2]) >= 0;
    return twoDigits ? 3 : 0;
  }

  /** The scalar value of <code>\&#117;{...}</code>, or -1. */
  private static int codePoint(byte[] source, int i) {
    if (i + 2 >= source.length || source[i + 2] != '{') {
      return -1;
    }
    int value = 0;
    int digits = 0;
    boolean underscore = false;
    for (int k = i + 3; k < source.length; k++) {
      int c = source[k];
      if (c == '}') {
        boolean surrogate = value >= 0xD800 && value < 0xE000;
        return digits == 0 || underscore || surrogate ? -1 : value;
      }
      if (c == '_') {
        if (underscore || digits == 0) {
          return -1;
        }
        underscore = true;
        continue;
      }
      int digit = hexDigit(c);
      if (digit < 0) {
        return -1;
      }
      underscore = false;
      digits++;
      value = value << 4 | digit;
      if (value > Character.MAX_CODE_POINT) {
        return -1;
      }
    }
    return -1;
  }

  private static int hexDigit(int c) {
    return c < 0 ? -1 : Character.digit(c, 16);
  }
}
