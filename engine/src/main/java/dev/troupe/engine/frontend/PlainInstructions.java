package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.WasmOp;
import org.jspecify.annotations.Nullable;

/**
 * The WebAssembly instructions that are one operation: one row each. Everything else has an arm in
 * {@link FunctionTranslator}.
 */
final class PlainInstructions {
  /**
   * @param op the operation
   * @param type its controlling type
   * @param detail ordinal of a condition or an access, or 0
   */
  record Row(SsaOp op, SsaType type, int detail) {}

  private static final @Nullable Row[] ROWS = new @Nullable Row[WasmOp.values().length];

  static {
    integers();
    floats();
    conversions();
    memory();
  }

  private PlainInstructions() {}

  /** The row of {@code op}, or null. */
  static @Nullable Row of(WasmOp op) {
    return ROWS[op.ordinal()];
  }

  private static void row(WasmOp wasm, SsaOp op, SsaType type) {
    row(wasm, op, type, 0);
  }

  private static void row(WasmOp wasm, SsaOp op, SsaType type, int detail) {
    if (ROWS[wasm.ordinal()] != null) {
      throw new IllegalStateException("two rows for " + wasm);
    }
    ROWS[wasm.ordinal()] = new Row(op, type, detail);
  }

  private static void icmp(WasmOp wasm, SsaType type, IntCondition condition) {
    row(wasm, SsaOp.ICMP, type, condition.ordinal());
  }

  private static void integers() {
    integers32();
    integers64();
  }

  private static void integers32() {
    row(WasmOp.I32_ADD, SsaOp.IADD, SsaType.I32);
    row(WasmOp.I32_SUB, SsaOp.ISUB, SsaType.I32);
    row(WasmOp.I32_MUL, SsaOp.IMUL, SsaType.I32);
    row(WasmOp.I32_DIV_S, SsaOp.SDIV, SsaType.I32);
    row(WasmOp.I32_DIV_U, SsaOp.UDIV, SsaType.I32);
    row(WasmOp.I32_REM_S, SsaOp.SREM, SsaType.I32);
    row(WasmOp.I32_REM_U, SsaOp.UREM, SsaType.I32);
    row(WasmOp.I32_AND, SsaOp.IAND, SsaType.I32);
    row(WasmOp.I32_OR, SsaOp.IOR, SsaType.I32);
    row(WasmOp.I32_XOR, SsaOp.IXOR, SsaType.I32);
    row(WasmOp.I32_SHL, SsaOp.SHL, SsaType.I32);
    row(WasmOp.I32_SHR_S, SsaOp.SSHR, SsaType.I32);
    row(WasmOp.I32_SHR_U, SsaOp.USHR, SsaType.I32);
    row(WasmOp.I32_ROTL, SsaOp.ROTL, SsaType.I32);
    row(WasmOp.I32_ROTR, SsaOp.ROTR, SsaType.I32);
    row(WasmOp.I32_CLZ, SsaOp.CLZ, SsaType.I32);
    row(WasmOp.I32_CTZ, SsaOp.CTZ, SsaType.I32);
    row(WasmOp.I32_POPCNT, SsaOp.POPCNT, SsaType.I32);
    row(WasmOp.I32_EXTEND8_S, SsaOp.EXTEND8_S, SsaType.I32);
    row(WasmOp.I32_EXTEND16_S, SsaOp.EXTEND16_S, SsaType.I32);
    icmp(WasmOp.I32_EQ, SsaType.I32, IntCondition.EQ);
    icmp(WasmOp.I32_NE, SsaType.I32, IntCondition.NE);
    icmp(WasmOp.I32_LT_S, SsaType.I32, IntCondition.SLT);
    icmp(WasmOp.I32_LT_U, SsaType.I32, IntCondition.ULT);
    icmp(WasmOp.I32_GT_S, SsaType.I32, IntCondition.SGT);
    icmp(WasmOp.I32_GT_U, SsaType.I32, IntCondition.UGT);
    icmp(WasmOp.I32_LE_S, SsaType.I32, IntCondition.SLE);
    icmp(WasmOp.I32_LE_U, SsaType.I32, IntCondition.ULE);
    icmp(WasmOp.I32_GE_S, SsaType.I32, IntCondition.SGE);
    icmp(WasmOp.I32_GE_U, SsaType.I32, IntCondition.UGE);
  }

  private static void integers64() {
    row(WasmOp.I64_ADD, SsaOp.IADD, SsaType.I64);
    row(WasmOp.I64_SUB, SsaOp.ISUB, SsaType.I64);
    row(WasmOp.I64_MUL, SsaOp.IMUL, SsaType.I64);
    row(WasmOp.I64_DIV_S, SsaOp.SDIV, SsaType.I64);
    row(WasmOp.I64_DIV_U, SsaOp.UDIV, SsaType.I64);
    row(WasmOp.I64_REM_S, SsaOp.SREM, SsaType.I64);
    row(WasmOp.I64_REM_U, SsaOp.UREM, SsaType.I64);
    row(WasmOp.I64_AND, SsaOp.IAND, SsaType.I64);
    row(WasmOp.I64_OR, SsaOp.IOR, SsaType.I64);
    row(WasmOp.I64_XOR, SsaOp.IXOR, SsaType.I64);
    row(WasmOp.I64_SHL, SsaOp.SHL, SsaType.I64);
    row(WasmOp.I64_SHR_S, SsaOp.SSHR, SsaType.I64);
    row(WasmOp.I64_SHR_U, SsaOp.USHR, SsaType.I64);
    row(WasmOp.I64_ROTL, SsaOp.ROTL, SsaType.I64);
    row(WasmOp.I64_ROTR, SsaOp.ROTR, SsaType.I64);
    row(WasmOp.I64_CLZ, SsaOp.CLZ, SsaType.I64);
    row(WasmOp.I64_CTZ, SsaOp.CTZ, SsaType.I64);
    row(WasmOp.I64_POPCNT, SsaOp.POPCNT, SsaType.I64);
    row(WasmOp.I64_EXTEND8_S, SsaOp.EXTEND8_S, SsaType.I64);
    row(WasmOp.I64_EXTEND16_S, SsaOp.EXTEND16_S, SsaType.I64);
    row(WasmOp.I64_EXTEND32_S, SsaOp.EXTEND32_S, SsaType.I64);
    icmp(WasmOp.I64_EQ, SsaType.I64, IntCondition.EQ);
    icmp(WasmOp.I64_NE, SsaType.I64, IntCondition.NE);
    icmp(WasmOp.I64_LT_S, SsaType.I64, IntCondition.SLT);
    icmp(WasmOp.I64_LT_U, SsaType.I64, IntCondition.ULT);
    icmp(WasmOp.I64_GT_S, SsaType.I64, IntCondition.SGT);
    icmp(WasmOp.I64_GT_U, SsaType.I64, IntCondition.UGT);
    icmp(WasmOp.I64_LE_S, SsaType.I64, IntCondition.SLE);
    icmp(WasmOp.I64_LE_U, SsaType.I64, IntCondition.ULE);
    icmp(WasmOp.I64_GE_S, SsaType.I64, IntCondition.SGE);
    icmp(WasmOp.I64_GE_U, SsaType.I64, IntCondition.UGE);
  }

  private static void fcmp(WasmOp wasm, SsaType type, FloatCondition condition) {
    row(wasm, SsaOp.FCMP, type, condition.ordinal());
  }

  private static void floats() {
    row(WasmOp.F32_ADD, SsaOp.FADD, SsaType.F32);
    row(WasmOp.F32_SUB, SsaOp.FSUB, SsaType.F32);
    row(WasmOp.F32_MUL, SsaOp.FMUL, SsaType.F32);
    row(WasmOp.F32_DIV, SsaOp.FDIV, SsaType.F32);
    row(WasmOp.F32_MIN, SsaOp.FMIN, SsaType.F32);
    row(WasmOp.F32_MAX, SsaOp.FMAX, SsaType.F32);
    row(WasmOp.F32_COPYSIGN, SsaOp.FCOPYSIGN, SsaType.F32);
    row(WasmOp.F32_ABS, SsaOp.FABS, SsaType.F32);
    row(WasmOp.F32_NEG, SsaOp.FNEG, SsaType.F32);
    row(WasmOp.F32_CEIL, SsaOp.FCEIL, SsaType.F32);
    row(WasmOp.F32_FLOOR, SsaOp.FFLOOR, SsaType.F32);
    row(WasmOp.F32_TRUNC, SsaOp.FTRUNC, SsaType.F32);
    row(WasmOp.F32_NEAREST, SsaOp.FNEAREST, SsaType.F32);
    row(WasmOp.F32_SQRT, SsaOp.FSQRT, SsaType.F32);
    fcmp(WasmOp.F32_EQ, SsaType.F32, FloatCondition.EQ);
    fcmp(WasmOp.F32_NE, SsaType.F32, FloatCondition.NE);
    fcmp(WasmOp.F32_LT, SsaType.F32, FloatCondition.LT);
    fcmp(WasmOp.F32_GT, SsaType.F32, FloatCondition.GT);
    fcmp(WasmOp.F32_LE, SsaType.F32, FloatCondition.LE);
    fcmp(WasmOp.F32_GE, SsaType.F32, FloatCondition.GE);
    row(WasmOp.F64_ADD, SsaOp.FADD, SsaType.F64);
    row(WasmOp.F64_SUB, SsaOp.FSUB, SsaType.F64);
    row(WasmOp.F64_MUL, SsaOp.FMUL, SsaType.F64);
    row(WasmOp.F64_DIV, SsaOp.FDIV, SsaType.F64);
    row(WasmOp.F64_MIN, SsaOp.FMIN, SsaType.F64);
    row(WasmOp.F64_MAX, SsaOp.FMAX, SsaType.F64);
    row(WasmOp.F64_COPYSIGN, SsaOp.FCOPYSIGN, SsaType.F64);
    row(WasmOp.F64_ABS, SsaOp.FABS, SsaType.F64);
    row(WasmOp.F64_NEG, SsaOp.FNEG, SsaType.F64);
    row(WasmOp.F64_CEIL, SsaOp.FCEIL, SsaType.F64);
    row(WasmOp.F64_FLOOR, SsaOp.FFLOOR, SsaType.F64);
    row(WasmOp.F64_TRUNC, SsaOp.FTRUNC, SsaType.F64);
    row(WasmOp.F64_NEAREST, SsaOp.FNEAREST, SsaType.F64);
    row(WasmOp.F64_SQRT, SsaOp.FSQRT, SsaType.F64);
    fcmp(WasmOp.F64_EQ, SsaType.F64, FloatCondition.EQ);
    fcmp(WasmOp.F64_NE, SsaType.F64, FloatCondition.NE);
    fcmp(WasmOp.F64_LT, SsaType.F64, FloatCondition.LT);
    fcmp(WasmOp.F64_GT, SsaType.F64, FloatCondition.GT);
    fcmp(WasmOp.F64_LE, SsaType.F64, FloatCondition.LE);
    fcmp(WasmOp.F64_GE, SsaType.F64, FloatCondition.GE);
  }

  private static void conversions() {
    row(WasmOp.I32_WRAP_I64, SsaOp.WRAP, SsaType.I32);
    row(WasmOp.I64_EXTEND_I32_S, SsaOp.SEXTEND, SsaType.I64);
    row(WasmOp.I64_EXTEND_I32_U, SsaOp.UEXTEND, SsaType.I64);
    row(WasmOp.I32_TRUNC_F32_S, SsaOp.FTOSI, SsaType.I32);
    row(WasmOp.I32_TRUNC_SAT_F32_S, SsaOp.FTOSI_SAT, SsaType.I32);
    row(WasmOp.F32_CONVERT_I32_S, SsaOp.SITOF, SsaType.F32);
    row(WasmOp.I32_TRUNC_F32_U, SsaOp.FTOUI, SsaType.I32);
    row(WasmOp.I32_TRUNC_SAT_F32_U, SsaOp.FTOUI_SAT, SsaType.I32);
    row(WasmOp.F32_CONVERT_I32_U, SsaOp.UITOF, SsaType.F32);
    row(WasmOp.I32_TRUNC_F64_S, SsaOp.FTOSI, SsaType.I32);
    row(WasmOp.I32_TRUNC_SAT_F64_S, SsaOp.FTOSI_SAT, SsaType.I32);
    row(WasmOp.F64_CONVERT_I32_S, SsaOp.SITOF, SsaType.F64);
    row(WasmOp.I32_TRUNC_F64_U, SsaOp.FTOUI, SsaType.I32);
    row(WasmOp.I32_TRUNC_SAT_F64_U, SsaOp.FTOUI_SAT, SsaType.I32);
    row(WasmOp.F64_CONVERT_I32_U, SsaOp.UITOF, SsaType.F64);
    row(WasmOp.I64_TRUNC_F32_S, SsaOp.FTOSI, SsaType.I64);
    row(WasmOp.I64_TRUNC_SAT_F32_S, SsaOp.FTOSI_SAT, SsaType.I64);
    row(WasmOp.F32_CONVERT_I64_S, SsaOp.SITOF, SsaType.F32);
    row(WasmOp.I64_TRUNC_F32_U, SsaOp.FTOUI, SsaType.I64);
    row(WasmOp.I64_TRUNC_SAT_F32_U, SsaOp.FTOUI_SAT, SsaType.I64);
    row(WasmOp.F32_CONVERT_I64_U, SsaOp.UITOF, SsaType.F32);
    row(WasmOp.I64_TRUNC_F64_S, SsaOp.FTOSI, SsaType.I64);
    row(WasmOp.I64_TRUNC_SAT_F64_S, SsaOp.FTOSI_SAT, SsaType.I64);
    row(WasmOp.F64_CONVERT_I64_S, SsaOp.SITOF, SsaType.F64);
    row(WasmOp.I64_TRUNC_F64_U, SsaOp.FTOUI, SsaType.I64);
    row(WasmOp.I64_TRUNC_SAT_F64_U, SsaOp.FTOUI_SAT, SsaType.I64);
    row(WasmOp.F64_CONVERT_I64_U, SsaOp.UITOF, SsaType.F64);
    row(WasmOp.F32_DEMOTE_F64, SsaOp.DEMOTE, SsaType.F32);
    row(WasmOp.F64_PROMOTE_F32, SsaOp.PROMOTE, SsaType.F64);
    row(WasmOp.I32_REINTERPRET_F32, SsaOp.BITCAST, SsaType.I32);
    row(WasmOp.I64_REINTERPRET_F64, SsaOp.BITCAST, SsaType.I64);
    row(WasmOp.F32_REINTERPRET_I32, SsaOp.BITCAST, SsaType.F32);
    row(WasmOp.F64_REINTERPRET_I64, SsaOp.BITCAST, SsaType.F64);
  }

  private static void access(WasmOp wasm, SsaOp op, SsaType type, MemoryAccess access) {
    row(wasm, op, type, access.ordinal());
  }

  private static void memory() {
    access(WasmOp.I32_LOAD, SsaOp.LOAD, SsaType.I32, MemoryAccess.INT32_U);
    access(WasmOp.I64_LOAD, SsaOp.LOAD, SsaType.I64, MemoryAccess.INT64);
    access(WasmOp.F32_LOAD, SsaOp.LOAD, SsaType.F32, MemoryAccess.FLOAT32);
    access(WasmOp.F64_LOAD, SsaOp.LOAD, SsaType.F64, MemoryAccess.FLOAT64);
    access(WasmOp.I32_LOAD8_S, SsaOp.LOAD, SsaType.I32, MemoryAccess.INT8_S);
    access(WasmOp.I32_LOAD8_U, SsaOp.LOAD, SsaType.I32, MemoryAccess.INT8_U);
    access(WasmOp.I32_LOAD16_S, SsaOp.LOAD, SsaType.I32, MemoryAccess.INT16_S);
    access(WasmOp.I32_LOAD16_U, SsaOp.LOAD, SsaType.I32, MemoryAccess.INT16_U);
    access(WasmOp.I64_LOAD8_S, SsaOp.LOAD, SsaType.I64, MemoryAccess.INT8_S);
    access(WasmOp.I64_LOAD8_U, SsaOp.LOAD, SsaType.I64, MemoryAccess.INT8_U);
    access(WasmOp.I64_LOAD16_S, SsaOp.LOAD, SsaType.I64, MemoryAccess.INT16_S);
    access(WasmOp.I64_LOAD16_U, SsaOp.LOAD, SsaType.I64, MemoryAccess.INT16_U);
    access(WasmOp.I64_LOAD32_S, SsaOp.LOAD, SsaType.I64, MemoryAccess.INT32_S);
    access(WasmOp.I64_LOAD32_U, SsaOp.LOAD, SsaType.I64, MemoryAccess.INT32_U);
    access(WasmOp.V128_LOAD, SsaOp.LOAD, SsaType.V128, MemoryAccess.VECTOR128);
    access(WasmOp.V128_LOAD8_SPLAT, SsaOp.LOAD, SsaType.V128, MemoryAccess.SPLAT8);
    access(WasmOp.V128_LOAD16_SPLAT, SsaOp.LOAD, SsaType.V128, MemoryAccess.SPLAT16);
    access(WasmOp.V128_LOAD32_SPLAT, SsaOp.LOAD, SsaType.V128, MemoryAccess.SPLAT32);
    access(WasmOp.V128_LOAD64_SPLAT, SsaOp.LOAD, SsaType.V128, MemoryAccess.SPLAT64);
    access(WasmOp.V128_LOAD32_ZERO, SsaOp.LOAD, SsaType.V128, MemoryAccess.ZERO32);
    access(WasmOp.V128_LOAD64_ZERO, SsaOp.LOAD, SsaType.V128, MemoryAccess.ZERO64);
    access(WasmOp.V128_LOAD8X8_S, SsaOp.LOAD, SsaType.V128, MemoryAccess.EXTEND8X8_S);
    access(WasmOp.V128_LOAD8X8_U, SsaOp.LOAD, SsaType.V128, MemoryAccess.EXTEND8X8_U);
    access(WasmOp.V128_LOAD16X4_S, SsaOp.LOAD, SsaType.V128, MemoryAccess.EXTEND16X4_S);
    access(WasmOp.V128_LOAD16X4_U, SsaOp.LOAD, SsaType.V128, MemoryAccess.EXTEND16X4_U);
    access(WasmOp.V128_LOAD32X2_S, SsaOp.LOAD, SsaType.V128, MemoryAccess.EXTEND32X2_S);
    access(WasmOp.V128_LOAD32X2_U, SsaOp.LOAD, SsaType.V128, MemoryAccess.EXTEND32X2_U);
    access(WasmOp.V128_STORE, SsaOp.STORE, SsaType.V128, MemoryAccess.VECTOR128);
    access(WasmOp.I32_STORE, SsaOp.STORE, SsaType.I32, MemoryAccess.INT32_U);
    access(WasmOp.I64_STORE, SsaOp.STORE, SsaType.I64, MemoryAccess.INT64);
    access(WasmOp.F32_STORE, SsaOp.STORE, SsaType.F32, MemoryAccess.FLOAT32);
    access(WasmOp.F64_STORE, SsaOp.STORE, SsaType.F64, MemoryAccess.FLOAT64);
    access(WasmOp.I32_STORE8, SsaOp.STORE, SsaType.I32, MemoryAccess.INT8_U);
    access(WasmOp.I32_STORE16, SsaOp.STORE, SsaType.I32, MemoryAccess.INT16_U);
    access(WasmOp.I64_STORE8, SsaOp.STORE, SsaType.I64, MemoryAccess.INT8_U);
    access(WasmOp.I64_STORE16, SsaOp.STORE, SsaType.I64, MemoryAccess.INT16_U);
    access(WasmOp.I64_STORE32, SsaOp.STORE, SsaType.I64, MemoryAccess.INT32_U);
  }
}
