package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmOp;

/** The signatures of {@link WasmOp} as type codes, by ordinal. */
final class OpSignatures {
  private static final WasmOp[] OPS = WasmOp.values();
  private static final int[][] PARAMS = new int[OPS.length][];
  private static final int[][] RESULTS = new int[OPS.length][];

  static {
    for (WasmOp op : OPS) {
      FuncType type = op.signature();
      PARAMS[op.ordinal()] = type == null ? TypeCodes.NONE : TypeCodes.of(type.params());
      RESULTS[op.ordinal()] = type == null ? TypeCodes.NONE : TypeCodes.of(type.results());
    }
  }

  private OpSignatures() {}

  static int[] params(WasmOp op) {
    return PARAMS[op.ordinal()];
  }

  static int[] results(WasmOp op) {
    return RESULTS[op.ordinal()];
  }
}
