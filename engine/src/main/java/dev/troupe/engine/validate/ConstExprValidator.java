package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeature;
import java.util.Arrays;

/** Constant expressions (section 3.4.10). */
final class ConstExprValidator {
  private final ModuleContext context;
  private int[] stack = new int[4];
  private int height;

  ConstExprValidator(ModuleContext context) {
    this.context = context;
  }

  /**
   * Checks that the expression is constant and yields one value of type {@code expected}.
   *
   * @param visibleGlobals globals from here on may not be used
   */
  void check(ConstExpr expression, int expected, int visibleGlobals) {
    height = 0;
    for (ConstExpr.Op op : expression.ops()) {
      check(op, expression, visibleGlobals);
    }
    if (height != 1 || !TypeCodes.matches(stack[0], expected)) {
      String found = height == 1 ? TypeCodes.text(stack[0]) : height + " values";
      throw new InvalidException(
          "type mismatch: expected " + TypeCodes.text(expected) + ", found " + found,
          expression.offset());
    }
  }

  private void check(ConstExpr.Op op, ConstExpr at, int visibleGlobals) {
    switch (op) {
      case ConstExpr.I32Const unused -> push(NumType.I32.code());
      case ConstExpr.I64Const unused -> push(NumType.I64.code());
      case ConstExpr.F32Const unused -> push(NumType.F32.code());
      case ConstExpr.F64Const unused -> push(NumType.F64.code());
      case ConstExpr.V128Const unused -> push(VecType.V128.code());
      case ConstExpr.RefNull ref -> push(new RefType(true, ref.heap()).code());
      case ConstExpr.RefFunc ref -> {
        function(ref.functionIndex(), at.offset());
        push(TypeCodes.FUNCREF);
      }
      case ConstExpr.GlobalGet get -> push(global(get.globalIndex(), at, visibleGlobals));
      case ConstExpr.Operator operator -> operator(operator, at);
      case ConstExpr.Forbidden forbidden ->
          throw new InvalidException(
              "constant expression required: " + forbidden.op().mnemonic(), forbidden.offset());
    }
  }

  /** Checks that a function exists and declares it for {@code ref.func}. */
  void function(int index, int offset) {
    if (Integer.compareUnsigned(index, context.module.functionCount()) >= 0) {
      throw new InvalidException("unknown function " + Integer.toUnsignedString(index), offset);
    }
    context.declaredFunctions.set(index);
  }

  private int global(int index, ConstExpr at, int visibleGlobals) {
    if (Integer.compareUnsigned(index, visibleGlobals) >= 0) {
      throw new InvalidException("unknown global " + Integer.toUnsignedString(index), at.offset());
    }
    if (context.globalMutable[index]) {
      throw new InvalidException(
          "constant expression required: global " + index + " is mutable", at.offset());
    }
    return context.globalTypes[index];
  }

  private void operator(ConstExpr.Operator operator, ConstExpr at) {
    if (!context.features.contains(WasmFeature.EXTENDED_CONST)) {
      throw new InvalidException(
          "constant expression required: "
              + operator.op().mnemonic()
              + " needs the extended-const feature",
          at.offset());
    }
    int type = OpSignatures.results(operator.op())[0];
    if (height < 2
        || !TypeCodes.matches(stack[height - 1], type)
        || !TypeCodes.matches(stack[height - 2], type)) {
      throw new InvalidException(
          "type mismatch: operands of " + operator.op().mnemonic(), at.offset());
    }
    height--;
  }

  private void push(int type) {
    if (height == stack.length) {
      stack = Arrays.copyOf(stack, 2 * height);
    }
    stack[height++] = type;
  }
}
