package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.StoreContext;

/**
 * What {@link SignatureStubs} are for one signature, for every signature: told by a {@link
 * MoveTable} which value goes where. Slower by some ten instructions, and there are only two of
 * them, so signatures cannot use up what stubs have.
 *
 * <p>Whole registers are moved: the upper half of a general register that holds an i32 is undefined
 * on either side, and so are the upper lanes of a float.
 */
final class GenericStubs {
  private static final int VECTOR_REGISTERS = 8;
  private static final int VALUES = R11;
  private static final int TABLE = R12;

  private final StubEmitter emit;
  private final Assembler asm;

  GenericStubs(StubEmitter emit) {
    this.emit = emit;
    this.asm = emit.asm;
  }

  /** {@link SignatureStubs#entryPreamble}, with the table in {@link StoreContext#CALLEE_MOVES}. */
  void entryPreamble() {
    asm.rr(MOV64_RM, RBX, RDI);
    asm.rm(MOV64_RM, R15, StubEmitter.field(RDI, StoreContext.CALLEE_INSTANCE));
    asm.rm(MOV64_RM, TABLE, StubEmitter.field(RDI, StoreContext.CALLEE_MOVES));
    asm.rm(MOV64_RM, VALUES, StubEmitter.field(RDI, StoreContext.VALUES));
    asm.rm(MOV32_RM, RAX, Mem.base(TABLE, MoveTable.STACK_BYTES));
    asm.rr(SUB64_RM, RSP, RAX);
    moveStack(MoveTable.PARAMS, 0, true);
    loadRegisters(MoveTable.PARAMS, CallingConvention.integerParams());
    asm.m(CALL_M, StubEmitter.field(RBX, StoreContext.CALLEE_CODE));
    asm.rm(MOV64_RM, VALUES, StubEmitter.field(RBX, StoreContext.VALUES));
    storeRegisters(MoveTable.RESULTS, CallingConvention.integerResults(), R9);
    moveStack(MoveTable.RESULTS, 0, false);
    asm.rr(MOV64_RM, RDI, RBX);
    emit.leave(ExitCode.DONE);
  }

  /** {@link SignatureStubs#hostTrampoline}, with the table in {@link InstanceLayout#MOVES}. */
  void hostTrampoline() {
    int saved = StubEmitter.CALLEE_SAVED.length * Long.BYTES;
    int stackArea = saved + Long.BYTES;
    emit.pushAll(StubEmitter.CALLEE_SAVED);
    emit.loadStoreContext(RBX);
    asm.rm(MOV64_RM, VALUES, StubEmitter.field(RBX, StoreContext.VALUES));
    asm.rm(MOV64_RM, TABLE, Mem.base(R15, InstanceLayout.MOVES));
    storeRegisters(MoveTable.PARAMS, CallingConvention.integerParams(), R13);
    moveStack(MoveTable.PARAMS, stackArea, false);
    asm.rr(MOV64_RM, RDI, RBX);
    asm.mr(MOV64_MR, StubEmitter.field(RDI, StoreContext.CALLEE_INSTANCE), R15);
    emit.recordCaller(saved);
    emit.leaveAndResume(ExitCode.HOST_CALL);
    // The instance register was pushed last.
    asm.rm(MOV64_RM, R15, Mem.base(RSP, 0));
    asm.rm(MOV64_RM, TABLE, Mem.base(R15, InstanceLayout.MOVES));
    asm.rm(MOV64_RM, VALUES, StubEmitter.field(RDI, StoreContext.VALUES));
    moveStack(MoveTable.RESULTS, stackArea, true);
    loadRegisters(MoveTable.RESULTS, CallingConvention.integerResults());
    emit.popAll(StubEmitter.CALLEE_SAVED);
    asm.op(RET);
  }

  /**
   * Values of the value area to registers: a register's own offset is loaded into it first. Without
   * values in registers of a kind the first slot, which is always there, is loaded.
   */
  private void loadRegisters(int bank, int[] integers) {
    for (int i = 0; i < VECTOR_REGISTERS; i++) {
      asm.rm(MOV32_RM, RAX, Mem.base(TABLE, bank + MoveTable.VECTOR_VALUES + i * Integer.BYTES));
      asm.rm(MOVUPS_RM, Registers.XMM0 + i, Mem.baseIndex(VALUES, RAX, 1, 0));
    }
    for (int i = 0; i < integers.length; i++) {
      int target = integers[i];
      asm.rm(
          MOV32_RM, target, Mem.base(TABLE, bank + MoveTable.INTEGER_VALUES + i * Integer.BYTES));
      asm.rm(MOV64_RM, target, Mem.baseIndex(VALUES, target, 1, 0));
    }
  }

  /** Registers to the value area, the first one of each kind last; {@code scratch} is free. */
  private void storeRegisters(int bank, int[] integers, int scratch) {
    int noIntegers = asm.newLabel();
    asm.mi(CMP32_MI, Mem.base(TABLE, bank + MoveTable.INTEGERS), 0);
    asm.jcc(X64Cond.E, noIntegers);
    for (int i = integers.length - 1; i >= 0; i--) {
      asm.rm(
          MOV32_RM, scratch, Mem.base(TABLE, bank + MoveTable.INTEGER_VALUES + i * Integer.BYTES));
      asm.mr(MOV64_MR, Mem.baseIndex(VALUES, scratch, 1, 0), integers[i]);
    }
    asm.bind(noIntegers);
    int noVectors = asm.newLabel();
    asm.mi(CMP32_MI, Mem.base(TABLE, bank + MoveTable.VECTORS), 0);
    asm.jcc(X64Cond.E, noVectors);
    for (int i = VECTOR_REGISTERS - 1; i >= 0; i--) {
      asm.rm(
          MOV32_RM, scratch, Mem.base(TABLE, bank + MoveTable.VECTOR_VALUES + i * Integer.BYTES));
      asm.mr(MOVUPS_MR, Mem.baseIndex(VALUES, scratch, 1, 0), Registers.XMM0 + i);
    }
    asm.bind(noVectors);
  }

  /**
   * The stack moves, in either direction; uses rax, rcx, rdx, r9 and r10, which hold nothing then.
   *
   * @param stackArea distance of the stack area from rsp
   * @param toStack whether from the value area to the stack
   */
  private void moveStack(int bank, int stackArea, boolean toStack) {
    int loop = asm.newLabel();
    int done = asm.newLabel();
    asm.rm(MOV32_RM, RCX, Mem.base(TABLE, bank + MoveTable.STACK_MOVES));
    asm.rm(MOV32_RM, R10, Mem.base(TABLE, bank + MoveTable.FIRST_MOVE));
    asm.rr(ADD64_RM, R10, TABLE);
    asm.bind(loop);
    asm.ri(SUB32_MI, RCX, 1);
    asm.jcc(X64Cond.B, done);
    asm.rm(MOV32_RM, RAX, Mem.base(R10, 0));
    asm.rm(MOV32_RM, RDX, Mem.base(R10, Integer.BYTES));
    Mem value = Mem.baseIndex(VALUES, RAX, 1, 0);
    Mem place = Mem.baseIndex(RSP, RDX, 1, stackArea);
    asm.rm(MOV64_RM, R9, toStack ? value : place);
    asm.mr(MOV64_MR, toStack ? place : value, R9);
    asm.ri(ADD64_MI, R10, MoveTable.MOVE_BYTES);
    asm.jmp(loop);
    asm.bind(done);
  }
}
