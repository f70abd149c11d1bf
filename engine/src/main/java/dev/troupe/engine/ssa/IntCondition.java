package dev.troupe.engine.ssa;

import java.util.Locale;

/** Condition of an integer comparison. */
public enum IntCondition {
  EQ,
  NE,
  SLT,
  SGE,
  SGT,
  SLE,
  ULT,
  UGE,
  UGT,
  ULE;

  /** The condition that holds exactly when this one does not. */
  public IntCondition inverse() {
    return switch (this) {
      case EQ -> NE;
      case NE -> EQ;
      case SLT -> SGE;
      case SGE -> SLT;
      case SGT -> SLE;
      case SLE -> SGT;
      case ULT -> UGE;
      case UGE -> ULT;
      case UGT -> ULE;
      case ULE -> UGT;
    };
  }

  /** The condition with the operands exchanged: {@code a c b == b c.swapped() a}. */
  public IntCondition swapped() {
    return switch (this) {
      case EQ -> EQ;
      case NE -> NE;
      case SLT -> SGT;
      case SGE -> SLE;
      case SGT -> SLT;
      case SLE -> SGE;
      case ULT -> UGT;
      case UGE -> ULE;
      case UGT -> ULT;
      case ULE -> UGE;
    };
  }

  /** Evaluates the condition on two values that are sign-extended to 64 bits. */
  public boolean test(long left, long right) {
    return switch (this) {
      case EQ -> left == right;
      case NE -> left != right;
      case SLT -> left < right;
      case SGE -> left >= right;
      case SGT -> left > right;
      case SLE -> left <= right;
      case ULT -> Long.compareUnsigned(left, right) < 0;
      case UGE -> Long.compareUnsigned(left, right) >= 0;
      case UGT -> Long.compareUnsigned(left, right) > 0;
      case ULE -> Long.compareUnsigned(left, right) <= 0;
    };
  }

  /** The name used by printer and parser. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
