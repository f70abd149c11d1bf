package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.VectorOp;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmOp;
import org.jspecify.annotations.Nullable;

/** Vectors: constants, lanes, shuffles, and what the rows of {@link VectorOp} compute. */
final class VectorInstructions {
  private static final long CANONICAL_NANS_32 = 0x7FC0_0000_7FC0_0000L;
  private static final long CANONICAL_NANS_64 = 0x7FF8_0000_0000_0000L;
  private static final @Nullable VectorOp[] ROWS = new @Nullable VectorOp[WasmOp.values().length];

  static {
    for (VectorOp row : VectorOp.values()) {
      ROWS[WasmOp.valueOf(row.name()).ordinal()] = row;
    }
  }

  private final TranslationState state;
  private final ValueStack stack;
  private final MemoryInstructions memory;

  VectorInstructions(TranslationState state, MemoryInstructions memory) {
    this.state = state;
    this.stack = state.stack;
    this.memory = memory;
  }

  /** Translates the instruction if it is one about vectors; says whether it was. */
  boolean translate(WasmOp op, InstructionReader reader) {
    VectorOp row = ROWS[op.ordinal()];
    if (row != null) {
      plain(state.tunables().relaxedSimdDeterministic() ? strict(row) : row, reader);
      return true;
    }
    switch (op) {
      case V128_CONST -> stack.push(state.builder.vconst(reader.i64(), reader.i64High()));
      case I8X16_SHUFFLE -> {
        int right = stack.pop();
        int left = stack.pop();
        stack.push(state.builder.shuffle(left, right, reader.i64(), reader.i64High()));
      }
      case V128_LOAD8_LANE -> loadLane(VectorOp.I8X16_REPLACE_LANE, reader);
      case V128_LOAD16_LANE -> loadLane(VectorOp.I16X8_REPLACE_LANE, reader);
      case V128_LOAD32_LANE -> loadLane(VectorOp.I32X4_REPLACE_LANE, reader);
      case V128_LOAD64_LANE -> loadLane(VectorOp.I64X2_REPLACE_LANE, reader);
      case V128_STORE8_LANE -> storeLane(VectorOp.I8X16_EXTRACT_LANE_U, reader);
      case V128_STORE16_LANE -> storeLane(VectorOp.I16X8_EXTRACT_LANE_U, reader);
      case V128_STORE32_LANE -> storeLane(VectorOp.I32X4_EXTRACT_LANE, reader);
      case V128_STORE64_LANE -> storeLane(VectorOp.I64X2_EXTRACT_LANE, reader);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void plain(VectorOp row, InstructionReader reader) {
    int lane = row.op().has(SsaOp.Attribute.LANE) ? (int) reader.i64() : 0;
    int result = state.builder.vector(row, lane, stack.pop(row.op().fixedOperandCount()));
    boolean canonicalize = row.makesNan() && state.tunables().nanCanonicalization();
    stack.push(canonicalize ? canonicalNans(row, result) : result);
  }

  private int canonicalNans(VectorOp row, int value) {
    boolean single = row.laneBytes() == 4;
    long nans = single ? CANONICAL_NANS_32 : CANONICAL_NANS_64;
    VectorOp equal = single ? VectorOp.F32X4_EQ : VectorOp.F64X2_EQ;
    int isNumber = state.builder.vector(equal, 0, value, value);
    int canonical = state.builder.vconst(nans, nans);
    return state.builder.vector(VectorOp.V128_BITSELECT, 0, value, canonical, isNumber);
  }

  /** A load of the lane alone, which the selection puts into one instruction with its insertion. */
  private void loadLane(VectorOp row, InstructionReader reader) {
    int vector = stack.pop();
    SsaType type = row.laneBytes() == 8 ? SsaType.I64 : SsaType.I32;
    int loaded = memory.load(type, laneAccess(row), reader, stack.pop());
    stack.push(state.builder.vector(row, reader.index2(), vector, loaded));
  }

  private void storeLane(VectorOp row, InstructionReader reader) {
    int vector = stack.pop();
    int lane = state.builder.vector(row, reader.index2(), vector);
    SsaType type = row.laneBytes() == 8 ? SsaType.I64 : SsaType.I32;
    memory.store(type, laneAccess(row), reader, stack.pop(), lane);
  }

  private static MemoryAccess laneAccess(VectorOp row) {
    return switch (row.laneBytes()) {
      case 1 -> MemoryAccess.INT8_U;
      case 2 -> MemoryAccess.INT16_U;
      case 4 -> MemoryAccess.INT32_U;
      default -> MemoryAccess.INT64;
    };
  }

  /**
   * What a relaxed operation is in the deterministic profile (section "Profiles" of the
   * specification): the first of the choices, where multiplying and adding round twice. Those that
   * have no other row compute it themselves.
   */
  private static VectorOp strict(VectorOp row) {
    return switch (row) {
      case I8X16_RELAXED_SWIZZLE -> VectorOp.I8X16_SWIZZLE;
      case I32X4_RELAXED_TRUNC_F32X4_S -> VectorOp.I32X4_TRUNC_SAT_F32X4_S;
      case I32X4_RELAXED_TRUNC_F32X4_U -> VectorOp.I32X4_TRUNC_SAT_F32X4_U;
      case I32X4_RELAXED_TRUNC_F64X2_S_ZERO -> VectorOp.I32X4_TRUNC_SAT_F64X2_S_ZERO;
      case I32X4_RELAXED_TRUNC_F64X2_U_ZERO -> VectorOp.I32X4_TRUNC_SAT_F64X2_U_ZERO;
      case I8X16_RELAXED_LANESELECT,
          I16X8_RELAXED_LANESELECT,
          I32X4_RELAXED_LANESELECT,
          I64X2_RELAXED_LANESELECT ->
          VectorOp.V128_BITSELECT;
      case F32X4_RELAXED_MIN -> VectorOp.F32X4_MIN;
      case F32X4_RELAXED_MAX -> VectorOp.F32X4_MAX;
      case F64X2_RELAXED_MIN -> VectorOp.F64X2_MIN;
      case F64X2_RELAXED_MAX -> VectorOp.F64X2_MAX;
      case I16X8_RELAXED_Q15MULR_S -> VectorOp.I16X8_Q15MULR_SAT_S;
      default -> row;
    };
  }
}
