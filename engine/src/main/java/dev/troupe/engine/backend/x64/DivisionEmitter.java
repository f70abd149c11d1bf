package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.TrapKind;

/// Expands [MachPseudo#DIVIDE]. Division by zero faults in the divide instruction itself; so would
/// the smallest number divided by -1, therefore -1 is tested before and taken out of line.
final class DivisionEmitter {
  static final int WIDE = 1;
  static final int SIGNED = 2;
  static final int REMAINDER = 4;
  static final int TEST_MINUS_ONE = 8;

  private DivisionEmitter() {}

  static void emit(Emitter emitter, int i, int flags) {
    Assembler asm = emitter.asm;
    boolean wide = (flags & WIDE) != 0;
    int divisor = emitter.register(i, 3);
    int done = asm.newLabel();
    if ((flags & TEST_MINUS_ONE) != 0) {
      int minusOne = asm.newLabel();
      asm.ri(wide ? X64Op.CMP64_MI : X64Op.CMP32_MI, divisor, -1);
      asm.jcc(X64Cond.E, minusOne);
      emitter.outOfLine(() -> divideByMinusOne(emitter, flags, minusOne, done));
    }
    if ((flags & SIGNED) != 0) {
      asm.op(wide ? X64Op.CQO : X64Op.CDQ);
    } else {
      asm.rr(X64Op.XOR32_RM, Registers.RDX, Registers.RDX);
    }
    if (emitter.function.trap(i) >= 0) {
      emitter.mayFault(emitter.function.trap(i));
    }
    X64Op signed = wide ? X64Op.IDIV64 : X64Op.IDIV32;
    X64Op unsigned = wide ? X64Op.DIV64 : X64Op.DIV32;
    asm.r((flags & SIGNED) != 0 ? signed : unsigned, divisor);
    asm.bind(done);
  }

  private static void divideByMinusOne(Emitter emitter, int flags, int label, int done) {
    Assembler asm = emitter.asm;
    asm.bind(label);
    if ((flags & REMAINDER) != 0) {
      asm.rr(X64Op.XOR32_RM, Registers.RDX, Registers.RDX);
    } else {
      asm.r((flags & WIDE) != 0 ? X64Op.NEG64 : X64Op.NEG32, Registers.RAX);
      asm.jcc(X64Cond.O, emitter.coldTrap(TrapKind.INTEGER_OVERFLOW.ordinal()));
    }
    asm.jmp(done);
  }
}
