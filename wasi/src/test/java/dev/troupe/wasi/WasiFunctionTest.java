package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.wasm.NumType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** All functions of the interface, with the types that its description in witx gives them. */
class WasiFunctionTest {
  /** From wasi_snapshot_preview1.witx, lowered to the types of WebAssembly: 32 or 64 bits. */
  private static final String INTERFACE =
      """
      args_get 32 32
      args_sizes_get 32 32
      clock_res_get 32 32
      clock_time_get 32 64 32
      environ_get 32 32
      environ_sizes_get 32 32
      fd_advise 32 64 64 32
      fd_allocate 32 64 64
      fd_close 32
      fd_datasync 32
      fd_fdstat_get 32 32
      fd_fdstat_set_flags 32 32
      fd_fdstat_set_rights 32 64 64
      fd_filestat_get 32 32
      fd_filestat_set_size 32 64
      fd_filestat_set_times 32 64 64 32
      fd_pread 32 32 32 64 32
      fd_prestat_dir_name 32 32 32
      fd_prestat_get 32 32
      fd_pwrite 32 32 32 64 32
      fd_read 32 32 32 32
      fd_readdir 32 32 32 64 32
      fd_renumber 32 32
      fd_seek 32 64 32 32
      fd_sync 32
      fd_tell 32 32
      fd_write 32 32 32 32
      path_create_directory 32 32 32
      path_filestat_get 32 32 32 32 32
      path_filestat_set_times 32 32 32 32 64 64 32
      path_link 32 32 32 32 32 32 32
      path_open 32 32 32 32 32 64 64 32 32
      path_readlink 32 32 32 32 32 32
      path_remove_directory 32 32 32
      path_rename 32 32 32 32 32 32
      path_symlink 32 32 32 32 32
      path_unlink_file 32 32 32
      poll_oneoff 32 32 32 32
      proc_exit 32
      proc_raise 32
      random_get 32 32
      sched_yield
      sock_accept 32 32 32
      sock_recv 32 32 32 32 32 32
      sock_send 32 32 32 32 32
      sock_shutdown 32 32
      """;

  private static String line(WasiFunction function) {
    String types =
        function.type().params().stream()
            .map(type -> type == NumType.I64 ? " 64" : " 32")
            .collect(Collectors.joining());
    return function.importName() + types;
  }

  @Test
  void theInterfaceIsWhole() {
    List<String> lines =
        Arrays.stream(WasiFunction.values()).map(WasiFunctionTest::line).sorted().toList();
    assertThat(lines).hasSize(46).isEqualTo(INTERFACE.lines().toList());
    for (WasiFunction function : WasiFunction.values()) {
      assertThat(function.type().results())
          .as(function.importName())
          .hasSize(function == WasiFunction.PROC_EXIT ? 0 : 1);
    }
  }
}
