package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/** Shifts and rotates: amounts modulo the width, pairs of shifts, rotates from two shifts. */
final class ShiftRules extends RewriteRules {
  ShiftRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    super(function, inserter, uses);
  }

  /** Rules for a shift or rotate. */
  int shift(int i, SsaOp op) {
    SsaType type = function.controllingType(i);
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (!isConstant(b)) {
      return isConstant(a, 0) ? toConstant(i, 0) : shortenAmount(i, op, type, a, b);
    }
    int mask = type.bits() - 1;
    int count = (int) constant(b) & mask;
    if (count == 0) {
      return a;
    }
    if (count != constant(b)) {
      return becomeWith(i, op, type, a, count);
    }
    int inner = definedByConstant(a, op);
    if (inner != NONE) {
      return again(i, op, type, inner, count, mask);
    }
    return switch (op) {
      case SHL -> left(i, type, a, count);
      case SSHR -> rightSigned(i, type, a, count);
      case USHR -> rightUnsigned(i, type, a, count);
      default -> NONE;
    };
  }

  /** The processor takes the amount modulo the width, like the operation itself. */
  private int shortenAmount(int i, SsaOp op, SsaType type, int a, int b) {
    long mask = type.bits() - 1L;
    int and = definedByConstant(b, SsaOp.IAND);
    if (and != NONE && (right(and) & mask) == mask) {
      return become(i, op, type, a, operand(and, 0));
    }
    int sum = definedByConstant(b, SsaOp.IADD);
    if (sum != NONE && (right(sum) & mask) == 0) {
      return become(i, op, type, a, operand(sum, 0));
    }
    int difference = defined(b, SsaOp.ISUB);
    if (difference != NONE && isConstant(operand(difference, 0))) {
      long from = constant(operand(difference, 0));
      if (from != 0 && (from & mask) == 0) {
        inserter.at(i);
        int zero = inserter.constant(type, 0);
        int negated = inserter.binary(SsaOp.ISUB, type, zero, operand(difference, 1));
        return become(i, op, type, a, negated);
      }
    }
    return NONE;
  }

  private int again(int i, SsaOp op, SsaType type, int inner, int count, int mask) {
    int sum = count + ((int) right(inner) & mask);
    int a = operand(inner, 0);
    return switch (op) {
      case SHL, USHR -> sum > mask ? toConstant(i, 0) : becomeWith(i, op, type, a, sum);
      case SSHR -> becomeWith(i, op, type, a, Math.min(sum, mask));
      default -> becomeWith(i, op, type, a, sum & mask);
    };
  }

  private boolean isBy(int shift, int count) {
    return shift != NONE && right(shift) == count;
  }

  private int left(int i, SsaType type, int a, int count) {
    int product = definedByConstant(a, SsaOp.IMUL);
    if (product != NONE) {
      return becomeWith(i, SsaOp.IMUL, type, operand(product, 0), right(product) << count);
    }
    int down = definedByConstant(a, SsaOp.USHR);
    if (!isBy(down, count)) {
      down = definedByConstant(a, SsaOp.SSHR);
    }
    // Larger masks are no immediate operands.
    return isBy(down, count) && count < 32
        ? becomeWith(i, SsaOp.IAND, type, operand(down, 0), -1L << count)
        : NONE;
  }

  private int rightSigned(int i, SsaType type, int a, int count) {
    int up = definedByConstant(a, SsaOp.SHL);
    if (!isBy(up, count)) {
      return NONE;
    }
    return switch (type.bits() - count) {
      case 8 -> become(i, SsaOp.EXTEND8_S, type, operand(up, 0));
      case 16 -> become(i, SsaOp.EXTEND16_S, type, operand(up, 0));
      case 32 -> become(i, SsaOp.EXTEND32_S, type, operand(up, 0));
      default -> NONE;
    };
  }

  private int rightUnsigned(int i, SsaType type, int a, int count) {
    int signed = definedByConstant(a, SsaOp.SSHR);
    if (signed != NONE && count == type.bits() - 1) {
      return becomeWith(i, SsaOp.USHR, type, operand(signed, 0), count);
    }
    int up = definedByConstant(a, SsaOp.SHL);
    if (!isBy(up, count)) {
      return NONE;
    }
    if (type == SsaType.I64 && count == 32) {
      inserter.at(i);
      int low = inserter.unary(SsaOp.WRAP, SsaType.I32, operand(up, 0));
      return become(i, SsaOp.UEXTEND, SsaType.I64, low);
    }
    return type == SsaType.I32 || count > 32
        ? becomeWith(i, SsaOp.IAND, type, operand(up, 0), ones(type) >>> count)
        : NONE;
  }

  /** Two opposite shifts of one value whose bits are put together: a rotate. */
  int rotate(int i, SsaOp op) {
    int left = defined(operand(i, 0), SsaOp.SHL);
    int right = defined(operand(i, 1), SsaOp.USHR);
    if (left == NONE || right == NONE) {
      left = defined(operand(i, 1), SsaOp.SHL);
      right = defined(operand(i, 0), SsaOp.USHR);
    }
    if (left == NONE || right == NONE || operand(left, 0) != operand(right, 0)) {
      return NONE;
    }
    SsaType type = function.controllingType(i);
    int up = operand(left, 1);
    int down = operand(right, 1);
    if (isConstant(up) && isConstant(down)) {
      return constant(up) > 0 && constant(down) > 0 && constant(up) + constant(down) == type.bits()
          ? become(i, SsaOp.ROTL, type, operand(left, 0), up)
          : NONE;
    }
    // By a variable that may be zero: then both halves are the whole value, and only `or` keeps it.
    if (op != SsaOp.IOR) {
      return NONE;
    }
    if (isNegated(down, up)) {
      return become(i, SsaOp.ROTL, type, operand(left, 0), up);
    }
    return isNegated(up, down) ? become(i, SsaOp.ROTR, type, operand(left, 0), down) : NONE;
  }

  /** Whether {@code value} is zero minus {@code of}. */
  private boolean isNegated(int value, int of) {
    int difference = defined(value, SsaOp.ISUB);
    return difference != NONE
        && isConstant(operand(difference, 0), 0)
        && operand(difference, 1) == of;
  }
}
