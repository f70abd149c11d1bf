package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.List;

/** Instructions to choose from, taken from the instruction table. */
final class OpChoices {
  // By the ordinal of the result's type.
  private static final List<List<WasmOp>> NUMERIC = new ArrayList<>();
  private static final List<List<WasmOp>> LOADS = new ArrayList<>();
  private static final List<WasmOp> STORES = new ArrayList<>();
  private static final List<List<WasmOp>> ATOMICS = new ArrayList<>();
  private static final List<WasmOp> ATOMIC_STORES = new ArrayList<>();

  static {
    for (int i = 0; i < NumType.values().length; i++) {
      NUMERIC.add(new ArrayList<>());
      LOADS.add(new ArrayList<>());
      ATOMICS.add(new ArrayList<>());
    }
    for (WasmOp op : WasmOp.values()) {
      FuncType signature = op.signature();
      if (op.isAtomicAccess() && signature != null && !waits(op)) {
        (signature.resultCount() == 0 ? ATOMIC_STORES : resultIn(ATOMICS, signature)).add(op);
      }
      if (signature == null || !WasmFeatures.WASM2_SCALAR.contains(op.feature())) {
        continue;
      }
      boolean hasResult = signature.resultCount() == 1;
      if (op.immediate() == Immediate.MEM_ARG) {
        if (hasResult) {
          resultIn(LOADS, signature).add(op);
        } else {
          STORES.add(op);
        }
      } else if (op.immediate() == Immediate.NONE && hasResult) {
        resultIn(NUMERIC, signature).add(op);
      }
    }
  }

  private OpChoices() {}

  private static List<WasmOp> resultIn(List<List<WasmOp>> lists, FuncType signature) {
    return lists.get(((NumType) signature.results().getFirst()).ordinal());
  }

  /** Numeric instructions with this result. */
  static List<WasmOp> numeric(NumType result) {
    return NUMERIC.get(result.ordinal());
  }

  static List<WasmOp> loads(NumType result) {
    return LOADS.get(result.ordinal());
  }

  static List<WasmOp> stores() {
    return STORES;
  }

  /** Atomic accesses with this result; none for floats. */
  static List<WasmOp> atomics(NumType result) {
    return ATOMICS.get(result.ordinal());
  }

  static List<WasmOp> atomicStores() {
    return ATOMIC_STORES;
  }

  /** Nobody would notify. */
  private static boolean waits(WasmOp op) {
    return op == WasmOp.MEMORY_ATOMIC_WAIT32 || op == WasmOp.MEMORY_ATOMIC_WAIT64;
  }

  /** Division and remainder: the right operand must not be zero. */
  static boolean divides(WasmOp op) {
    return op.mnemonic().contains(".div_") || op.mnemonic().contains(".rem_");
  }

  /** Whether the instruction can trap for reasons that operands rarely avoid. */
  static boolean trapsOnRange(WasmOp op) {
    return op.mnemonic().contains(".trunc_f");
  }

  /** Whether the result may be a NaN whose bits the specification leaves open. */
  static boolean makesNan(WasmOp op) {
    String name = op.mnemonic();
    boolean isFloat = name.startsWith("f32.") || name.startsWith("f64.");
    FuncType signature = op.signature();
    if (!isFloat || signature == null) {
      return false;
    }
    String result = signature.results().getFirst().text();
    return name.startsWith(result)
        && !name.endsWith(".abs")
        && !name.endsWith(".neg")
        && !name.endsWith(".copysign")
        && !name.contains("convert")
        && !name.contains("reinterpret");
  }
}
