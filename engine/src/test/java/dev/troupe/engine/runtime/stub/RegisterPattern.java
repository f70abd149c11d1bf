package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;

/**
 * Guest code that fills every register with a value of its own and later finds out which one has
 * changed. All but rsp and r15, which mean something; xmm15 included.
 */
final class RegisterPattern {
  static final int ALL = 0x7FEF;
  static final int ALL_BUT_R11 = ALL & ~(1 << R11);

  private static final long GENERAL = 0x1122_3344_5566_0000L;
  private static final long VECTOR = 0x6677_8899_AABB_0000L;

  private final Assembler asm;

  RegisterPattern(Assembler asm) {
    this.asm = asm;
  }

  /** Saves the caller's registers on the stack and sets the pattern. */
  void set() {
    asm.r(PUSH_R, RBX);
    asm.r(PUSH_R, RBP);
    asm.r(PUSH_R, R12);
    asm.r(PUSH_R, R13);
    asm.r(PUSH_R, R14);
    for (int i = 0; i < 16; i++) {
      asm.movImm(RAX, VECTOR + i);
      asm.rr(MOVQ_XR, XMM0 + i, RAX);
    }
    for (int i = 0; i < 15; i++) {
      if (i != RSP) {
        asm.movImm(i, GENERAL + i);
      }
    }
  }

  /** Returns in rax the number of the first register that has changed plus one, or 0. */
  void checkAndReturn(int generalMask) {
    int done = asm.newLabel();
    asm.r(PUSH_R, RAX);
    for (int i = 1; i < 15; i++) {
      if (i != RSP && (generalMask >> i & 1) != 0) {
        expect(i, GENERAL + i, done);
      }
    }
    asm.rm(MOV64_RM, RCX, Mem.base(RSP, 0));
    expectIn(RCX, RAX, GENERAL, done);
    for (int i = 0; i < 16; i++) {
      asm.rr(MOVQ_RX, RCX, XMM0 + i);
      expectIn(RCX, XMM0 + i, VECTOR + i, done);
    }
    asm.movImm(RAX, 0);
    asm.bind(done);
    asm.ri(ADD64_MI, RSP, 8);
    asm.r(POP_R, R14);
    asm.r(POP_R, R13);
    asm.r(POP_R, R12);
    asm.r(POP_R, RBP);
    asm.r(POP_R, RBX);
    asm.op(RET);
  }

  private void expect(int register, long value, int done) {
    expectIn(register, register, value, done);
  }

  private void expectIn(int holder, int register, long value, int done) {
    int same = asm.newLabel();
    asm.movImm(RAX, value);
    asm.rr(CMP64_RM, RAX, holder);
    asm.jcc(X64Cond.E, same);
    asm.movImm(RAX, register + 1);
    asm.jmp(done);
    asm.bind(same);
  }
}
