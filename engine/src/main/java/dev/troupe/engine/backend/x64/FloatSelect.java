package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/// Selections of one of two floats by a comparison of floats, without a branch: as minimum or
/// maximum where the compared ones are the selected ones, else with AVX by a mask.
final class FloatSelect {
  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;
  private final boolean avx;

  FloatSelect(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.avx = low.context.has(X64Feature.AVX);
  }

  /// Selects a `select` of floats, if it is one of these; says whether it did.
  boolean select(int i, int result) {
    int compare = low.definer(ssa.operand(i, 0), SsaOp.FCMP);
    SsaType type = ssa.controllingType(i);
    if (compare == NONE || !type.isFloat() || ssa.controllingType(compare) != type) {
      return false;
    }
    return extremum(i, result, compare, type == SsaType.F64)
        || avx && masked(i, result, compare, type == SsaType.F64);
  }

  /// `minsd a, b` is `a < b ? a : b`, also for zeros of two signs and NaN; `maxsd` likewise.
  private boolean extremum(int i, int result, int compare, boolean twice) {
    FloatCondition condition = ssa.floatCondition(compare);
    boolean less = condition == FloatCondition.LT;
    int a = ssa.operand(compare, 0);
    int b = ssa.operand(compare, 1);
    int ifTrue = ssa.operand(i, 1);
    int ifFalse = ssa.operand(i, 2);
    boolean straight = ifTrue == a && ifFalse == b;
    boolean crossed = ifTrue == b && ifFalse == a;
    if (!less && condition != FloatCondition.GT || !straight && !crossed) {
      return false;
    }
    boolean minimum = less == straight;
    int first = low.use(ifTrue);
    int second = low.use(ifFalse);
    if (avx) {
      X64Op min = twice ? X64Op.VMINSD : X64Op.VMINSS;
      X64Op max = twice ? X64Op.VMAXSD : X64Op.VMAXSS;
      out.row(minimum ? min : max, null, 0, result, first, second);
    } else {
      X64Op min = twice ? X64Op.MINSD : X64Op.MINSS;
      X64Op max = twice ? X64Op.MAXSD : X64Op.MAXSS;
      out.row(minimum ? min : max, null, 0, result, first, second);
    }
    return true;
  }

  private boolean masked(int i, int result, int compare, boolean twice) {
    int ifTrue = low.use(ssa.operand(i, 1));
    int ifFalse = low.use(ssa.operand(i, 2));
    int a = low.use(ssa.operand(compare, 0));
    int b = low.use(ssa.operand(compare, 1));
    int mask = out.newVector();
    X64Op test = twice ? X64Op.VCMPSD : X64Op.VCMPSS;
    out.row(test, null, predicate(ssa.floatCondition(compare)), mask, a, b);
    X64Op blend = twice ? X64Op.VBLENDVPD : X64Op.VBLENDVPS;
    out.row(blend, null, 0, result, ifFalse, ifTrue, mask);
    return true;
  }

  /// Quiet predicates of `vcmpsd`; all but "unequal" are false on NaN.
  private static int predicate(FloatCondition condition) {
    return switch (condition) {
      case EQ -> 0x00;
      case NE -> 0x04;
      case LT -> 0x11;
      case LE -> 0x12;
      case GE -> 0x1D;
      case GT -> 0x1E;
    };
  }
}
