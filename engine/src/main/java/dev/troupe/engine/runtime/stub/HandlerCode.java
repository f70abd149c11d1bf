package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.ModuleRecord;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.Signals;

/**
 * The signal handlers. System V convention: edi signal, rsi siginfo, rdx ucontext. They run on the
 * interrupted stack, use caller-saved registers and the ucontext only, and either change the
 * interrupted context and return, or jump to the handler before ours with everything untouched.
 *
 * <p>A fault is ours when the interrupted pc is exactly an instruction of a published trap table
 * and the fault was raised by the processor, not by kill(2). A preemption is ours when the pc is in
 * the text of a published module; the handler then makes it look as if that instruction had called
 * the preempt stub. In the bulk routines it sets the flag that they look at.
 *
 * <p>A fault inside a handler is not in any trap table and goes to the handler before ours: the
 * fault signals are not blocked meanwhile, so that HotSpot can report it.
 */
final class HandlerCode {
  // Offsets in siginfo and in the x86-64 ucontext (kernel and glibc agree).
  private static final int SI_CODE = 8;
  private static final int SI_ADDRESS = 16;
  private static final int UC_R15 = 0x60;
  private static final int UC_RSP = 0xA0;
  private static final int UC_RIP = 0xA8;

  private final Assembler asm = new Assembler();
  private final long block;
  private final int[] offsets = new int[SignalBlock.SIGNALS.length];

  private HandlerCode(long block) {
    this.block = block;
  }

  /**
   * The handlers of all signals.
   *
   * @param code the bytes, position independent
   * @param offsets entry for each of {@link SignalBlock#SIGNALS}
   */
  record Handlers(byte[] code, int[] offsets) {}

  static Handlers generate(long block) {
    return new HandlerCode(block).generate();
  }

  private Handlers generate() {
    for (int i = 0; i < offsets.length; i++) {
      asm.align(16);
      offsets[i] = asm.mark();
      int chain = asm.newLabel();
      if (SignalBlock.SIGNALS[i] == Signals.SIGURG) {
        preempt(chain);
      } else {
        fault(chain);
      }
      asm.bind(chain);
      chain(i);
    }
    byte[] code = asm.finish();
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = asm.offsetOf(offsets[i]);
    }
    return new Handlers(code, offsets);
  }

  /** Jumps to the handler before ours; returns when that is SIG_DFL or SIG_IGN (SIGURG only). */
  private void chain(int index) {
    int none = asm.newLabel();
    asm.movImm(RAX, block + SignalBlock.PREVIOUS + (long) index * Long.BYTES);
    asm.rm(MOV64_RM, RAX, Mem.base(RAX, 0));
    asm.ri(CMP64_MI, RAX, Signals.Action.IGNORE);
    asm.jcc(X64Cond.BE, none);
    asm.r(JMP_M, RAX);
    asm.bind(none);
    asm.op(RET);
  }

  /**
   * Finds the region that the pc in rax lies in: leaves its address in r9, or goes to {@code none}.
   * {@code bulk} is where a pc in a region's bulk routines goes, -1 if that is of no interest.
   */
  private void findRegion(int none, int bulk) {
    int loop = asm.newLabel();
    int next = asm.newLabel();
    int found = asm.newLabel();
    asm.movImm(R9, block);
    asm.rm(MOV32_RM, RCX, Mem.base(R9, SignalBlock.REGION_COUNT));
    asm.ri(ADD64_MI, R9, SignalBlock.REGIONS);
    asm.bind(loop);
    asm.ri(SUB32_MI, RCX, 1);
    asm.jcc(X64Cond.B, none);
    int notCode = asm.newLabel();
    asm.rm(CMP64_RM, RAX, Mem.base(R9, SignalBlock.CODE_BASE));
    asm.jcc(X64Cond.B, notCode);
    asm.rm(CMP64_RM, RAX, Mem.base(R9, SignalBlock.CODE_END));
    asm.jcc(X64Cond.B, found);
    asm.bind(notCode);
    if (bulk >= 0) {
      asm.rm(CMP64_RM, RAX, Mem.base(R9, SignalBlock.BULK_START));
      asm.jcc(X64Cond.B, next);
      asm.rm(CMP64_RM, RAX, Mem.base(R9, SignalBlock.BULK_END));
      asm.jcc(X64Cond.B, bulk);
    }
    asm.bind(next);
    asm.ri(ADD64_MI, R9, SignalBlock.REGION_BYTES);
    asm.jmp(loop);
    asm.bind(found);
  }

  /** Finds the module whose text the pc in rax is in: its record in r10, the offset in r11. */
  private void findModule(int none) {
    asm.rr(MOV64_RM, R11, RAX);
    asm.rm(SUB64_RM, R11, Mem.base(R9, SignalBlock.CODE_BASE));
    asm.ri(SHR64_I, R11, ModuleRecord.GRANULE_SHIFT);
    asm.rm(MOV64_RM, R10, Mem.base(R9, SignalBlock.GRANULES));
    asm.rm(MOV64_RM, R10, Mem.baseIndex(R10, R11, 8, 0));
    asm.rr(TEST64_MR, R10, R10);
    asm.jcc(X64Cond.E, none);
    asm.rm(CMP64_RM, RAX, Mem.base(R10, ModuleRecord.TEXT_END));
    asm.jcc(X64Cond.AE, none);
    asm.rr(MOV64_RM, R11, RAX);
    asm.rm(SUB64_RM, R11, Mem.base(R10, ModuleRecord.TEXT_BASE));
    asm.jcc(X64Cond.B, none);
  }

  private void fault(int chain) {
    // si_code is positive exactly for signals that the kernel raised for the instruction itself.
    asm.mi(CMP32_MI, Mem.base(RSI, SI_CODE), 0);
    asm.jcc(X64Cond.LE, chain);
    asm.rm(MOV64_RM, RAX, Mem.base(RDX, UC_RIP));
    findRegion(chain, -1);
    findModule(chain);
    findTrap(chain);
    asm.rm(MOV64_RM, R8, Mem.base(RDX, UC_R15));
    asm.rm(MOV64_RM, R8, Mem.base(R8, InstanceLayout.STORE_CONTEXT));
    asm.mr(MOV32_MR, Mem.base(R8, StoreContext.EXIT_ARG), RAX);
    copy(R8, StoreContext.EXIT_PC, RDX, UC_RIP);
    copy(R8, StoreContext.EXIT_RSP, RDX, UC_RSP);
    copy(R8, StoreContext.FAULT_ADDRESS, RSI, SI_ADDRESS);
    copy(RDX, UC_RIP, R9, SignalBlock.FAULT_EXIT);
    asm.op(RET);
  }

  /** Binary search for the offset in r11 in the record in r10: its kind in eax. */
  private void findTrap(int none) {
    int loop = asm.newLabel();
    int below = asm.newLabel();
    int found = asm.newLabel();
    int missing = asm.newLabel();
    asm.r(PUSH_R, RBX);
    asm.rm(MOV64_RM, RBX, Mem.base(R10, ModuleRecord.TRAP_OFFSETS));
    asm.rm(MOV64_RM, R8, Mem.base(R10, ModuleRecord.TRAP_COUNT));
    asm.ri(MOV32_RI, RCX, 0);
    asm.bind(loop);
    asm.rr(CMP64_RM, RCX, R8);
    asm.jcc(X64Cond.AE, missing);
    asm.rm(LEA64, RAX, Mem.baseIndex(RCX, R8, 1, 0));
    asm.ri(SHR64_I, RAX, 1);
    asm.mr(CMP32_MR, Mem.baseIndex(RBX, RAX, 4, 0), R11);
    asm.jcc(X64Cond.E, found);
    asm.jcc(X64Cond.B, below);
    asm.rr(MOV64_RM, R8, RAX);
    asm.jmp(loop);
    asm.bind(below);
    asm.rm(LEA64, RCX, Mem.base(RAX, 1));
    asm.jmp(loop);
    asm.bind(missing);
    asm.r(POP_R, RBX);
    asm.jmp(none);
    asm.bind(found);
    asm.rm(MOV64_RM, RBX, Mem.base(R10, ModuleRecord.TRAP_KINDS));
    asm.rm(MOVZX32_8, RAX, Mem.baseIndex(RBX, RAX, 1, 0));
    asm.r(POP_R, RBX);
  }

  private void preempt(int chain) {
    int bulk = asm.newLabel();
    asm.rm(MOV64_RM, RAX, Mem.base(RDX, UC_RIP));
    findRegion(chain, bulk);
    findModule(chain);
    // The interrupted instruction seems to have called the stub: guest code uses no red zone.
    asm.rm(MOV64_RM, RCX, Mem.base(RDX, UC_RSP));
    asm.ri(SUB64_MI, RCX, Long.BYTES);
    asm.mr(MOV64_MR, Mem.base(RCX, 0), RAX);
    asm.mr(MOV64_MR, Mem.base(RDX, UC_RSP), RCX);
    copy(RDX, UC_RIP, R9, SignalBlock.PREEMPT);
    asm.op(RET);
    asm.bind(bulk);
    asm.rm(MOV64_RM, RCX, Mem.base(RDX, UC_R15));
    asm.rm(MOV64_RM, RCX, Mem.base(RCX, InstanceLayout.STORE_CONTEXT));
    asm.rm(MOV64_RM, RCX, Mem.base(RCX, StoreContext.PREEMPT_FLAG));
    asm.mi(MOV32_MI, Mem.base(RCX, 0), 1);
    asm.op(RET);
  }

  private void copy(int target, int targetOffset, int source, int sourceOffset) {
    asm.rm(MOV64_RM, RCX, Mem.base(source, sourceOffset));
    asm.mr(MOV64_MR, Mem.base(target, targetOffset), RCX);
  }
}
