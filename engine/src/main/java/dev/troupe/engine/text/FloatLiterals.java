package dev.troupe.engine.text;

import org.jspecify.annotations.Nullable;

/**
 * Values of floating-point literals (section 6.3.2), rounded once, to nearest, ties to even.
 *
 * <p>Decimal literals go through the JDK, whose {@code parseFloat} and {@code parseDouble} round
 * correctly since JDK 8. Hexadecimal ones are rounded here from the exact significand, directly to
 * the target's precision: going through a wider format would round twice.
 */
final class FloatLiterals {
  /** An IEEE 754 binary interchange format. */
  enum Format {
    /** Single precision. */
    F32(23, 8),
    /** Double precision. */
    F64(52, 11);

    final int fractionBits;
    final int exponentBits;

    Format(int fractionBits, int exponentBits) {
      this.fractionBits = fractionBits;
      this.exponentBits = exponentBits;
    }

    int bias() {
      return (1 << (exponentBits - 1)) - 1;
    }

    long exponentMask() {
      return ((1L << exponentBits) - 1) << fractionBits;
    }

    long quietBit() {
      return 1L << (fractionBits - 1);
    }
  }

  /** Above any exponent that matters; keeps sums of hostile exponents far from overflow. */
  private static final long EXPONENT_CLAMP = 1L << 40;

  private FloatLiterals() {}

  /**
   * The bit pattern of a literal, or null when its magnitude is out of range.
   *
   * @param text a literal accepted by the lexer: a float or an integer
   */
  static @Nullable Long parse(String text, Format format) {
    int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    Long magnitude = magnitude(text.substring(start), format);
    if (magnitude == null) {
      return null;
    }
    long sign = text.charAt(0) == '-' ? 1L << (format.fractionBits + format.exponentBits) : 0;
    return sign | magnitude;
  }

  private static @Nullable Long magnitude(String text, Format format) {
    if (text.equals("inf")) {
      return format.exponentMask();
    }
    if (text.equals("nan")) {
      return format.exponentMask() | format.quietBit();
    }
    if (text.startsWith("nan:0x")) {
      IntegerLiterals.Result payload = IntegerLiterals.parse(text.substring(4), 64);
      boolean valid =
          payload.inRange()
              && payload.bits() != 0
              && Long.compareUnsigned(payload.bits(), 1L << format.fractionBits) < 0;
      return valid ? Long.valueOf(format.exponentMask() | payload.bits()) : null;
    }
    long bits = text.startsWith("0x") ? hexadecimal(text, format) : decimal(text, format);
    return bits >= format.exponentMask() ? null : Long.valueOf(bits);
  }

  private static long decimal(String text, Format format) {
    String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
    return switch (format) {
      case F32 -> Float.floatToRawIntBits(Float.parseFloat(plain));
      case F64 -> Double.doubleToRawLongBits(Double.parseDouble(plain));
    };
  }

  /** Digits become a 62-bit significand, a sticky bit and a binary exponent; then one rounding. */
  private static long hexadecimal(String text, Format format) {
    long significand = 0;
    boolean sticky = false;
    long exponent = 0;
    boolean fraction = false;
    int position = 2;
    for (; position < text.length(); position++) {
      char c = text.charAt(position);
      if (c == 'p' || c == 'P') {
        break;
      }
      if (c == '.') {
        fraction = true;
      } else if (c != '_') {
        int digit = Character.digit(c, 16);
        if (significand >>> 58 == 0) {
          significand = significand << 4 | digit;
          exponent -= fraction ? 4 : 0;
        } else {
          sticky |= digit != 0;
          exponent += fraction ? 0 : 4;
        }
      }
    }
    if (position < text.length()) {
      exponent += exponent(text, position + 1);
    }
    return round(significand, sticky, exponent, format);
  }

  private static long exponent(String text, int start) {
    boolean negative = text.charAt(start) == '-';
    long value = 0;
    for (int i = start; i < text.length(); i++) {
      int digit = Character.digit(text.charAt(i), 10);
      if (digit >= 0) {
        value = Math.min(value * 10 + digit, EXPONENT_CLAMP);
      }
    }
    return negative ? -value : value;
  }

  /**
   * Rounds {@code significand * 2^exponent} (plus something below it when sticky) to the format.
   */
  private static long round(long significand, boolean sticky, long exponent, Format format) {
    if (significand == 0) {
      return 0;
    }
    int bits = 64 - Long.numberOfLeadingZeros(significand);
    long leading = exponent + bits - 1;
    if (leading > format.bias()) {
      return format.exponentMask();
    }
    long lowestExponent = 1L - format.bias();
    // Weight of the last fraction bit that the result can hold.
    long unit = Math.max(leading, lowestExponent) - format.fractionBits;
    long shift = unit - exponent;
    long fraction;
    if (shift <= 0) {
      fraction = significand << -shift;
    } else if (shift > 63) {
      fraction = 0;
    } else {
      fraction = significand >>> shift;
      long rest = significand & ((1L << shift) - 1);
      long half = 1L << (shift - 1);
      boolean up = rest > half || rest == half && (sticky || (fraction & 1) != 0);
      fraction += up ? 1 : 0;
    }
    // A carry out of the fraction increments the exponent field, which is exactly what it should
    // do.
    long biased = leading < lowestExponent ? 0 : leading + format.bias() - 1;
    return (biased << format.fractionBits) + fraction;
  }
}
