package dev.troupe.engine.contract;

import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.util.Set;

/**
 * One module to compile and everything that the outcome depends on.
 *
 * @param wasm the module in the binary format
 * @param features what the module may use
 * @param limits bounds on the module
 * @param tunables choices of the engine
 * @param isa processor features to compile for
 * @param parallelism most threads to use; the outcome does not depend on it
 * @param debugChecks whether verifier and allocation checker run after every pass
 * @param withoutPasses names of optimizations to leave out, for tests that compare; code without
 *     them does the same
 */
public record CompileRequest(
    byte[] wasm,
    WasmFeatures features,
    WasmLimits limits,
    Tunables tunables,
    Set<IsaFeature> isa,
    int parallelism,
    boolean debugChecks,
    Set<String> withoutPasses) {

  /** A request for all optimizations that the tunables ask for. */
  public CompileRequest(
      byte[] wasm,
      WasmFeatures features,
      WasmLimits limits,
      Tunables tunables,
      Set<IsaFeature> isa,
      int parallelism,
      boolean debugChecks) {
    this(wasm, features, limits, tunables, isa, parallelism, debugChecks, Set.of());
  }
}
