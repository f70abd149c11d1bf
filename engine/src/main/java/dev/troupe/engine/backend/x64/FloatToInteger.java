package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.contract.TrapKind;

/// Expands [MachPseudo#CONVERT_TO_INTEGER]. The hardware's truncation answers everything that does
/// not fit with one value, the smallest number; the straight path recognises it and everything else
/// is decided out of line.
final class FloatToInteger {
  static final int DOUBLE = 1;
  static final int WIDE = 2;
  static final int UNSIGNED = 4;
  static final int SATURATING = 8;

  private final Emitter emitter;
  private final Assembler asm;
  private final boolean twice;
  private final boolean wide;
  private final boolean unsigned;
  private final boolean saturating;
  private final int result;
  private final int source;

  /// Unsigned conversions have a temporary: of 64 bits a vector register, else a general one.
  private final int temporary;

  private final X64Op compare;

  FloatToInteger(Emitter emitter, int i, int flags) {
    this.emitter = emitter;
    this.asm = emitter.asm;
    this.twice = (flags & DOUBLE) != 0;
    this.wide = (flags & WIDE) != 0;
    this.unsigned = (flags & UNSIGNED) != 0;
    this.saturating = (flags & SATURATING) != 0;
    this.result = emitter.register(i, 0);
    this.source = emitter.register(i, 1);
    this.temporary = unsigned ? emitter.register(i, 2) : -1;
    this.compare = twice ? X64Op.UCOMISD : X64Op.UCOMISS;
  }

  void emit() {
    if (!unsigned) {
      signed();
    } else if (wide) {
      unsigned64();
    } else {
      unsigned32();
    }
  }

  private void truncate(boolean wideResult, int from) {
    X64Op single = wideResult ? X64Op.CVTTSS2SI_64 : X64Op.CVTTSS2SI_32;
    X64Op dbl = wideResult ? X64Op.CVTTSD2SI_64 : X64Op.CVTTSD2SI_32;
    asm.rr(twice ? dbl : single, result, from);
  }

  /// The smallest number minus 1 overflows, no other does.
  private void signed() {
    int special = asm.newLabel();
    int done = asm.newLabel();
    truncate(wide, source);
    asm.ri(wide ? X64Op.CMP64_MI : X64Op.CMP32_MI, result, 1);
    asm.jcc(X64Cond.O, special);
    asm.bind(done);
    emitter.outOfLine(() -> {
      asm.bind(special);
      if (saturating) {
        saturateSigned(done);
      } else {
        checkSigned(done);
      }
    });
  }

  /// The truncation of everything above this, and of nothing else, is at least the smallest number.
  private long lowerBoundBits() {
    if (wide) {
      return twice ? Double.doubleToRawLongBits(-0x1p63) : Float.floatToRawIntBits(-0x1p63f);
    }
    return twice ? Double.doubleToRawLongBits(-0x1p31 - 1) : Float.floatToRawIntBits(-0x1p31f);
  }

  private void checkSigned(int done) {
    asm.rr(compare, source, source);
    asm.jcc(X64Cond.P, emitter.coldTrap(TrapKind.INVALID_CONVERSION_TO_INTEGER.ordinal()));
    int overflow = emitter.coldTrap(TrapKind.INTEGER_OVERFLOW.ordinal());
    asm.rm(compare, source, literal(lowerBoundBits()));
    // Only from f64 to i32 the bound itself is out of range.
    asm.jcc(twice && !wide ? X64Cond.BE : X64Cond.B, overflow);
    asm.rm(compare, source, literal(0));
    asm.jcc(X64Cond.AE, overflow);
    asm.jmp(done);
  }

  /// The result is the smallest number already.
  private void saturateSigned(int done) {
    int number = asm.newLabel();
    asm.rr(compare, source, source);
    asm.jcc(X64Cond.NP, number);
    asm.movImm(result, 0);
    asm.jmp(done);
    asm.bind(number);
    asm.rm(compare, source, literal(0));
    asm.jcc(X64Cond.B, done);
    asm.movImm(result, wide ? Long.MAX_VALUE : Integer.MAX_VALUE);
    asm.jmp(done);
  }

  /// A float of the width of the source.
  private Mem literal(long bits) {
    LiteralPool pool = emitter.function.literals;
    int literal = twice ? pool.scalar(8, bits) : pool.scalar(4, bits & 0xFFFF_FFFFL);
    return Mem.rip(pool.label(asm, literal));
  }

  /// Truncates to 64 bits; the number fits if the upper half is zero.
  private void unsigned32() {
    int special = asm.newLabel();
    int done = asm.newLabel();
    truncate(true, source);
    asm.rr(X64Op.MOV32_RM, temporary, result);
    asm.rr(X64Op.CMP64_RM, temporary, result);
    asm.jcc(X64Cond.NE, special);
    asm.bind(done);
    emitter.outOfLine(() -> {
      asm.bind(special);
      if (saturating) {
        saturateUnsigned(done, 0xFFFF_FFFFL);
      } else {
        trapUnsigned();
      }
    });
  }

  /// Not in range: NaN or overflow.
  private void trapUnsigned() {
    asm.rr(compare, source, source);
    asm.jcc(X64Cond.P, emitter.coldTrap(TrapKind.INVALID_CONVERSION_TO_INTEGER.ordinal()));
    emitter.trap(TrapKind.INTEGER_OVERFLOW.ordinal());
  }

  /// Not in range: above gives the largest number, below and NaN give 0.
  private void saturateUnsigned(int done, long largest) {
    asm.movImm(result, 0);
    asm.rm(compare, source, literal(0));
    asm.jcc(X64Cond.BE, done);
    asm.movImm(result, largest);
    asm.jmp(done);
  }

  /// Below 2^63 the signed truncation answers; from there on that of the number minus 2^63.
  private void unsigned64() {
    int special = asm.newLabel();
    int large = asm.newLabel();
    int done = asm.newLabel();
    Mem bound =
        literal(twice ? Double.doubleToRawLongBits(0x1p63) : Float.floatToRawIntBits(0x1p63f));
    asm.rm(compare, source, bound);
    // Also taken when unordered would set the carry flag: it is not, so NaN goes the short way.
    asm.jcc(X64Cond.AE, large);
    truncate(true, source);
    asm.rr(X64Op.TEST64_MR, result, result);
    asm.jcc(X64Cond.S, special);
    asm.bind(done);
    emitter.outOfLine(() -> {
      asm.bind(large);
      asm.rr(X64Op.MOVAPS_RM, temporary, source);
      asm.rm(twice ? X64Op.SUBSD : X64Op.SUBSS, temporary, bound);
      truncate(true, temporary);
      asm.rr(X64Op.TEST64_MR, result, result);
      asm.jcc(X64Cond.S, special);
      asm.ri(X64Op.BTS64_MI, result, 63);
      asm.jmp(done);
      asm.bind(special);
      if (saturating) {
        saturateUnsigned(done, -1L);
      } else {
        trapUnsigned();
      }
    });
  }
}
