package dev.troupe.engine.compile;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.oracle.WasmGenerator;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random modules, compiled with checker and verifier on, against the interpreter. A module is given
 * up where it wants something of the host.
 */
class GeneratedModulesTest {
  private static final int SEEDS = 120;
  private static final int ROUNDS = 5;
  private static final long[] NUMBERS = {
    0, 1, -1, 2, 7, 31, 32, 255, 65535, 65536, 100, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  @Test
  void withSignals() {
    run(0, Tunables.DEFAULT, NativeGuest.hostFeatures());
  }

  @Test
  void withExplicitTrapsOnAnOldProcessor() {
    run(10_000, Tunables.DEFAULT.withTraps(TrapMode.EXPLICIT), IsaFeature.none());
  }

  @Test
  void withoutGuardsSpectreMasksAndPasses() {
    Tunables tunables = Tunables.DEFAULT.withGuardBytes(0).withSpectre(false).withOptimize(false);
    run(20_000, tunables, NativeGuest.hostFeatures());
  }

  private static void run(long firstSeed, Tunables tunables, Set<IsaFeature> isa) {
    int calls = 0;
    for (long seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
      byte[] wasm = WasmGenerator.generate(seed, false);
      try (NativeGuest guest = new NativeGuest(wasm, tunables, isa)) {
        calls += compare(seed, wasm, guest);
      }
    }
    if (calls < SEEDS) {
      throw new AssertionError("only " + calls + " calls were compared");
    }
  }

  private static int compare(long seed, byte[] wasm, NativeGuest guest) {
    WasmModule module = ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    OracleInstance oracle =
        OracleInstance.of(
            new OracleStore(),
            module,
            imported -> {
              throw new IllegalStateException("no imports");
            });
    Random random = new Random(seed);
    int calls = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (Export export : module.exports()) {
        if (!export.name().matches("f\\d+")) {
          continue;
        }
        FuncType type = module.functionType(export.index());
        long[] arguments = arguments(type, random);
        String expected = expected(oracle, export.name(), type, arguments);
        String actual;
        try {
          actual = actual(guest, export.name(), type, arguments);
        } catch (NativeGuest.LeftException e) {
          return calls;
        }
        if (!actual.equals(expected)) {
          throw new AssertionError(
              "seed "
                  + seed
                  + ": "
                  + export.name()
                  + Arrays.toString(arguments)
                  + " expected "
                  + expected
                  + " but was "
                  + actual);
        }
        calls++;
      }
    }
    return calls;
  }

  private static long[] arguments(FuncType type, Random random) {
    long[] arguments = new long[type.paramCount()];
    for (int i = 0; i < arguments.length; i++) {
      long number = NUMBERS[random.nextInt(NUMBERS.length)];
      ValType param = type.params().get(i);
      if (param == NumType.F32) {
        number = Float.floatToRawIntBits(number * 0.75f);
      } else if (param == NumType.F64) {
        number = Double.doubleToRawLongBits(number * 0.75);
      } else if (param == NumType.I64 && random.nextBoolean()) {
        number = random.nextLong();
      }
      arguments[i] = number;
    }
    return arguments;
  }

  private static String expected(
      OracleInstance oracle, String name, FuncType type, long[] arguments) {
    long[] refuelled = oracle.invoke("refuel");
    try {
      return text(type, oracle.invoke(name, arguments)) + refuelled.length;
    } catch (OracleTrap e) {
      return e.kind().toString();
    }
  }

  private static String actual(NativeGuest guest, String name, FuncType type, long[] arguments) {
    long[] refuelled = guest.invoke("refuel");
    try {
      return text(type, guest.invoke(name, arguments)) + refuelled.length;
    } catch (NativeGuest.GuestTrap e) {
      return e.kind().toString();
    }
  }

  /** Bits in hexadecimal; all NaNs alike. */
  private static String text(FuncType type, long[] results) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < results.length; i++) {
      ValType result = type.results().get(i);
      boolean nan =
          result == NumType.F32 && Float.isNaN(Float.intBitsToFloat((int) results[i]))
              || result == NumType.F64 && Double.isNaN(Double.longBitsToDouble(results[i]));
      out.append(nan ? "nan" : Long.toHexString(results[i])).append(' ');
    }
    return out.toString();
  }
}
