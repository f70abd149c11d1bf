package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/**
 * Local rewriting of one instruction: folding, identities, canonical forms (constants on the right,
 * subtraction of a constant as addition, comparisons not of comparisons). Integer identities only:
 * none of the floating-point ones keeps NaN bits and the sign of zero.
 */
final class Simplifier {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_ROUNDS = 8;

  private final SsaFunction function;
  private final Inserter inserter;
  private final ConstantFolding folding;
  private final DivisionByConstant division;
  private boolean changed;

  Simplifier(SsaFunction function, Inserter inserter) {
    this.function = function;
    this.inserter = inserter;
    this.folding = new ConstantFolding(function);
    this.division = new DivisionByConstant(function, inserter);
  }

  /**
   * Rewrites {@code instruction} in place as far as possible.
   *
   * @return a value that equals its result, or {@link SsaFunction#NONE}
   */
  int simplify(int instruction) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      changed = false;
      int value = once(instruction);
      if (value != NONE) {
        return value;
      }
      if (!changed) {
        break;
      }
    }
    return NONE;
  }

  private int once(int i) {
    if (folding.fold(i)) {
      toConstant(i, folding.result());
      return NONE;
    }
    SsaOp op = function.op(i);
    return switch (op) {
      case IADD, ISUB, IMUL, IAND, IOR, IXOR -> arithmetic(i, op);
      case SHL, SSHR, USHR, ROTL, ROTR -> shift(i, op);
      case SDIV, UDIV, SREM, UREM -> divide(i, op);
      case ICMP -> compare(i);
      case SELECT -> select(i);
      case WRAP, EXTEND8_S, EXTEND16_S, EXTEND32_S -> convert(i, op);
      case BITCAST, FNEG, FABS -> floatBits(i, op);
      case TRAP_IF -> {
        condition(i);
        yield NONE;
      }
      case BR_IF -> {
        branchCondition(i);
        yield NONE;
      }
      default -> NONE;
    };
  }

  // ---- helpers

  private int operand(int i, int k) {
    return function.operand(i, k);
  }

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  private long constant(int value) {
    return function.immediate(function.definingInstruction(value));
  }

  private boolean isConstant(int value, long bits) {
    return isConstant(value) && constant(value) == bits;
  }

  /** The instruction behind {@code value} if it is an {@code op}, or NONE. */
  private int defined(int value, SsaOp op) {
    return function.definingOp(value, SsaOp.TRAP) == op
        ? function.definingInstruction(value)
        : NONE;
  }

  private void toConstant(int i, long bits) {
    SsaType type = function.valueType(function.result(i));
    SsaOp op = type.isInteger() ? SsaOp.ICONST : SsaOp.FCONST;
    function.replaceWith(i, op, type);
    function.setImmediate(i, type == SsaType.I32 ? (int) bits : bits);
  }

  private int become(int i, SsaOp op, SsaType type, int left, int right) {
    function.replaceWith(i, op, type, left, right);
    changed = true;
    return NONE;
  }

  private int becomeCompare(int i, IntCondition condition, SsaType type, int left, int right) {
    become(i, SsaOp.ICMP, type, left, right);
    function.setDetail(i, condition.ordinal());
    return NONE;
  }

  private int number(int i, SsaType type, long bits) {
    inserter.at(i);
    return inserter.constant(type, bits);
  }

  private int zero(int i) {
    toConstant(i, 0);
    return NONE;
  }

  // ---- integer arithmetic

  private int arithmetic(int i, SsaOp op) {
    SsaType type = function.controllingType(i);
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (op.isCommutative() && isConstant(a)) {
      return become(i, op, type, b, a);
    }
    if (isConstant(b)) {
      return withConstant(i, op, type, a, constant(b));
    }
    if (a != b) {
      return NONE;
    }
    return switch (op) {
      case ISUB, IXOR -> zero(i);
      case IAND, IOR -> a;
      default -> NONE;
    };
  }

  private int withConstant(int i, SsaOp op, SsaType type, int a, long c) {
    int inner = defined(a, op);
    boolean nested = inner != NONE && isConstant(operand(inner, 1));
    long c2 = nested ? constant(operand(inner, 1)) : 0;
    switch (op) {
      case IADD -> {
        if (c == 0) {
          return a;
        }
        return nested ? chain(i, op, type, inner, c + c2) : NONE;
      }
      case ISUB -> {
        return become(i, SsaOp.IADD, type, a, number(i, type, -c));
      }
      case IMUL -> {
        return multiply(i, type, a, c);
      }
      case IAND -> {
        if (c == 0) {
          return zero(i);
        }
        if ((knownBits(a, type) & ~c) == 0) {
          return a;
        }
        return nested ? chain(i, op, type, inner, c & c2) : NONE;
      }
      case IOR -> {
        if (c == 0) {
          return a;
        }
        if (c == -1) {
          toConstant(i, -1);
          return NONE;
        }
        return nested ? chain(i, op, type, inner, c | c2) : NONE;
      }
      case IXOR -> {
        if (c == 0) {
          return a;
        }
        return nested ? chain(i, op, type, inner, c ^ c2) : NONE;
      }
      default -> {
        return NONE;
      }
    }
  }

  /** {@code (x op c2) op c1 == x op c}. */
  private int chain(int i, SsaOp op, SsaType type, int inner, long c) {
    return become(i, op, type, operand(inner, 0), number(i, type, c));
  }

  private int multiply(int i, SsaType type, int a, long c) {
    if (c == 0) {
      return zero(i);
    }
    if (c == 1) {
      return a;
    }
    if (c == -1) {
      return become(i, SsaOp.ISUB, type, number(i, type, 0), a);
    }
    long unsigned = type == SsaType.I32 ? c & 0xFFFF_FFFFL : c;
    if (Long.bitCount(unsigned) == 1) {
      int log2 = Long.numberOfTrailingZeros(unsigned);
      return become(i, SsaOp.SHL, type, a, number(i, type, log2));
    }
    return NONE;
  }

  /** The bits that may be set in {@code value}; all of them unless its definition says more. */
  private long knownBits(int value, SsaType type) {
    int definer = function.definingInstruction(value);
    if (definer == NONE) {
      return -1;
    }
    return switch (function.op(definer)) {
      case ICMP, FCMP -> 1;
      case UEXTEND -> 0xFFFF_FFFFL;
      case IAND -> isConstant(operand(definer, 1)) ? constant(operand(definer, 1)) : -1;
      case LOAD, CTX_LOAD, RAW_LOAD -> knownBits(function.access(definer), type);
      default -> -1;
    };
  }

  private static long knownBits(MemoryAccess access, SsaType type) {
    return switch (access) {
      case INT8_U -> 0xFF;
      case INT16_U -> 0xFFFF;
      case INT32_U -> type == SsaType.I64 ? 0xFFFF_FFFFL : -1;
      case INT8_S, INT16_S, INT32_S, INT64, FLOAT32, FLOAT64, VECTOR128 -> -1;
    };
  }

  private int shift(int i, SsaOp op) {
    SsaType type = function.controllingType(i);
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (!isConstant(b)) {
      return isConstant(a, 0) ? zero(i) : NONE;
    }
    int mask = type.bits() - 1;
    int count = (int) constant(b) & mask;
    if (count == 0) {
      return a;
    }
    if (count != constant(b)) {
      return become(i, op, type, a, number(i, type, count));
    }
    int inner = defined(a, op);
    if (inner == NONE || !isConstant(operand(inner, 1))) {
      return NONE;
    }
    int sum = count + ((int) constant(operand(inner, 1)) & mask);
    return switch (op) {
      case SHL, USHR -> sum > mask ? zero(i) : chain(i, op, type, inner, sum);
      case SSHR -> chain(i, op, type, inner, Math.min(sum, mask));
      default -> chain(i, op, type, inner, sum & mask);
    };
  }

  private int divide(int i, SsaOp op) {
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
      return op == SsaOp.SDIV || op == SsaOp.UDIV ? a : zero(i);
    }
    division.expand(i, op, function.controllingType(i), a, c);
    changed = true;
    return NONE;
  }

  // ---- comparisons and conditions

  private int compare(int i) {
    SsaType type = function.controllingType(i);
    IntCondition condition = function.intCondition(i);
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (a == b) {
      toConstant(i, condition.test(0, 0) ? 1 : 0);
      return NONE;
    }
    if (isConstant(a)) {
      return becomeCompare(i, condition.swapped(), type, b, a);
    }
    int narrowed = compareExtended(i, condition, type, a, b);
    if (narrowed != NONE || changed || !isConstant(b)) {
      return narrowed;
    }
    long c = constant(b);
    if (c == 0) {
      switch (condition) {
        case ULT -> {
          return zero(i);
        }
        case UGE -> {
          toConstant(i, 1);
          return NONE;
        }
        case UGT -> {
          return becomeCompare(i, IntCondition.NE, type, a, b);
        }
        case ULE -> {
          return becomeCompare(i, IntCondition.EQ, type, a, b);
        }
        default -> {}
      }
    }
    if (c == 1 && (condition == IntCondition.ULT || condition == IntCondition.UGE)) {
      IntCondition simpler = condition == IntCondition.ULT ? IntCondition.EQ : IntCondition.NE;
      return becomeCompare(i, simpler, type, a, number(i, type, 0));
    }
    boolean equality = condition == IntCondition.EQ || condition == IntCondition.NE;
    return equality && (c == 0 || c == 1) ? compareTruth(i, condition, type, a, c) : NONE;
  }

  /** Comparisons of zero-extended values happen in 32 bits. */
  private int compareExtended(int i, IntCondition condition, SsaType type, int a, int b) {
    int left = type == SsaType.I64 ? defined(a, SsaOp.UEXTEND) : NONE;
    boolean signless =
        switch (condition) {
          case EQ, NE, ULT, UGE, UGT, ULE -> true;
          case SLT, SGE, SGT, SLE -> false;
        };
    if (left == NONE || !signless) {
      return NONE;
    }
    int right = defined(b, SsaOp.UEXTEND);
    if (right != NONE) {
      return becomeCompare(i, condition, SsaType.I32, operand(left, 0), operand(right, 0));
    }
    if (isConstant(b) && constant(b) >>> 32 == 0) {
      int narrow = number(i, SsaType.I32, constant(b));
      return becomeCompare(i, condition, SsaType.I32, operand(left, 0), narrow);
    }
    return NONE;
  }

  /** Equality with 0 or 1. */
  private int compareTruth(int i, IntCondition condition, SsaType type, int a, long c) {
    boolean sameTruth = (condition == IntCondition.NE) == (c == 0);
    int inner = defined(a, SsaOp.ICMP);
    if (inner != NONE) {
      if (sameTruth) {
        return a;
      }
      IntCondition inverse = function.intCondition(inner).inverse();
      SsaType innerType = function.controllingType(inner);
      return becomeCompare(i, inverse, innerType, operand(inner, 0), operand(inner, 1));
    }
    inner = defined(a, SsaOp.FCMP);
    if (inner != NONE) {
      return sameTruth ? a : invertFloatEquality(i, inner);
    }
    inner = defined(a, SsaOp.ISUB);
    if (inner == NONE) {
      inner = defined(a, SsaOp.IXOR);
    }
    if (inner != NONE && c == 0) {
      return becomeCompare(i, condition, type, operand(inner, 0), operand(inner, 1));
    }
    return NONE;
  }

  /** Only equality has an inverse in the presence of NaN. */
  private int invertFloatEquality(int i, int inner) {
    FloatCondition condition = function.floatCondition(inner);
    if (condition != FloatCondition.EQ && condition != FloatCondition.NE) {
      return NONE;
    }
    FloatCondition inverse = condition == FloatCondition.EQ ? FloatCondition.NE : FloatCondition.EQ;
    SsaType type = function.controllingType(inner);
    become(i, SsaOp.FCMP, type, operand(inner, 0), operand(inner, 1));
    function.setDetail(i, inverse.ordinal());
    return NONE;
  }

  /** An i32 value x such that the condition is {@code x != 0}, if it compares x with zero. */
  private int comparedWithZero(int value, IntCondition condition) {
    int definer = defined(value, SsaOp.ICMP);
    return definer != NONE
            && function.controllingType(definer) == SsaType.I32
            && function.intCondition(definer) == condition
            && isConstant(operand(definer, 1), 0)
        ? operand(definer, 0)
        : NONE;
  }

  private boolean isTruth(int value) {
    SsaOp op = function.definingOp(value, SsaOp.TRAP);
    return op == SsaOp.ICMP || op == SsaOp.FCMP;
  }

  private void condition(int i) {
    int plain = comparedWithZero(operand(i, 0), IntCondition.NE);
    if (plain != NONE) {
      function.setOperand(i, 0, plain);
      changed = true;
    }
  }

  private void branchCondition(int i) {
    condition(i);
    int inverted = comparedWithZero(operand(i, 0), IntCondition.EQ);
    if (inverted != NONE) {
      function.setOperand(i, 0, inverted);
      function.swapEdges(i);
      changed = true;
    }
  }

  private int select(int i) {
    SsaType type = function.controllingType(i);
    int condition = operand(i, 0);
    int ifTrue = operand(i, 1);
    int ifFalse = operand(i, 2);
    if (ifTrue == ifFalse) {
      return ifTrue;
    }
    if (isConstant(condition)) {
      return constant(condition) != 0 ? ifTrue : ifFalse;
    }
    condition(i);
    int inverted = comparedWithZero(condition, IntCondition.EQ);
    if (inverted != NONE) {
      function.replaceWith(i, SsaOp.SELECT, type, inverted, ifFalse, ifTrue);
      changed = true;
      return NONE;
    }
    if (type == SsaType.I32 && isConstant(ifTrue) && isConstant(ifFalse)) {
      return selectTruth(i, operand(i, 0), constant(ifTrue), constant(ifFalse));
    }
    return NONE;
  }

  private int selectTruth(int i, int condition, long ifTrue, long ifFalse) {
    if (ifTrue == 1 && ifFalse == 0) {
      return isTruth(condition)
          ? condition
          : becomeCompare(i, IntCondition.NE, SsaType.I32, condition, number(i, SsaType.I32, 0));
    }
    if (ifTrue == 0 && ifFalse == 1) {
      int zero = number(i, SsaType.I32, 0);
      return becomeCompare(i, IntCondition.EQ, SsaType.I32, condition, zero);
    }
    return NONE;
  }

  // ---- conversions

  private int convert(int i, SsaOp op) {
    int a = operand(i, 0);
    int inner = function.definingInstruction(a);
    if (inner == NONE) {
      return NONE;
    }
    SsaOp innerOp = function.op(inner);
    if (op == SsaOp.WRAP) {
      boolean extended = innerOp == SsaOp.UEXTEND || innerOp == SsaOp.SEXTEND;
      return extended ? operand(inner, 0) : NONE;
    }
    if (op == SsaOp.EXTEND32_S && innerOp == SsaOp.UEXTEND) {
      function.replaceWith(i, SsaOp.SEXTEND, SsaType.I64, operand(inner, 0));
      changed = true;
      return NONE;
    }
    return signBits(inner, innerOp) <= signBits(op) ? a : NONE;
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
      case INT8_U, INT16_U, INT32_U, INT64, FLOAT32, FLOAT64, VECTOR128 -> 64;
    };
  }

  private int floatBits(int i, SsaOp op) {
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
    if (negated != NONE) {
      function.replaceWith(i, SsaOp.FABS, function.controllingType(i), operand(negated, 0));
      changed = true;
    }
    return NONE;
  }
}
