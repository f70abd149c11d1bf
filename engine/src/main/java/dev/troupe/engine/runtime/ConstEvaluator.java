package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.StorageType;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;

/**
 * Evaluates constant expressions of one instance; the result is in {@link #low} and {@link #high}.
 */
final class ConstEvaluator {
  private final VmInstance instance;
  private long[] stack = new long[8];
  private long[] highs = new long[8];
  private boolean[] references = new boolean[8];
  private int depth;
  private long high;

  ConstEvaluator(VmInstance instance) {
    this.instance = instance;
  }

  /** Evaluates a validated expression: the low eight bytes of its value. */
  long evaluate(ConstExpr expression) {
    depth = 0;
    for (ConstExpr.Op op : expression.ops()) {
      step(op);
    }
    if (depth != 1) {
      throw new IllegalStateException("constant expression left " + depth + " values");
    }
    depth = 0;
    high = highs[0];
    return stack[0];
  }

  /** Shows what is on the operand stack to the collector. */
  void updateReferences(ReferenceMap map) {
    for (int i = 0; i < depth; i++) {
      if (references[i]) {
        stack[i] = map.moved(stack[i]);
      }
    }
  }

  /** The high eight bytes of the last value: not zero for vectors only. */
  long high() {
    return high;
  }

  private void step(ConstExpr.Op op) {
    // Of most modules all; every switch over patterns that a start reaches costs it a class.
    if (op instanceof ConstExpr.I32Const(int value)) {
      push(value & 0xFFFF_FFFFL);
    } else {
      stepAny(op);
    }
  }

  private void stepAny(ConstExpr.Op op) {
    switch (op) {
      case ConstExpr.I32Const(int value) -> push(value & 0xFFFF_FFFFL);
      case ConstExpr.I64Const(long value) -> push(value);
      case ConstExpr.F32Const(int bits) -> push(bits & 0xFFFF_FFFFL);
      case ConstExpr.F64Const(long bits) -> push(bits);
      case ConstExpr.V128Const(long low, long upper) -> {
        push(low);
        highs[depth - 1] = upper;
      }
      case ConstExpr.GlobalGet(int index) -> {
        VmGlobal global = instance.global(index);
        push(global.low());
        highs[depth - 1] = global.high();
        references[depth - 1] = global.type().type().isReference();
      }
      case ConstExpr.RefNull unused -> push(0);
      case ConstExpr.RefFunc(int index) -> push(instance.funcReference(index));
      case ConstExpr.Operator(WasmOp operator) -> operate(operator);
      case ConstExpr.Aggregate aggregate -> {
        long object = make(aggregate);
        push(object);
        references[depth - 1] = true;
      }
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

  /** Makes a struct or an array; its operands stay on the stack until it is there. */
  private long make(ConstExpr.Aggregate aggregate) {
    GcHeap heap = instance.store().collected();
    int id = instance.module().typeId(aggregate.type());
    GcShape shape = heap.shapeOfType(id);
    int operands;
    long length;
    switch (aggregate.op()) {
      case STRUCT_NEW -> {
        operands = shape.offsets().length;
        length = 0;
      }
      case STRUCT_NEW_DEFAULT -> {
        operands = 0;
        length = 0;
      }
      case ARRAY_NEW -> {
        operands = 2;
        length = stack[depth - 1];
      }
      case ARRAY_NEW_DEFAULT -> {
        operands = 1;
        length = stack[depth - 1];
      }
      default -> {
        operands = aggregate.count();
        length = aggregate.count();
      }
    }
    long object =
        heap.allocate(
            id, shape.isArray() ? GcLayout.arrayBytes(length, shape.bytes()) : shape.bytes());
    depth -= operands;
    if (!shape.isArray()) {
      for (int i = 0; i < operands; i++) {
        write(object + shape.offsets()[i], shape.storage().get(i).storage(), depth + i);
      }
      return object;
    }
    RawMemory.putInt(object + GcLayout.LENGTH, (int) length);
    boolean repeated = aggregate.op() == WasmOp.ARRAY_NEW;
    boolean written = aggregate.op() != WasmOp.ARRAY_NEW_DEFAULT;
    for (long i = 0; written && i < length; i++) {
      long cell = object + GcLayout.ELEMENTS + i * shape.bytes();
      write(cell, shape.storage().getFirst().storage(), repeated ? depth : depth + (int) i);
    }
    return object;
  }

  private void write(long cell, StorageType storage, int operand) {
    GcShape.write(cell, storage, stack[operand], highs[operand]);
  }

  private void push(long value) {
    if (depth == stack.length) {
      stack = Arrays.copyOf(stack, depth * 2);
      highs = Arrays.copyOf(highs, depth * 2);
      references = Arrays.copyOf(references, depth * 2);
    }
    stack[depth] = value;
    highs[depth] = 0;
    references[depth++] = false;
  }
}
