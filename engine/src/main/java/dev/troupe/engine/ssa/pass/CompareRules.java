package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/** Comparisons of integers: with constants, of extended values, of other comparisons. */
final class CompareRules extends RewriteRules {
  CompareRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    super(function, inserter, uses);
  }

  private static boolean isEquality(IntCondition condition) {
    return condition == IntCondition.EQ || condition == IntCondition.NE;
  }

  /** Rules for an {@code icmp}. */
  int compare(int i) {
    SsaType type = function.controllingType(i);
    IntCondition condition = function.intCondition(i);
    int a = operand(i, 0);
    int b = operand(i, 1);
    if (a == b) {
      return toConstant(i, condition.test(0, 0) ? 1 : 0);
    }
    if (isConstant(a)) {
      return becomeCompare(i, condition.swapped(), type, b, a);
    }
    if (type == SsaType.REF) {
      return isConstant(b) && isNewObject(a)
          ? toConstant(i, condition == IntCondition.NE ? 1 : 0)
          : NONE;
    }
    if (type == SsaType.I64) {
      int narrowed = extended(i, condition, a, b);
      if (narrowed != NONE) {
        return narrowed;
      }
    }
    if (!isConstant(b)) {
      return NONE;
    }
    long c = constant(b);
    int simpler = neighbour(i, condition, type, a, c);
    if (simpler != NONE) {
      return simpler;
    }
    simpler = ofSelection(i, condition, a, c);
    if (simpler == NONE && isEquality(condition)) {
      simpler = c == 0 || c == 1 ? truth(i, condition, type, a, c) : NONE;
      if (simpler == NONE) {
        simpler = equality(i, condition, type, a, c);
      }
    }
    return simpler;
  }

  /** What is read from the top of the heap is an object that has just been made. */
  private boolean isNewObject(int value) {
    int definer = function.definingInstruction(value);
    return definer != NONE
        && function.op(definer) == SsaOp.RAW_LOAD
        && function.region(definer) == Region.STORE;
  }

  // ---- extended values

  /** Comparisons of values that were extended happen in 32 bits. */
  private int extended(int i, IntCondition condition, int a, int b) {
    int left = defined(a, SsaOp.UEXTEND);
    SsaOp op = left != NONE ? SsaOp.UEXTEND : SsaOp.SEXTEND;
    if (left == NONE) {
      left = defined(a, SsaOp.SEXTEND);
    }
    if (left == NONE) {
      return NONE;
    }
    IntCondition narrow = op == SsaOp.UEXTEND ? unsigned(condition) : condition;
    int right = defined(b, op);
    if (right != NONE) {
      return becomeCompare(i, narrow, SsaType.I32, operand(left, 0), operand(right, 0));
    }
    if (!isConstant(b)) {
      return NONE;
    }
    long c = constant(b);
    boolean fits = op == SsaOp.UEXTEND ? c >>> 32 == 0 : c == (int) c;
    if (fits) {
      int number = number(i, SsaType.I32, c);
      return becomeCompare(i, narrow, SsaType.I32, operand(left, 0), number);
    }
    // All values that the left side can take lie on one side of the constant.
    boolean decided = op == SsaOp.UEXTEND || isEquality(condition) || isSigned(condition);
    return decided ? toConstant(i, condition.test(0, c) ? 1 : 0) : NONE;
  }

  private static boolean isSigned(IntCondition condition) {
    return switch (condition) {
      case SLT, SGE, SGT, SLE -> true;
      case EQ, NE, ULT, UGE, UGT, ULE -> false;
    };
  }

  /** The condition on two numbers without sign. */
  private static IntCondition unsigned(IntCondition condition) {
    return switch (condition) {
      case SLT -> IntCondition.ULT;
      case SGE -> IntCondition.UGE;
      case SGT -> IntCondition.UGT;
      case SLE -> IntCondition.ULE;
      case EQ, NE, ULT, UGE, UGT, ULE -> condition;
    };
  }

  // ---- constants

  /** Comparisons with a constant that a comparison with zero can express. */
  private int neighbour(int i, IntCondition condition, SsaType type, int a, long c) {
    IntCondition simpler =
        switch (condition) {
          case SLT -> c == 1 ? IntCondition.SLE : null;
          case SGE -> c == 1 ? IntCondition.SGT : null;
          case SGT -> c == -1 ? IntCondition.SGE : null;
          case SLE -> c == -1 ? IntCondition.SLT : null;
          case ULT -> c == 1 ? IntCondition.EQ : null;
          case UGE -> c == 1 ? IntCondition.NE : null;
          case UGT -> c == 0 ? IntCondition.NE : null;
          case ULE -> c == 0 ? IntCondition.EQ : null;
          case EQ, NE -> null;
        };
    if (simpler != null) {
      return becomeCompare(i, simpler, type, a, number(i, type, 0));
    }
    if (c == 0 && (condition == IntCondition.ULT || condition == IntCondition.UGE)) {
      return toConstant(i, condition == IntCondition.UGE ? 1 : 0);
    }
    return NONE;
  }

  /** A selection between two constants, compared with a third. */
  private int ofSelection(int i, IntCondition condition, int a, long c) {
    int select = defined(a, SsaOp.SELECT);
    if (select == NONE || !isConstant(operand(select, 1)) || !isConstant(operand(select, 2))) {
      return NONE;
    }
    boolean ifTrue = condition.test(constant(operand(select, 1)), c);
    boolean ifFalse = condition.test(constant(operand(select, 2)), c);
    if (ifTrue == ifFalse) {
      return toConstant(i, ifTrue ? 1 : 0);
    }
    IntCondition test = ifTrue ? IntCondition.NE : IntCondition.EQ;
    int zero = number(i, SsaType.I32, 0);
    return becomeCompare(i, test, SsaType.I32, operand(select, 0), zero);
  }

  /** Equality with 0 or 1. */
  private int truth(int i, IntCondition condition, SsaType type, int a, long c) {
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
    if (c != 0) {
      return NONE;
    }
    inner = defined(a, SsaOp.ISUB);
    if (inner == NONE) {
      inner = defined(a, SsaOp.IXOR);
    }
    return inner == NONE
        ? isUsedOnce(a) ? ofShifted(i, condition, type, a) : NONE
        : becomeCompare(i, condition, type, operand(inner, 0), operand(inner, 1));
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
    return REWRITTEN;
  }

  /** Equality of a shifted value with zero needs no shift. */
  private int ofShifted(int i, IntCondition condition, SsaType type, int a) {
    int up = definedByConstant(a, SsaOp.SHL);
    if (up != NONE && type == SsaType.I32) {
      inserter.at(i);
      int mask = inserter.constant(type, 0xFFFF_FFFFL >>> (right(up) & 31));
      int rest = inserter.binary(SsaOp.IAND, type, operand(up, 0), mask);
      return becomeCompare(i, condition, type, rest, inserter.constant(type, 0));
    }
    int down = definedByConstant(a, SsaOp.USHR);
    if (down == NONE) {
      return NONE;
    }
    int x = operand(down, 0);
    long amount = right(down) & type.bits() - 1;
    boolean isZero = condition == IntCondition.EQ;
    if (amount == type.bits() - 1) {
      IntCondition sign = isZero ? IntCondition.SGE : IntCondition.SLT;
      return becomeCompare(i, sign, type, x, number(i, type, 0));
    }
    if (amount > 30) {
      // A larger number would be no immediate operand.
      return NONE;
    }
    IntCondition below = isZero ? IntCondition.ULT : IntCondition.UGE;
    return becomeCompare(i, below, type, x, number(i, type, 1L << amount));
  }

  /** Equality of an expression with a constant, solved for its variable. */
  private int equality(int i, IntCondition condition, SsaType type, int a, long c) {
    int inner = function.definingInstruction(a);
    if (inner == NONE || isTruth(a)) {
      // A truth value is neither of the constants that reach this place.
      return isTruth(a) && c != 0 && c != 1
          ? toConstant(i, condition == IntCondition.NE ? 1 : 0)
          : NONE;
    }
    SsaOp op = function.op(inner);
    switch (op) {
      case IADD, IXOR -> {
        if (isConstant(operand(inner, 1)) && isUsedOnce(a)) {
          long solved = op == SsaOp.IADD ? c - right(inner) : c ^ right(inner);
          return becomeCompare(i, condition, type, operand(inner, 0), number(i, type, solved));
        }
        return NONE;
      }
      case ISUB -> {
        if (isConstant(operand(inner, 0)) && isUsedOnce(a)) {
          long solved = constant(operand(inner, 0)) - c;
          return becomeCompare(i, condition, type, operand(inner, 1), number(i, type, solved));
        }
        return NONE;
      }
      case IAND -> {
        boolean isBit = isConstant(operand(inner, 1), c) && Long.bitCount(c & ones(type)) == 1;
        return isBit ? becomeCompare(i, condition.inverse(), type, a, number(i, type, 0)) : NONE;
      }
      default -> {
        return NONE;
      }
    }
  }
}
