package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.VectorOp;
import org.jspecify.annotations.Nullable;

/** Rules for operations on vectors: constants, lanes that are known, shuffles, bits. */
final class VectorRules extends RewriteRules {
  private static final long SHUFFLE_LEFT_MASK = 0x0F0F_0F0F_0F0F_0F0FL;
  private static final long SHUFFLE_RIGHT = 0x1010_1010_1010_1010L;
  private static final long IDENTITY_LOW = 0x0706_0504_0302_0100L;
  private static final long IDENTITY_HIGH = 0x0F0E_0D0C_0B0A_0908L;

  VectorRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    super(function, inserter, uses);
  }

  /** Rules for all operations that make or take vectors. */
  int apply(int i, SsaOp op) {
    return switch (op) {
      case SPLAT -> splat(i);
      case EXTRACT -> extract(i);
      case VSHUFFLE -> shuffle(i);
      case VUNARY -> unary(i);
      case VBINARY -> binary(i);
      case VTERNARY -> ternary(i);
      case VSHIFT -> shift(i);
      default -> NONE;
    };
  }

  // ---- constants

  private int becomeConstant(int i, long low, long high) {
    function.replaceWith(i, SsaOp.VCONST, SsaType.V128);
    function.setImmediate(i, function.internVector(low, high));
    return REWRITTEN;
  }

  private boolean isVector(int value, long both) {
    int constant = defined(value, SsaOp.VCONST);
    return constant != NONE
        && function.vectorLow(constant) == both
        && function.vectorHigh(constant) == both;
  }

  private int splat(int i) {
    SsaOp op = function.definingOp(operand(i, 0), SsaOp.TRAP);
    if (op != SsaOp.ICONST && op != SsaOp.FCONST) {
      return NONE;
    }
    long bits = constant(operand(i, 0));
    for (int width = function.vectorOp(i).laneBytes() * 8; width < 64; width *= 2) {
      bits = bits << width | bits & (1L << width) - 1;
    }
    return becomeConstant(i, bits, bits);
  }

  // ---- lanes

  private int extract(int i) {
    VectorOp row = function.vectorOp(i);
    int vector = operand(i, 0);
    int definer = function.definingInstruction(vector);
    if (definer == NONE) {
      return NONE;
    }
    return switch (function.op(definer)) {
      case VCONST -> extractConstant(i, row, definer);
      case SPLAT ->
          row.laneBytes() == function.vectorOp(definer).laneBytes()
              ? laneValue(i, row, operand(definer, 0))
              : NONE;
      case REPLACE -> {
        if (row.laneBytes() != function.vectorOp(definer).laneBytes()) {
          yield NONE;
        }
        if (function.lane(i) == function.lane(definer)) {
          yield laneValue(i, row, operand(definer, 1));
        }
        function.setOperand(i, 0, operand(definer, 0));
        yield REWRITTEN;
      }
      default -> NONE;
    };
  }

  private int extractConstant(int i, VectorOp row, int constant) {
    int bits = row.laneBytes() * 8;
    int at = function.lane(i) * bits;
    long half = at < 64 ? function.vectorLow(constant) : function.vectorHigh(constant);
    long up = half << 64 - bits - (at & 63);
    boolean signed = !row.name().endsWith("_U") && function.controllingType(i).isInteger();
    return toConstant(i, signed ? up >> 64 - bits : up >>> 64 - bits);
  }

  /** What extracting gives of a lane that was made from {@code value}. */
  private int laneValue(int i, VectorOp row, int value) {
    SsaType type = function.controllingType(i);
    if (function.valueType(value) != type) {
      return NONE;
    }
    return switch (row) {
      case I8X16_EXTRACT_LANE_S -> become(i, SsaOp.EXTEND8_S, type, value);
      case I16X8_EXTRACT_LANE_S -> become(i, SsaOp.EXTEND16_S, type, value);
      case I8X16_EXTRACT_LANE_U -> becomeWith(i, SsaOp.IAND, type, value, 0xFF);
      case I16X8_EXTRACT_LANE_U -> becomeWith(i, SsaOp.IAND, type, value, 0xFFFF);
      default -> value;
    };
  }

  // ---- shuffles

  private int shuffle(int i) {
    int left = operand(i, 0);
    int right = operand(i, 1);
    long low = function.vectorLow(i);
    long high = function.vectorHigh(i);
    boolean onlyLeft = ((low | high) & SHUFFLE_RIGHT) == 0;
    boolean onlyRight = (low & high & SHUFFLE_RIGHT) == SHUFFLE_RIGHT;
    if (left != right && (onlyLeft || onlyRight) || left == right && !onlyLeft) {
      int source = onlyRight ? right : left;
      function.setOperand(i, 0, source);
      function.setOperand(i, 1, source);
      function.setImmediate(
          i, function.internVector(low & SHUFFLE_LEFT_MASK, high & SHUFFLE_LEFT_MASK));
      return REWRITTEN;
    }
    int x = defined(left, SsaOp.VCONST);
    int y = defined(right, SsaOp.VCONST);
    if (x != NONE && y != NONE) {
      return becomeConstant(i, chosen(low, x, y), chosen(high, x, y));
    }
    if (left != right) {
      return NONE;
    }
    if (low == IDENTITY_LOW && high == IDENTITY_HIGH) {
      return left;
    }
    int inner = defined(left, SsaOp.VSHUFFLE);
    if (inner == NONE || operand(inner, 0) != operand(inner, 1)) {
      return NONE;
    }
    long innerLow = function.vectorLow(inner);
    long innerHigh = function.vectorHigh(inner);
    function.setImmediate(
        i,
        function.internVector(
            bytes(low, innerLow, innerHigh, 0, 0), bytes(high, innerLow, innerHigh, 0, 0)));
    function.setOperand(i, 0, operand(inner, 0));
    function.setOperand(i, 1, operand(inner, 0));
    return REWRITTEN;
  }

  private long chosen(long indexes, int x, int y) {
    return bytes(
        indexes,
        function.vectorLow(x),
        function.vectorHigh(x),
        function.vectorLow(y),
        function.vectorHigh(y));
  }

  /** The bytes that eight indexes choose from four halves. */
  private static long bytes(long indexes, long a, long b, long c, long d) {
    long result = 0;
    for (int k = 0; k < 8; k++) {
      int index = (int) (indexes >>> 8 * k) & 0x1F;
      long half = index < 8 ? a : index < 16 ? b : index < 24 ? c : d;
      result |= (half >>> 8 * (index & 7) & 0xFF) << 8 * k;
    }
    return result;
  }

  // ---- bits

  private int becomeRow(int i, VectorOp row, int... operands) {
    function.replaceWith(i, row.op(), SsaType.V128, operands);
    function.setDetail(i, row.ordinal());
    return REWRITTEN;
  }

  private int definedRow(int value, VectorOp row) {
    int definer = defined(value, row.op());
    return definer != NONE && function.vectorOp(definer) == row ? definer : NONE;
  }

  private int unary(int i) {
    if (function.vectorOp(i) != VectorOp.V128_NOT) {
      return NONE;
    }
    int inner = definedRow(operand(i, 0), VectorOp.V128_NOT);
    if (inner != NONE) {
      return operand(inner, 0);
    }
    int constant = defined(operand(i, 0), SsaOp.VCONST);
    return constant != NONE
        ? becomeConstant(i, ~function.vectorLow(constant), ~function.vectorHigh(constant))
        : NONE;
  }

  private interface Bits {
    long apply(long a, long b);
  }

  private static @Nullable Bits bits(VectorOp row) {
    return switch (row) {
      case V128_AND -> (a, b) -> a & b;
      case V128_ANDNOT -> (a, b) -> a & ~b;
      case V128_OR -> (a, b) -> a | b;
      case V128_XOR -> (a, b) -> a ^ b;
      default -> null;
    };
  }

  private int binary(int i) {
    VectorOp row = function.vectorOp(i);
    Bits bits = bits(row);
    if (bits == null) {
      return NONE;
    }
    int a = operand(i, 0);
    int b = operand(i, 1);
    int x = defined(a, SsaOp.VCONST);
    int y = defined(b, SsaOp.VCONST);
    if (x != NONE && y != NONE) {
      return becomeConstant(
          i,
          bits.apply(function.vectorLow(x), function.vectorLow(y)),
          bits.apply(function.vectorHigh(x), function.vectorHigh(y)));
    }
    if (x != NONE && row.isCommutative()) {
      return becomeRow(i, row, b, a);
    }
    return switch (row) {
      case V128_AND -> {
        int inverted = definedRow(b, VectorOp.V128_NOT);
        int invertedLeft = definedRow(a, VectorOp.V128_NOT);
        if (inverted != NONE) {
          yield becomeRow(i, VectorOp.V128_ANDNOT, a, operand(inverted, 0));
        }
        if (invertedLeft != NONE) {
          yield becomeRow(i, VectorOp.V128_ANDNOT, b, operand(invertedLeft, 0));
        }
        yield a == b || isVector(b, -1) ? a : isVector(b, 0) ? b : NONE;
      }
      case V128_OR -> a == b || isVector(b, 0) ? a : isVector(b, -1) ? b : NONE;
      case V128_XOR -> {
        if (a == b) {
          yield becomeConstant(i, 0, 0);
        }
        if (isVector(b, -1)) {
          yield becomeRow(i, VectorOp.V128_NOT, a);
        }
        yield isVector(b, 0) ? a : NONE;
      }
      default -> {
        // And with the complement.
        if (y != NONE) {
          inserter.at(i);
          int mask = inserter.vector(~function.vectorLow(y), ~function.vectorHigh(y));
          yield becomeRow(i, VectorOp.V128_AND, a, mask);
        }
        int inverted = definedRow(b, VectorOp.V128_NOT);
        if (inverted != NONE) {
          yield becomeRow(i, VectorOp.V128_AND, a, operand(inverted, 0));
        }
        yield a == b ? becomeConstant(i, 0, 0) : NONE;
      }
    };
  }

  private int ternary(int i) {
    if (function.vectorOp(i) != VectorOp.V128_BITSELECT) {
      return NONE;
    }
    int a = operand(i, 0);
    int b = operand(i, 1);
    int mask = operand(i, 2);
    if (a == b || isVector(mask, -1)) {
      return a;
    }
    if (isVector(mask, 0)) {
      return b;
    }
    int inverted = definedRow(mask, VectorOp.V128_NOT);
    if (inverted != NONE) {
      return becomeRow(i, VectorOp.V128_BITSELECT, b, a, operand(inverted, 0));
    }
    if (isVector(b, 0)) {
      return becomeRow(i, VectorOp.V128_AND, a, mask);
    }
    return isVector(a, 0) ? becomeRow(i, VectorOp.V128_ANDNOT, b, mask) : NONE;
  }

  private int shift(int i) {
    int amount = operand(i, 1);
    int width = function.vectorOp(i).laneBytes() * 8;
    return isConstant(amount) && (constant(amount) & width - 1) == 0 ? operand(i, 0) : NONE;
  }
}
