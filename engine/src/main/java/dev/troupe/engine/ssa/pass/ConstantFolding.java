package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/**
 * Evaluates operations on constants. An i32 is sign-extended to 64 bits, an f32 has its bits in the
 * low half.
 *
 * <p>An arithmetic operation whose result is NaN is left alone: which NaN comes out is for the
 * processor to say, and folding must not make optimized and plain code differ. Operations on the
 * bits of a float (negation, absolute value, copysign, bitcast) are exact and always folded.
 * Operations that would trap are left alone.
 */
final class ConstantFolding {
  private static final long MASK_32 = 0xFFFF_FFFFL;

  private final SsaFunction function;
  private long result;

  ConstantFolding(SsaFunction function) {
    this.function = function;
  }

  /** The bits found by the last successful {@link #fold}. */
  long result() {
    return result;
  }

  private boolean is(boolean known, long bits) {
    result = bits;
    return known;
  }

  private boolean isConstant(int value) {
    SsaOp op = function.definingOp(value, SsaOp.TRAP);
    return op == SsaOp.ICONST || op == SsaOp.FCONST;
  }

  private long bits(int value) {
    return function.immediate(function.definingInstruction(value));
  }

  /** Whether the result of {@code instruction} is a constant; see {@link #result}. */
  boolean fold(int instruction) {
    SsaOp op = function.op(instruction);
    int count = function.operandCount(instruction);
    if (!op.isPure() || op == SsaOp.SPECTRE_GUARD || op == SsaOp.INDEX_CLAMP || count == 0) {
      return false;
    }
    for (int k = 0; k < count; k++) {
      if (!isConstant(function.operand(instruction, k))) {
        return false;
      }
    }
    SsaType type = function.valueType(function.operand(instruction, 0));
    if (op == SsaOp.REF_TO_BITS || op == SsaOp.BITS_TO_REF) {
      return is(bits(function.operand(instruction, 0)) == 0, 0);
    }
    long first = bits(function.operand(instruction, 0));
    if (count == 1) {
      return type.isInteger()
          ? foldInteger(instruction, op, type, first)
          : foldFloat(instruction, op, type, first);
    }
    long second = bits(function.operand(instruction, 1));
    if (count == 3) {
      return is(op == SsaOp.SELECT, first != 0 ? second : bits(function.operand(instruction, 2)));
    }
    if (op == SsaOp.ICMP) {
      return is(true, function.intCondition(instruction).test(first, second) ? 1 : 0);
    }
    if (type.isInteger()) {
      return type == SsaType.I32
          ? fold32(op, (int) first, (int) second)
          : fold64(op, first, second);
    }
    return type == SsaType.F32
        ? foldSingles(instruction, op, first, second)
        : foldDoubles(instruction, op, first, second);
  }

  // ---- integers

  private boolean fold32(SsaOp op, int a, int b) {
    return switch (op) {
      case IADD -> is(true, a + b);
      case ISUB -> is(true, a - b);
      case IMUL -> is(true, a * b);
      case UMULHI -> is(true, (int) ((a & MASK_32) * (b & MASK_32) >>> 32));
      case SMULHI -> is(true, (int) ((long) a * b >> 32));
      case SDIV -> b != 0 && !(a == Integer.MIN_VALUE && b == -1) && is(true, a / b);
      case UDIV -> b != 0 && is(true, Integer.divideUnsigned(a, b));
      case SREM -> b != 0 && is(true, a % b);
      case UREM -> b != 0 && is(true, Integer.remainderUnsigned(a, b));
      case IAND -> is(true, a & b);
      case IOR -> is(true, a | b);
      case IXOR -> is(true, a ^ b);
      case SHL -> is(true, a << b);
      case SSHR -> is(true, a >> b);
      case USHR -> is(true, a >>> b);
      case ROTL -> is(true, Integer.rotateLeft(a, b));
      case ROTR -> is(true, Integer.rotateRight(a, b));
      default -> false;
    };
  }

  private boolean fold64(SsaOp op, long a, long b) {
    return switch (op) {
      case IADD -> is(true, a + b);
      case ISUB -> is(true, a - b);
      case IMUL -> is(true, a * b);
      case UMULHI -> is(true, Math.unsignedMultiplyHigh(a, b));
      case SMULHI -> is(true, Math.multiplyHigh(a, b));
      case SDIV -> b != 0 && !(a == Long.MIN_VALUE && b == -1) && is(true, a / b);
      case UDIV -> b != 0 && is(true, Long.divideUnsigned(a, b));
      case SREM -> b != 0 && is(true, a % b);
      case UREM -> b != 0 && is(true, Long.remainderUnsigned(a, b));
      case IAND -> is(true, a & b);
      case IOR -> is(true, a | b);
      case IXOR -> is(true, a ^ b);
      case SHL -> is(true, a << b);
      case SSHR -> is(true, a >> b);
      case USHR -> is(true, a >>> b);
      case ROTL -> is(true, Long.rotateLeft(a, (int) b));
      case ROTR -> is(true, Long.rotateRight(a, (int) b));
      default -> false;
    };
  }

  private boolean foldInteger(int instruction, SsaOp op, SsaType type, long a) {
    boolean narrow = type == SsaType.I32;
    return switch (op) {
      case CLZ -> is(true, narrow ? Integer.numberOfLeadingZeros((int) a) : clz(a));
      case CTZ -> is(true, narrow ? Integer.numberOfTrailingZeros((int) a) : ctz(a));
      case POPCNT -> is(true, narrow ? Integer.bitCount((int) a) : Long.bitCount(a));
      case BSWAP -> is(true, narrow ? Integer.reverseBytes((int) a) : Long.reverseBytes(a));
      case EXTEND8_S -> is(true, (byte) a);
      case EXTEND16_S -> is(true, (short) a);
      case EXTEND32_S, WRAP -> is(true, (int) a);
      case SEXTEND -> is(true, a);
      case UEXTEND -> is(true, a & MASK_32);
      case BITCAST -> is(true, narrow ? a & MASK_32 : a);
      case SITOF ->
          function.controllingType(instruction) == SsaType.F32
              ? is(true, bits((float) a))
              : is(true, bits((double) a));
      case UITOF -> {
        long unsigned = narrow ? a & MASK_32 : a;
        yield function.controllingType(instruction) == SsaType.F32
            ? is(true, bits(unsignedToFloat(unsigned)))
            : is(true, bits(unsignedToDouble(unsigned)));
      }
      default -> false;
    };
  }

  private static long clz(long a) {
    return Long.numberOfLeadingZeros(a);
  }

  private static long ctz(long a) {
    return Long.numberOfTrailingZeros(a);
  }

  // Halving with the lost bit kept rounds as the whole number would.

  private static float unsignedToFloat(long value) {
    return value >= 0 ? (float) value : (float) (value >>> 1 | value & 1) * 2;
  }

  private static double unsignedToDouble(long value) {
    return value >= 0 ? (double) value : (double) (value >>> 1 | value & 1) * 2;
  }

  // ---- floating point

  private static long bits(float value) {
    return Float.floatToRawIntBits(value) & MASK_32;
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private boolean unlessNan(float value) {
    return is(!Float.isNaN(value), bits(value));
  }

  private boolean unlessNan(double value) {
    return is(!Double.isNaN(value), bits(value));
  }

  private boolean foldSingles(int instruction, SsaOp op, long first, long second) {
    float a = Float.intBitsToFloat((int) first);
    float b = Float.intBitsToFloat((int) second);
    return switch (op) {
      case FADD -> unlessNan(a + b);
      case FSUB -> unlessNan(a - b);
      case FMUL -> unlessNan(a * b);
      case FDIV -> unlessNan(a / b);
      case FMIN -> unlessNan(Math.min(a, b));
      case FMAX -> unlessNan(Math.max(a, b));
      case FCOPYSIGN -> is(true, first & 0x7FFF_FFFFL | second & 0x8000_0000L);
      case FCMP -> compare(function.floatCondition(instruction), a, b);
      default -> false;
    };
  }

  private boolean foldDoubles(int instruction, SsaOp op, long first, long second) {
    double a = Double.longBitsToDouble(first);
    double b = Double.longBitsToDouble(second);
    return switch (op) {
      case FADD -> unlessNan(a + b);
      case FSUB -> unlessNan(a - b);
      case FMUL -> unlessNan(a * b);
      case FDIV -> unlessNan(a / b);
      case FMIN -> unlessNan(Math.min(a, b));
      case FMAX -> unlessNan(Math.max(a, b));
      case FCOPYSIGN -> is(true, first & Long.MAX_VALUE | second & Long.MIN_VALUE);
      case FCMP -> compare(function.floatCondition(instruction), a, b);
      default -> false;
    };
  }

  private boolean compare(FloatCondition condition, double a, double b) {
    return is(true, condition.test(a, b) ? 1 : 0);
  }

  private boolean foldFloat(int instruction, SsaOp op, SsaType type, long a) {
    boolean single = type == SsaType.F32;
    double value = single ? Float.intBitsToFloat((int) a) : Double.longBitsToDouble(a);
    long sign = single ? 0x8000_0000L : Long.MIN_VALUE;
    return switch (op) {
      case FABS -> is(true, a & ~sign);
      case FNEG -> is(true, a ^ sign);
      case FCEIL -> rounded(single, Math.ceil(value));
      case FFLOOR -> rounded(single, Math.floor(value));
      case FTRUNC -> rounded(single, value < 0 ? Math.ceil(value) : Math.floor(value));
      case FNEAREST -> rounded(single, Math.rint(value));
      case FSQRT -> rounded(single, Math.sqrt(value));
      case PROMOTE -> unlessNan(value);
      case DEMOTE -> unlessNan((float) value);
      case BITCAST -> is(true, single ? (int) a : a);
      case FTOSI, FTOUI -> checked(instruction, op == SsaOp.FTOSI, value);
      case FTOSI_SAT, FTOUI_SAT -> is(true, saturated(instruction, op == SsaOp.FTOSI_SAT, value));
      default -> false;
    };
  }

  /** Rounding to integral values and square roots of binary32 are exact through binary64. */
  private boolean rounded(boolean single, double value) {
    return single ? unlessNan((float) value) : unlessNan(value);
  }

  private boolean checked(int instruction, boolean signed, double value) {
    boolean narrow = function.controllingType(instruction) == SsaType.I32;
    double limit = Math.scalb(1.0, (narrow ? 32 : 64) - (signed ? 1 : 0));
    double truncated = value < 0 ? Math.ceil(value) : Math.floor(value);
    boolean fits = truncated < limit && truncated >= (signed ? -limit : 0);
    return fits && is(true, saturated(instruction, signed, value));
  }

  private long saturated(int instruction, boolean signed, double value) {
    if (function.controllingType(instruction) == SsaType.I32) {
      return signed ? (int) value : (int) Math.clamp((long) value, 0L, MASK_32);
    }
    if (signed) {
      return (long) value;
    }
    double half = Math.scalb(1.0, 63);
    if (!(value > 0)) {
      return 0;
    }
    if (value < half) {
      return (long) value;
    }
    return value >= 2 * half ? -1 : (long) (value - half) ^ Long.MIN_VALUE;
  }
}
