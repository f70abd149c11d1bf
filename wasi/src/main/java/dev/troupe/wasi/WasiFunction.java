package dev.troupe.wasi;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The 46 functions of {@code wasi_snapshot_preview1}: name and parameters, {@code i} for i32 and
 * {@code I} for i64. All return an error number, except {@code proc_exit}.
 */
enum WasiFunction {
  ARGS_GET("ii"),
  ARGS_SIZES_GET("ii"),
  ENVIRON_GET("ii"),
  ENVIRON_SIZES_GET("ii"),
  CLOCK_RES_GET("ii"),
  CLOCK_TIME_GET("iIi"),
  FD_ADVISE("iIIi"),
  FD_ALLOCATE("iII"),
  FD_CLOSE("i"),
  FD_DATASYNC("i"),
  FD_FDSTAT_GET("ii"),
  FD_FDSTAT_SET_FLAGS("ii"),
  FD_FDSTAT_SET_RIGHTS("iII"),
  FD_FILESTAT_GET("ii"),
  FD_FILESTAT_SET_SIZE("iI"),
  FD_FILESTAT_SET_TIMES("iIIi"),
  FD_PREAD("iiiIi"),
  FD_PRESTAT_GET("ii"),
  FD_PRESTAT_DIR_NAME("iii"),
  FD_PWRITE("iiiIi"),
  FD_READ("iiii"),
  FD_READDIR("iiiIi"),
  FD_RENUMBER("ii"),
  FD_SEEK("iIii"),
  FD_SYNC("i"),
  FD_TELL("ii"),
  FD_WRITE("iiii"),
  PATH_CREATE_DIRECTORY("iii"),
  PATH_FILESTAT_GET("iiiii"),
  PATH_FILESTAT_SET_TIMES("iiiiIIi"),
  PATH_LINK("iiiiiii"),
  PATH_OPEN("iiiiiIIii"),
  PATH_READLINK("iiiiii"),
  PATH_REMOVE_DIRECTORY("iii"),
  PATH_RENAME("iiiiii"),
  PATH_SYMLINK("iiiii"),
  PATH_UNLINK_FILE("iii"),
  POLL_ONEOFF("iiii"),
  PROC_EXIT("i"),
  PROC_RAISE("i"),
  SCHED_YIELD(""),
  RANDOM_GET("ii"),
  SOCK_ACCEPT("iii"),
  SOCK_RECV("iiiiii"),
  SOCK_SEND("iiiii"),
  SOCK_SHUTDOWN("ii");

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
