package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/// Logical operations that are one instruction about single bits: set, clear and flip a bit, the
/// lowest set bit, and-not. Each method says whether it selected anything.
final class BitLowering {
  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;
  private final boolean bmi1;

  BitLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.bmi1 = low.context.has(X64Feature.BMI1);
  }

  private static X64Op pick(boolean wide, X64Op narrow, X64Op wideOp) {
    return wide ? wideOp : narrow;
  }

  private static SsaType type(boolean wide) {
    return wide ? SsaType.I64 : SsaType.I32;
  }

  boolean and(int i, boolean wide, int result, int a, int b) {
    if (low.isConstant(b)) {
      return constantBit(wide, X64Op.BTR64_MI, result, a, b, ~low.constant(b));
    }
    return andNot(i, wide, result, a, b)
        || andNot(i, wide, result, b, a)
        || clearBit(i, wide, result, a, b)
        || clearBit(i, wide, result, b, a)
        || lowestBit(i, wide, result, a, b)
        || lowestBit(i, wide, result, b, a);
  }

  boolean or(int i, boolean wide, int result, int a, int b) {
    if (low.isConstant(b)) {
      return constantBit(wide, X64Op.BTS64_MI, result, a, b, low.constant(b));
    }
    X64Op op = pick(wide, X64Op.BTS32_RR, X64Op.BTS64_RR);
    return changeBit(i, op, wide, result, a, b) || changeBit(i, op, wide, result, b, a);
  }

  boolean xor(int i, boolean wide, int result, int a, int b) {
    if (low.isConstant(b)) {
      return constantBit(wide, X64Op.BTC64_MI, result, a, b, low.constant(b));
    }
    X64Op op = pick(wide, X64Op.BTC32_RR, X64Op.BTC64_RR);
    return changeBit(i, op, wide, result, a, b)
        || changeBit(i, op, wide, result, b, a)
        || upToLowestBit(i, wide, result, a, b)
        || upToLowestBit(i, wide, result, b, a);
  }

  /// A bit of a mask that no instruction holds as immediate.
  private boolean constantBit(
      boolean wide, X64Op op, int result, int value, int mask, long changed) {
    if (!wide || low.isImmediate(mask) || Long.bitCount(changed) != 1) {
      return false;
    }
    out.row(op, null, Long.numberOfTrailingZeros(changed), result, low.use(value));
    return true;
  }

  /// `kept & ~inverted`.
  private boolean andNot(int i, boolean wide, int result, int inverted, int kept) {
    int xor = bmi1 ? only(inverted, SsaOp.IXOR, i, wide) : NONE;
    if (xor == NONE) {
      return false;
    }
    int x = ssa.operand(xor, 0);
    int ones = ssa.operand(xor, 1);
    if (!isConstant(ones, -1) || low.isConstant(x)) {
      return false;
    }
    low.absorb(xor);
    int left = low.use(x);
    int right = low.use(kept);
    out.row(pick(wide, X64Op.ANDN32, X64Op.ANDN64), null, 0, result, left, right);
    return true;
  }

  /// `value & rotl(-2, number)`: how compilers write clearing a bit.
  private boolean clearBit(int i, boolean wide, int result, int mask, int value) {
    int rotate = only(mask, SsaOp.ROTL, i, wide);
    if (rotate == NONE || !isConstant(ssa.operand(rotate, 0), -2)) {
      return false;
    }
    X64Op op = pick(wide, X64Op.BTR32_RR, X64Op.BTR64_RR);
    return bit(op, result, value, rotate);
  }

  /// `value op 1 << number`.
  private boolean changeBit(int i, X64Op op, boolean wide, int result, int value, int mask) {
    int shift = only(mask, SsaOp.SHL, i, wide);
    return shift != NONE && isConstant(ssa.operand(shift, 0), 1) && bit(op, result, value, shift);
  }

  private boolean bit(X64Op op, int result, int value, int mask) {
    if (low.isConstant(ssa.operand(mask, 1))) {
      return false;
    }
    low.absorb(mask);
    int number = low.use(ssa.operand(mask, 1));
    out.row(op, null, 0, result, low.use(value), number);
    return true;
  }

  /// `x & x - 1` and `x & -x`.
  private boolean lowestBit(int i, boolean wide, int result, int x, int other) {
    if (!bmi1) {
      return false;
    }
    int decrement = only(other, SsaOp.IADD, i, wide);
    if (decrement != NONE && isDecrementOf(decrement, x)) {
      low.absorb(decrement);
      out.row(pick(wide, X64Op.BLSR32, X64Op.BLSR64), null, 0, result, low.use(x));
      return true;
    }
    int negation = only(other, SsaOp.ISUB, i, wide);
    if (negation != NONE
        && ssa.operand(negation, 1) == x
        && isConstant(ssa.operand(negation, 0), 0)) {
      low.absorb(negation);
      out.row(pick(wide, X64Op.BLSI32, X64Op.BLSI64), null, 0, result, low.use(x));
      return true;
    }
    return false;
  }

  /// `x ^ x - 1`.
  private boolean upToLowestBit(int i, boolean wide, int result, int x, int other) {
    int decrement = bmi1 ? only(other, SsaOp.IADD, i, wide) : NONE;
    if (decrement == NONE || !isDecrementOf(decrement, x)) {
      return false;
    }
    low.absorb(decrement);
    out.row(pick(wide, X64Op.BLSMSK32, X64Op.BLSMSK64), null, 0, result, low.use(x));
    return true;
  }

  private boolean isDecrementOf(int add, int x) {
    return ssa.operand(add, 0) == x && isConstant(ssa.operand(add, 1), -1);
  }

  private boolean isConstant(int value, long number) {
    return low.isConstant(value) && low.constant(value) == number;
  }

  /// The definition of a value of this width that nobody else wants, or NONE.
  private int only(int value, SsaOp op, int user, boolean wide) {
    int definer = low.onlyUser(value, op, user);
    boolean same =
        definer != NONE
            && ssa.valueType(value) == type(wide)
            && ssa.controllingType(definer) == type(wide);
    return same ? definer : NONE;
  }
}
