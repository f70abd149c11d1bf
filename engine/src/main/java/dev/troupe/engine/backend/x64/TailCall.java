package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.TailFrame;

/// Writes calls in the place of the function itself. Within the instance, and where the callee's
/// stack area is no larger than the function's own, that is an epilogue and a jump; otherwise
/// [TailFrame] says what happens.
final class TailCall {
  private static final int VECTOR_BYTES = 16;
  private static final int SIZE_SHIFT = Integer.SIZE;
  private static final int SIZE_BITS = 15;
  private static final int SIZE_MASK = (1 << SIZE_BITS) - 1;
  private static final long NEEDS_FRAME = 1L << 62;

  private final Emitter emitter;
  private final Assembler asm;
  private final long call;

  private TailCall(Emitter emitter, long call) {
    this.emitter = emitter;
    this.asm = emitter.asm;
    this.call = call;
  }

  /// The immediate of the pseudo instruction.
  ///
  /// @param function that is called, in the index space of functions; 0 if that is not known
  /// @param callee convention of what is called
  /// @param areaBytes stack area that the caller of this function has made
  static long pack(int function, CallingConvention callee, int areaBytes) {
    long sizes = (long) callee.resultStackBytes() << SIZE_BITS | callee.paramStackBytes();
    long frame = callee.stackBytes() > areaBytes ? NEEDS_FRAME : 0;
    return frame | sizes << SIZE_SHIFT | function;
  }

  static int function(long call) {
    return (int) call;
  }

  private int paramBytes() {
    return (int) (call >>> SIZE_SHIFT) & SIZE_MASK;
  }

  private int resultBytes() {
    return (int) (call >>> SIZE_SHIFT + SIZE_BITS) & SIZE_MASK;
  }

  private boolean needsFrame() {
    return (call & NEEDS_FRAME) != 0;
  }

  /// A function of the module.
  ///
  /// @param saved mask of the registers to restore
  static void direct(Emitter emitter, long call, long saved) {
    TailCall tail = new TailCall(emitter, call);
    if (tail.needsFrame()) {
      tail.asm.leaExternal(TailFrame.CODE, function(call));
      tail.throughFrame(Registers.INSTANCE, saved);
    } else {
      tail.popFrame(saved);
      tail.asm.jmpExternal(function(call));
    }
  }

  /// The function whose code is in the scratch register.
  ///
  /// @param instance register with its instance pointer
  static void indirect(Emitter emitter, long call, int instance, long saved) {
    TailCall tail = new TailCall(emitter, call);
    if (tail.needsFrame()) {
      tail.throughFrame(instance, saved);
      return;
    }
    int other = tail.asm.newLabel();
    tail.asm.rr(X64Op.CMP64_RM, instance, Registers.INSTANCE);
    tail.asm.jcc(X64Cond.NE, other);
    tail.popFrame(saved);
    tail.asm.r(X64Op.JMP_M, TailFrame.CODE);
    emitter.outOfLine(() -> {
      tail.asm.bind(other);
      tail.throughFrame(instance, saved);
    });
  }

  private void popFrame(long saved) {
    emitter.restore(saved);
    int frame = emitter.frame.frameBytes();
    int scratch = Registers.VECTOR_SCRATCH;
    for (int at = paramBytes() - VECTOR_BYTES; at >= 0; at -= VECTOR_BYTES) {
      asm.rm(X64Op.MOVUPS_RM, scratch, Mem.base(Registers.RSP, at));
      asm.mr(X64Op.MOVUPS_MR, Mem.base(Registers.RSP, frame + Long.BYTES + at), scratch);
    }
    if (frame > 0) {
      asm.ri(X64Op.ADD64_MI, Registers.RSP, frame);
    }
    emitter.framePopped();
  }

  private void throughFrame(int instance, long saved) {
    asm.rr(X64Op.MOVQ_XR, TailFrame.INSTANCE_HOLDER, instance);
    emitter.restore(saved);
    asm.rr(X64Op.MOVQ_XR, TailFrame.RAX_HOLDER, Registers.RAX);
    long sizes = TailFrame.sizes(emitter.frame.frameBytes(), paramBytes(), resultBytes());
    asm.movImm(Registers.RAX, sizes);
    asm.rr(X64Op.MOVQ_XR, TailFrame.SIZES_HOLDER, Registers.RAX);
    asm.rm(X64Op.MOV64_RM, Registers.RAX, Mem.base(Registers.INSTANCE, InstanceLayout.BUILTINS));
    asm.m(X64Op.CALL_M, Mem.base(Registers.RAX, Builtin.TAIL_FRAME.tableOffset()));
    // Never reached; keeps the return address inside the function.
    asm.op(X64Op.INT3);
  }
}
