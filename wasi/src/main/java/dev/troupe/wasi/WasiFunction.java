package dev.troupe.wasi;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The functions of {@code wasi_snapshot_preview1} that exist here: name and parameters, {@code i}
 * for i32 and {@code I} for i64. All return an error number, except {@code proc_exit}.
 */
enum WasiFunction {
  ARGS_GET("ii"),
  ARGS_SIZES_GET("ii"),
  ENVIRON_GET("ii"),
  ENVIRON_SIZES_GET("ii"),
  CLOCK_TIME_GET("iIi"),
  RANDOM_GET("ii"),
  FD_CLOSE("i"),
  FD_FDSTAT_GET("ii"),
  FD_FILESTAT_GET("ii"),
  FD_PRESTAT_GET("ii"),
  FD_PRESTAT_DIR_NAME("iii"),
  FD_READ("iiii"),
  FD_SEEK("iIii"),
  FD_SYNC("i"),
  FD_WRITE("iiii"),
  PATH_OPEN("iiiiiIIii"),
  PATH_FILESTAT_GET("iiiii"),
  PROC_EXIT("i");

  private final String parameters;

  WasiFunction(String parameters) {
    this.parameters = parameters;
  }

  /** The name that guests import. */
  String importName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type that guests import it with. */
  FuncType type() {
    List<ValType> types = new ArrayList<>();
    for (int i = 0; i < parameters.length(); i++) {
      types.add(parameters.charAt(i) == 'I' ? NumType.I64 : NumType.I32);
    }
    return FuncType.of(types, this == PROC_EXIT ? List.of() : List.of(NumType.I32));
  }
}
