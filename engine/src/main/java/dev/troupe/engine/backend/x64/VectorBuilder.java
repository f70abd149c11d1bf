package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import org.jspecify.annotations.Nullable;

/// What the selection of vector operations is written with: rows are named by their legacy forms,
/// and with AVX the VEX form is taken, which has a result of its own and reads memory at any
/// address. Without AVX memory operands must be aligned, so only literals are taken as such.
final class VectorBuilder {
  final Lowering low;
  final SsaFunction ssa;
  final MachBuilder out;
  final boolean avx;
  final boolean avx2;
  final boolean avx512;
  final boolean fma;

  VectorBuilder(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.avx = low.context.has(X64Feature.AVX);
    this.avx2 = avx && low.context.has(X64Feature.AVX2);
    this.avx512 = avx2 && low.context.has(X64Feature.AVX512F);
    this.fma = avx && low.context.has(X64Feature.FMA);
  }

  /// The row to use for a legacy row.
  X64Op form(X64Op legacy) {
    return avx ? VexForms.of(legacy) : legacy;
  }

  int fresh() {
    return out.newWideVector();
  }

  /// Register of an operand.
  int use(int i, int position) {
    return low.use(ssa.operand(i, position));
  }

  int result(int i) {
    return low.definition(ssa.result(i));
  }

  // ---- one operand

  int unary(X64Op legacy, long imm, int a) {
    return unary(fresh(), legacy, imm, a);
  }

  int unary(int result, X64Op legacy, long imm, int a) {
    out.row(form(legacy), null, imm, result, a);
    return result;
  }

  // ---- two operands

  int binary(X64Op legacy, int a, int b) {
    return binary(fresh(), legacy, a, b);
  }

  int binary(int result, X64Op legacy, int a, int b) {
    out.row(form(legacy), null, 0, result, a, b);
    return result;
  }

  int binary(int result, X64Op legacy, long imm, int a, int b) {
    out.row(form(legacy), null, imm, result, a, b);
    return result;
  }

  int binary(X64Op legacy, int a, Addr b) {
    return binary(fresh(), legacy, a, b);
  }

  int binary(int result, X64Op legacy, int a, Addr b) {
    out.row(form(legacy), b, 0, result, a);
    return result;
  }

  /// Result = first op second, where `second` is a value that may be a memory operand.
  void binaryValue(int i, int result, X64Op legacy, int first, int second) {
    Addr address = operand(second, i, form(legacy));
    int left = low.use(first);
    if (address != null) {
      out.row(form(legacy), address, 0, result, left);
    } else {
      out.row(form(legacy), null, 0, result, left, low.use(second));
    }
  }

  /// Result = op of operand `position`, which may be a memory operand.
  void unaryValue(int i, int result, X64Op legacy, long imm, int position) {
    int value = ssa.operand(i, position);
    Addr address = operand(value, i, form(legacy));
    if (address != null) {
      out.row(form(legacy), address, imm, result);
    } else {
      out.row(form(legacy), null, imm, result, low.use(value));
    }
  }

  /// Lanes of `b` where the mask has its highest bit set, else of `a`.
  void blend(int result, X64Op legacy, int a, int b, int mask) {
    if (avx) {
      out.row(form(legacy), null, 0, result, a, b, mask);
    } else {
      out.row(legacy, null, 0, result, a, b);
      out.fixedUse(mask, Registers.XMM0);
    }
  }

  // ---- memory operands and constants

  /// The memory operand for a value: a constant, or with AVX a load that its only user executes;
  /// null if the value must come in a register.
  @Nullable Addr operand(int value, int user, X64Op row) {
    int constant = low.definer(value, SsaOp.VCONST);
    if (constant != NONE) {
      long bits = ssa.vectorLow(constant);
      boolean generated = bits == ssa.vectorHigh(constant) && (bits == 0 || bits == -1);
      return generated ? null : literal(bits, ssa.vectorHigh(constant));
    }
    return avx ? low.memory().operand(value, user, row) : null;
  }

  Addr literal(long low64, long high64) {
    return Addr.literal(out.literals.vector(low64, high64));
  }

  /// All 64-bit halves equal.
  Addr literal(long both) {
    return literal(both, both);
  }

  /// A register with a constant that has equal halves.
  int constant(long both) {
    return constant(both, both);
  }

  /// A register with a constant.
  int constant(long low64, long high64) {
    return constant(fresh(), low64, high64);
  }

  int constant(int result, long low64, long high64) {
    int vreg = out.rematerializable(result);
    if (low64 == 0 && high64 == 0) {
      out.add(MachPseudo.VECTOR_ZERO, 0);
      out.define(vreg);
    } else if (low64 == -1 && high64 == -1) {
      out.add(MachPseudo.VECTOR_ONES, 0);
      out.define(vreg);
    } else {
      out.row(X64Op.MOVAPS_RM, literal(low64, high64), 0, vreg);
    }
    return vreg;
  }

  int zero() {
    return constant(0);
  }

  int ones() {
    return constant(-1);
  }

  /// The same 32 bits in every lane.
  static long twice(long bits) {
    return bits << 32 | bits & 0xFFFF_FFFFL;
  }

  /// The same byte in every lane.
  static long bytes(int value) {
    return (value & 0xFF) * 0x0101_0101_0101_0101L;
  }

  /// The same 16 bits in every lane.
  static long words(int value) {
    return (value & 0xFFFF) * 0x0001_0001_0001_0001L;
  }
}
