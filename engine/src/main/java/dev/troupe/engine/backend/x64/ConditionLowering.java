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

  ConditionLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
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
    testZero(value, SsaType.I32, user);
    return MachCond.of(X64Cond.NE);
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
    SsaType type = ssa.controllingType(compare);
    if (low.isConstant(b) && low.constant(b) == 0) {
      boolean equality = condition == IntCondition.EQ || condition == IntCondition.NE;
      if (equality && isCondition(a)) {
        int nested = flags(a, user);
        return condition == IntCondition.NE ? nested : MachCond.negate(nested);
      }
      testZero(a, type, user);
      return MachCond.of(hardware(condition));
    }
    return MachCond.of(hardware(compare(a, b, type, condition, user)));
  }

  private boolean isCondition(int value) {
    if (ssa.valueType(value) != SsaType.I32) {
      return false;
    }
    return low.definer(value, SsaOp.ICMP) != NONE || low.definer(value, SsaOp.FCMP) != NONE;
  }

  /// Emits `cmp`, possibly with its operands exchanged, and returns the condition to test then.
  private IntCondition compare(int a, int b, SsaType type, IntCondition condition, int user) {
    boolean wide = type == SsaType.I64;
    if (low.isImmediate(b)) {
      X64Op op = wide ? X64Op.CMP64_MI : X64Op.CMP32_MI;
      Addr address = low.memory().operand(a, user, op);
      if (address != null) {
        out.row(op, address, low.constant(b));
      } else {
        out.row(op, null, low.constant(b), low.use(a));
      }
      return condition;
    }
    X64Op op = wide ? X64Op.CMP64_RM : X64Op.CMP32_RM;
    Addr right = low.memory().operand(b, user, op);
    if (right != null) {
      out.row(op, right, 0, low.use(a));
      return condition;
    }
    Addr left = low.memory().operand(a, user, op);
    if (left != null) {
      out.row(op, left, 0, low.use(b));
      return condition.swapped();
    }
    int first = low.use(a);
    int second = low.use(b);
    out.row(op, null, 0, first, second);
    return condition;
  }

  /// Compares with zero: sets the flags as `cmp value, 0` does.
  private void testZero(int value, SsaType type, int user) {
    boolean wide = type == SsaType.I64;
    int and = low.definer(value, SsaOp.IAND);
    if (and != NONE && low.isExclusive(value) && ssa.controllingType(and) == type) {
      int a = ssa.operand(and, 0);
      int b = ssa.operand(and, 1);
      if (low.isImmediate(b) && !low.isConstant(a)) {
        out.row(wide ? X64Op.TEST64_MI : X64Op.TEST32_MI, null, low.constant(b), low.use(a));
        return;
      }
      if (!low.isConstant(a) && !low.isConstant(b)) {
        int left = low.use(a);
        int right = low.use(b);
        out.row(wide ? X64Op.TEST64_MR : X64Op.TEST32_MR, null, 0, left, right);
        return;
      }
    }
    X64Op compareMemory = wide ? X64Op.CMP64_MI : X64Op.CMP32_MI;
    Addr address = low.memory().operand(value, user, compareMemory);
    if (address != null) {
      out.row(compareMemory, address, 0);
      return;
    }
    int tested = low.use(value);
    out.row(wide ? X64Op.TEST64_MR : X64Op.TEST32_MR, null, 0, tested, tested);
  }

  private static X64Cond hardware(IntCondition condition) {
    return switch (condition) {
      case EQ -> X64Cond.E;
      case NE -> X64Cond.NE;
      case SLT -> X64Cond.L;
      case SGE -> X64Cond.GE;
      case SGT -> X64Cond.G;
      case SLE -> X64Cond.LE;
      case ULT -> X64Cond.B;
      case UGE -> X64Cond.AE;
      case UGT -> X64Cond.A;
      case ULE -> X64Cond.BE;
    };
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

  /// A comparison whose result is wanted as 0 or 1.
  void materialize(int i) {
    int result = low.definition(ssa.result(i));
    int condition = ssa.op(i) == SsaOp.ICMP ? integerFlags(i, i) : floatFlags(i, i);
    out.add(MachPseudo.SET_CONDITION, condition);
    out.define(result);
  }

  void select(int i) {
    SsaType type = ssa.controllingType(i);
    int result = low.definition(ssa.result(i));
    int ifTrue = low.use(ssa.operand(i, 1));
    int ifFalse = low.use(ssa.operand(i, 2));
    int condition = flags(ssa.operand(i, 0), i);
    if (condition == MachCond.FLOAT_EQUAL) {
      int swap = ifTrue;
      ifTrue = ifFalse;
      ifFalse = swap;
      condition = MachCond.FLOAT_UNEQUAL;
    }
    if (!type.isInteger()) {
      out.add(MachPseudo.VECTOR_SELECT, condition);
      out.operand(result, Operand.defineReuse(2));
      out.use(ifTrue);
      out.use(ifFalse);
      return;
    }
    X64Op op = type == SsaType.I64 ? X64Op.CMOV64 : X64Op.CMOV32;
    if (condition == MachCond.FLOAT_UNEQUAL) {
      int either = out.newInteger();
      out.row(op, null, X64Cond.NE.ordinal(), either, ifFalse, ifTrue);
      out.row(op, null, X64Cond.P.ordinal(), result, either, ifTrue);
    } else {
      out.row(op, null, condition, result, ifFalse, ifTrue);
    }
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
