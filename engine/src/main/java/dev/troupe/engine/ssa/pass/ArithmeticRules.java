package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/**
 * Integer arithmetic: identities, constants on the right and gathered into one, subtraction of a
 * constant as addition, division by constants.
 */
final class ArithmeticRules extends RewriteRules {
  private final DivisionByConstant division;

  ArithmeticRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    super(function, inserter, uses);
    this.division = new DivisionByConstant(function, inserter);
  }

  /** Rules for sums, products and bitwise operations. */
  int arithmetic(int i, SsaOp op) {
    SsaType type = function.controllingType(i);
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (op.isCommutative() && isConstant(a)) {
      return become(i, op, type, b, a);
    }
    if (isConstant(b)) {
      return withConstant(i, op, type, a, constant(b));
    }
    return switch (op) {
      case IADD -> add(i, type, a, b);
      case ISUB -> a == b ? toConstant(i, 0) : subtract(i, type, a, b);
      case IXOR -> a == b ? toConstant(i, 0) : NONE;
      case IAND, IOR -> a == b ? a : NONE;
      default -> NONE;
    };
  }

  private int add(int i, SsaType type, int a, int b) {
    int left = defined(a, SsaOp.ISUB);
    if (left != NONE && operand(left, 1) == b) {
      return operand(left, 0);
    }
    int right = defined(b, SsaOp.ISUB);
    if (right != NONE && operand(right, 1) == a) {
      return operand(right, 0);
    }
    if (right != NONE && isConstant(operand(right, 0), 0)) {
      return become(i, SsaOp.ISUB, type, a, operand(right, 1));
    }
    return left != NONE && isConstant(operand(left, 0), 0)
        ? become(i, SsaOp.ISUB, type, b, operand(left, 1))
        : NONE;
  }

  private int subtract(int i, SsaType type, int a, int b) {
    int sum = defined(a, SsaOp.IADD);
    if (sum != NONE && operand(sum, 0) == b) {
      return operand(sum, 1);
    }
    if (sum != NONE && operand(sum, 1) == b) {
      return operand(sum, 0);
    }
    if (!isConstant(a)) {
      return NONE;
    }
    int subtrahend = definedByConstant(b, SsaOp.IADD);
    return subtrahend != NONE
        ? become(
            i,
            SsaOp.ISUB,
            type,
            number(i, type, constant(a) - right(subtrahend)),
            operand(subtrahend, 0))
        : NONE;
  }

  private int withConstant(int i, SsaOp op, SsaType type, int a, long c) {
    int inner = definedByConstant(a, op);
    long c2 = inner != NONE ? right(inner) : 0;
    return switch (op) {
      case IADD -> {
        if (c == 0) {
          yield a;
        }
        yield inner != NONE ? chain(i, op, type, inner, c + c2) : addConstant(i, type, a, c);
      }
      case ISUB -> becomeWith(i, SsaOp.IADD, type, a, -c);
      case IMUL -> {
        int simpler = multiply(i, type, a, c);
        yield simpler == NONE && inner != NONE ? chain(i, op, type, inner, c * c2) : simpler;
      }
      case IAND -> {
        if (c == 0) {
          yield toConstant(i, 0);
        }
        yield inner != NONE ? chain(i, op, type, inner, c & c2) : mask(i, type, a, c);
      }
      case IOR -> {
        if (c == 0) {
          yield a;
        }
        if (c == -1) {
          yield toConstant(i, -1);
        }
        yield inner != NONE ? chain(i, op, type, inner, c | c2) : NONE;
      }
      case IXOR -> {
        if (c == 0) {
          yield a;
        }
        if (c == 1 && type == SsaType.I32 && isTruth(a)) {
          yield becomeCompare(i, IntCondition.EQ, type, a, number(i, type, 0));
        }
        yield inner != NONE ? chain(i, op, type, inner, c ^ c2) : NONE;
      }
      default -> NONE;
    };
  }

  /** {@code (x op c2) op c1 == x op c}. */
  private int chain(int i, SsaOp op, SsaType type, int inner, long c) {
    return becomeWith(i, op, type, operand(inner, 0), c);
  }

  private int addConstant(int i, SsaType type, int a, long c) {
    int difference = defined(a, SsaOp.ISUB);
    return difference != NONE && isConstant(operand(difference, 0))
        ? become(
            i,
            SsaOp.ISUB,
            type,
            number(i, type, constant(operand(difference, 0)) + c),
            operand(difference, 1))
        : NONE;
  }

  /** Bits that the mask clears need not be set before. */
  private int mask(int i, SsaType type, int a, long c) {
    int set = definedByConstant(a, SsaOp.IOR);
    return set != NONE && (right(set) & c) == 0
        ? becomeWith(i, SsaOp.IAND, type, operand(set, 0), c)
        : NONE;
  }

  private int multiply(int i, SsaType type, int a, long c) {
    if (c == 0) {
      return toConstant(i, 0);
    }
    if (c == 1) {
      return a;
    }
    if (c == -1) {
      return become(i, SsaOp.ISUB, type, number(i, type, 0), a);
    }
    long unsigned = c & ones(type);
    if (Long.bitCount(unsigned) == 1) {
      return becomeWith(i, SsaOp.SHL, type, a, Long.numberOfTrailingZeros(unsigned));
    }
    int shift = definedByConstant(a, SsaOp.SHL);
    return shift != NONE
        ? becomeWith(i, SsaOp.IMUL, type, operand(shift, 0), c << (right(shift) & type.bits() - 1))
        : NONE;
  }

  /** Rules for divisions and remainders. */
  int divide(int i, SsaOp op) {
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (!isConstant(b)) {
      return NONE;
    }
    long c = constant(b);
    if (c == 0 || c == -1 && op == SsaOp.SDIV) {
      return NONE;
    }
    if (c == 1 || c == -1 && op == SsaOp.SREM) {
      return op == SsaOp.SDIV || op == SsaOp.UDIV ? a : toConstant(i, 0);
    }
    division.expand(i, op, function.controllingType(i), a, c);
    return REWRITTEN;
  }
}
