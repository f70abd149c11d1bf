package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.RefType;

/** Calls: within the module, of imports, through tables. */
final class CallInstructions {
  private final TranslationState state;
  private final TableInstructions tables;
  private final TypeTests tests;

  CallInstructions(TranslationState state, TableInstructions tables) {
    this.state = state;
    this.tables = tables;
    this.tests = new TypeTests(state);
  }

  private SsaSignature signature(int type) {
    return state.context.signature(type);
  }

  /** The function ends with the call of another. */
  void returnCall(int callee) {
    SsaSignature signature = signature(state.context.module().functionTypeIndex(callee));
    if (state.context.module().isImportedFunction(callee)) {
      int reference = state.layout().funcRef(callee);
      int code = state.instanceField(reference + FuncRefLayout.CODE);
      int instance = state.instanceField(reference + FuncRefLayout.INSTANCE);
      int[] operands = operands(signature, code, instance);
      int unused = state.builder.returnCallIndirect(signature, operands, operands.length);
    } else {
      int[] arguments = state.stack.pop(signature.parameters().size());
      int unused = state.builder.returnCall(callee, signature, arguments, arguments.length);
    }
  }

  /** The function ends with the call of another through a table. */
  void returnCallIndirect(int type, int table) {
    returnCallThrough(type, checked(type, table));
  }

  /** The function ends with the call of another by reference. */
  void returnCallRef(int type) {
    returnCallThrough(type, notNull());
  }

  private void returnCallThrough(int type, int reference) {
    SsaSignature signature = signature(type);
    int code = field(reference, FuncRefLayout.CODE);
    int instance = field(reference, FuncRefLayout.INSTANCE);
    int[] operands = operands(signature, code, instance);
    int unused = state.builder.returnCallIndirect(signature, operands, operands.length);
  }

  void call(int callee) {
    SsaSignature signature = signature(state.context.module().functionTypeIndex(callee));
    if (state.context.module().isImportedFunction(callee)) {
      int reference = state.layout().funcRef(callee);
      int code = state.instanceField(reference + FuncRefLayout.CODE);
      int instance = state.instanceField(reference + FuncRefLayout.INSTANCE);
      indirect(signature, code, instance);
    } else {
      int[] arguments = state.stack.pop(signature.parameters().size());
      if (state.handlers.isEmpty()) {
        pushResults(state.builder.call(callee, signature, arguments, arguments.length));
      } else {
        tryCall(SsaOp.TRY_CALL, callee, signature, arguments);
      }
    }
  }

  void callIndirect(int type, int table) {
    callThrough(type, checked(type, table));
  }

  /** A call of the function that the reference on the stack refers to. */
  void callRef(int type) {
    callThrough(type, notNull());
  }

  private int notNull() {
    int reference = state.stack.pop();
    state.trapIfNull(reference, TrapKind.NULL_FUNCTION);
    return reference;
  }

  private void callThrough(int type, int reference) {
    indirect(
        signature(type),
        field(reference, FuncRefLayout.CODE),
        field(reference, FuncRefLayout.INSTANCE));
  }

  /**
   * The function reference in a table at the index on the stack; traps if it has another type,
   * which is not asked where the table's own type answers.
   */
  private int checked(int type, int table) {
    int index = state.stack.pop();
    int reference = tables.element(table, index, TrapKind.UNDEFINED_ELEMENT);
    RefType element = state.context.module().tables().get(table).element();
    if (element.nullable()) {
      state.trapIfNull(reference, TrapKind.UNINITIALIZED_ELEMENT);
    }
    if (!state.context.isSubtype(element, type)) {
      tests.requireType(tests.idOf(reference), type, TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
    }
    return reference;
  }

  private int field(int reference, int offset) {
    return state.builder.rawLoad(
        SsaType.I64, MemoryAccess.INT64, Region.INSTANCE, reference, offset);
  }

  private void indirect(SsaSignature signature, int code, int instance) {
    int[] operands = operands(signature, code, instance);
    if (state.handlers.isEmpty()) {
      pushResults(state.builder.callIndirect(signature, operands, operands.length));
    } else {
      tryCall(SsaOp.TRY_CALL_INDIRECT, 0, signature, operands);
    }
  }

  /** A call in reach of exception handlers ends its block. */
  private void tryCall(SsaOp op, int callee, SsaSignature signature, int[] operands) {
    int next = state.newSuccessor();
    int call =
        state.builder.tryCall(op, callee, signature, state.handlers.handlers(), next, operands);
    state.handlers.addEdges(state, call);
    state.terminated(call);
    state.startSealed(next);
    pushResults(call);
  }

  private int[] operands(SsaSignature signature, int code, int instance) {
    int count = signature.parameters().size();
    int[] operands = new int[count + 2];
    operands[0] = code;
    operands[1] = instance;
    System.arraycopy(state.stack.pop(count), 0, operands, 2, count);
    return operands;
  }

  private void pushResults(int call) {
    for (int i = 0; i < state.function.resultCount(call); i++) {
      state.stack.push(state.function.result(call, i));
    }
  }
}
