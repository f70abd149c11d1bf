package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import org.jspecify.annotations.Nullable;

/// Comparisons of integers as flags: `cmp` and `test` on registers, immediates and memory of any
/// width, `bt` for single bits.
///
/// `user` is everywhere the instruction that consumes the flags and may execute loads, or
/// [SsaFunction#NONE] if no load may move.
final class IntegerFlags {
  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;

  IntegerFlags(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
  }

  static int hardware(IntCondition condition) {
    return MachCond.of(
        switch (condition) {
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
        });
  }

  private static boolean isEquality(IntCondition condition) {
    return condition == IntCondition.EQ || condition == IntCondition.NE;
  }

  private static X64Op pick(boolean wide, X64Op narrow, X64Op wideOp) {
    return wide ? wideOp : narrow;
  }

  // ---- comparisons

  /// Sets the flags for `a condition b` and returns the [MachCond] to test.
  int compare(int a, int b, SsaType type, IntCondition condition, int user) {
    boolean wide = type != SsaType.I32;
    if (low.isConstant(b) && low.constant(b) == 0) {
      return compareZero(a, type, condition, user);
    }
    if (low.isImmediate(b)) {
      IntCondition narrow = compareNarrow(a, low.constant(b), type, condition, user);
      if (narrow != null) {
        return hardware(narrow);
      }
      X64Op op = pick(wide, X64Op.CMP32_MI, X64Op.CMP64_MI);
      Addr address = low.memory().operand(a, user, op);
      if (address != null) {
        out.row(op, address, low.constant(b));
      } else {
        out.row(op, null, low.constant(b), low.use(a));
      }
      return hardware(condition);
    }
    X64Op op = pick(wide, X64Op.CMP32_RM, X64Op.CMP64_RM);
    Addr right = low.memory().operand(b, user, op);
    if (right != null) {
      out.row(op, right, 0, low.use(a));
      return hardware(condition);
    }
    Addr left = low.memory().operand(a, user, op);
    if (left != null) {
      out.row(op, left, 0, low.use(b));
      return hardware(condition.swapped());
    }
    int first = low.use(a);
    int second = low.use(b);
    out.row(op, null, 0, first, second);
    return hardware(condition);
  }

  /// Compares a load of few bits with a constant in memory, if the constant is one of the loaded
  /// numbers: their order in few bits is that of the extended ones.
  ///
  /// @return the condition to test, or null if that is not possible
  private @Nullable IntCondition compareNarrow(
      int value, long constant, SsaType type, IntCondition condition, int user) {
    int load = low.memory().foldableLoad(value, user);
    if (load == NONE || ssa.op(load) != SsaOp.LOAD) {
      return null;
    }
    boolean sameType = ssa.controllingType(load) == type && ssa.valueType(value) == type;
    X64Op op =
        switch (ssa.access(load)) {
          case INT8_U -> constant >= 0 && constant <= 0xFF ? X64Op.CMP8_MI : null;
          case INT8_S -> sameType && constant == (byte) constant ? X64Op.CMP8_MI : null;
          // An immediate of 16 bits is slow to decode.
          case INT16_U -> constant == (byte) constant && constant >= 0 ? X64Op.CMP16_MI : null;
          case INT16_S -> sameType && constant == (byte) constant ? X64Op.CMP16_MI : null;
          case INT32_U ->
              type == SsaType.I64 && constant == (int) constant && constant >= 0
                  ? X64Op.CMP32_MI
                  : null;
          default -> null;
        };
    if (op == null) {
      return null;
    }
    boolean signed = ssa.access(load).signExtends();
    out.row(op, low.memory().folded(load), op == X64Op.CMP8_MI ? (byte) constant : constant);
    return signed ? condition : unsigned(condition);
  }

  /// The condition for numbers that are both not negative.
  private static IntCondition unsigned(IntCondition condition) {
    return switch (condition) {
      case SLT -> IntCondition.ULT;
      case SGE -> IntCondition.UGE;
      case SGT -> IntCondition.UGT;
      case SLE -> IntCondition.ULE;
      case EQ, NE, ULT, UGE, UGT, ULE -> condition;
    };
  }

  // ---- comparisons with zero

  /// Sets the flags for `value condition 0` and returns the [MachCond] to test.
  int compareZero(int value, SsaType type, IntCondition condition, int user) {
    boolean wide = type != SsaType.I32;
    IntCondition narrow = compareNarrow(value, 0, type, condition, user);
    if (narrow != null) {
      return hardware(narrow);
    }
    int and = low.definer(value, SsaOp.IAND);
    if (and != NONE && low.isExclusive(value) && ssa.controllingType(and) == type) {
      int a = ssa.operand(and, 0);
      int b = ssa.operand(and, 1);
      if (low.isConstant(a)) {
        int swap = a;
        a = b;
        b = swap;
      }
      if (low.isConstant(b) && !low.isConstant(a)) {
        long mask = wide ? low.constant(b) : low.constant(b) & 0xFFFF_FFFFL;
        int tested = testMask(a, mask, type, condition, user);
        if (tested != NONE) {
          return tested;
        }
      } else if (!low.isConstant(a)) {
        return testBoth(a, b, type, condition, user);
      }
    }
    X64Op compareMemory = pick(wide, X64Op.CMP32_MI, X64Op.CMP64_MI);
    Addr address = low.memory().operand(value, user, compareMemory);
    if (address != null) {
      out.row(compareMemory, address, 0);
    } else {
      int tested = low.use(value);
      out.row(pick(wide, X64Op.TEST32_MR, X64Op.TEST64_MR), null, 0, tested, tested);
    }
    return hardware(condition);
  }

  /// Tests the bits of a constant mask, as narrow as the condition allows.
  private int testMask(int value, long mask, SsaType type, IntCondition condition, int user) {
    boolean wide = type != SsaType.I32;
    boolean equality = isEquality(condition);
    int shift = equality ? exclusiveShift(value, type) : NONE;
    if (shift != NONE) {
      int amount = ssa.operand(shift, 1);
      if (!low.isConstant(amount)) {
        if (mask == 1) {
          return bitTest(ssa.operand(shift, 0), amount, wide, condition);
        }
      } else {
        int bits = (int) low.constant(amount) & type.bits() - 1;
        long shifted = wide ? mask << bits : mask << bits & 0xFFFF_FFFFL;
        if (shifted >>> bits == mask && (isTestable(shifted, wide) || Long.bitCount(mask) == 1)) {
          return testMask(ssa.operand(shift, 0), shifted, type, condition, user);
        }
      }
    }
    if (equality && mask >>> 8 == 0) {
      int load = low.memory().foldableLoad(value, user);
      if (load != NONE && ssa.access(load).bytes() == 1) {
        out.row(X64Op.TEST8_MI, low.memory().folded(load), (byte) mask);
        return hardware(condition);
      }
    }
    if (!isTestable(mask, wide)) {
      if (!equality || Long.bitCount(mask) != 1) {
        return NONE;
      }
      int tested = low.use(value);
      out.row(X64Op.BT64_MI, null, Long.numberOfTrailingZeros(mask), tested);
      return carry(condition);
    }
    X64Op op = pick(wide, X64Op.TEST32_MI, X64Op.TEST64_MI);
    Addr address = low.memory().operand(value, user, op);
    if (address != null) {
      out.row(op, address, (int) mask);
    } else if (mask >>> (equality ? 8 : 7) == 0) {
      out.row(X64Op.TEST8_MI, null, (byte) mask, low.use(value));
    } else if (mask >>> 31 == 0) {
      out.row(X64Op.TEST32_MI, null, mask, low.use(value));
    } else {
      out.row(op, null, (int) mask, low.use(value));
    }
    return hardware(condition);
  }

  /// Whether `test` can hold a mask of this width.
  private static boolean isTestable(long mask, boolean wide) {
    return !wide || mask == (int) mask;
  }

  /// The right shift behind a value that only the asked instruction uses, or NONE.
  private int exclusiveShift(int value, SsaType type) {
    int shift = low.definer(value, SsaOp.USHR);
    boolean mine = shift != NONE && low.isExclusive(value) && ssa.controllingType(shift) == type;
    return mine && ssa.valueType(value) == type ? shift : NONE;
  }

  private int testBoth(int a, int b, SsaType type, IntCondition condition, int user) {
    boolean wide = type != SsaType.I32;
    if (isEquality(condition)) {
      int bit = shiftedOne(a, type);
      if (bit != NONE) {
        return bitTest(b, bit, wide, condition);
      }
      bit = shiftedOne(b, type);
      if (bit != NONE) {
        return bitTest(a, bit, wide, condition);
      }
    }
    X64Op op = pick(wide, X64Op.TEST32_MR, X64Op.TEST64_MR);
    Addr address = low.memory().operand(b, user, op);
    if (address != null) {
      out.row(op, address, 0, low.use(a));
    } else {
      int left = low.use(a);
      int right = low.use(b);
      out.row(op, null, 0, left, right);
    }
    return hardware(condition);
  }

  /// The amount of `1 << amount`, if that is what a value is and nobody else wants it; else NONE.
  private int shiftedOne(int value, SsaType type) {
    int shift = low.definer(value, SsaOp.SHL);
    if (shift == NONE || !low.isExclusive(value) || ssa.controllingType(shift) != type) {
      return NONE;
    }
    int one = ssa.operand(shift, 0);
    return low.isConstant(one) && low.constant(one) == 1 ? ssa.operand(shift, 1) : NONE;
  }

  /// Puts one bit of a register into the carry flag. Both are registers: with a bit string in
  /// memory the instruction would reach beyond it.
  private int bitTest(int value, int bit, boolean wide, IntCondition condition) {
    int tested = low.use(value);
    int number = low.use(bit);
    out.row(pick(wide, X64Op.BT32_RR, X64Op.BT64_RR), null, 0, tested, number);
    return carry(condition);
  }

  private static int carry(IntCondition condition) {
    return MachCond.of(condition == IntCondition.NE ? X64Cond.B : X64Cond.AE);
  }
}
