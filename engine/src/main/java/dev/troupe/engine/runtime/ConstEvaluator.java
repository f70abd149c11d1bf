package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.WasmOp;

/**
 * Evaluates constant expressions of one instance; the result is in {@link #low} and {@link #high}.
 */
final class ConstEvaluator {
  private final VmInstance instance;
  private long[] stack = new long[8];
  private int depth;
  private long high;

  ConstEvaluator(VmInstance instance) {
    this.instance = instance;
  }

  /** Evaluates a validated expression: the low eight bytes of its value. */
  long evaluate(ConstExpr expression) {
    depth = 0;
    high = 0;
    for (ConstExpr.Op op : expression.ops()) {
      step(op);
    }
    if (depth != 1) {
      throw new IllegalStateException("constant expression left " + depth + " values");
    }
    return stack[0];
  }

  /** The high eight bytes of the last value: not zero for vectors only. */
  long high() {
    return high;
  }

  private void step(ConstExpr.Op op) {
    switch (op) {
      case ConstExpr.I32Const(int value) -> push(value & 0xFFFF_FFFFL);
      case ConstExpr.I64Const(long value) -> push(value);
      case ConstExpr.F32Const(int bits) -> push(bits & 0xFFFF_FFFFL);
      case ConstExpr.F64Const(long bits) -> push(bits);
      case ConstExpr.V128Const(long low, long upper) -> {
        push(low);
        high = upper;
      }
      case ConstExpr.GlobalGet(int index) -> {
        VmGlobal global = instance.global(index);
        push(global.low());
        high = global.high();
      }
      case ConstExpr.RefNull unused -> push(0);
      case ConstExpr.RefFunc(int index) -> push(instance.funcReference(index));
      case ConstExpr.Operator(WasmOp operator) -> operate(operator);
      case ConstExpr.Aggregate aggregate ->
          throw new IllegalStateException("no heap yet for " + aggregate.op().mnemonic());
      case ConstExpr.Forbidden(WasmOp forbidden, int offset) ->
          throw new IllegalStateException("unvalidated constant expression: " + forbidden);
    }
  }

  private void operate(WasmOp operator) {
    switch (operator) {
      // Conversions change no bits; see InstanceLayout on references.
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case REF_I31 -> push((stack[--depth] << 1 | 1) & 0xFFFF_FFFFL);
      default -> {
        long right = stack[--depth];
        long left = stack[--depth];
        push(combine(operator, left, right));
      }
    }
  }

  private static long combine(WasmOp operator, long left, long right) {
    return switch (operator) {
      case I32_ADD -> (left + right) & 0xFFFF_FFFFL;
      case I32_SUB -> (left - right) & 0xFFFF_FFFFL;
      case I32_MUL -> (left * right) & 0xFFFF_FFFFL;
      case I64_ADD -> left + right;
      case I64_SUB -> left - right;
      case I64_MUL -> left * right;
      default -> throw new IllegalStateException("not constant: " + operator.mnemonic());
    };
  }

  private void push(long value) {
    if (depth == stack.length) {
      stack = java.util.Arrays.copyOf(stack, depth * 2);
    }
    stack[depth++] = value;
  }
}
