package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.troupe.engine.Engine;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TypedFunc;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What guests call in their loops costs no garbage. */
class AllocationTest {
  private static final int CALLS = 20_000;

  /** Descriptor 4 is /dev/null, opened first; the iovec at 16 has 8 bytes at 32. */
  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "path_open" (func $open
          (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "FUNCTION" (func $f (param PARAMS) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "null")
        (data (i32.const 16) "\\20\\00\\00\\00\\08\\00\\00\\00")
        (func (export "open") (result i32)
          (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0)
            (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 64)))
        (func (export "run") (param $n i32) (result i32)
          (local $errors i32)
          (loop $again
            (local.set $errors (i32.or (local.get $errors) (call $f ARGUMENTS)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
          (local.get $errors)))
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fd_write|i32 i32 i32 i32|(i32.const 4) (i32.const 16) (i32.const 1) (i32.const 64)",
        "fd_read|i32 i32 i32 i32|(i32.const 4) (i32.const 16) (i32.const 1) (i32.const 64)",
        "clock_time_get|i32 i64 i32|(i32.const 1) (i64.const 0) (i32.const 64)",
        "random_get|i32 i32|(i32.const 64) (i32.const 16)",
      })
  void hotCallsAllocateNothing(String function, String params, String arguments)
      throws IOException {
    String text =
        GUEST
            .replace("FUNCTION", function)
            .replace("PARAMS", params)
            .replace("ARGUMENTS", arguments);
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        WasiContext context = WasiContext.builder().preopen(Path.of("/dev"), "/").build();
        Store<WasiContext> store = Store.create(engine, context)) {
      Linker<WasiContext> linker = Linker.create(engine);
      Wasi.addTo(linker, data -> data);
      var instance = linker.instantiate(store, module);
      assertThat(instance.func("open").typed().callRaw()).isZero();
      TypedFunc run = instance.func("run").typed();
      assertThat(run.callRaw(CALLS)).isZero();
      long before = allocatedBytes();
      assertThat(run.callRaw(CALLS)).isZero();
      // One object for each call would be 16 times as much, interpreted or compiled.
      assertThat(allocatedBytes() - before).isLessThan(CALLS);
    }
  }

  private static long allocatedBytes() {
    if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads) {
      return threads.getCurrentThreadAllocatedBytes();
    }
    throw new IllegalStateException("this JVM does not count allocations");
  }
}
