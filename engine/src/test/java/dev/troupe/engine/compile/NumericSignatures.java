package dev.troupe.engine.compile;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.WasmOp;
import org.jspecify.annotations.Nullable;

/** The numeric instructions: values of number types in, one out, no immediates. */
final class NumericSignatures {
  private NumericSignatures() {}

  /** Parameters and result of a numeric instruction; null for any other. */
  static @Nullable FuncType of(WasmOp op) {
    FuncType type = op.signature();
    boolean numeric =
        type != null
            && op.immediate() == Immediate.NONE
            && (op.prefix() == 0 || op.prefix() == 0xFC)
            && type.resultCount() == 1
            && type.paramCount() >= 1
            && type.paramCount() <= 2
            && type.results().getFirst() instanceof NumType
            && type.params().stream().allMatch(NumType.class::isInstance);
    return numeric ? type : null;
  }

  static FuncType require(WasmOp op) {
    FuncType type = of(op);
    if (type == null) {
      throw new IllegalArgumentException(op + " is not numeric");
    }
    return type;
  }

  /** Whether every bit of the result is determined, NaN or not. */
  static boolean isBitwise(WasmOp op) {
    String name = op.mnemonic();
    return name.contains("reinterpret")
        || name.endsWith(".abs")
        || name.endsWith(".neg")
        || name.endsWith(".copysign");
  }
}
