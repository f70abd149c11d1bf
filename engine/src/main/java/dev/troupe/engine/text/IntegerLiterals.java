package dev.troupe.engine.text;

/**
 * Values of integer literals (section 6.3.1). The argument is always text that the lexer accepted.
 */
final class IntegerLiterals {
  private IntegerLiterals() {}

  /**
   * An integer's two's complement bits; meaningless unless {@code inRange}.
   *
   * @param bits the value, sign-extended when the literal was negative
   * @param inRange whether the value fits the width
   */
  record Result(long bits, boolean inRange) {}

  /**
   * The value of an integer literal, signed or unsigned, in so many bits.
   *
   * @param text with optional sign, {@code 0x} and underscores
   * @param bits width from 8 to 64; accepted are -2^(bits-1) to 2^bits-1
   */
  static Result parse(String text, int bits) {
    int position = 0;
    boolean negative = text.charAt(0) == '-';
    if (negative || text.charAt(0) == '+') {
      position = 1;
    }
    int radix = text.startsWith("0x", position) ? 16 : 10;
    if (radix == 16) {
      position += 2;
    }
    long limit = bits == 64 ? -1L : (1L << bits) - 1;
    long magnitude = 0;
    for (; position < text.length(); position++) {
      char c = text.charAt(position);
      if (c == '_') {
        continue;
      }
      int digit = Character.digit(c, radix);
      // magnitude * radix + digit must not exceed limit, all unsigned.
      if (Long.compareUnsigned(magnitude, Long.divideUnsigned(limit - digit, radix)) > 0) {
        return new Result(0, false);
      }
      magnitude = magnitude * radix + digit;
    }
    if (negative) {
      long lowest = 1L << (bits - 1);
      return new Result(-magnitude, Long.compareUnsigned(magnitude, lowest) <= 0);
    }
    return new Result(magnitude, true);
  }
}
