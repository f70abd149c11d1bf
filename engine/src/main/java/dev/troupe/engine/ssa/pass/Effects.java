package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;

/** What single instructions can be shown to do or not to do, beyond the rows of {@link SsaOp}. */
final class Effects {
  private Effects() {}

  /** Whether {@code instruction} must stay although nothing uses its results. */
  static boolean mustStay(SsaFunction function, int instruction) {
    SsaOp op = function.op(instruction);
    return op.hasSideEffect() && !cannotTrap(function, instruction, op);
  }

  /** Whether a division has a divisor that rules out every trap. */
  private static boolean cannotTrap(SsaFunction function, int instruction, SsaOp op) {
    return switch (op) {
      case UDIV, UREM, SREM -> isConstantBut(function, function.operand(instruction, 1), 0, 0);
      case SDIV -> isConstantBut(function, function.operand(instruction, 1), 0, -1);
      default -> false;
    };
  }

  private static boolean isConstantBut(SsaFunction function, int value, long first, long second) {
    int definer = function.definingInstruction(value);
    if (definer == SsaFunction.NONE || function.op(definer) != SsaOp.ICONST) {
      return false;
    }
    long bits = function.immediate(definer);
    return bits != first && bits != second;
  }
}
