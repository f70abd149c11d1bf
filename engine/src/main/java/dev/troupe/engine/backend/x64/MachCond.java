package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Cond;

/// Conditions of machine instructions as ints: the hardware's sixteen, and two that need the parity
/// flag as well because a comparison of floats may be unordered.
final class MachCond {
  /// Equal and ordered.
  static final int FLOAT_EQUAL = 16;

  /// Unequal or unordered.
  static final int FLOAT_UNEQUAL = 17;

  private MachCond() {}

  static int of(X64Cond condition) {
    return condition.ordinal();
  }

  static int negate(int condition) {
    return condition ^ 1;
  }

  static boolean isFloat(int condition) {
    return condition >= FLOAT_EQUAL;
  }

  /// The hardware condition; not of the two float conditions.
  static X64Cond hardware(int condition) {
    if (isFloat(condition)) {
      throw new IllegalStateException("condition " + text(condition) + " needs two tests");
    }
    return X64Cond.of(condition);
  }

  static String text(int condition) {
    return switch (condition) {
      case FLOAT_EQUAL -> "feq";
      case FLOAT_UNEQUAL -> "fne";
      default -> X64Cond.of(condition).suffix();
    };
  }
}
