package dev.troupe.engine.validate;

import static dev.troupe.engine.validate.TypeCodes.BOTTOM;
import static dev.troupe.engine.validate.TypeCodes.FUNCREF;
import static dev.troupe.engine.validate.TypeCodes.I32;

import dev.troupe.engine.wasm.BlockType;
import dev.troupe.engine.wasm.BodyScanner;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Type-checks function bodies, one after another. Not thread-safe: use one per thread; its buffers
 * are reused.
 *
 * <p>The main switch is over {@link dev.troupe.engine.wasm.Immediate}, because an instruction's
 * immediates decide what has to be looked up; instructions without immediates take their types from
 * the table.
 */
public final class FunctionValidator {
  private final ModuleContext context;
  private final WasmModule module;
  private final InstructionReader reader;
  private final OperandStack operands;
  private final ControlStack control;
  private final MemoryRules memoryRules;
  private final TableRules tableRules;
  private final ExceptionRules exceptions;
  private final ReferenceRules referenceRules;
  private final AggregateRules aggregateRules;
  private final LocalSets initialized = new LocalSets();
  private final FunctionFacts.Recorder facts = new FunctionFacts.Recorder();
  private int[] locals = new int[32];
  private int localCount;
  private int[] functionResults = TypeCodes.NONE;

  FunctionValidator(ModuleContext context) {
    this.context = context;
    this.module = context.module;
    this.reader = new InstructionReader(module.bytes(), context.features);
    this.operands = new OperandStack(reader, context.types, context.limits.maxOperands());
    this.control = new ControlStack(context.limits.maxNesting());
    this.memoryRules = new MemoryRules(context, reader, operands);
    this.tableRules = new TableRules(context, reader, operands);
    this.exceptions = new ExceptionRules(context, reader, operands, control);
    this.referenceRules = new ReferenceRules(context, reader, operands);
    this.aggregateRules = new AggregateRules(context, reader, operands);
  }

  /**
   * Checks the body of function {@code functionIndex}, which must not be an import.
   *
   * @throws MalformedException when it is malformed
   * @throws InvalidException when it is not well typed; whether another body is malformed is then
   *     unknown, see {@link ModuleValidator#refine}
   */
  public FunctionFacts validate(int functionIndex) {
    int type = module.functionTypeIndex(functionIndex);
    FuncBody body = module.body(functionIndex);
    functionResults = context.results(type);
    declareLocals(context.params(type), body);
    operands.clear();
    control.clear();
    facts.start(localCount);
    reader.position(body.codeOffset());
    control.push(
        ControlStack.Kind.FUNCTION, TypeCodes.NONE, functionResults, 0, -1, body.codeOffset());
    facts.nesting(1);
    operands.enter(0, false);
    int instructions = 0;
    int end = body.end();
    while (control.depth() > 0) {
      if (reader.position() >= end) {
        throw BodyScanner.missingEnd(module.bytes(), reader.position(), end, control.depth());
      }
      instruction(reader.next());
      instructions++;
    }
    if (reader.position() != end) {
      throw new MalformedException("section size mismatch", reader.position());
    }
    facts.operands(operands.highest());
    facts.instructions(instructions);
    return facts.build();
  }

  private void declareLocals(int[] params, FuncBody body) {
    int count = params.length + body.localCount();
    if (count > context.limits.maxLocals()) {
      throw new LimitExceededException(
          "too many locals", count, context.limits.maxLocals(), body.offset());
    }
    if (locals.length < count) {
      locals = new int[Math.max(count, 2 * locals.length)];
    }
    System.arraycopy(params, 0, locals, 0, params.length);
    int at = params.length;
    initialized.clear();
    for (FuncBody.LocalGroup group : body.locals()) {
      int local = context.checkedCode(group.type().code(), body.offset());
      Arrays.fill(locals, at, at + group.count(), local);
      if (!group.type().isDefaultable()) {
        initialized.unset(at, at + group.count());
      }
      at += group.count();
    }
    localCount = count;
  }

  private void instruction(WasmOp op) {
    switch (op.immediate()) {
      case NONE, ZERO_BYTE -> plain(op);
      case BLOCK_TYPE -> open(op);
      case LABEL -> {
        branch(op);
        facts.branches(1);
      }
      case LABEL_TABLE -> {
        branchTable();
        facts.branches(reader.listSize() + 1);
      }
      case FUNCTION -> function(op);
      case CALL_INDIRECT -> callIndirect(op);
      case LOCAL -> local(op);
      case GLOBAL -> global(op);
      case SELECT_TYPES -> selectTyped();
      case I32, I64, F32, F64, V128 -> operands.push(OpSignatures.results(op)[0]);
      case LANE, SHUFFLE -> {
        LaneRules.check(op, reader);
        signature(op);
      }
      case MEM_ARG, MEM_ARG_LANE -> memoryRules.access(op);
      case MEMORY, MEMORY_INIT, MEMORY_COPY, DATA -> memoryRules.bulk(op);
      case TABLE, TABLE_INIT, TABLE_COPY, ELEMENT -> tableRules.table(op);
      case HEAP_TYPE -> referenceRules.heapType(op);
      case BRANCH_ON_CAST -> {
        referenceRules.branchOnCast(op, control.labelTypes(frameOf(reader.index())));
        facts.branches(1);
      }
      case TYPE -> type(op);
      case TYPE_FIELD, TYPE_COUNT, TYPE_DATA, TYPE_ELEMENT, TYPE_TYPE -> aggregate(op);
      case TRY_TABLE -> {
        facts.handlers(exceptions.clauses());
        open(op);
      }
      case TAG -> {
        if (op == WasmOp.CATCH) {
          catchArm(ControlStack.Kind.CATCH);
          operands.push(exceptions.tagParams(reader.index()));
        } else {
          exceptions.throwTag();
          unreachable();
        }
      }
    }
  }

  // Features outside ModuleValidator.SUPPORTED are rejected by the reader before they come here.
  private static IllegalStateException unsupported(WasmOp op) {
    return new IllegalStateException("validator has no rule for " + op.mnemonic());
  }

  private void signature(WasmOp op) {
    operands.pop(OpSignatures.params(op));
    operands.push(OpSignatures.results(op));
  }

  private void plain(WasmOp op) {
    if (op.signature() != null) {
      signature(op);
      return;
    }
    switch (op) {
      case END -> end();
      case ELSE -> elseBranch();
      case CATCH_ALL -> catchArm(ControlStack.Kind.CATCH_ALL);
      case DROP -> operands.pop();
      case SELECT -> select();
      case RETURN -> {
        operands.pop(functionResults);
        unreachable();
      }
      case UNREACHABLE -> unreachable();
      case THROW_REF -> {
        exceptions.throwReference();
        unreachable();
      }
      default -> {
        if (!referenceRules.plain(op)) {
          throw unsupported(op);
        }
      }
    }
  }

  private void type(WasmOp op) {
    switch (op) {
      case CALL_REF, RETURN_CALL_REF -> {
        int type = reader.index();
        requireFunctionType(type);
        operands.pop(TypeCodes.reference(context.types.indexOf(type), true));
        call(type, op == WasmOp.RETURN_CALL_REF);
      }
      default -> aggregate(op);
    }
  }

  private void aggregate(WasmOp op) {
    aggregateRules.check(op);
    switch (op) {
      case STRUCT_NEW, STRUCT_NEW_DEFAULT, ARRAY_NEW, ARRAY_NEW_DEFAULT, ARRAY_NEW_FIXED ->
          facts.allocation();
      default -> {}
    }
  }

  private void requireFunctionType(int type) {
    if (!context.isFunctionType(type)) {
      throw unknown("type", type);
    }
  }

  private void unreachable() {
    operands.setUnreachable();
    control.setUnreachable(control.top());
  }

  private void select() {
    operands.pop(I32);
    int second = operands.pop();
    int first = operands.pop();
    if (TypeCodes.isReference(first) || TypeCodes.isReference(second)) {
      throw operands.mismatch("a number or vector", "a reference");
    }
    if (first != second && first != BOTTOM && second != BOTTOM) {
      throw operands.mismatch(TypeCodes.text(first), TypeCodes.text(second));
    }
    operands.push(first == BOTTOM ? second : first);
  }

  private void selectTyped() {
    if (reader.listSize() != 1) {
      throw invalid("invalid result arity");
    }
    int type = context.checkedCode(reader.listItem(0), reader.offset());
    operands.pop(I32);
    operands.pop(type);
    operands.pop(type);
    operands.push(type);
  }

  // ---- Blocks ----

  private void open(WasmOp op) {
    int blockType = reader.blockType();
    int[] params = TypeCodes.NONE;
    int[] results;
    if (BlockType.isTypeIndex(blockType)) {
      requireFunctionType(blockType);
      params = context.params(blockType);
      results = context.results(blockType);
    } else {
      int code = BlockType.resultCode(blockType);
      results = SingleTypes.of(context.checkedCode(code, reader.offset()));
    }
    if (op == WasmOp.IF) {
      operands.pop(I32);
    }
    operands.pop(params);
    ControlStack.Kind kind =
        switch (op) {
          case LOOP -> ControlStack.Kind.LOOP;
          case TRY -> ControlStack.Kind.TRY;
          case IF -> ControlStack.Kind.IF;
          default -> ControlStack.Kind.BLOCK;
        };
    int base = operands.height();
    control.push(kind, params, results, base, facts.open(reader.offset()), reader.offset());
    control.initialized(control.top(), initialized.height());
    if (kind == ControlStack.Kind.LOOP) {
      control.outerLoop(control.top(), facts.enterLoop());
    }
    facts.nesting(control.depth());
    operands.enter(base, false);
    operands.push(params);
  }

  private void finishBlock(int frame) {
    operands.pop(control.results(frame));
    if (!operands.isAtBase()) {
      throw operands.mismatch("end of block", "values left on the stack");
    }
  }

  private void elseBranch() {
    int frame = control.top();
    if (control.kind(frame) != ControlStack.Kind.IF) {
      throw new MalformedException("END opcode expected", reader.offset());
    }
    finishBlock(frame);
    int[] params = control.params(frame);
    int[] results = control.results(frame);
    int base = control.base(frame);
    int block = control.block(frame);
    control.pop();
    initialized.restore(control.initialized(frame));
    control.push(ControlStack.Kind.ELSE, params, results, base, block, reader.offset());
    control.initialized(control.top(), initialized.height());
    facts.elseAt(block, reader.offset());
    operands.enter(base, false);
    operands.push(params);
  }

  /** A legacy catch: the part before it ends, and the exception's values are there. */
  private void catchArm(ControlStack.Kind kind) {
    int frame = control.top();
    ControlStack.Kind before = control.kind(frame);
    if (before != ControlStack.Kind.TRY && before != ControlStack.Kind.CATCH) {
      throw new MalformedException("END opcode expected", reader.offset());
    }
    finishBlock(frame);
    int[] params = control.params(frame);
    int[] results = control.results(frame);
    int base = control.base(frame);
    int block = control.block(frame);
    control.pop();
    initialized.restore(control.initialized(frame));
    control.push(kind, params, results, base, block, reader.offset());
    control.initialized(control.top(), initialized.height());
    facts.handlers(1);
    operands.enter(base, false);
  }

  /** {@code delegate} ends a legacy try that has no catch; its label is one around it. */
  private void delegate() {
    int frame = control.top();
    if (control.kind(frame) != ControlStack.Kind.TRY) {
      throw new MalformedException("END opcode expected", reader.offset());
    }
    int[] results = control.results(frame);
    finishBlock(frame);
    control.pop();
    int unused = frameOf(reader.index());
    facts.handlers(1);
    facts.close(control.block(frame), reader.offset());
    initialized.restore(control.initialized(frame));
    int outer = control.top();
    operands.enter(control.base(outer), control.isUnreachable(outer));
    operands.push(results);
  }

  private void rethrow() {
    ControlStack.Kind kind = control.kind(frameOf(reader.index()));
    if (kind != ControlStack.Kind.CATCH && kind != ControlStack.Kind.CATCH_ALL) {
      throw invalid("invalid rethrow label");
    }
    unreachable();
  }

  private void end() {
    int frame = control.top();
    ControlStack.Kind kind = control.kind(frame);
    int[] results = control.results(frame);
    finishBlock(frame);
    if (kind == ControlStack.Kind.IF && !matches(control.params(frame), results)) {
      throw operands.mismatch("an else branch", "an if with results and none");
    }
    control.pop();
    if (kind == ControlStack.Kind.FUNCTION) {
      return;
    }
    if (kind == ControlStack.Kind.LOOP) {
      facts.leaveLoop(control.outerLoop(frame));
    }
    facts.close(control.block(frame), reader.offset());
    initialized.restore(control.initialized(frame));
    int outer = control.top();
    operands.enter(control.base(outer), control.isUnreachable(outer));
    operands.push(results);
  }

  // ---- Branches and calls ----

  private int frameOf(int label) {
    if (Integer.compareUnsigned(label, control.depth()) >= 0) {
      throw unknown("label", label);
    }
    return control.frameOfLabel(label);
  }

  private void branch(WasmOp op) {
    if (op == WasmOp.DELEGATE) {
      delegate();
      return;
    }
    if (op == WasmOp.RETHROW) {
      rethrow();
      return;
    }
    int[] types = control.labelTypes(frameOf(reader.index()));
    switch (op) {
      case BR -> {
        operands.pop(types);
        unreachable();
      }
      case BR_IF -> {
        operands.pop(I32);
        operands.pop(types);
        operands.push(types);
      }
      case BR_ON_NULL -> referenceRules.branchOnNull(types);
      case BR_ON_NON_NULL -> referenceRules.branchOnNonNull(types);
      default -> throw unsupported(op);
    }
  }

  private boolean matches(int[] actual, int[] expected) {
    if (actual.length != expected.length) {
      return false;
    }
    for (int i = 0; i < actual.length; i++) {
      if (!context.matches(actual[i], expected[i])) {
        return false;
      }
    }
    return true;
  }

  private void branchTable() {
    operands.pop(I32);
    int[] defaults = control.labelTypes(frameOf(reader.index()));
    // A table may name one label a million times: each frame is checked once.
    control.newRound();
    for (int i = 0; i < reader.listSize(); i++) {
      int frame = frameOf(reader.listItem(i));
      if (control.firstVisit(frame)) {
        int[] types = control.labelTypes(frame);
        if (types.length != defaults.length) {
          throw operands.mismatch(defaults.length + " values", types.length + " for a label");
        }
        operands.check(types);
      }
    }
    operands.pop(defaults);
    unreachable();
  }

  private void function(WasmOp op) {
    int function = reader.index();
    if (Integer.compareUnsigned(function, module.functionCount()) >= 0) {
      throw unknown("function", function);
    }
    if (op == WasmOp.REF_FUNC) {
      BitSet declared = context.declaredFunctions;
      if (!declared.get(function)) {
        throw invalid("undeclared function reference " + function);
      }
      operands.push(context.functionReference(function));
      return;
    }
    call(module.functionTypeIndex(function), op == WasmOp.RETURN_CALL);
  }

  private void callIndirect(WasmOp op) {
    int type = reader.index();
    int table = tableRules.known(reader.index2());
    if (!context.matches(context.tableElements[table], FUNCREF)) {
      throw operands.mismatch("funcref", TypeCodes.text(context.tableElements[table]));
    }
    requireFunctionType(type);
    operands.pop(context.tableAddresses[table]);
    call(type, op == WasmOp.RETURN_CALL_INDIRECT);
  }

  private void call(int type, boolean isTailCall) {
    int[] results = context.results(type);
    operands.pop(context.params(type));
    if (isTailCall) {
      if (!matches(results, functionResults)) {
        throw operands.mismatch("the caller's results", "others from the tail-called function");
      }
      unreachable();
    } else {
      operands.push(results);
    }
  }

  // ---- Variables ----

  private void local(WasmOp op) {
    int local = reader.index();
    if (Integer.compareUnsigned(local, localCount) >= 0) {
      throw unknown("local", local);
    }
    int type = locals[local];
    if (op == WasmOp.LOCAL_GET) {
      if (!initialized.contains(local)) {
        throw invalid("uninitialized local " + local);
      }
      operands.push(type);
      return;
    }
    operands.pop(type);
    initialized.add(local);
    facts.assigned(local);
    if (op == WasmOp.LOCAL_TEE) {
      operands.push(type);
    }
  }

  private void global(WasmOp op) {
    int global = reader.index();
    if (Integer.compareUnsigned(global, context.globalTypes.length) >= 0) {
      throw unknown("global", global);
    }
    if (op == WasmOp.GLOBAL_GET) {
      operands.push(context.globalTypes[global]);
      return;
    }
    if (!context.globalMutable[global]) {
      throw invalid("immutable global " + global);
    }
    operands.pop(context.globalTypes[global]);
  }

  // ---- Errors ----

  private InvalidException invalid(String text) {
    return new InvalidException(text, reader.offset());
  }

  private InvalidException unknown(String what, int index) {
    return invalid("unknown " + what + " " + Integer.toUnsignedString(index));
  }
}
