package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.contract.ExitCode;

/**
 * Exits that the guest does not notice: every register and flag is as it was when the fiber is
 * resumed. Entered like a call, with the guest's pc on top of its stack; for a preemption the
 * signal handler has put it there.
 *
 * <pre>
 *   higher   | guest's frame            |
 *            | pc to continue at        | rsp on entry
 *            | flags                    |
 *            | rax ... r15 without rsp  |
 *            | rsp of the above         | at state area + stateBytes
 *   64-align | state area               | GUEST_RSP
 * </pre>
 */
final class SaveAllStub {
  private static final int[] GENERAL = {
    RAX, RCX, RDX, RBX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15
  };
  private static final int VECTORS = 16;
  private static final int HEADER_OFFSET = 512;
  private static final int HEADER_BYTES = 64;

  private final StubEmitter emit;
  private final Assembler asm;

  SaveAllStub(StubEmitter emit) {
    this.emit = emit;
    this.asm = emit.asm;
  }

  void emit(ExitCode code) {
    int stateBytes = emit.cpu.stateBytes();
    asm.op(PUSHFQ);
    emit.pushAll(GENERAL);
    asm.op(CLD);
    emit.loadStoreContext(RDI);
    emit.recordCaller((GENERAL.length + 1) * Long.BYTES);
    asm.rr(MOV64_RM, RBX, RSP);
    asm.ri(SUB64_MI, RSP, stateBytes + Long.BYTES);
    asm.ri(AND64_MI, RSP, -64);
    asm.mr(MOV64_MR, Mem.base(RSP, stateBytes), RBX);
    saveVectors();
    emit.leaveAndResume(code);
    restoreVectors();
    asm.rm(MOV64_RM, RSP, Mem.base(RSP, stateBytes));
    emit.popAll(GENERAL);
    asm.op(POPFQ);
    asm.op(RET);
  }

  private void saveVectors() {
    int mask = emit.cpu.stateMask();
    if (mask == 0) {
      for (int i = 0; i < VECTORS; i++) {
        asm.mr(MOVUPS_MR, Mem.base(RSP, 16 * i), XMM0 + i);
      }
      return;
    }
    // XSAVE writes only the first word of the header, and XRSTOR wants the rest to be zero.
    asm.ri(MOV32_RI, RDX, 0);
    for (int i = 0; i < HEADER_BYTES; i += Long.BYTES) {
      asm.mr(MOV64_MR, Mem.base(RSP, HEADER_OFFSET + i), RDX);
    }
    asm.ri(MOV32_RI, RAX, mask);
    asm.m(XSAVE64, Mem.base(RSP, 0));
  }

  private void restoreVectors() {
    int mask = emit.cpu.stateMask();
    if (mask == 0) {
      for (int i = 0; i < VECTORS; i++) {
        asm.rm(MOVUPS_RM, XMM0 + i, Mem.base(RSP, 16 * i));
      }
      return;
    }
    asm.ri(MOV32_RI, RDX, 0);
    asm.ri(MOV32_RI, RAX, mask);
    asm.m(XRSTOR64, Mem.base(RSP, 0));
  }

  /** Most bytes that such an exit takes below the guest's stack pointer. */
  static int frameBytes(CpuFeatures cpu) {
    return (GENERAL.length + 2) * Long.BYTES + Long.BYTES + cpu.stateBytes() + HEADER_BYTES;
  }
}
