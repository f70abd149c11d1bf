package dev.troupe.engine.differential;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Module;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.fuzz.FuzzArguments;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Runs one generated module in both engines and compares all that can be seen from outside. */
final class Comparison {
  /** Exported globals of generated modules, {@code g0} and so on. */
  static final int GLOBALS = 9;

  /** Exported tables of generated modules. */
  static final String[] TABLES = {"functions", "externs"};

  private static final int CALLS_PER_FUNCTION = 4;

  private Comparison() {}

  /** The first difference between the two engines, or null. */
  static @Nullable String difference(
      Engine engine, @Nullable Slicer slicer, byte[] wasm, long argumentSeed) {
    return difference(Module.fromBinary(engine, wasm), slicer, wasm, argumentSeed);
  }

  /** As above, with the module compiled already; closes it. */
  static @Nullable String difference(
      Module compiledModule, @Nullable Slicer slicer, byte[] wasm, long argumentSeed) {
    WasmModule module = ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    ModuleValidator.validate(module, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    SplittableRandom random = new SplittableRandom(argumentSeed);
    try (Guest oracle = new OracleGuest(module);
        Guest compiled = new EngineGuest(compiledModule, module, slicer)) {
      for (int round = 0; round < CALLS_PER_FUNCTION; round++) {
        for (Export export : module.exports()) {
          if (export.kind() != ExternKind.FUNC || export.name().equals("refuel")) {
            continue;
          }
          String difference =
              call(oracle, compiled, export.name(), module.functionType(export.index()), random);
          if (difference != null) {
            return difference + " in round " + round;
          }
        }
      }
      return null;
    }
  }

  private static @Nullable String call(
      Guest oracle, Guest compiled, String name, FuncType type, SplittableRandom random) {
    long[] arguments = new long[type.paramCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = FuzzArguments.random(type.params().get(i), random);
    }
    Outcome unused = oracle.call("refuel");
    unused = compiled.call("refuel");
    String where = name + Arrays.toString(arguments);
    long oracleFuel = oracle.fuelUsed();
    long compiledFuel = compiled.fuelUsed();
    Outcome expected = oracle.call(name, arguments);
    Outcome actual = compiled.call(name, arguments);
    if (!expected.equals(actual)) {
      return where + ": oracle " + expected + ", compiled " + actual;
    }
    // A trap in the middle of a block may or may not have paid for the whole block.
    if (compiledFuel != Guest.NOT_COUNTED && expected instanceof Outcome.Returned) {
      oracleFuel = oracle.fuelUsed() - oracleFuel;
      compiledFuel = compiled.fuelUsed() - compiledFuel;
      if (oracleFuel != compiledFuel) {
        return where + ": fuel, oracle " + oracleFuel + ", compiled " + compiledFuel;
      }
    }
    return stateDifference(oracle, compiled, where);
  }

  private static @Nullable String stateDifference(Guest oracle, Guest compiled, String where) {
    if (!oracle.globals().equals(compiled.globals())) {
      return where + ": globals, oracle " + oracle.globals() + ", compiled " + compiled.globals();
    }
    int memory = Arrays.mismatch(oracle.memory(), compiled.memory());
    if (memory >= 0) {
      return where + ": memory differs from byte " + memory;
    }
    if (!oracle.tables().equals(compiled.tables())) {
      return where + ": tables, oracle " + oracle.tables() + ", compiled " + compiled.tables();
    }
    return null;
  }
}
