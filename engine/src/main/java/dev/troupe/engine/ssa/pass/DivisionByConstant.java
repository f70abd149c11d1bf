package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.math.BigInteger;

/**
 * Replaces division and remainder by a constant with multiplication and shifts (Granlund and
 * Montgomery, "Division by Invariant Integers using Multiplication", PLDI 1994). Divisors 0, 1 and
 * -1 are not handled here; no other divisor can trap.
 */
final class DivisionByConstant {
  private final SsaFunction function;
  private final Inserter inserter;

  DivisionByConstant(SsaFunction function, Inserter inserter) {
    this.function = function;
    this.inserter = inserter;
  }

  /** Turns a division or remainder by {@code divisor} into its last step. */
  void expand(int instruction, SsaOp op, SsaType type, int dividend, long divisor) {
    boolean signed = op == SsaOp.SDIV || op == SsaOp.SREM;
    boolean remainder = op == SsaOp.SREM || op == SsaOp.UREM;
    inserter.at(instruction);
    if (!signed) {
      long value = type == SsaType.I32 ? divisor & 0xFFFF_FFFFL : divisor;
      if (Long.bitCount(value) == 1) {
        unsignedPower(instruction, remainder, type, dividend, value);
        return;
      }
    }
    int quotient = signed ? signed(type, dividend, divisor) : unsigned(type, dividend, divisor);
    if (remainder) {
      int product = inserter.binary(SsaOp.IMUL, type, quotient, inserter.constant(type, divisor));
      function.replaceWith(instruction, SsaOp.ISUB, type, dividend, product);
    } else {
      int zero = inserter.constant(type, 0);
      function.replaceWith(instruction, SsaOp.IOR, type, quotient, zero);
    }
  }

  private void unsignedPower(
      int instruction, boolean remainder, SsaType type, int dividend, long divisor) {
    if (remainder) {
      int mask = inserter.constant(type, divisor - 1);
      function.replaceWith(instruction, SsaOp.IAND, type, dividend, mask);
    } else {
      int count = inserter.constant(type, Long.numberOfTrailingZeros(divisor));
      function.replaceWith(instruction, SsaOp.USHR, type, dividend, count);
    }
  }

  private int shift(SsaOp op, SsaType type, int value, int count) {
    return count == 0 ? value : inserter.binary(op, type, value, inserter.constant(type, count));
  }

  // ---- unsigned

  private int unsigned(SsaType type, int dividend, long divisor) {
    if (type == SsaType.I32) {
      return unsigned32(dividend, divisor & 0xFFFF_FFFFL);
    }
    BigInteger d = new BigInteger(Long.toUnsignedString(divisor));
    BigInteger limit = BigInteger.TWO.pow(64);
    int bits = d.subtract(BigInteger.ONE).bitLength();
    for (int s = 0; s <= bits; s++) {
      BigInteger power = BigInteger.TWO.pow(64 + s);
      BigInteger magic = power.add(d).subtract(BigInteger.ONE).divide(d);
      BigInteger error = magic.multiply(d).subtract(power);
      if (error.compareTo(BigInteger.TWO.pow(s)) <= 0) {
        boolean fits = magic.compareTo(limit) < 0;
        int high =
            inserter.binary(
                SsaOp.UMULHI, type, dividend, inserter.constant(type, magic.longValue()));
        if (fits) {
          return shift(SsaOp.USHR, type, high, s);
        }
        // The magic number has 65 bits: (((x - high) >> 1) + high) >> (s - 1).
        int rest = inserter.binary(SsaOp.ISUB, type, dividend, high);
        int half = shift(SsaOp.USHR, type, rest, 1);
        int sum = inserter.binary(SsaOp.IADD, type, half, high);
        return shift(SsaOp.USHR, type, sum, s - 1);
      }
    }
    throw new IllegalStateException("no multiplier for divisor " + d);
  }

  /**
   * A multiplier of 32 bits makes a product of 64, of which a shift takes the quotient. Even
   * divisors that need a longer one get by with it for half the dividend. The others take the upper
   * half of the product with a multiplier of 64 bits, which is exact for every dividend of 32 bits.
   */
  private int unsigned32(int dividend, long divisor) {
    int even = Long.numberOfTrailingZeros(divisor);
    for (int before = 0; before <= even; before += Math.max(1, even)) {
      int bits = 32 - before;
      long odd = divisor >>> before;
      for (int s = 0; odd >>> s != 0; s++) {
        // (2^(bits+s) / odd + 1) * odd - 2^(bits+s) <= 2^s makes all quotients exact.
        long magic = (1L << bits + s) / odd + 1;
        long error = magic * odd - (1L << bits + s);
        if (magic >>> 32 == 0 && error <= 1L << s) {
          int wide =
              inserter.unary(
                  SsaOp.UEXTEND, SsaType.I64, shift(SsaOp.USHR, SsaType.I32, dividend, before));
          int factor = inserter.constant(SsaType.I64, magic);
          int product = inserter.binary(SsaOp.IMUL, SsaType.I64, wide, factor);
          int quotient = shift(SsaOp.USHR, SsaType.I64, product, bits + s);
          return inserter.unary(SsaOp.WRAP, SsaType.I32, quotient);
        }
      }
    }
    long magic = Long.divideUnsigned(-1, divisor) + 1;
    int wide = inserter.unary(SsaOp.UEXTEND, SsaType.I64, dividend);
    int factor = inserter.constant(SsaType.I64, magic);
    int high = inserter.binary(SsaOp.UMULHI, SsaType.I64, wide, factor);
    return inserter.unary(SsaOp.WRAP, SsaType.I32, high);
  }

  // ---- signed

  private int signed(SsaType type, int dividend, long divisor) {
    int bits = type.bits();
    BigInteger d = BigInteger.valueOf(divisor).abs();
    int quotient =
        d.bitCount() == 1
            ? signedPower(type, dividend, d.bitLength() - 1)
            : signedMagic(type, dividend, d, bits);
    return divisor < 0
        ? inserter.binary(SsaOp.ISUB, type, inserter.constant(type, 0), quotient)
        : quotient;
  }

  /** Adds 2^log2 - 1 to negative dividends, so that the shift rounds towards zero. */
  private int signedPower(SsaType type, int dividend, int log2) {
    int bits = type.bits();
    int sign = shift(SsaOp.SSHR, type, dividend, bits - 1);
    int bias = shift(SsaOp.USHR, type, sign, bits - log2);
    int sum = inserter.binary(SsaOp.IADD, type, dividend, bias);
    return shift(SsaOp.SSHR, type, sum, log2);
  }

  private int signedMagic(SsaType type, int dividend, BigInteger d, int bits) {
    // The smallest s with 2^(bits-1+s) * (magic * d - 2^(bits+s)) < 2^(bits+s) suffices.
    int s = 0;
    BigInteger magic;
    while (true) {
      BigInteger power = BigInteger.TWO.pow(bits + s);
      magic = power.divide(d).add(BigInteger.ONE);
      BigInteger error = magic.multiply(d).subtract(power);
      if (error.compareTo(BigInteger.TWO.pow(s + 1)) <= 0) {
        break;
      }
      s++;
    }
    int high;
    if (type == SsaType.I32) {
      int wide = inserter.unary(SsaOp.SEXTEND, SsaType.I64, dividend);
      int factor = inserter.constant(SsaType.I64, magic.longValueExact());
      int product = inserter.binary(SsaOp.IMUL, SsaType.I64, wide, factor);
      int shifted = shift(SsaOp.SSHR, SsaType.I64, product, bits + s);
      high = inserter.unary(SsaOp.WRAP, SsaType.I32, shifted);
    } else {
      int factor = inserter.constant(type, magic.longValue());
      high = inserter.binary(SsaOp.SMULHI, type, dividend, factor);
      if (magic.bitLength() == 64) {
        // As a signed number the multiplier is 2^64 too small.
        high = inserter.binary(SsaOp.IADD, type, high, dividend);
      }
      high = shift(SsaOp.SSHR, type, high, s);
    }
    int negative = shift(SsaOp.USHR, type, dividend, bits - 1);
    return inserter.binary(SsaOp.IADD, type, high, negative);
  }
}
