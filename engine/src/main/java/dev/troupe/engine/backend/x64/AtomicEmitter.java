package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.contract.Registers;

/// Expands [MachPseudo#ATOMIC_LOOP]: tries until nobody came in between. Only the first access can
/// fault, for memories never shrink.
final class AtomicEmitter {
  private static final X64Op[] LOADS = {
    X64Op.MOVZX32_8, X64Op.MOVZX32_16, X64Op.MOV32_RM, X64Op.MOV64_RM
  };

  private AtomicEmitter() {}

  /// @param imm row of the operation on registers, then log2 of the width in a byte
  static void emit(Emitter emitter, int i, int imm) {
    Assembler asm = emitter.asm;
    X64Op operation = X64Op.of(imm >> Byte.SIZE);
    int log2 = imm & 0xFF;
    int changed = emitter.register(i, 1);
    Mem place = Mem.base(emitter.register(i, 2), 0);
    int value = emitter.register(i, 3);
    if (emitter.function.trap(i) >= 0) {
      emitter.mayFault(emitter.function.trap(i));
    }
    asm.rm(LOADS[log2], Registers.RAX, place);
    int again = asm.newLabel();
    asm.bind(again);
    asm.rr(X64Op.MOV64_RM, changed, Registers.RAX);
    asm.rr(operation, changed, value);
    asm.mr(AtomicLowering.COMPARE_EXCHANGE[log2], place, changed);
    asm.jcc(X64Cond.NE, again);
  }
}
