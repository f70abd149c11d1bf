package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeature;

/** Constant expressions (section 3.4.10). */
final class ConstExprValidator {
  private final ModuleContext context;
  private final InstructionReader reader;
  private final OperandStack operands;
  private final ReferenceRules references;
  private final AggregateRules aggregates;

  ConstExprValidator(ModuleContext context) {
    this.context = context;
    this.reader = new InstructionReader(context.module.bytes(), context.features);
    this.operands = new OperandStack(reader, context.types, context.limits.maxOperands());
    this.references = new ReferenceRules(context, reader, operands);
    this.aggregates = new AggregateRules(context, reader, operands);
  }

  /**
   * Checks that the expression is constant and yields one value of type {@code expected}.
   *
   * @param visibleGlobals globals from here on may not be used
   */
  void check(ConstExpr expression, int expected, int visibleGlobals) {
    operands.clear();
    for (ConstExpr.Op op : expression.ops()) {
      check(op, expression, visibleGlobals);
    }
    int height = operands.height();
    int type = height == 0 ? TypeCodes.BOTTOM : operands.pop();
    if (height != 1 || !context.matches(type, expected)) {
      String found = height == 1 ? TypeCodes.text(type) : height + " values";
      throw new InvalidException(
          "type mismatch: expected " + TypeCodes.text(expected) + ", found " + found,
          expression.offset());
    }
  }

  private void check(ConstExpr.Op op, ConstExpr at, int visibleGlobals) {
    switch (op) {
      case ConstExpr.I32Const unused -> operands.push(NumType.I32.code());
      case ConstExpr.I64Const unused -> operands.push(NumType.I64.code());
      case ConstExpr.F32Const unused -> operands.push(NumType.F32.code());
      case ConstExpr.F64Const unused -> operands.push(NumType.F64.code());
      case ConstExpr.V128Const unused -> operands.push(VecType.V128.code());
      case ConstExpr.RefNull ref ->
          operands.push(context.checkedReference(ref.heap(), true, at.offset()));
      case ConstExpr.RefFunc ref -> {
        function(ref.functionIndex(), at.offset());
        operands.push(context.functionReference(ref.functionIndex()));
      }
      case ConstExpr.GlobalGet get -> operands.push(global(get.globalIndex(), at, visibleGlobals));
      case ConstExpr.Operator operator -> operator(operator, at);
      case ConstExpr.Aggregate aggregate -> {
        reader.position(aggregate.offset());
        aggregates.check(reader.next());
      }
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
    if (references.plain(operator.op())) {
      return;
    }
    if (!context.features.contains(WasmFeature.EXTENDED_CONST)) {
      throw new InvalidException(
          "constant expression required: "
              + operator.op().mnemonic()
              + " needs the extended-const feature",
          at.offset());
    }
    operands.pop(OpSignatures.params(operator.op()));
    operands.push(OpSignatures.results(operator.op()));
  }
}
