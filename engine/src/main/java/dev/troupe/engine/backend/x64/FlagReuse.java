package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.X64Op;

/// What the emitter knows about the flags: where they are needed, so that a zero may be made by
/// `xor` elsewhere, and what they already tell, so that a `test` after the instruction that made
/// the tested number can go. Flags never live across blocks.
final class FlagReuse {
  private static final int NOTHING = -1;

  private final MachFunction function;
  private final Assembler asm;
  private final boolean[] live;

  /// The register whose number the flags describe, as of code size `sizeThen`.
  private int register = NOTHING;

  private int sizeThen;
  private boolean wide;
  private boolean logical;

  FlagReuse(MachFunction function, Assembler asm) {
    this.function = function;
    this.asm = asm;
    this.live = new boolean[function.instructionCount()];
    for (int b = 0; b < function.blockCount(); b++) {
      boolean needed = false;
      for (int i = function.firstInstruction(b + 1) - 1; i >= function.firstInstruction(b); i--) {
        if (reads(i)) {
          needed = true;
        } else if (writes(i)) {
          needed = false;
        }
        live[i] = needed;
      }
    }
  }

  /// Whether the flags are needed at the start of an instruction.
  boolean isLive(int instruction) {
    return live[instruction];
  }

  private boolean reads(int i) {
    if (!function.isPseudo(i)) {
      return function.op(i).readsFlags();
    }
    return switch (function.pseudo(i)) {
      case BRANCH, TRAP_IF, SET_CONDITION, VECTOR_SELECT -> true;
      default -> false;
    };
  }

  /// Every pseudo instruction that reads no flags may write them.
  private boolean writes(int i) {
    return function.isPseudo(i) || function.op(i).writesFlags();
  }

  /// A place where code may be entered: nothing is known.
  void forget() {
    register = NOTHING;
  }

  /// Called after an instruction that wrote its result to a register.
  void wrote(X64Op op, int result) {
    switch (op) {
      case AND32_RM, AND32_MI, OR32_RM, OR32_MI, XOR32_RM, XOR32_MI -> know(result, false, true);
      case AND64_RM, AND64_MI, OR64_RM, OR64_MI, XOR64_RM, XOR64_MI -> know(result, true, true);
      case ADD32_RM, ADD32_MI, SUB32_RM, SUB32_MI -> know(result, false, false);
      case ADD64_RM, ADD64_MI, SUB64_RM, SUB64_MI -> know(result, true, false);
      default -> {}
    }
  }

  private void know(int result, boolean isWide, boolean isLogical) {
    register = result;
    wide = isWide;
    logical = isLogical;
    sizeThen = asm.sizeEstimate();
  }

  /// Whether an instruction is a `test` of a number that the instruction before it made, and all
  /// conditions that depend on it can be told from the flags as they are.
  boolean isKnownTest(int i, int first, int second) {
    X64Op op = function.op(i);
    boolean test = op == X64Op.TEST32_MR || op == X64Op.TEST64_MR;
    if (!test || first != second || first != register || asm.sizeEstimate() != sizeThen) {
      return false;
    }
    return wide == (op == X64Op.TEST64_MR) && readersAgree(i + 1);
  }

  private boolean readersAgree(int from) {
    for (int i = from; i < function.instructionCount() && live[i]; i++) {
      if (!reads(i)) {
        continue;
      }
      boolean conditional = function.isPseudo(i) || function.op(i).hasCondition();
      if (!conditional || !agrees((int) function.immediate(i))) {
        return false;
      }
      if (function.isPseudo(i) && function.pseudo(i) == MachPseudo.BRANCH) {
        return true;
      }
    }
    return true;
  }

  /// Sign and zero are the same after the arithmetic and after `test`; carry and overflow are clear
  /// after `test`, and after a logical operation.
  private boolean agrees(int condition) {
    if (MachCond.isFloat(condition)) {
      return false;
    }
    return switch (MachCond.hardware(condition)) {
      case E, NE, S, NS -> true;
      case O, NO, B, AE, BE, A, L, GE, LE, G -> logical;
      case P, NP -> false;
    };
  }
}
