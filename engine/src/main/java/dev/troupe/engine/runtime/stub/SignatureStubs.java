package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.wasm.FuncType;

/** Stubs that depend on a function type. Position independent: copy them anywhere executable. */
public final class SignatureStubs {
  /** Registers that an exit keeps on the fiber's stack: the guest's callee-saved ones and r15. */
  private static final int SAVED_BYTES = StubEmitter.CALLEE_SAVED.length * Long.BYTES;

  private SignatureStubs() {}

  /**
   * Where a fresh fiber starts (its RESUME_PC): calls CALLEE_CODE with CALLEE_INSTANCE pinned and
   * the arguments of the value area, puts the results there and leaves with {@link ExitCode#DONE}.
   * The fiber's stack pointer must be 16-byte aligned.
   */
  public static byte[] entryPreamble(FuncType type, CpuFeatures cpu) {
    StubEmitter emit = new StubEmitter(new Assembler(), cpu);
    Assembler asm = emit.asm;
    ValueMoves moves = new ValueMoves(asm, type, R11);
    asm.rr(MOV64_RM, RBX, RDI);
    asm.rm(MOV64_RM, R15, StubEmitter.field(RDI, StoreContext.CALLEE_INSTANCE));
    asm.rm(MOV64_RM, R11, StubEmitter.field(RDI, StoreContext.VALUES));
    if (moves.stackBytes() != 0) {
      asm.ri(SUB64_MI, RSP, moves.stackBytes());
    }
    moves.loadParams(0);
    asm.m(CALL_M, StubEmitter.field(RBX, StoreContext.CALLEE_CODE));
    asm.rm(MOV64_RM, R11, StubEmitter.field(RBX, StoreContext.VALUES));
    moves.storeResults(0);
    asm.rr(MOV64_RM, RDI, RBX);
    emit.leave(ExitCode.DONE);
    return asm.finish();
  }

  /**
   * The code of a function reference to a host function: called by guests, with the host function's
   * context pinned. Leaves with {@link ExitCode#HOST_CALL}; CALLEE_INSTANCE says which function it
   * is, arguments and then results are in the value area.
   */
  public static byte[] hostTrampoline(FuncType type, CpuFeatures cpu) {
    StubEmitter emit = new StubEmitter(new Assembler(), cpu);
    exit(emit, type, ExitCode.HOST_CALL);
    return emit.asm.finish();
  }

  /**
   * A routine with the guest's calling convention that leaves with its arguments in the value area
   * and returns what it finds there. Keeps the callee-saved registers and r15.
   */
  static void exit(StubEmitter emit, FuncType type, ExitCode code) {
    Assembler asm = emit.asm;
    int stackArea = SAVED_BYTES + Long.BYTES;
    emit.pushAll(StubEmitter.CALLEE_SAVED);
    emit.loadStoreContext(RBX);
    asm.rm(MOV64_RM, R11, StubEmitter.field(RBX, StoreContext.VALUES));
    ValueMoves moves = new ValueMoves(asm, type, R11);
    moves.storeParams(stackArea);
    asm.rr(MOV64_RM, RDI, RBX);
    // A host function's context, or for a builtin the instance whose code is running.
    asm.mr(MOV64_MR, StubEmitter.field(RDI, StoreContext.CALLEE_INSTANCE), R15);
    emit.recordCaller(SAVED_BYTES);
    emit.leaveAndResume(code);
    asm.rm(MOV64_RM, R11, StubEmitter.field(RDI, StoreContext.VALUES));
    moves.loadResults(stackArea);
    emit.popAll(StubEmitter.CALLEE_SAVED);
    asm.op(RET);
  }

  /** Goes on where the top of the stack says, with the registers that an exit leaves there. */
  static void land(StubEmitter emit) {
    emit.popAll(StubEmitter.CALLEE_SAVED);
    emit.asm.op(RET);
  }

  /**
   * The explicit trap: called by guests with the kind in edi, never returns. The fiber cannot be
   * resumed.
   */
  static void trap(StubEmitter emit) {
    Assembler asm = emit.asm;
    asm.rr(MOV32_RM, RCX, RDI);
    emit.loadStoreContext(RDI);
    asm.mr(MOV32_MR, StubEmitter.field(RDI, StoreContext.EXIT_ARG), RCX);
    emit.recordCaller(0);
    emit.leave(ExitCode.TRAP);
  }

  /** Where the fault handler sends a guest that trapped: the handler has stored kind and pc. */
  static void faultExit(StubEmitter emit) {
    emit.loadStoreContext(RDI);
    emit.leave(ExitCode.TRAP);
  }
}
