package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TailFrame;
import dev.troupe.engine.contract.TrapKind;

/**
 * The routines around a {@link TailFrame}: the one that makes, reuses or enlarges it, and those
 * that callees return to. Nothing is ever kept below the stack pointer, where a signal would write.
 */
final class TailFrameStub {
  /** General registers that the maker borrows, and the vector registers that keep their values. */
  private static final int[] BORROWED = {RCX, RDX, RSI, RDI, R8};

  private static final int[] KEEPERS = {XMM0 + 8, XMM0 + 9, XMM0 + 10, XMM0 + 11, XMM0 + 15};

  private final StubEmitter emit;
  private final Assembler asm;
  private final int firstReturn;

  TailFrameStub(StubEmitter emit) {
    this.emit = emit;
    this.asm = emit.asm;
    this.firstReturn = asm.newLabel();
  }

  /**
   * The return addresses, one per class: the callee's stack results are at rsp, its register
   * results in place. Only registers that hold no results are used.
   */
  void returns() {
    asm.bind(firstReturn);
    for (int c = 0; c < TailFrame.CLASSES; c++) {
      asm.align(TailFrame.ROUTINE_BYTES);
      int area = TailFrame.areaBytes(c);
      int loop = asm.newLabel();
      int done = asm.newLabel();
      asm.rm(MOV64_RM, R15, Mem.base(RSP, area + TailFrame.INSTANCE));
      asm.rm(MOV64_RM, R9, Mem.base(RSP, area + TailFrame.RESULT_BYTES));
      asm.bind(loop);
      asm.ri(SUB64_MI, R9, Long.BYTES);
      asm.jcc(X64Cond.B, done);
      asm.rm(MOV64_RM, R10, Mem.baseIndex(RSP, R9, 1, 0));
      int target = area + TailFrame.HEADER_BYTES + Long.BYTES;
      asm.mr(MOV64_MR, Mem.baseIndex(RSP, R9, 1, target), R10);
      asm.jmp(loop);
      asm.bind(done);
      asm.ri(ADD64_MI, RSP, area + TailFrame.HEADER_BYTES);
      asm.op(RET);
    }
    asm.align(TailFrame.ROUTINE_BYTES);
  }

  /** Called, and goes on to the callee. */
  void make() {
    int fresh = asm.newLabel();
    int reuse = asm.newLabel();
    int build = asm.newLabel();
    int move = asm.newLabel();
    for (int k = 0; k < BORROWED.length; k++) {
      asm.rr(MOVQ_XR, KEEPERS[k], BORROWED[k]);
    }
    // r8 = place of the return address, rsi = bytes of parameters, rax = of results, rdi = of both.
    asm.rr(MOVQ_RX, RAX, TailFrame.SIZES_HOLDER);
    asm.rr(MOVQ_XR, TailFrame.SIZES_HOLDER, R9);
    asm.rr(MOV32_RM, R8, RAX);
    asm.rm(LEA64, R8, Mem.baseIndex(RSP, R8, 1, Long.BYTES));
    asm.ri(SHR64_I, RAX, Integer.SIZE);
    asm.rr(MOVZX32_16, RSI, RAX);
    asm.ri(SHR32_I, RAX, Short.SIZE);
    asm.rr(MOV32_RM, RDI, RSI);
    asm.rr(CMP32_RM, RDI, RAX);
    asm.cmov(CMOV32, X64Cond.B, RDI, RAX);
    findFrame(fresh, reuse);
    // Too small: one at the same place, whose header stays as it is.
    int header = TailFrame.HEADER_BYTES + Long.BYTES;
    asm.rm(LEA64, R8, Mem.baseIndex(R8, RDX, 1, header));
    asm.ri(MOV64_MI, RAX, -1);
    asm.bind(fresh);
    asm.bind(build);
    layOut();
    asm.bind(move);
    moveParameters();
    finish();
    asm.bind(reuse);
    asm.rm(LEA64, RDI, Mem.base(R8, Long.BYTES));
    asm.rm(MOV64_RM, RCX, Mem.base(R8, 0));
    asm.ri(MOV64_MI, RAX, -1);
    asm.jmp(move);
  }

  /** Goes on with the area of the frame in rdx if the return address at r8 is that of one. */
  private void findFrame(int fresh, int reuse) {
    asm.rm(MOV64_RM, RDX, Mem.base(R8, 0));
    asm.rm(LEA64, RCX, Mem.rip(firstReturn));
    asm.rr(SUB64_RM, RDX, RCX);
    asm.ri(CMP64_MI, RDX, TailFrame.CLASSES * TailFrame.ROUTINE_BYTES);
    asm.jcc(X64Cond.AE, fresh);
    asm.rr(MOV32_RM, RCX, RDX);
    asm.ri(SHR32_I, RCX, Integer.numberOfTrailingZeros(TailFrame.ROUTINE_BYTES) - 1);
    asm.ri(MOV32_RI, RDX, TailFrame.LEAST_AREA_BYTES);
    asm.r(SHL32_CL, RDX);
    asm.rr(CMP32_RM, RDX, RDI);
    asm.jcc(X64Cond.AE, reuse);
  }

  /** Where a frame below r8 with room for rdi bytes starts, in rdi; its routine in rcx. */
  private void layOut() {
    int larger = asm.newLabel();
    int found = asm.newLabel();
    int enough = asm.newLabel();
    asm.rm(LEA64, RCX, Mem.rip(firstReturn));
    asm.ri(MOV32_RI, RDX, TailFrame.LEAST_AREA_BYTES);
    asm.bind(larger);
    asm.rr(CMP32_RM, RDX, RDI);
    asm.jcc(X64Cond.AE, found);
    asm.ri(SHL32_I, RDX, 2);
    asm.ri(ADD64_MI, RCX, TailFrame.ROUTINE_BYTES);
    asm.jmp(larger);
    asm.bind(found);
    asm.rm(LEA64, RDI, Mem.base(R8, -TailFrame.HEADER_BYTES));
    asm.rr(SUB64_RM, RDI, RDX);
    emit.loadStoreContext(RDX);
    asm.rm(CMP64_RM, RDI, StubEmitter.field(RDX, StoreContext.STACK_LIMIT));
    asm.jcc(X64Cond.AE, enough);
    asm.ri(MOV32_RI, RDI, TrapKind.STACK_OVERFLOW.ordinal());
    SignatureStubs.trap(emit);
    asm.bind(enough);
  }

  /** From above the return address at rsp to rdi, upwards or downwards; rsp ends below rdi. */
  private void moveParameters() {
    int down = asm.newLabel();
    int upwards = asm.newLabel();
    int downwards = asm.newLabel();
    int done = asm.newLabel();
    asm.rm(LEA64, RDX, Mem.base(RSP, Long.BYTES));
    asm.rr(CMP64_RM, RDI, RDX);
    asm.jcc(X64Cond.A, downwards);
    asm.rm(LEA64, RSP, Mem.base(RDI, -Long.BYTES));
    asm.rr(ADD64_RM, RDX, RSI);
    asm.rr(ADD64_RM, RDI, RSI);
    asm.r(NEG64, RSI);
    asm.bind(upwards);
    asm.rr(TEST64_MR, RSI, RSI);
    asm.jcc(X64Cond.E, done);
    asm.rm(MOV64_RM, R9, Mem.baseIndex(RDX, RSI, 1, 0));
    asm.mr(MOV64_MR, Mem.baseIndex(RDI, RSI, 1, 0), R9);
    asm.ri(ADD64_MI, RSI, Long.BYTES);
    asm.jmp(upwards);
    asm.bind(downwards);
    asm.ri(SUB64_MI, RSI, Long.BYTES);
    asm.jcc(X64Cond.B, down);
    asm.rm(MOV64_RM, R9, Mem.baseIndex(RDX, RSI, 1, 0));
    asm.mr(MOV64_MR, Mem.baseIndex(RDI, RSI, 1, 0), R9);
    asm.jmp(downwards);
    asm.bind(down);
    asm.rm(LEA64, RSP, Mem.base(RDI, -Long.BYTES));
    asm.bind(done);
  }

  /** Writes the routine's address, and the header of a new frame, and jumps. */
  private void finish() {
    int old = asm.newLabel();
    asm.mr(MOV64_MR, Mem.base(RSP, 0), RCX);
    asm.rr(TEST64_MR, RAX, RAX);
    asm.jcc(X64Cond.S, old);
    int header = -TailFrame.HEADER_BYTES;
    asm.mr(MOV64_MR, Mem.base(R8, header + TailFrame.INSTANCE), R15);
    asm.mr(MOV64_MR, Mem.base(R8, header + TailFrame.RESULT_BYTES), RAX);
    asm.bind(old);
    asm.rr(MOVQ_RX, R15, TailFrame.INSTANCE_HOLDER);
    asm.rr(MOVQ_RX, RAX, TailFrame.RAX_HOLDER);
    asm.rr(MOVQ_RX, R9, TailFrame.SIZES_HOLDER);
    for (int k = 0; k < BORROWED.length; k++) {
      asm.rr(MOVQ_RX, BORROWED[k], KEEPERS[k]);
    }
    asm.r(JMP_M, TailFrame.CODE);
  }
}
