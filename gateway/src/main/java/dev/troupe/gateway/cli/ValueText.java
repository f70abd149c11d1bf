package dev.troupe.gateway.cli;

import java.math.BigInteger;

/**
 * Numbers as people write them on a command line, to and from raw bits. Integers are decimal or
 * {@code 0x} hexadecimal, signed or unsigned; floats are Java's decimal and hexadecimal notations,
 * {@code nan}, {@code inf} and {@code -inf}.
 */
public final class ValueText {
  private ValueText() {}

  /** A number that does not fit its type, or no number at all; the message is for the user. */
  public static final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    BadValueException(String message) {
      super(message);
    }
  }

  /** The bits of an i32. */
  public static int parseI32(String text) throws BadValueException {
    return (int) parseInteger(text, 32);
  }

  /** The bits of an i64. */
  public static long parseI64(String text) throws BadValueException {
    return parseInteger(text, 64);
  }

  /** An f32. */
  public static float parseF32(String text) throws BadValueException {
    return switch (text) {
      case "nan" -> Float.NaN;
      case "inf" -> Float.POSITIVE_INFINITY;
      case "-inf" -> Float.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Float.parseFloat(text);
        } catch (NumberFormatException e) {
          throw new BadValueException("'" + text + "' is not an f32");
        }
      }
    };
  }

  /** An f64. */
  public static double parseF64(String text) throws BadValueException {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw new BadValueException("'" + text + "' is not an f64");
        }
      }
    };
  }

  /** An f32 as {@link #parseF32} reads it. */
  public static String print(float value) {
    return Float.isNaN(value)
        ? "nan"
        : Float.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Float.toString(value);
  }

  /** An f64 as {@link #parseF64} reads it. */
  public static String print(double value) {
    return Double.isNaN(value)
        ? "nan"
        : Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Double.toString(value);
  }

  private static long parseInteger(String text, int bits) throws BadValueException {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    BigInteger magnitude;
    try {
      boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
      String plain = (hex ? digits.substring(2) : digits).replace("_", "");
      if (plain.isEmpty()
          || plain.length() > 80
          || plain.startsWith("-")
          || plain.startsWith("+")) {
        throw new NumberFormatException();
      }
      magnitude = new BigInteger(plain, hex ? 16 : 10);
    } catch (NumberFormatException e) {
      throw new BadValueException("'" + text + "' is not an i" + bits);
    }
    BigInteger value = negative ? magnitude.negate() : magnitude;
    if (value.bitLength() > bits || (value.signum() < 0 && value.bitLength() > bits - 1)) {
      throw new BadValueException("'" + text + "' does not fit in an i" + bits);
    }
    return value.longValue();
  }
}
