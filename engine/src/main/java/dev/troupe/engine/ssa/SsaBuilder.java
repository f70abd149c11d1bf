package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TrapKind;
import java.util.List;

/**
 * Writes instructions at the end of a current block. Instructions get the current byte offset. A
 * method that makes a value returns its id; the others return the instruction.
 */
public final class SsaBuilder {
  private static final int[] NO_VALUES = {};

  private final SsaFunction function;
  private final int[] scratch = new int[3];
  private int block = SsaFunction.NONE;
  private int wasmOffset = SsaFunction.NO_OFFSET;

  public SsaBuilder(SsaFunction function) {
    this.function = function;
  }

  /** The function written to. */
  public SsaFunction function() {
    return function;
  }

  /** Creates the entry block with the parameters of the function and makes it current. */
  public int createEntry() {
    int entry = function.newBlock();
    startEntry(entry);
    return entry;
  }

  /** Gives the first block {@code entry} the parameters of the function and makes it current. */
  public void startEntry(int entry) {
    function.appendBlock(entry);
    for (SsaType type : function.signature().parameters()) {
      function.addParameter(entry, type);
    }
    block = entry;
  }

  /** Appends {@code next} to the layout and makes it current. */
  public void startBlock(int next) {
    function.appendBlock(next);
    block = next;
  }

  /** Makes {@code next}, already in the layout, current. */
  public void continueBlock(int next) {
    block = next;
  }

  /** The current block. */
  public int block() {
    return block;
  }

  /** Byte offset given to the instructions that follow. */
  public void setWasmOffset(int offsetBytes) {
    wasmOffset = offsetBytes;
  }

  // ---- generic forms

  private int link(int instruction) {
    function.setWasmOffset(instruction, wasmOffset);
    function.append(instruction, block);
    return instruction;
  }

  private int instruction(SsaOp op, SsaType type, int[] operands, int length) {
    return link(function.newInstruction(op, type, operands, length));
  }

  private int finish(int instruction) {
    function.addResults(instruction);
    return function.result(instruction);
  }

  /** Operation without operands, or with attributes that the caller sets afterwards. */
  public int nullary(SsaOp op, SsaType type) {
    return finish(instruction(op, type, NO_VALUES, 0));
  }

  /** Operation with one operand and without attributes. */
  public int unary(SsaOp op, SsaType type, int operand) {
    scratch[0] = operand;
    return finish(instruction(op, type, scratch, 1));
  }

  /** Operation with two operands and without attributes. */
  public int binary(SsaOp op, SsaType type, int left, int right) {
    scratch[0] = left;
    scratch[1] = right;
    return finish(instruction(op, type, scratch, 2));
  }

  /** Operation with several results and without attributes. Returns the instruction. */
  public int several(SsaOp op, int... operands) {
    int instruction = instruction(op, SsaType.I64, operands, operands.length);
    function.addResults(instruction);
    return instruction;
  }

  // ---- values

  /** Integer constant; an i32 is sign-extended here. */
  public int iconst(SsaType type, long bits) {
    int instruction = instruction(SsaOp.ICONST, type, NO_VALUES, 0);
    function.setImmediate(instruction, type == SsaType.I32 ? (int) bits : bits);
    return finish(instruction);
  }

  /** Floating-point constant by its bits; an f32 has them in the low half. */
  public int fconst(SsaType type, long bits) {
    int instruction = instruction(SsaOp.FCONST, type, NO_VALUES, 0);
    function.setImmediate(instruction, type == SsaType.F32 ? bits & 0xFFFF_FFFFL : bits);
    return finish(instruction);
  }

  /** Integer comparison of operands of {@code type}. */
  public int icmp(IntCondition condition, SsaType type, int left, int right) {
    scratch[0] = left;
    scratch[1] = right;
    int instruction = instruction(SsaOp.ICMP, type, scratch, 2);
    function.setDetail(instruction, condition.ordinal());
    return finish(instruction);
  }

  /** Floating-point comparison of operands of {@code type}. */
  public int fcmp(FloatCondition condition, SsaType type, int left, int right) {
    scratch[0] = left;
    scratch[1] = right;
    int instruction = instruction(SsaOp.FCMP, type, scratch, 2);
    function.setDetail(instruction, condition.ordinal());
    return finish(instruction);
  }

  /** {@code condition != 0 ? ifTrue : ifFalse}. */
  public int select(SsaType type, int condition, int ifTrue, int ifFalse) {
    scratch[0] = condition;
    scratch[1] = ifTrue;
    scratch[2] = ifFalse;
    return finish(instruction(SsaOp.SELECT, type, scratch, 3));
  }

  // ---- vectors

  /** Constant of 128 bits. */
  public int vconst(long low, long high) {
    int instruction = instruction(SsaOp.VCONST, SsaType.V128, NO_VALUES, 0);
    function.setImmediate(instruction, function.internVector(low, high));
    return finish(instruction);
  }

  /**
   * An operation on vectors.
   *
   * @param lane index of a lane, or 0 where the operation takes none
   */
  public int vector(VectorOp row, int lane, int... operands) {
    SsaType type = row.scalar() == null ? SsaType.V128 : row.scalar();
    int instruction = instruction(row.op(), type, operands, operands.length);
    function.setDetail(instruction, row.ordinal());
    function.setImmediate(instruction, lane);
    return finish(instruction);
  }

  /** Bytes of two vectors, chosen by the bytes of {@code low} and {@code high}. */
  public int shuffle(int left, int right, long low, long high) {
    scratch[0] = left;
    scratch[1] = right;
    int instruction = instruction(SsaOp.VSHUFFLE, SsaType.V128, scratch, 2);
    function.setImmediate(instruction, function.internVector(low, high));
    return finish(instruction);
  }

  // ---- memory

  /** Loads from linear memory. */
  public int load(
      SsaType type, MemoryAccess access, int memory, int region, int indexValue, long offset) {
    scratch[0] = indexValue;
    int instruction = instruction(SsaOp.LOAD, type, scratch, 1);
    function.setAuxiliary(instruction, memory);
    return finish(attributes(instruction, access, offset, region));
  }

  /** Stores to linear memory. */
  public int store(
      SsaType type,
      MemoryAccess access,
      int memory,
      int region,
      int indexValue,
      int value,
      long offset) {
    scratch[0] = indexValue;
    scratch[1] = value;
    int instruction = instruction(SsaOp.STORE, type, scratch, 2);
    function.setAuxiliary(instruction, memory);
    return attributes(instruction, access, offset, region);
  }

  /**
   * Accesses linear memory atomically. Returns the instruction.
   *
   * @param operands the index, then what the operation takes
   */
  public int atomic(
      SsaOp op,
      SsaType type,
      MemoryAccess access,
      int memory,
      int region,
      long offset,
      int... operands) {
    int instruction = instruction(op, type, operands, operands.length);
    function.setAuxiliary(instruction, memory);
    function.addResults(instruction);
    return attributes(instruction, access, offset, region);
  }

  /** Orders all accesses of shared memories. */
  public int fence() {
    int instruction = instruction(SsaOp.FENCE, SsaType.I32, NO_VALUES, 0);
    function.setRegion(instruction, Region.SHARED_MEMORY);
    return instruction;
  }

  /** Loads a field of the instance. */
  public int ctxLoad(SsaType type, MemoryAccess access, int region, long offset) {
    return finish(
        attributes(instruction(SsaOp.CTX_LOAD, type, NO_VALUES, 0), access, offset, region));
  }

  /** Stores to a field of the instance. */
  public int ctxStore(SsaType type, MemoryAccess access, int region, int value, long offset) {
    scratch[0] = value;
    return attributes(instruction(SsaOp.CTX_STORE, type, scratch, 1), access, offset, region);
  }

  /** Address of a field of the instance. */
  public int ctxAddress(long offset) {
    int instruction = instruction(SsaOp.CTX_ADDRESS, SsaType.I64, NO_VALUES, 0);
    function.setImmediate(instruction, offset);
    return finish(instruction);
  }

  /** Loads from a valid absolute address. */
  public int rawLoad(SsaType type, MemoryAccess access, int region, int address, long offset) {
    scratch[0] = address;
    return finish(
        attributes(instruction(SsaOp.RAW_LOAD, type, scratch, 1), access, offset, region));
  }

  /** Stores to a valid absolute address. */
  public int rawStore(
      SsaType type, MemoryAccess access, int region, int address, int value, long offset) {
    scratch[0] = address;
    scratch[1] = value;
    return attributes(instruction(SsaOp.RAW_STORE, type, scratch, 2), access, offset, region);
  }

  /** Loads a field of an object that is there. */
  public int fieldLoad(SsaType type, MemoryAccess access, int region, int object, int offset) {
    scratch[0] = object;
    return finish(
        attributes(instruction(SsaOp.FIELD_LOAD, type, scratch, 1), access, offset, region));
  }

  /** Stores to a field of an object that is there. */
  public int fieldStore(
      SsaType type, MemoryAccess access, int region, int object, int value, int offset) {
    scratch[0] = object;
    scratch[1] = value;
    return attributes(instruction(SsaOp.FIELD_STORE, type, scratch, 2), access, offset, region);
  }

  /** Loads the element at an i64 that is an index of the array; offset is that of element 0. */
  public int elementLoad(
      SsaType type, MemoryAccess access, int region, int array, int index, int offset) {
    scratch[0] = array;
    scratch[1] = index;
    return finish(
        attributes(instruction(SsaOp.ELEMENT_LOAD, type, scratch, 2), access, offset, region));
  }

  /** Stores the element at an i64 that is an index of the array. */
  public int elementStore(
      SsaType type, MemoryAccess access, int region, int array, int index, int value, int offset) {
    scratch[0] = array;
    scratch[1] = index;
    scratch[2] = value;
    return attributes(instruction(SsaOp.ELEMENT_STORE, type, scratch, 3), access, offset, region);
  }

  private int attributes(int instruction, MemoryAccess access, long offset, int region) {
    function.setDetail(instruction, access.ordinal());
    function.setImmediate(instruction, offset);
    function.setRegion(instruction, region);
    return instruction;
  }

  // ---- calls and traps

  /** Traps when {@code condition} is not zero. */
  public int trapIf(int condition, TrapKind kind) {
    scratch[0] = condition;
    int instruction = instruction(SsaOp.TRAP_IF, SsaType.I32, scratch, 1);
    function.setDetail(instruction, kind.ordinal());
    return instruction;
  }

  /**
   * Calls a function of the same module. Returns the instruction, whose results are the results.
   */
  public int call(int callee, SsaSignature signature, int[] arguments, int length) {
    return call(SsaOp.CALL, callee, signature, arguments, length);
  }

  /** Calls through a code address; operands are code, instance, arguments. */
  public int callIndirect(SsaSignature signature, int[] operands, int length) {
    return call(SsaOp.CALL_INDIRECT, 0, signature, operands, length);
  }

  /** Calls a stub of the process-wide table. */
  public int callBuiltin(Builtin builtin, SsaSignature signature, int... arguments) {
    return call(SsaOp.CALL_BUILTIN, builtin.ordinal(), signature, arguments, arguments.length);
  }

  private int call(SsaOp op, int target, SsaSignature signature, int[] operands, int length) {
    int instruction = instruction(op, SsaType.I64, operands, length);
    function.setImmediate(instruction, target);
    function.setAuxiliary(instruction, function.internSignature(signature));
    function.addResults(instruction);
    return instruction;
  }

  // ---- terminators

  /** Branches always. */
  public int br(int target, int... arguments) {
    return br(target, arguments, arguments.length);
  }

  /** Branches always, with the first {@code length} elements of {@code arguments}. */
  public int br(int target, int[] arguments, int length) {
    int instruction = instruction(SsaOp.BR, SsaType.I32, NO_VALUES, 0);
    function.addEdge(instruction, target, arguments, length);
    return instruction;
  }

  /** Branches on {@code condition}; arguments are added to the two edges by the caller. */
  public int brIf(int condition, int ifTrue, int ifFalse) {
    scratch[0] = condition;
    int instruction = instruction(SsaOp.BR_IF, SsaType.I32, scratch, 1);
    function.addEdge(instruction, ifTrue, NO_VALUES, 0);
    function.addEdge(instruction, ifFalse, NO_VALUES, 0);
    return instruction;
  }

  /** Branches on an index; the last target is the default. The caller adds arguments. */
  public int brTable(int index, int[] targets, int length) {
    scratch[0] = index;
    int instruction = instruction(SsaOp.BR_TABLE, SsaType.I32, scratch, 1);
    for (int i = 0; i < length; i++) {
      function.addEdge(instruction, targets[i], NO_VALUES, 0);
    }
    return instruction;
  }

  /** Returns from the function. */
  public int ret(int[] results, int length) {
    return instruction(SsaOp.RETURN, SsaType.I32, results, length);
  }

  /** Ends the function with the call of another one of the same module. */
  public int returnCall(int callee, SsaSignature signature, int[] arguments, int length) {
    return call(SsaOp.RETURN_CALL, callee, signature, arguments, length);
  }

  /** Ends the function with a call through an address; operands are code, instance, arguments. */
  public int returnCallIndirect(SsaSignature signature, int[] operands, int length) {
    return call(SsaOp.RETURN_CALL_INDIRECT, 0, signature, operands, length);
  }

  /**
   * A call in reach of handlers: {@code op} is one of the two. Edge 0 leads to {@code next}; the
   * caller adds the others and their arguments.
   */
  public int tryCall(
      SsaOp op,
      int callee,
      SsaSignature signature,
      List<Handler> handlers,
      int next,
      int... operands) {
    int instruction = call(op, callee, signature, operands, operands.length);
    function.setHandlers(instruction, handlers);
    function.addEdge(instruction, next, NO_VALUES, 0);
    return instruction;
  }

  /** Throws an exception with a tag; the caller adds the edges to the handlers. */
  public int throwTag(int tag, List<Handler> handlers, int... carried) {
    int instruction = instruction(SsaOp.THROW, SsaType.I32, carried, carried.length);
    function.setImmediate(instruction, tag);
    function.setHandlers(instruction, handlers);
    return instruction;
  }

  /** Throws an exception again; the caller adds the edges to the handlers. */
  public int throwReference(int reference, List<Handler> handlers) {
    scratch[0] = reference;
    int instruction = instruction(SsaOp.THROW_REF, SsaType.I32, scratch, 1);
    function.setHandlers(instruction, handlers);
    return instruction;
  }

  /** A part of what an exception brought. */
  public int caught(SsaType type, int offset) {
    int instruction = instruction(SsaOp.CAUGHT, type, NO_VALUES, 0);
    function.setImmediate(instruction, offset);
    return finish(instruction);
  }

  /** Traps always. */
  public int trap(TrapKind kind) {
    int instruction = instruction(SsaOp.TRAP, SsaType.I32, NO_VALUES, 0);
    function.setDetail(instruction, kind.ordinal());
    return instruction;
  }
}
