package dev.troupe.engine;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.Signals;

/** Hand-assembled guests that do one thing very often. */
final class EndurancePrograms {
  /** Number of the system call tgkill. */
  private static final int TGKILL = 234;

  private EndurancePrograms() {}

  /** {@code load(address)}: loads from a memory of one page. */
  static HandModule loader() {
    HandModule hand =
        new HandModule(
            "(module (memory 1) (func (export \"load\") (param i32) (result i32) i32.const 0))");
    hand.function(0);
    hand.asm.rr(MOV32_RM, RDI, RDI);
    hand.asm.rm(MOV64_RM, RAX, Mem.base(R15, hand.layout().memoryBase(0)));
    hand.trap(TrapKind.MEMORY_OUT_OF_BOUNDS);
    hand.asm.rm(MOV32_RM, RAX, Mem.baseIndex(RAX, RDI, 1, 0));
    hand.leave();
    return hand;
  }

  /** {@code loop(n)}: calls the import n times, returns the sum of its results. */
  static HandModule hostCaller() {
    HandModule hand =
        new HandModule(
            "(module (import \"host\" \"f\" (func (param i64) (result i64)))"
                + " (func (export \"loop\") (param i64) (result i64) i64.const 0))");
    hand.function(40);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 8), RBX);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 16), RBP);
    hand.asm.rr(MOV64_RM, RBX, RDI);
    hand.asm.movImm(RBP, 0);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 0), R15);
    int loop = hand.asm.bindNew();
    hand.asm.rr(MOV64_RM, RDI, RBX);
    int slot = hand.layout().funcRef(0);
    hand.asm.rm(MOV64_RM, R11, Mem.base(R15, slot + FuncRefLayout.CODE));
    hand.asm.rm(MOV64_RM, R15, Mem.base(R15, slot + FuncRefLayout.INSTANCE));
    hand.asm.r(CALL_M, R11);
    hand.asm.rm(MOV64_RM, R15, Mem.base(RSP, 0));
    hand.asm.rr(ADD64_RM, RBP, RAX);
    hand.asm.ri(SUB64_MI, RBX, 1);
    hand.asm.jcc(X64Cond.NE, loop);
    hand.asm.rr(MOV64_RM, RAX, RBP);
    hand.asm.rm(MOV64_RM, RBX, Mem.base(RSP, 8));
    hand.asm.rm(MOV64_RM, RBP, Mem.base(RSP, 16));
    hand.leave();
    return hand;
  }

  /** {@code spin(seed)}: steps a generator until memory address 0 is not zero; its last value. */
  static HandModule spinner() {
    HandModule hand =
        new HandModule(
            "(module (memory (export \"m\") 1)"
                + " (func (export \"spin\") (param i64) (result i64) i64.const 0))");
    hand.function(8);
    hand.asm.rm(MOV64_RM, RCX, Mem.base(R15, hand.layout().memoryBase(0)));
    hand.asm.movImm(RSI, 6364136223846793005L);
    hand.asm.movImm(RDX, 0);
    hand.asm.rr(MOV64_RM, RAX, RDI);
    int loop = hand.asm.bindNew();
    hand.asm.rr(IMUL64_RM, RAX, RSI);
    hand.asm.ri(ADD64_MI, RAX, 1442695);
    hand.asm.ri(ADD64_MI, RDX, 1);
    hand.asm.mi(CMP32_MI, Mem.base(RCX, 0), 0);
    hand.asm.jcc(X64Cond.E, loop);
    hand.asm.mr(MOV64_MR, Mem.base(RCX, 8), RDX);
    hand.leave();
    return hand;
  }

  /**
   * {@code poke(seed, pid, tid)}: like {@link #spinner}, but sends its own thread SIGURG in every
   * step, so that it is preempted in every step. Registers of all kinds carry the state.
   */
  static HandModule poker() {
    HandModule hand =
        new HandModule(
            "(module (memory (export \"m\") 1)"
                + " (func (export \"poke\") (param i64 i64 i64) (result i64) i64.const 0))");
    hand.function(40);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 0), RBX);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 8), RBP);
    hand.asm.mr(MOV64_MR, Mem.base(RSP, 16), R12);
    hand.asm.rr(MOV64_RM, RBX, RDI);
    hand.asm.rr(MOV64_RM, RDI, RSI);
    hand.asm.rr(MOV64_RM, RSI, RDX);
    hand.asm.movImm(R9, 6364136223846793005L);
    hand.asm.movImm(RBP, 0);
    hand.asm.rm(MOV64_RM, R12, Mem.base(R15, hand.layout().memoryBase(0)));
    hand.asm.movImm(RDX, Signals.SIGURG);
    int loop = hand.asm.bindNew();
    hand.asm.rr(IMUL64_RM, RBX, R9);
    hand.asm.ri(ADD64_MI, RBX, 1442695);
    hand.asm.ri(ADD64_MI, RBP, 1);
    hand.asm.movImm(RAX, TGKILL);
    hand.asm.data(new byte[] {0x0f, 0x05}); // syscall
    hand.asm.mi(CMP32_MI, Mem.base(R12, 0), 0);
    hand.asm.jcc(X64Cond.E, loop);
    hand.asm.mr(MOV64_MR, Mem.base(R12, 8), RBP);
    hand.asm.rr(MOV64_RM, RAX, RBX);
    hand.asm.rm(MOV64_RM, RBX, Mem.base(RSP, 0));
    hand.asm.rm(MOV64_RM, RBP, Mem.base(RSP, 8));
    hand.asm.rm(MOV64_RM, R12, Mem.base(RSP, 16));
    hand.leave();
    return hand;
  }

  /**
   * What {@link #spinner} must have computed after so many steps: the step composed with itself.
   */
  static long spinResult(long seed, long steps) {
    long factor = 6364136223846793005L;
    long summand = 1442695;
    long value = seed;
    for (long rest = steps; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        value = value * factor + summand;
      }
      summand = summand * factor + summand;
      factor *= factor;
    }
    return value;
  }
}
