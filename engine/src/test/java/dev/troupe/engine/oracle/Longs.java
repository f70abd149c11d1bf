package dev.troupe.engine.oracle;

import static dev.troupe.engine.oracle.Ints.bool;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.WasmOp;

/** Binary i64 instructions. */
final class Longs {
  private Longs() {}

  static long binary(WasmOp op, long a, long b) {
    return switch (op) {
      case I64_ADD -> a + b;
      case I64_SUB -> a - b;
      case I64_MUL -> a * b;
      case I64_DIV_S -> {
        nonZero(b);
        if (a == Long.MIN_VALUE && b == -1) {
          throw new OracleTrap(TrapKind.INTEGER_OVERFLOW);
        }
        yield a / b;
      }
      case I64_DIV_U -> Long.divideUnsigned(a, nonZero(b));
      case I64_REM_S -> a % nonZero(b);
      case I64_REM_U -> Long.remainderUnsigned(a, nonZero(b));
      case I64_AND -> a & b;
      case I64_OR -> a | b;
      case I64_XOR -> a ^ b;
      case I64_SHL -> a << b;
      case I64_SHR_S -> a >> b;
      case I64_SHR_U -> a >>> b;
      case I64_ROTL -> Long.rotateLeft(a, (int) b);
      case I64_ROTR -> Long.rotateRight(a, (int) b);
      case I64_EQ -> bool(a == b);
      case I64_NE -> bool(a != b);
      case I64_LT_S -> bool(a < b);
      case I64_LT_U -> bool(Long.compareUnsigned(a, b) < 0);
      case I64_GT_S -> bool(a > b);
      case I64_GT_U -> bool(Long.compareUnsigned(a, b) > 0);
      case I64_LE_S -> bool(a <= b);
      case I64_LE_U -> bool(Long.compareUnsigned(a, b) <= 0);
      case I64_GE_S -> bool(a >= b);
      case I64_GE_U -> bool(Long.compareUnsigned(a, b) >= 0);
      default -> throw new IllegalStateException("not a binary i64 instruction: " + op);
    };
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new OracleTrap(TrapKind.INTEGER_DIVIDE_BY_ZERO);
    }
    return divisor;
  }
}
