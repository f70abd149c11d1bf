package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.StoreContext;

/** Instruction sequences that several stubs share. */
final class StubEmitter {
  /** Status bits of MXCSR: they accumulate and need no restoring. */
  private static final int MXCSR_STATUS = 0x3F;

  /** The registers that both the System V and the guest's convention preserve, in push order. */
  static final int[] CALLEE_SAVED = {RBX, RBP, R12, R13, R14, R15};

  final Assembler asm;
  final CpuFeatures cpu;

  StubEmitter(Assembler asm, CpuFeatures cpu) {
    this.asm = asm;
    this.cpu = cpu;
  }

  /** A field of the store context whose address is in {@code register}. */
  static Mem field(int register, int offset) {
    return Mem.base(register, offset);
  }

  void pushAll(int... registers) {
    for (int register : registers) {
      asm.r(PUSH_R, register);
    }
  }

  /** Undoes {@link #pushAll} of the same registers. */
  void popAll(int... registers) {
    for (int i = registers.length - 1; i >= 0; i--) {
      asm.r(POP_R, registers[i]);
    }
  }

  /** Loads the store context's address from the instance context in r15. */
  void loadStoreContext(int target) {
    asm.rm(MOV64_RM, target, Mem.base(R15, InstanceLayout.STORE_CONTEXT));
  }

  /**
   * {@code int enter(StoreContext*)}: from the host into the fiber that the context describes. The
   * code at RESUME_PC finds the context in rdi and the fiber's stack pointer in rsp.
   */
  void enter() {
    pushAll(CALLEE_SAVED);
    asm.mr(MOV64_MR, field(RDI, StoreContext.CARRIER_RSP), RSP);
    asm.m(STMXCSR, field(RDI, StoreContext.CARRIER_MXCSR));
    switchMxcsr(StoreContext.GUEST_MXCSR);
    asm.rm(MOV64_RM, RSP, field(RDI, StoreContext.GUEST_RSP));
    asm.m(JMP_M, field(RDI, StoreContext.RESUME_PC));
  }

  /**
   * From the fiber to the host: {@code enter} returns {@code code}. The context is in rdi; whatever
   * the fiber needs when it is resumed has been stored.
   */
  void leave(ExitCode code) {
    asm.mi(MOV32_MI, field(RDI, StoreContext.EXIT_CODE), code.ordinal());
    asm.op(CLD);
    if (cpu.has(X64Feature.AVX)) {
      asm.op(VZEROUPPER);
    }
    switchMxcsr(StoreContext.CARRIER_MXCSR);
    asm.rm(MOV64_RM, RSP, field(RDI, StoreContext.CARRIER_RSP));
    popAll(CALLEE_SAVED);
    asm.ri(MOV32_RI, RAX, code.ordinal());
    asm.op(RET);
  }

  /** Stores the resume state, leaves, and continues behind with the context in rdi. */
  void leaveAndResume(ExitCode code) {
    int resume = asm.newLabel();
    asm.rm(LEA64, RAX, Mem.rip(resume));
    asm.mr(MOV64_MR, field(RDI, StoreContext.RESUME_PC), RAX);
    asm.mr(MOV64_MR, field(RDI, StoreContext.GUEST_RSP), RSP);
    leave(code);
    asm.bind(resume);
  }

  /**
   * Records where the guest stands: the return address is {@code bytes} above rsp. The context is
   * in rdi; clobbers rax.
   */
  void recordCaller(int bytes) {
    asm.rm(MOV64_RM, RAX, Mem.base(RSP, bytes));
    asm.mr(MOV64_MR, field(RDI, StoreContext.EXIT_PC), RAX);
    asm.rm(LEA64, RAX, Mem.base(RSP, bytes + Long.BYTES));
    asm.mr(MOV64_MR, field(RDI, StoreContext.EXIT_RSP), RAX);
  }

  /** Loads MXCSR only if its control bits differ between the two sides: loading is slow. */
  private void switchMxcsr(int wanted) {
    int same = asm.newLabel();
    asm.rm(MOV32_RM, RAX, field(RDI, StoreContext.CARRIER_MXCSR));
    asm.rm(XOR32_RM, RAX, field(RDI, StoreContext.GUEST_MXCSR));
    asm.ri(TEST32_MI, RAX, ~MXCSR_STATUS);
    asm.jcc(X64Cond.E, same);
    asm.m(LDMXCSR, field(RDI, wanted));
    asm.bind(same);
  }
}
