package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import org.jspecify.annotations.Nullable;

/// Selection of operations on vectors. Without AVX memory operands must be aligned, so only
/// literals are taken as such.
final class VectorLowering {
  /// The selector of `pshufd` for lanes 0, 1, 0, 1.
  private static final int LOW_HALF_TWICE = 0b01_00_01_00;

  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;
  private final boolean avx;

  VectorLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.avx = low.context.has(X64Feature.AVX);
  }

  private X64Op pick(X64Op sse, X64Op withAvx) {
    return avx ? withAvx : sse;
  }

  // ---- all lanes equal

  void splat(int i) {
    int result = low.definition(ssa.result(i));
    Addr literal = literal(i);
    if (literal != null) {
      out.rematerializable(result);
      out.row(pick(X64Op.MOVUPS_RM, X64Op.VMOVUPS_RM), literal, 0, result);
      return;
    }
    int lane = ssa.operand(i, 0);
    switch (ssa.controllingType(i)) {
      case F64 -> {
        if (avx) {
          low.unaryRow(X64Op.VMOVDDUP, result, lane, i);
        } else {
          out.row(X64Op.PSHUFD, null, LOW_HALF_TWICE, result, low.use(lane));
        }
      }
      case F32 -> out.row(pick(X64Op.PSHUFD, X64Op.VPSHUFD), null, 0, result, low.use(lane));
      case I64 -> {
        int moved = out.newWideVector();
        out.row(pick(X64Op.MOVQ_XR, X64Op.VMOVQ_XR), null, 0, moved, low.use(lane));
        out.row(pick(X64Op.PSHUFD, X64Op.VPSHUFD), null, LOW_HALF_TWICE, result, moved);
      }
      case I32 -> {
        int moved = out.newWideVector();
        out.row(pick(X64Op.MOVD_XR, X64Op.VMOVD_XR), null, 0, moved, low.use(lane));
        out.row(pick(X64Op.PSHUFD, X64Op.VPSHUFD), null, 0, result, moved);
      }
      case V128 -> throw new IllegalStateException("a vector is no lane");
    }
  }

  /// The constant that a `splat` gives, or null if its operand is none.
  private @Nullable Addr literal(int splat) {
    int constant = low.definer(ssa.operand(splat, 0), SsaOp.FCONST);
    if (constant == NONE) {
      constant = low.definer(ssa.operand(splat, 0), SsaOp.ICONST);
    }
    if (constant == NONE) {
      return null;
    }
    long bits = ssa.immediate(constant);
    if (ssa.controllingType(splat).bytes() == 4) {
      bits = bits << 32 | bits & 0xFFFF_FFFFL;
    }
    return Addr.literal(out.literals.vector(bits, bits));
  }

  // ---- arithmetic

  void binary(int i, SsaOp op) {
    X64Op row = avx ? avx(op, ssa.controllingType(i)) : sse(op, ssa.controllingType(i));
    int result = low.definition(ssa.result(i));
    int second = ssa.operand(i, 1);
    int splat = low.definer(second, SsaOp.SPLAT);
    Addr address = splat == NONE ? null : literal(splat);
    if (address == null && avx) {
      address = low.memory().operand(second, i, row);
    }
    int left = low.use(ssa.operand(i, 0));
    if (address != null) {
      out.row(row, address, 0, result, left);
    } else {
      out.row(row, null, 0, result, left, low.use(second));
    }
  }

  private static X64Op sse(SsaOp op, SsaType lane) {
    return switch (op) {
      case VADD -> byLane(lane, X64Op.PADDD, X64Op.PADDQ, X64Op.ADDPS, X64Op.ADDPD);
      case VSUB -> byLane(lane, X64Op.PSUBD, X64Op.PSUBQ, X64Op.SUBPS, X64Op.SUBPD);
      case VMUL -> byLane(lane, X64Op.PMULLD, X64Op.PMULLD, X64Op.MULPS, X64Op.MULPD);
      case VDIV -> lane == SsaType.F64 ? X64Op.DIVPD : X64Op.DIVPS;
      case VAND -> X64Op.PAND;
      case VOR -> X64Op.POR;
      case VXOR -> X64Op.PXOR;
      default -> throw new IllegalStateException(op + " is no operation on vectors");
    };
  }

  private static X64Op avx(SsaOp op, SsaType lane) {
    return switch (op) {
      case VADD -> byLane(lane, X64Op.VPADDD, X64Op.VPADDQ, X64Op.VADDPS, X64Op.VADDPD);
      case VSUB -> byLane(lane, X64Op.VPSUBD, X64Op.VPSUBQ, X64Op.VSUBPS, X64Op.VSUBPD);
      case VMUL -> byLane(lane, X64Op.VPMULLD, X64Op.VPMULLD, X64Op.VMULPS, X64Op.VMULPD);
      case VDIV -> lane == SsaType.F64 ? X64Op.VDIVPD : X64Op.VDIVPS;
      case VAND -> X64Op.VPAND;
      case VOR -> X64Op.VPOR;
      case VXOR -> X64Op.VPXOR;
      default -> throw new IllegalStateException(op + " is no operation on vectors");
    };
  }

  private static X64Op byLane(SsaType lane, X64Op i32, X64Op i64, X64Op f32, X64Op f64) {
    return switch (lane) {
      case I32 -> i32;
      case I64 -> i64;
      case F32 -> f32;
      case F64 -> f64;
      case V128 -> throw new IllegalStateException("a vector is no lane");
    };
  }
}
