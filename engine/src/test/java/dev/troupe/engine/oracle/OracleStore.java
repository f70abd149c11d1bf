package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives functions their handles, so that references can pass between instances. */
public final class OracleStore {
  /** A guest that runs longer is a defect of the test. */
  private static final long INSTRUCTIONS = 2_000_000_000L;

  private final List<OracleFunction> functions = new ArrayList<>();
  private final Map<OracleFunction, Long> handles = new HashMap<>();
  private long instructionsLeft = INSTRUCTIONS;
  private long fuelUsed;

  /** The handle of a function; never 0. */
  public long handle(OracleFunction function) {
    return handles.computeIfAbsent(
        function,
        added -> {
          functions.add(added);
          return (long) functions.size();
        });
  }

  /** The function with this handle. */
  public OracleFunction function(long handle) {
    return functions.get((int) handle - 1);
  }

  /** Counts one instruction. */
  void count(WasmOp op) {
    fuelUsed += op.fuelCost();
    if (--instructionsLeft < 0) {
      throw new IllegalStateException("the guest runs too long for the oracle");
    }
  }

  /** Fuel that the instructions executed so far cost. */
  public long fuelUsed() {
    return fuelUsed;
  }
}
