package dev.troupe.engine.fuzz;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A module and what is called in it.
 *
 * @param wasm the binary
 * @param module the same, decoded and validated
 * @param calls in order
 */
record FuzzCase(byte[] wasm, WasmModule module, List<Call> calls) {
  /** Features that modules of the fuzzer may use. */
  static final WasmFeatures FEATURES =
      WasmFeatures.DEFAULT.with(WasmFeature.WIDE_ARITHMETIC).with(WasmFeature.CUSTOM_PAGE_SIZES);

  private static final int ROUNDS = 3;

  /** Whether it has types of structs or arrays, so that it may make some. */
  boolean allocates() {
    return module.types().asList().stream()
        .anyMatch(type -> !(type.composite() instanceof FuncType));
  }

  /**
   * A call of an exported function.
   *
   * @param name of the export
   * @param type of the function
   * @param arguments as the oracle has values
   */
  record Call(String name, FuncType type, long[] arguments) {}

  /**
   * All exported functions, several times, with random arguments.
   *
   * @throws dev.troupe.engine.wasm.WasmException when the module is malformed or invalid
   */
  static FuzzCase of(byte[] wasm, long seed) {
    WasmModule module = ModuleDecoder.decode(wasm, FEATURES, WasmLimits.DEFAULT);
    ModuleValidator.validate(module, FEATURES, WasmLimits.DEFAULT);
    SplittableRandom random = new SplittableRandom(seed);
    List<Call> calls = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Export export : module.exports()) {
        if (export.kind() != ExternKind.FUNC || export.name().equals("refuel")) {
          continue;
        }
        FuncType type = module.functionType(export.index());
        if (type.params().stream().anyMatch(RefType.class::isInstance)) {
          continue;
        }
        long[] arguments = new long[type.paramCount()];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = FuzzArguments.random(type.params().get(i), random);
        }
        calls.add(new Call(export.name(), type, arguments));
      }
    }
    return new FuzzCase(wasm, module, calls);
  }
}
