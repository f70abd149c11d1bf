package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.regalloc.Location;

/// Expands the pseudo instructions that are not control flow. What needs a register beside its
/// operands takes a temporary for it; only calls have one that is free in any case.
final class PseudoEmitter {
  private static final int SCRATCH = Registers.SCRATCH;

  private final Emitter emitter;
  private final MachFunction function;
  private final Assembler asm;

  PseudoEmitter(Emitter emitter) {
    this.emitter = emitter;
    this.function = emitter.function;
    this.asm = emitter.asm;
  }

  /// @param target register to define instead of the operand's, when a value is made again
  void emit(int i, int target) {
    int imm = (int) function.immediate(i);
    switch (function.pseudo(i)) {
      case ENTRY -> {}
      case CALL -> {
        asm.callExternal(imm);
        emitter.called(i);
      }
      case CALL_INDIRECT -> {
        asm.rr(X64Op.MOV64_RM, Registers.INSTANCE, register(i, 1));
        asm.r(X64Op.CALL_M, register(i, 0));
        emitter.called(i);
        restoreInstance();
      }
      case CALL_CONTEXT -> callContext(i, imm);
      case CALL_REFERENCE -> callReference(i);
      case CALL_BUILTIN -> {
        emitter.callBuiltin(imm);
        emitter.called(i);
      }
      case THROW -> {
        asm.movImm(Registers.RDI, imm);
        thrown(Builtin.THROW, i);
      }
      case THROW_REF -> thrown(Builtin.THROW_REF, i);
      case UNREACHED -> {}
      case TRAP -> emitter.trap(function.trap(i));
      case TRAP_IF -> trapIf(imm, function.trap(i));
      case COPY -> copy(register(i, 0), register(i, 1));
      case ADD32 -> add(X64Op.ADD32_RM, X64Op.LEA32, i);
      case ADD64 -> add(X64Op.ADD64_RM, X64Op.LEA64, i);
      case ADD32_IMMEDIATE -> addImmediate(X64Op.ADD32_MI, X64Op.LEA32, i, imm);
      case ADD64_IMMEDIATE -> addImmediate(X64Op.ADD64_MI, X64Op.LEA64, i, imm);
      case SHIFT_LEFT32 -> shiftLeft(X64Op.ADD32_RM, X64Op.SHL32_I, X64Op.LEA32, i, imm);
      case SHIFT_LEFT64 -> shiftLeft(X64Op.ADD64_RM, X64Op.SHL64_I, X64Op.LEA64, i, imm);
      case ROTATE_RIGHT32 -> rotateRight(X64Op.ROR32_I, X64Op.RORX32, i, imm);
      case ROTATE_RIGHT64 -> rotateRight(X64Op.ROR64_I, X64Op.RORX64, i, imm);
      case SET_CONDITION -> setCondition(i, imm);
      case VECTOR_SELECT -> vectorSelect(i, imm);
      case DIVIDE -> DivisionEmitter.emit(emitter, i, imm);
      case BIT_SCAN -> bitScan(i, imm);
      case VECTOR_ZERO -> {
        int register = target == Location.NONE ? register(i, 0) : target;
        asm.rr(X64Op.XORPS, register, register);
      }
      case VECTOR_ONES -> {
        int register = target == Location.NONE ? register(i, 0) : target;
        asm.rr(X64Op.PCMPEQD, register, register);
      }
      case CONVERT_FROM_INTEGER -> {
        int result = register(i, 0);
        asm.rr(X64Op.XORPS, result, result);
        asm.rr(X64Op.of(imm), result, register(i, 1));
      }
      case CONVERT_FROM_U64 -> convertFromU64(i, imm == 1);
      case CONVERT_TO_INTEGER -> new FloatToInteger(emitter, i, imm).emit();
      case ATOMIC_LOOP -> AtomicEmitter.emit(emitter, i, imm);
      case MINIMUM_MAXIMUM -> minimumMaximum(i, (imm & 1) != 0, (imm & 2) != 0);
      case JUMP, BRANCH, JUMP_TABLE, RETURN, TAIL_CALL, TAIL_CALL_INDIRECT ->
          throw new IllegalStateException("control flow is not expanded here");
    }
  }

  private void callContext(int i, int imm) {
    int instance = Registers.INSTANCE;
    asm.rm(X64Op.MOV64_RM, SCRATCH, Mem.base(instance, imm + FuncRefLayout.CODE));
    asm.rm(X64Op.MOV64_RM, instance, Mem.base(instance, imm + FuncRefLayout.INSTANCE));
    asm.r(X64Op.CALL_M, SCRATCH);
    emitter.called(i);
    restoreInstance();
  }

  private void callReference(int i) {
    int reference = register(i, 0);
    Mem field = Mem.base(reference, FuncRefLayout.INSTANCE);
    if (function.trap(i) >= 0) {
      emitter.mayFault(function.trap(i));
    }
    asm.rm(X64Op.MOV64_RM, Registers.INSTANCE, field);
    asm.m(X64Op.CALL_M, Mem.base(reference, FuncRefLayout.CODE));
    emitter.called(i);
    restoreInstance();
  }

  private int register(int i, int operand) {
    return emitter.register(i, operand);
  }

  private void thrown(Builtin builtin, int i) {
    emitter.callBuiltin(builtin.tableOffset());
    emitter.called(i);
    // Never reached; keeps the return address inside the function.
    asm.op(X64Op.INT3);
  }

  private void restoreInstance() {
    asm.rm(X64Op.MOV64_RM, Registers.INSTANCE, emitter.instanceSlot());
  }

  private void trapIf(int condition, int kind) {
    int trap = emitter.coldTrap(kind);
    if (condition == MachCond.FLOAT_UNEQUAL) {
      asm.jcc(X64Cond.NE, trap);
      asm.jcc(X64Cond.P, trap);
    } else if (condition == MachCond.FLOAT_EQUAL) {
      int over = asm.newLabel();
      asm.jcc(X64Cond.P, over);
      asm.jcc(X64Cond.E, trap);
      asm.bind(over);
    } else {
      asm.jcc(MachCond.hardware(condition), trap);
    }
  }

  private void copy(int to, int from) {
    if (to != from) {
      asm.rr(to < Registers.XMM0 ? X64Op.MOV64_RM : X64Op.MOVAPS_RM, to, from);
    }
  }

  private void add(X64Op add, X64Op lea, int i) {
    int sum = register(i, 0);
    int a = register(i, 1);
    int b = register(i, 2);
    if (sum == a || sum == b) {
      asm.rr(add, sum, sum == a ? b : a);
      emitter.flags().wrote(add, sum);
    } else {
      asm.rm(lea, sum, Mem.sum(a, b, 1, 0));
    }
  }

  private void addImmediate(X64Op add, X64Op lea, int i, int imm) {
    int sum = register(i, 0);
    int a = register(i, 1);
    if (sum == a) {
      asm.ri(add, sum, imm);
      emitter.flags().wrote(add, sum);
    } else {
      asm.rm(lea, sum, Mem.base(a, imm));
    }
  }

  private void rotateRight(X64Op ror, X64Op rorx, int i, int amount) {
    int result = register(i, 0);
    int a = register(i, 1);
    if (result == a) {
      asm.ri(ror, result, amount);
    } else {
      asm.rri(rorx, result, a, amount);
    }
  }

  private void shiftLeft(X64Op add, X64Op shl, X64Op lea, int i, int amount) {
    int result = register(i, 0);
    int a = register(i, 1);
    if (amount == 1) {
      if (result == a) {
        asm.rr(add, result, a);
      } else {
        asm.rm(lea, result, Mem.baseIndex(a, a, 1, 0));
      }
    } else if (result == a) {
      asm.ri(shl, result, amount);
    } else {
      asm.rm(lea, result, Mem.index(a, 1 << amount, 0));
    }
  }

  private void setCondition(int i, int condition) {
    int result = register(i, 0);
    if (MachCond.isFloat(condition)) {
      int last = function.firstOperand(i + 1) - function.firstOperand(i) - 1;
      int other = register(i, last);
      boolean equal = condition == MachCond.FLOAT_EQUAL;
      asm.setcc(equal ? X64Cond.NP : X64Cond.P, other);
      asm.setcc(equal ? X64Cond.E : X64Cond.NE, result);
      asm.rr(equal ? X64Op.AND8_RM : X64Op.OR8_RM, result, other);
    } else {
      asm.setcc(MachCond.hardware(condition), result);
    }
  }

  private void vectorSelect(int i, int condition) {
    int result = register(i, 0);
    int ifTrue = register(i, 1);
    int over = asm.newLabel();
    if (condition == MachCond.FLOAT_UNEQUAL) {
      int take = asm.newLabel();
      asm.jcc(X64Cond.P, take);
      asm.jcc(X64Cond.E, over);
      asm.bind(take);
    } else {
      asm.jcc(MachCond.hardware(MachCond.negate(condition)), over);
    }
    asm.rr(X64Op.MOVAPS_RM, result, ifTrue);
    asm.bind(over);
  }

  /// `bsr` and `bsf` leave the result undefined for zero, and say so in the zero flag.
  private void bitScan(int i, int signedBits) {
    int bits = Math.abs(signedBits);
    boolean wide = bits == 64;
    int result = register(i, 0);
    int source = register(i, 1);
    int ifZero = register(i, 2);
    X64Op cmov = wide ? X64Op.CMOV64 : X64Op.CMOV32;
    if (signedBits < 0) {
      asm.movImm(ifZero, bits);
      asm.rr(wide ? X64Op.BSF64 : X64Op.BSF32, result, source);
      asm.cmov(cmov, X64Cond.E, result, ifZero);
    } else {
      asm.movImm(ifZero, 2L * bits - 1);
      asm.rr(wide ? X64Op.BSR64 : X64Op.BSR32, result, source);
      asm.cmov(cmov, X64Cond.E, result, ifZero);
      asm.ri(wide ? X64Op.XOR64_MI : X64Op.XOR32_MI, result, bits - 1);
    }
  }

  /// Halves numbers above the signed range, keeping the lowest bit so that rounding is right, and
  /// doubles the result.
  private void convertFromU64(int i, boolean twice) {
    int result = register(i, 0);
    int source = register(i, 1);
    int half = register(i, 2);
    X64Op convert = twice ? X64Op.CVTSI2SD_64 : X64Op.CVTSI2SS_64;
    int large = asm.newLabel();
    int done = asm.newLabel();
    asm.rr(X64Op.XORPS, result, result);
    asm.rr(X64Op.TEST64_MR, source, source);
    asm.jcc(X64Cond.S, large);
    asm.rr(convert, result, source);
    asm.bind(done);
    emitter.outOfLine(() -> {
      int even = asm.newLabel();
      asm.bind(large);
      asm.rr(X64Op.MOV64_RM, half, source);
      asm.ri(X64Op.SHR64_I, half, 1);
      asm.jcc(X64Cond.AE, even);
      asm.ri(X64Op.OR64_MI, half, 1);
      asm.bind(even);
      asm.rr(convert, result, half);
      asm.rr(twice ? X64Op.ADDSD : X64Op.ADDSS, result, result);
      asm.jmp(done);
    });
  }

  /// `minsd` alone returns its second operand for zeros of two signs and for NaN.
  private void minimumMaximum(int i, boolean twice, boolean maximum) {
    int result = register(i, 0);
    int other = register(i, 2);
    int special = asm.newLabel();
    int done = asm.newLabel();
    asm.rr(twice ? X64Op.UCOMISD : X64Op.UCOMISS, result, other);
    asm.jcc(X64Cond.E, special);
    X64Op minimum = twice ? X64Op.MINSD : X64Op.MINSS;
    asm.rr(maximum ? twice ? X64Op.MAXSD : X64Op.MAXSS : minimum, result, other);
    asm.bind(done);
    emitter.outOfLine(() -> {
      int unordered = asm.newLabel();
      asm.bind(special);
      asm.jcc(X64Cond.P, unordered);
      asm.rr(maximum ? X64Op.ANDPS : X64Op.ORPS, result, other);
      asm.jmp(done);
      asm.bind(unordered);
      asm.rr(twice ? X64Op.ADDSD : X64Op.ADDSS, result, other);
      asm.jmp(done);
    });
  }
}
