package dev.troupe.engine.wast;

import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.util.List;

/** The module {@code spectest} that scripts may import from. */
public final class Spectest {
  private static final String DEFINITIONS =
      """
      (module
        (global (export "global_i32") i32 (i32.const 666))
        (global (export "global_i64") i64 (i64.const 666))
        (global (export "global_f32") f32 (f32.const 666.6))
        (global (export "global_f64") f64 (f64.const 666.6))
        (table (export "table") 10 20 funcref)
        (table (export "table64") i64 10 20 funcref)
        (memory (export "memory") 1 2)
        %s)
      """;

  private static final String SHARED_MEMORY = "(memory (export \"shared_memory\") 1 2 shared)";

  /** Functions that take their arguments and do nothing. */
  public static final List<Function> FUNCTIONS =
      List.of(
          new Function("print", List.of()),
          new Function("print_i32", List.of(NumType.I32)),
          new Function("print_i64", List.of(NumType.I64)),
          new Function("print_f32", List.of(NumType.F32)),
          new Function("print_f64", List.of(NumType.F64)),
          new Function("print_i32_f32", List.of(NumType.I32, NumType.F32)),
          new Function("print_f64_f64", List.of(NumType.F64, NumType.F64)));

  private Spectest() {}

  /** What is not a function, as a module in the text format, as far as an engine can have it. */
  public static String definitions(WasmFeatures features) {
    boolean shared =
        features.contains(WasmFeature.THREADS) && features.contains(WasmFeature.MULTI_MEMORY);
    return DEFINITIONS.formatted(shared ? SHARED_MEMORY : "");
  }

  /** A host function without results. */
  public record Function(String name, List<ValType> parameters) {
    public Function {
      parameters = List.copyOf(parameters);
    }
  }
}
