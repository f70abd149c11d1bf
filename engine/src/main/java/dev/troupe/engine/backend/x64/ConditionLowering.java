package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/// Selection of comparisons and of what consumes them. Comparisons are made where they are
/// consumed, so that the flags need not survive anything but moves.
final class ConditionLowering {
  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;
  private final IntegerFlags integers;
  private final FloatSelect floatSelects;

  ConditionLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.integers = new IntegerFlags(low);
    this.floatSelects = new FloatSelect(low);
  }

  /// Sets the flags so that the returned [MachCond] holds exactly if the i32 is not zero. The
  /// consumer must follow directly.
  int flags(int value, int user) {
    int compare = low.definer(value, SsaOp.ICMP);
    if (compare != NONE && ssa.valueType(value) == SsaType.I32) {
      return integerFlags(compare, loadUser(value, user));
    }
    compare = low.definer(value, SsaOp.FCMP);
    if (compare != NONE) {
      return floatFlags(compare, loadUser(value, user));
    }
    int test = definedTest(value);
    if (test != NONE) {
      return testFlags(test);
    }
    return integers.compareZero(value, SsaType.I32, IntCondition.NE, user);
  }

  /// The test of a vector that sets flags behind a value, or NONE.
  private int definedTest(int value) {
    int test = low.definer(value, SsaOp.VTEST);
    return test != NONE && VectorLowering.setsFlags(ssa.vectorOp(test)) ? test : NONE;
  }

  private int testFlags(int test) {
    return MachCond.of(low.vectors().testFlags(test) ? X64Cond.E : X64Cond.NE);
  }

  /// A load may only sink to the consumer of a compare that nobody else has: else it would be
  /// executed twice.
  private int loadUser(int condition, int user) {
    return low.facts.uses(condition) == 1 ? user : NONE;
  }

  private int integerFlags(int compare, int user) {
    IntCondition condition = ssa.intCondition(compare);
    int a = ssa.operand(compare, 0);
    int b = ssa.operand(compare, 1);
    if (low.isConstant(a) && !low.isConstant(b)) {
      int swap = a;
      a = b;
      b = swap;
      condition = condition.swapped();
    }
    boolean equality = condition == IntCondition.EQ || condition == IntCondition.NE;
    if (equality && low.isConstant(b) && low.constant(b) == 0 && isCondition(a)) {
      int nested = flags(a, user);
      return condition == IntCondition.NE ? nested : MachCond.negate(nested);
    }
    return integers.compare(a, b, ssa.controllingType(compare), condition, user);
  }

  private boolean isCondition(int value) {
    if (ssa.valueType(value) != SsaType.I32) {
      return false;
    }
    return low.definer(value, SsaOp.ICMP) != NONE
        || low.definer(value, SsaOp.FCMP) != NONE
        || definedTest(value) != NONE;
  }

  /// An unordered `ucomis` sets the carry flag, so only "above" and "above or equal" are false on
  /// NaN: less-than exchanges its operands.
  private int floatFlags(int compare, int user) {
    FloatCondition condition = ssa.floatCondition(compare);
    int a = ssa.operand(compare, 0);
    int b = ssa.operand(compare, 1);
    boolean swap = condition == FloatCondition.LT || condition == FloatCondition.LE;
    X64Op op = ssa.controllingType(compare) == SsaType.F64 ? X64Op.UCOMISD : X64Op.UCOMISS;
    int first = swap ? b : a;
    int second = swap ? a : b;
    Addr address = low.memory().operand(second, user, op);
    if (address != null) {
      out.row(op, address, 0, low.use(first));
    } else {
      int left = low.use(first);
      int right = low.use(second);
      out.row(op, null, 0, left, right);
    }
    return switch (condition) {
      case EQ -> MachCond.FLOAT_EQUAL;
      case NE -> MachCond.FLOAT_UNEQUAL;
      case LT, GT -> MachCond.of(X64Cond.A);
      case LE, GE -> MachCond.of(X64Cond.AE);
    };
  }

  /// A comparison whose result is wanted as 0 or 1. The register is cleared before, which is free;
  /// extending afterwards is not.
  void materialize(int i) {
    int result = low.definition(ssa.result(i));
    int zero = out.newInteger();
    out.row(X64Op.MOV32_RI, null, 0, zero);
    int condition =
        switch (ssa.op(i)) {
          case ICMP -> integerFlags(i, i);
          case FCMP -> floatFlags(i, i);
          default -> testFlags(i);
        };
    out.add(MachPseudo.SET_CONDITION, condition);
    out.operand(result, Operand.defineReuse(1));
    out.use(zero);
    temporary(condition);
  }

  /// A comparison of which only the lowest byte is wanted, by its only user; NONE if the value is
  /// no such comparison.
  int materializeByte(int value, int user) {
    int compare = low.onlyUser(value, SsaOp.ICMP, user);
    if (compare == NONE) {
      compare = low.onlyUser(value, SsaOp.FCMP, user);
    }
    if (compare == NONE) {
      return NONE;
    }
    low.absorb(compare);
    int result = out.newInteger();
    int condition =
        ssa.op(compare) == SsaOp.ICMP ? integerFlags(compare, user) : floatFlags(compare, user);
    out.add(MachPseudo.SET_CONDITION, condition);
    out.define(result);
    temporary(condition);
    return result;
  }

  /// Whether floats are equal is told by two flags, of which one needs a place.
  private void temporary(int condition) {
    if (MachCond.isFloat(condition)) {
      out.operand(out.newInteger(), Operand.defineEarly());
    }
  }

  void select(int i) {
    SsaType type = ssa.controllingType(i);
    int result = low.definition(ssa.result(i));
    if (type.isInteger() || type == SsaType.REF) {
      selectInteger(i, type == SsaType.I32 ? X64Op.CMOV32 : X64Op.CMOV64, result);
      return;
    }
    if (floatSelects.select(i, result)) {
      return;
    }
    int ifTrue = low.use(ssa.operand(i, 1));
    int ifFalse = low.use(ssa.operand(i, 2));
    int condition = flags(ssa.operand(i, 0), i);
    if (condition == MachCond.FLOAT_EQUAL) {
      int swap = ifTrue;
      ifTrue = ifFalse;
      ifFalse = swap;
      condition = MachCond.FLOAT_UNEQUAL;
    }
    out.add(MachPseudo.VECTOR_SELECT, condition);
    out.operand(result, Operand.defineReuse(2));
    out.use(ifTrue);
    out.use(ifFalse);
  }

  /// One of the values may come from memory: the load happens whether or not it is wanted.
  private void selectInteger(int i, X64Op op, int result) {
    int a = ssa.operand(i, 1);
    int b = ssa.operand(i, 2);
    boolean single = isSingleTest(ssa.operand(i, 0));
    Addr loadTrue = single ? low.memory().operand(a, i, op) : null;
    Addr loadFalse = single && loadTrue == null ? low.memory().operand(b, i, op) : null;
    int ifTrue = loadTrue != null ? NONE : low.use(a);
    int ifFalse = loadFalse != null ? NONE : low.use(b);
    int condition = flags(ssa.operand(i, 0), i);
    if (loadTrue != null) {
      out.row(op, loadTrue, condition, result, ifFalse);
    } else if (loadFalse != null) {
      out.row(op, loadFalse, MachCond.negate(condition), result, ifTrue);
    } else if (MachCond.isFloat(condition)) {
      int moved = condition == MachCond.FLOAT_EQUAL ? ifFalse : ifTrue;
      int kept = condition == MachCond.FLOAT_EQUAL ? ifTrue : ifFalse;
      int either = out.newInteger();
      out.row(op, null, X64Cond.NE.ordinal(), either, kept, moved);
      out.row(op, null, X64Cond.P.ordinal(), result, either, moved);
    } else {
      out.row(op, null, condition, result, ifFalse, ifTrue);
    }
  }

  /// Whether a condition is certainly one of the hardware's, not one that takes two tests.
  private boolean isSingleTest(int condition) {
    int compare = low.definer(condition, SsaOp.ICMP);
    return compare != NONE
        ? !isCondition(ssa.operand(compare, 0))
        : low.definer(condition, SsaOp.FCMP) == NONE;
  }

  /// The index where it is below the limit, else 0, without a branch.
  void guard(int i) {
    boolean wide = ssa.controllingType(i) == SsaType.I64;
    int result = low.definition(ssa.result(i));
    int index = low.use(ssa.operand(i, 0));
    int limitValue = ssa.operand(i, 1);
    int zero = low.integerConstant(0, SsaType.I64);
    if (low.isImmediate(limitValue)) {
      long limit = low.constant(limitValue);
      out.row(wide ? X64Op.CMP64_MI : X64Op.CMP32_MI, null, limit, index);
    } else {
      int limit = low.use(limitValue);
      out.row(wide ? X64Op.CMP64_RM : X64Op.CMP32_RM, null, 0, index, limit);
    }
    X64Op op = wide ? X64Op.CMOV64 : X64Op.CMOV32;
    out.row(op, null, X64Cond.B.ordinal(), result, zero, index);
  }
}
