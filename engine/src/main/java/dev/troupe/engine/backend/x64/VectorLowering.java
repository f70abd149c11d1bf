package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.VectorOp;
import org.jspecify.annotations.Nullable;

/// Selection of operations on vectors: those of [VectorRows] and lanes here, the others by the
/// classes for integers, floats, shifts and shuffles.
final class VectorLowering {
  /// The selector of `pshufd` for lanes 0, 1, 0, 1.
  private static final int LOW_HALF_TWICE = 0b01_00_01_00;

  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;
  private final VectorBuilder b;
  private final VectorIntegers integers;
  private final VectorFloats floats;
  private final VectorShifts shifts;
  private final ShuffleLowering shuffles;

  VectorLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.b = new VectorBuilder(low);
    this.integers = new VectorIntegers(b);
    this.floats = new VectorFloats(b);
    this.shifts = new VectorShifts(b);
    this.shuffles = new ShuffleLowering(b);
  }

  /// A constant that somebody wants in a register; the allocator may make it again.
  void constant(int i) {
    b.constant(b.result(i), ssa.vectorLow(i), ssa.vectorHigh(i));
  }

  void shuffle(int i) {
    shuffles.shuffle(i);
  }

  void shift(int i) {
    shifts.shift(i, ssa.vectorOp(i));
  }

  // ---- arithmetic

  void unary(int i) {
    VectorOp op = ssa.vectorOp(i);
    X64Op row = VectorRows.unary(op);
    if (row != null) {
      b.unaryValue(i, b.result(i), row, 0, 0);
    } else if (!integers.unary(i, op)) {
      floats.unary(i, op);
    }
  }

  void binary(int i) {
    VectorOp op = ssa.vectorOp(i);
    X64Op row = VectorRows.binary(op);
    if (row != null) {
      int first = ssa.operand(i, 0);
      int second = ssa.operand(i, 1);
      boolean swap = op.isCommutative() && !canFold(second, i, row) && canFold(first, i, row);
      b.binaryValue(i, b.result(i), row, swap ? second : first, swap ? first : second);
    } else if (!integers.binary(i, op)) {
      floats.binary(i, op);
    }
  }

  private boolean canFold(int value, int user, X64Op legacy) {
    int constant = low.definer(value, SsaOp.VCONST);
    return constant != NONE || b.avx && low.memory().canFold(value, user, b.form(legacy));
  }

  void ternary(int i) {
    VectorOp op = ssa.vectorOp(i);
    if (!integers.ternary(i, op)) {
      floats.ternary(i, op);
    }
  }

  // ---- lanes

  void splat(int i) {
    int result = b.result(i);
    int value = ssa.operand(i, 0);
    switch (ssa.vectorOp(i)) {
      case I8X16_SPLAT -> splatBytes(result, low.use(value));
      case I16X8_SPLAT -> splatWords(result, low.use(value));
      case I32X4_SPLAT -> {
        if (!splatLoad(i, result, value, b.avx ? X64Op.VBROADCASTSS : null)) {
          b.unary(result, X64Op.PSHUFD, 0, b.unary(X64Op.MOVD_XR, 0, low.use(value)));
        }
      }
      case I64X2_SPLAT -> {
        if (!splatLoad(i, result, value, b.form(X64Op.MOVDDUP))) {
          int moved = b.unary(X64Op.MOVQ_XR, 0, low.use(value));
          b.unary(result, X64Op.PSHUFD, LOW_HALF_TWICE, moved);
        }
      }
      case F32X4_SPLAT -> {
        if (!splatLoad(i, result, value, b.avx ? X64Op.VBROADCASTSS : null)) {
          b.unary(result, X64Op.PSHUFD, 0, low.use(value));
        }
      }
      default -> {
        if (!splatLoad(i, result, value, b.form(X64Op.MOVDDUP))) {
          out.row(b.form(X64Op.MOVDDUP), null, 0, result, low.use(value));
        }
      }
    }
  }

  /// Splats a number that is loaded for this purpose alone.
  private boolean splatLoad(int i, int result, int value, @Nullable X64Op row) {
    int load = low.memory().foldableLoad(value, i);
    boolean whole = load != NONE && ssa.access(load).bytes() == ssa.controllingType(load).bytes();
    if (row == null || !whole || ssa.controllingType(load) != ssa.controllingType(i)) {
      return false;
    }
    out.row(row, low.memory().folded(load), 0, result);
    return true;
  }

  private void splatBytes(int result, int number) {
    int moved = b.unary(X64Op.MOVD_XR, 0, number);
    if (b.avx2) {
      out.row(X64Op.VPBROADCASTB, null, 0, result, moved);
    } else {
      b.binary(result, X64Op.PSHUFB, moved, b.zero());
    }
  }

  private void splatWords(int result, int number) {
    int moved = b.unary(X64Op.MOVD_XR, 0, number);
    if (b.avx2) {
      out.row(X64Op.VPBROADCASTW, null, 0, result, moved);
    } else {
      b.unary(result, X64Op.PSHUFD, 0, b.unary(X64Op.PSHUFLW, 0, moved));
    }
  }

  void extract(int i) {
    int result = b.result(i);
    int vector = b.use(i, 0);
    int lane = ssa.lane(i);
    switch (ssa.vectorOp(i)) {
      case I8X16_EXTRACT_LANE_U -> b.unary(result, X64Op.PEXTRB, lane, vector);
      case I8X16_EXTRACT_LANE_S -> {
        int narrow = b.unary(out.newNarrow(), X64Op.PEXTRB, lane, vector);
        out.row(X64Op.MOVSX32_8, null, 0, result, narrow);
      }
      case I16X8_EXTRACT_LANE_U -> b.unary(result, X64Op.PEXTRW, lane, vector);
      case I16X8_EXTRACT_LANE_S -> {
        int narrow = b.unary(out.newNarrow(), X64Op.PEXTRW, lane, vector);
        out.row(X64Op.MOVSX32_16, null, 0, result, narrow);
      }
      case I32X4_EXTRACT_LANE -> {
        if (lane == 0) {
          out.row(b.form(X64Op.MOVD_RX), null, 0, result, vector);
        } else {
          b.unary(result, X64Op.PEXTRD, lane, vector);
        }
      }
      case I64X2_EXTRACT_LANE -> {
        if (lane == 0) {
          out.row(b.form(X64Op.MOVQ_RX), null, 0, result, vector);
        } else {
          b.unary(result, X64Op.PEXTRQ, lane, vector);
        }
      }
      case F32X4_EXTRACT_LANE -> extractFloat(result, vector, lane, lane);
      default -> extractFloat(result, vector, lane, 0b11_10);
    }
  }

  private void extractFloat(int result, int vector, int lane, int selector) {
    if (lane == 0) {
      out.add(MachPseudo.COPY, 0);
      out.define(result);
      out.use(vector);
    } else {
      b.unary(result, X64Op.PSHUFD, selector, vector);
    }
  }

  void replace(int i) {
    int value = ssa.operand(i, 1);
    int lane = ssa.lane(i);
    switch (ssa.vectorOp(i)) {
      case I8X16_REPLACE_LANE -> insert(i, X64Op.PINSRB, lane, value, 1);
      case I16X8_REPLACE_LANE -> insert(i, X64Op.PINSRW, lane, value, 2);
      case I32X4_REPLACE_LANE -> insert(i, X64Op.PINSRD, lane, value, 4);
      case I64X2_REPLACE_LANE -> insert(i, X64Op.PINSRQ, lane, value, 8);
      case F32X4_REPLACE_LANE -> {
        if (lane == 0) {
          int vector = b.use(i, 0);
          b.binary(b.result(i), X64Op.BLENDPS, 1, vector, low.use(value));
        } else {
          insert(i, X64Op.INSERTPS, lane << 4, value, 4);
        }
      }
      default -> {
        int vector = b.use(i, 0);
        if (lane == 0) {
          b.binary(b.result(i), X64Op.MOVSD_RR, vector, low.use(value));
        } else {
          b.binary(b.result(i), X64Op.MOVLHPS, vector, low.use(value));
        }
      }
    }
  }

  /// Puts a number, which may be loaded here, into a lane.
  private void insert(int i, X64Op legacy, int imm, int value, int bytes) {
    int load = low.memory().foldableLoad(value, i);
    Addr address = null;
    if (load != NONE && ssa.access(load).bytes() == bytes) {
      address = low.memory().folded(load);
    }
    int vector = b.use(i, 0);
    if (address != null) {
      out.row(b.form(legacy), address, imm, b.result(i), vector);
    } else {
      out.row(b.form(legacy), null, imm, b.result(i), vector, low.use(value));
    }
  }

  /// Stores a lane that is extracted for this purpose alone.
  void storeLane(int extract, Addr address) {
    int lane = ssa.lane(extract);
    X64Op row =
        switch (ssa.vectorOp(extract)) {
          case I8X16_EXTRACT_LANE_S, I8X16_EXTRACT_LANE_U -> X64Op.PEXTRB;
          case I16X8_EXTRACT_LANE_S, I16X8_EXTRACT_LANE_U -> X64Op.PEXTRW;
          case I32X4_EXTRACT_LANE -> lane == 0 ? X64Op.MOVD_RX : X64Op.PEXTRD;
          default -> lane == 0 ? X64Op.MOVQ_MX : X64Op.MOVHPS_MR;
        };
    out.row(b.form(row), address, row.hasImmediate() ? lane : 0, b.use(extract, 0));
  }

  /// Whether [#storeLane] stores this one with an access of so many bytes.
  boolean isStorable(int extract, int bytes) {
    VectorOp op = ssa.vectorOp(extract);
    return !op.isFloat() && op.laneBytes() == bytes;
  }

  // ---- loads that read less than a vector

  void load(int i, Addr address) {
    int result = b.result(i);
    switch (ssa.access(i)) {
      case SPLAT8 -> {
        if (b.avx2) {
          out.row(X64Op.VPBROADCASTB, address, 0, result);
        } else {
          splatBytes(result, loaded(X64Op.MOVZX32_8, address));
        }
      }
      case SPLAT16 -> {
        if (b.avx2) {
          out.row(X64Op.VPBROADCASTW, address, 0, result);
        } else {
          splatWords(result, loaded(X64Op.MOVZX32_16, address));
        }
      }
      case SPLAT32 -> {
        if (b.avx) {
          out.row(X64Op.VBROADCASTSS, address, 0, result);
        } else {
          int moved = b.fresh();
          out.row(X64Op.MOVSS_RM, address, 0, moved);
          b.unary(result, X64Op.PSHUFD, 0, moved);
        }
      }
      case SPLAT64 -> out.row(b.form(X64Op.MOVDDUP), address, 0, result);
      case ZERO32 -> out.row(b.form(X64Op.MOVSS_RM), address, 0, result);
      case ZERO64 -> out.row(b.form(X64Op.MOVSD_RM), address, 0, result);
      case EXTEND8X8_S -> out.row(b.form(X64Op.PMOVSXBW), address, 0, result);
      case EXTEND8X8_U -> out.row(b.form(X64Op.PMOVZXBW), address, 0, result);
      case EXTEND16X4_S -> out.row(b.form(X64Op.PMOVSXWD), address, 0, result);
      case EXTEND16X4_U -> out.row(b.form(X64Op.PMOVZXWD), address, 0, result);
      case EXTEND32X2_S -> out.row(b.form(X64Op.PMOVSXDQ), address, 0, result);
      case EXTEND32X2_U -> out.row(b.form(X64Op.PMOVZXDQ), address, 0, result);
      default -> throw new IllegalStateException("no load of part of a vector: " + i);
    }
  }

  private int loaded(X64Op row, Addr address) {
    int number = out.newNarrow();
    out.row(row, address, 0, number);
    return number;
  }

  // ---- tests

  /// Bits of an i32, one for every lane.
  void bitmask(int i) {
    VectorOp op = ssa.vectorOp(i);
    int vector = b.use(i, 0);
    switch (op.laneBytes()) {
      case 1 -> b.unary(b.result(i), X64Op.PMOVMSKB, 0, vector);
      case 2 -> {
        int narrow = b.binary(X64Op.PACKSSWB, vector, b.zero());
        b.unary(b.result(i), X64Op.PMOVMSKB, 0, narrow);
      }
      case 4 -> b.unary(b.result(i), X64Op.MOVMSKPS, 0, vector);
      default -> b.unary(b.result(i), X64Op.MOVMSKPD, 0, vector);
    }
  }

  /// Sets the zero flag to whether no bit is set (any true), or every lane is not zero (all true).
  ///
  /// @return whether the value is one if the zero flag is set
  boolean testFlags(int i) {
    VectorOp op = ssa.vectorOp(i);
    int vector = b.use(i, 0);
    if (op == VectorOp.V128_ANY_TRUE) {
      out.row(b.form(X64Op.PTEST), null, 0, vector, vector);
      return false;
    }
    X64Op equal =
        switch (op.laneBytes()) {
          case 1 -> X64Op.PCMPEQB;
          case 2 -> X64Op.PCMPEQW;
          case 4 -> X64Op.PCMPEQD;
          default -> X64Op.PCMPEQQ;
        };
    int zeros = b.binary(equal, b.zero(), vector);
    out.row(b.form(X64Op.PTEST), null, 0, zeros, zeros);
    return true;
  }

  /// Whether a test is one of [#testFlags].
  static boolean setsFlags(VectorOp op) {
    return switch (op) {
      case V128_ANY_TRUE, I8X16_ALL_TRUE, I16X8_ALL_TRUE, I32X4_ALL_TRUE, I64X2_ALL_TRUE -> true;
      default -> false;
    };
  }
}
