package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/** Conversions between integers, and operations on the bits of floating-point numbers. */
final class ConversionRules extends RewriteRules {
  ConversionRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    super(function, inserter, uses);
  }

  /** Rules for {@code wrap} and the sign extensions. */
  int convert(int i, SsaOp op) {
    int a = operand(i, 0);
    int inner = function.definingInstruction(a);
    if (inner == NONE) {
      return NONE;
    }
    SsaOp innerOp = function.op(inner);
    if (op == SsaOp.WRAP) {
      return wrap(i, inner, innerOp);
    }
    if (op == SsaOp.EXTEND32_S && innerOp == SsaOp.UEXTEND) {
      return become(i, SsaOp.SEXTEND, SsaType.I64, operand(inner, 0));
    }
    if (signBits(inner, innerOp) <= signBits(op)) {
      return a;
    }
    return dropMask(i, op, inner, innerOp);
  }

  private int wrap(int i, int inner, SsaOp innerOp) {
    if (innerOp == SsaOp.UEXTEND || innerOp == SsaOp.SEXTEND) {
      return operand(inner, 0);
    }
    if (innerOp == SsaOp.EXTEND32_S) {
      return become(i, SsaOp.WRAP, SsaType.I32, operand(inner, 0));
    }
    boolean masks = innerOp == SsaOp.IAND && isConstant(operand(inner, 1));
    return masks && (right(inner) & 0xFFFF_FFFFL) == 0xFFFF_FFFFL
        ? become(i, SsaOp.WRAP, SsaType.I32, operand(inner, 0))
        : NONE;
  }

  /** An extension does not look at the bits above the one that it copies. */
  private int dropMask(int i, SsaOp op, int inner, SsaOp innerOp) {
    int bits = signBits(op);
    boolean copies =
        switch (innerOp) {
          case EXTEND8_S, EXTEND16_S, EXTEND32_S -> signBits(innerOp) >= bits;
          case IAND -> {
            long used = (1L << bits) - 1;
            yield isConstant(operand(inner, 1)) && (right(inner) & used) == used;
          }
          default -> false;
        };
    return copies ? become(i, op, function.controllingType(i), operand(inner, 0)) : NONE;
  }

  /** Rules for {@code bswap}. */
  int reverse(int i) {
    int inner = defined(operand(i, 0), SsaOp.BSWAP);
    return inner != NONE ? operand(inner, 0) : NONE;
  }

  private static int signBits(SsaOp op) {
    return switch (op) {
      case EXTEND8_S -> 8;
      case EXTEND16_S -> 16;
      case EXTEND32_S, SEXTEND -> 32;
      default -> 64;
    };
  }

  /** The number of low bits that the rest of the value repeats the top one of, or 64. */
  private int signBits(int inner, SsaOp op) {
    if (op != SsaOp.LOAD) {
      return signBits(op);
    }
    return switch (function.access(inner)) {
      case INT8_S -> 8;
      case INT16_S -> 16;
      case INT32_S -> 32;
      default -> 64;
    };
  }

  /** Rules for operations that look at bits of floating-point numbers only. */
  int floatBits(int i, SsaOp op) {
    int a = operand(i, 0);
    int inner = defined(a, op);
    if (op == SsaOp.BITCAST) {
      return inner != NONE && function.valueType(operand(inner, 0)) == function.controllingType(i)
          ? operand(inner, 0)
          : NONE;
    }
    if (inner != NONE) {
      return op == SsaOp.FNEG ? operand(inner, 0) : a;
    }
    int negated = op == SsaOp.FABS ? defined(a, SsaOp.FNEG) : NONE;
    return negated != NONE
        ? become(i, SsaOp.FABS, function.controllingType(i), operand(negated, 0))
        : NONE;
  }

  /** A store writes the low bits of an integer and does not look at the others. */
  int store(int i) {
    int value = function.operandCount(i) - 1;
    int bits = function.access(i).bytes() * 8;
    int stored = operand(i, value);
    SsaType type = function.valueType(stored);
    int inner = function.definingInstruction(stored);
    if (!type.isInteger() || bits >= type.bits() || inner == NONE) {
      return NONE;
    }
    SsaOp op = function.op(inner);
    boolean drops =
        switch (op) {
          case EXTEND8_S, EXTEND16_S, EXTEND32_S -> signBits(op) >= bits;
          case IAND -> {
            long used = (1L << bits) - 1;
            yield isConstant(operand(inner, 1)) && (right(inner) & used) == used;
          }
          default -> false;
        };
    if (!drops) {
      return NONE;
    }
    function.setOperand(i, value, operand(inner, 0));
    return REWRITTEN;
  }
}
