package dev.troupe.engine.ssa;

import java.util.Locale;

/**
 * Condition of a floating-point comparison (IEEE 754). Every condition except {@link #NE} is false
 * when an operand is NaN; the inverse of an ordering is therefore not an ordering, and none is
 * offered.
 */
public enum FloatCondition {
  EQ,
  NE,
  LT,
  GT,
  LE,
  GE;

  /** The condition with the operands exchanged. */
  public FloatCondition swapped() {
    return switch (this) {
      case EQ -> EQ;
      case NE -> NE;
      case LT -> GT;
      case GT -> LT;
      case LE -> GE;
      case GE -> LE;
    };
  }

  /** Evaluates the condition; exact for binary32 operands widened to binary64 too. */
  public boolean test(double left, double right) {
    return switch (this) {
      case EQ -> left == right;
      case NE -> left != right;
      case LT -> left < right;
      case GT -> left > right;
      case LE -> left <= right;
      case GE -> left >= right;
    };
  }

  /** The name used by printer and parser. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
