package dev.troupe.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random modules: the front end and the passes agree with the plain interpreter of WebAssembly. */
class SsaDifferentialTest {
  private static final int MODULES = 250;
  private static final long[] ARGUMENTS = {
    0,
    1,
    -1,
    7,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x3F80_0000L,
    0x3FF0_0000_0000_0000L,
    0x7FC0_0000L,
    0x7FF8_0000_0000_0000L
  };

  @Test
  void plain() {
    compare(0, Tunables.DEFAULT.withOptimize(false));
  }

  @Test
  void optimized() {
    compare(10_000, Tunables.DEFAULT);
  }

  @Test
  void instrumented() {
    compare(
        20_000,
        Tunables.DEFAULT.withFuel(true).withPreemption(PreemptionMode.EPOCH).withSpectre(false));
  }

  private static void compare(long firstSeed, Tunables tunables) {
    for (long seed = firstSeed; seed < firstSeed + MODULES; seed++) {
      byte[] bytes = WasmGenerator.generate(seed, seed % 2 == 0, seed % 3 == 0);
      WasmModule module = ModuleDecoder.decode(bytes, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
      OracleInstance expected = instance(module);
      OracleInstance actual = instance(module);
      SsaInstance ssa = new SsaInstance.Shared(tunables).of(actual);
      SplittableRandom random = new SplittableRandom(seed);
      for (int f = 0; module.export("f" + f) != null; f++) {
        String name = "f" + f;
        long[] arguments = arguments(expected.typeOf(name), random);
        expected.invoke("refuel");
        actual.invoke("refuel");
        String right = outcome(() -> expected.invoke(name, arguments), expected.typeOf(name));
        String ours = outcome(() -> ssa.invoke(name, arguments), expected.typeOf(name));
        assertThat(ours)
            .as("seed %d, %s%s", seed, name, Arrays.toString(arguments))
            .isEqualTo(right);
        assertThat(state(actual))
            .as("state, seed %d after %s", seed, name)
            .isEqualTo(state(expected));
      }
    }
  }

  private static OracleInstance instance(WasmModule module) {
    return OracleInstance.of(new OracleStore(), module, SsaDifferentialTest::hostFunction);
  }

  private static Object hostFunction(Import imported) {
    FuncType type = (FuncType) imported.type();
    return new OracleFunction.Host(
        type,
        arguments -> {
          long hash = 1;
          for (int i = 0; i < arguments.length; i++) {
            hash = hash * 31 + (wide(type.params().get(i)) ? arguments[i] : (int) arguments[i]);
          }
          long[] results = new long[type.resultCount()];
          for (int i = 0; i < results.length; i++) {
            results[i] =
                type.results().get(i) == VecType.V128
                    ? VectorHandles.of(hash, i)
                    : type.results().get(i) == NumType.I64 ? hash : i;
          }
          return results;
        });
  }

  private static long[] arguments(FuncType type, SplittableRandom random) {
    long[] arguments = new long[type.paramCount()];
    for (int i = 0; i < arguments.length; i++) {
      long bits = ARGUMENTS[random.nextInt(ARGUMENTS.length)];
      boolean vector = type.params().get(i) == VecType.V128;
      arguments[i] =
          vector ? VectorHandles.of(bits, ~bits) : wide(type.params().get(i)) ? bits : (int) bits;
    }
    return arguments;
  }

  private static boolean wide(ValType type) {
    return type != NumType.I32 && type != NumType.F32;
  }

  private interface Call {
    long[] run();
  }

  private static String outcome(Call call, FuncType type) {
    try {
      long[] results = call.run();
      for (int i = 0; i < results.length; i++) {
        results[i] = wide(type.results().get(i)) ? results[i] : (int) results[i];
      }
      return Arrays.toString(results);
    } catch (OracleTrap e) {
      return e.kind().name();
    }
  }

  private static List<Object> state(OracleInstance instance) {
    long[] globals = new long[instance.globals.size()];
    for (int i = 0; i < globals.length; i++) {
      OracleGlobal global = instance.globals.get(i);
      globals[i] = wide(global.type().type()) ? global.get() : (int) global.get();
    }
    byte[] memory = instance.memories.getFirst().bytes();
    return List.of(Arrays.toString(globals), memory.length, Arrays.hashCode(memory));
  }
}
