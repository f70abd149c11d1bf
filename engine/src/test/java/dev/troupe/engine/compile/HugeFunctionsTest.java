package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of the sizes that the compiler promises to handle compute what they should. */
class HugeFunctionsTest {
  private static final int[] ARGUMENTS = {3, 0, 77};

  @ParameterizedTest
  @EnumSource(HugeShape.class)
  void hugeFunctionsComputeTheSameAsTheOracle(HugeShape shape) {
    byte[] wasm = shape.module(shape.size());
    WasmModule module = ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    OracleInstance oracle =
        OracleInstance.of(
            new OracleStore(),
            module,
            imported -> {
              throw new IllegalStateException("no imports");
            });
    try (NativeGuest guest =
        NativeGuest.unchecked(wasm, Tunables.DEFAULT, NativeGuest.hostFeatures())) {
      for (int argument : ARGUMENTS) {
        assertThat((int) guest.invoke("f", argument)[0])
            .as(shape + " of " + argument)
            .isEqualTo((int) oracle.invoke("f", argument)[0]);
      }
    }
  }
}
