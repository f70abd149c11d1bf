package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.WasmOp;

/** Binary i32 instructions. */
final class Ints {
  private Ints() {}

  static long binary(WasmOp op, int a, int b) {
    return switch (op) {
      case I32_ADD -> a + b;
      case I32_SUB -> a - b;
      case I32_MUL -> a * b;
      case I32_DIV_S -> {
        nonZero(b);
        if (a == Integer.MIN_VALUE && b == -1) {
          throw new OracleTrap(TrapKind.INTEGER_OVERFLOW);
        }
        yield a / b;
      }
      case I32_DIV_U -> Integer.divideUnsigned(a, nonZero(b));
      case I32_REM_S -> a % nonZero(b);
      case I32_REM_U -> Integer.remainderUnsigned(a, nonZero(b));
      case I32_AND -> a & b;
      case I32_OR -> a | b;
      case I32_XOR -> a ^ b;
      case I32_SHL -> a << b;
      case I32_SHR_S -> a >> b;
      case I32_SHR_U -> a >>> b;
      case I32_ROTL -> Integer.rotateLeft(a, b);
      case I32_ROTR -> Integer.rotateRight(a, b);
      case I32_EQ -> bool(a == b);
      case I32_NE -> bool(a != b);
      case I32_LT_S -> bool(a < b);
      case I32_LT_U -> bool(Integer.compareUnsigned(a, b) < 0);
      case I32_GT_S -> bool(a > b);
      case I32_GT_U -> bool(Integer.compareUnsigned(a, b) > 0);
      case I32_LE_S -> bool(a <= b);
      case I32_LE_U -> bool(Integer.compareUnsigned(a, b) <= 0);
      case I32_GE_S -> bool(a >= b);
      case I32_GE_U -> bool(Integer.compareUnsigned(a, b) >= 0);
      default -> throw new IllegalStateException("not a binary i32 instruction: " + op);
    };
  }

  private static int nonZero(int divisor) {
    if (divisor == 0) {
      throw new OracleTrap(TrapKind.INTEGER_DIVIDE_BY_ZERO);
    }
    return divisor;
  }

  static long bool(boolean condition) {
    return condition ? 1 : 0;
  }
}
