package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.TrapKind;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Meaning of the pure operations, written for obviousness: exact arithmetic where the compiler uses
 * tricks. Every NaN that an operation makes is the canonical one.
 */
final class SsaArithmetic {
  private static final long NAN_32 = 0x7FC0_0000L;
  private static final long NAN_64 = 0x7FF8_0000_0000_0000L;

  private SsaArithmetic() {}

  /** The value of {@code x} as an unsigned number of {@code bits} bits. */
  private static BigInteger unsigned(long x, int bits) {
    BigInteger exact = BigInteger.valueOf(x);
    return exact.signum() < 0 || bits == 32 ? exact.mod(BigInteger.TWO.pow(bits)) : exact;
  }

  private static long wrap(BigInteger x, int bits) {
    return bits == 32 ? x.intValue() : x.longValue();
  }

  static long integer(SsaOp op, SsaType type, long a, long b) {
    int bits = type.bits();
    BigInteger x = BigInteger.valueOf(a);
    BigInteger y = BigInteger.valueOf(b);
    BigInteger ux = unsigned(a, bits);
    BigInteger uy = unsigned(b, bits);
    int count = (int) (b & bits - 1);
    return switch (op) {
      case IADD -> wrap(x.add(y), bits);
      case ISUB -> wrap(x.subtract(y), bits);
      case IMUL -> wrap(x.multiply(y), bits);
      case UMULHI -> wrap(ux.multiply(uy).shiftRight(bits), bits);
      case SMULHI -> wrap(x.multiply(y).shiftRight(bits), bits);
      case SDIV -> {
        divisor(b);
        BigInteger quotient = x.divide(y);
        if (quotient.bitLength() >= bits) {
          throw new SsaMachine.Trap(TrapKind.INTEGER_OVERFLOW);
        }
        yield wrap(quotient, bits);
      }
      case UDIV -> wrap(ux.divide(divisor(b, uy)), bits);
      case SREM -> wrap(x.remainder(divisor(b, y)), bits);
      case UREM -> wrap(ux.remainder(divisor(b, uy)), bits);
      case IAND -> a & b;
      case IOR -> a | b;
      case IXOR -> a ^ b;
      case SHL -> wrap(x.shiftLeft(count), bits);
      case SSHR -> wrap(x.shiftRight(count), bits);
      case USHR -> wrap(ux.shiftRight(count), bits);
      case ROTL -> wrap(ux.shiftLeft(count).or(ux.shiftRight(bits - count)), bits);
      case ROTR -> wrap(ux.shiftRight(count).or(ux.shiftLeft(bits - count)), bits);
      case INDEX_CLAMP -> ux.compareTo(uy) < 0 ? a : b;
      case SPECTRE_GUARD -> ux.compareTo(uy) < 0 ? a : 0;
      default -> throw new AssertionError(op);
    };
  }

  private static void divisor(long b) {
    if (b == 0) {
      throw new SsaMachine.Trap(TrapKind.INTEGER_DIVIDE_BY_ZERO);
    }
  }

  private static BigInteger divisor(long b, BigInteger value) {
    divisor(b);
    return value;
  }

  static long integer(SsaOp op, SsaType type, long a) {
    int bits = type.bits();
    String digits = unsigned(a, bits).add(BigInteger.TWO.pow(bits)).toString(2).substring(1);
    return switch (op) {
      case CLZ -> digits.indexOf('1') < 0 ? bits : digits.indexOf('1');
      case CTZ -> digits.indexOf('1') < 0 ? bits : bits - 1 - digits.lastIndexOf('1');
      case POPCNT -> digits.chars().filter(c -> c == '1').count();
      case BSWAP -> type == SsaType.I32 ? Integer.reverseBytes((int) a) : Long.reverseBytes(a);
      case EXTEND8_S -> (byte) a;
      case EXTEND16_S -> (short) a;
      case EXTEND32_S, WRAP -> (int) a;
      case SEXTEND -> a;
      case UEXTEND -> a & 0xFFFF_FFFFL;
      default -> throw new AssertionError(op);
    };
  }

  static long compare(IntCondition condition, SsaType type, long a, long b) {
    int signed = Long.compare(a, b);
    int unsigned = unsigned(a, type.bits()).compareTo(unsigned(b, type.bits()));
    boolean holds =
        switch (condition) {
          case EQ -> signed == 0;
          case NE -> signed != 0;
          case SLT -> signed < 0;
          case SGE -> signed >= 0;
          case SGT -> signed > 0;
          case SLE -> signed <= 0;
          case ULT -> unsigned < 0;
          case UGE -> unsigned >= 0;
          case UGT -> unsigned > 0;
          case ULE -> unsigned <= 0;
        };
    return holds ? 1 : 0;
  }

  // ---- floating point

  static double toDouble(SsaType type, long bits) {
    return type == SsaType.F32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
  }

  /** Rounds once; {@code x} is exact or was rounded to a precision that makes this harmless. */
  private static long ofDouble(SsaType type, double x) {
    if (Double.isNaN(x)) {
      return type == SsaType.F32 ? NAN_32 : NAN_64;
    }
    return type == SsaType.F32
        ? Float.floatToRawIntBits((float) x) & 0xFFFF_FFFFL
        : Double.doubleToRawLongBits(x);
  }

  static long floating(SsaOp op, SsaType type, long a, long b) {
    double x = toDouble(type, a);
    double y = toDouble(type, b);
    long sign = type == SsaType.F32 ? 1L << 31 : 1L << 63;
    // Binary64 has more than twice the precision of binary32, so rounding twice is rounding once.
    return switch (op) {
      case FADD -> ofDouble(type, x + y);
      case FSUB -> ofDouble(type, x - y);
      case FMUL -> ofDouble(type, x * y);
      case FDIV -> ofDouble(type, x / y);
      case FMIN -> ofDouble(type, Math.min(x, y));
      case FMAX -> ofDouble(type, Math.max(x, y));
      case FCOPYSIGN -> a & ~sign | b & sign;
      default -> throw new AssertionError(op);
    };
  }

  static long floating(SsaOp op, SsaType type, long a) {
    double x = toDouble(type, a);
    long sign = type == SsaType.F32 ? 1L << 31 : 1L << 63;
    return switch (op) {
      case FABS -> a & ~sign;
      case FNEG -> a ^ sign;
      case FCEIL -> ofDouble(type, Math.ceil(x));
      case FFLOOR -> ofDouble(type, Math.floor(x));
      case FTRUNC -> ofDouble(type, Math.copySign(Math.floor(Math.abs(x)), x));
      case FNEAREST -> ofDouble(type, Math.rint(x));
      case FSQRT -> ofDouble(type, Math.sqrt(x));
      default -> throw new AssertionError(op);
    };
  }

  static long compare(FloatCondition condition, SsaType type, long a, long b) {
    double x = toDouble(type, a);
    double y = toDouble(type, b);
    boolean holds =
        switch (condition) {
          case EQ -> x == y;
          case NE -> x != y;
          case LT -> x < y;
          case GT -> x > y;
          case LE -> x <= y;
          case GE -> x >= y;
        };
    return holds ? 1 : 0;
  }

  static long convert(SsaOp op, SsaType from, SsaType to, long a) {
    return switch (op) {
      case PROMOTE, DEMOTE -> ofDouble(to, toDouble(from, a));
      case BITCAST -> to == SsaType.I32 ? (int) a : from == SsaType.I32 ? a & 0xFFFF_FFFFL : a;
      case SITOF -> ofInteger(to, BigInteger.valueOf(a));
      case UITOF -> ofInteger(to, unsigned(a, from.bits()));
      case FTOSI, FTOUI, FTOSI_SAT, FTOUI_SAT -> truncate(op, from, to, a);
      default -> throw new AssertionError(op);
    };
  }

  private static long ofInteger(SsaType to, BigInteger x) {
    return to == SsaType.F32
        ? Float.floatToRawIntBits(x.floatValue()) & 0xFFFF_FFFFL
        : Double.doubleToRawLongBits(x.doubleValue());
  }

  private static long truncate(SsaOp op, SsaType from, SsaType to, long a) {
    boolean saturates = op == SsaOp.FTOSI_SAT || op == SsaOp.FTOUI_SAT;
    boolean signed = op == SsaOp.FTOSI || op == SsaOp.FTOSI_SAT;
    double x = toDouble(from, a);
    if (Double.isNaN(x)) {
      if (saturates) {
        return 0;
      }
      throw new SsaMachine.Trap(TrapKind.INVALID_CONVERSION_TO_INTEGER);
    }
    BigInteger low = signed ? BigInteger.TWO.pow(to.bits() - 1).negate() : BigInteger.ZERO;
    BigInteger high = BigInteger.TWO.pow(to.bits() - (signed ? 1 : 0)).subtract(BigInteger.ONE);
    BigInteger exact =
        Double.isInfinite(x)
            ? BigInteger.TWO.pow(100).multiply(BigInteger.valueOf(x > 0 ? 1 : -1))
            : new BigDecimal(x).toBigInteger();
    BigInteger inside = exact.max(low).min(high);
    if (!saturates && !inside.equals(exact)) {
      throw new SsaMachine.Trap(TrapKind.INTEGER_OVERFLOW);
    }
    return wrap(inside, to.bits());
  }
}
