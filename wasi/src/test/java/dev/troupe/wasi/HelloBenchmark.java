package dev.troupe.wasi;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TypedFunc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Not a test: what a run of a WASI command costs in process, from an artifact, each in an instance
 * and a world of its own. Prints percentiles of the wall time of a run, in microseconds.
 *
 * <pre>HelloBenchmark [FILE.wasm [RUNS]]</pre>
 */
public final class HelloBenchmark {
  private static final int WARM_UP = 20_000;
  private static final String HELLO =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\\10\\00\\00\\00\\0d\\00\\00\\00")
        (data (i32.const 16) "Hello, world\\0a")
        (func (export "_start")
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
      """;

  private HelloBenchmark() {}

  /** Measures. */
  public static void main(String[] args) throws Throwable {
    int runs = args.length > 1 ? Integer.parseInt(args[1]) : 50_000;
    Path artifact = Files.createTempFile("hello", ".elf");
    try (Engine engine = Engine.create(EngineConfig.builder().build())) {
      try (Module compiled =
          args.length > 0
              ? Module.fromFile(engine, Path.of(args[0]))
              : Module.fromText(engine, HELLO)) {
        Path _ = Files.write(artifact, compiled.serialize());
      }
      try (Module module = Module.deserializeFile(engine, artifact)) {
        Linker<WasiContext> linker = Linker.create(engine);
        Wasi.addTo(linker, world -> world);
        InstancePre<WasiContext> ready = linker.instantiatePre(module);
        long[] nanos = new long[runs];
        for (int i = -Math.min(WARM_UP, runs); i < runs; i++) {
          long start = System.nanoTime();
          run(engine, ready);
          if (i >= 0) {
            nanos[i] = System.nanoTime() - start;
          }
        }
        Arrays.sort(nanos);
        System.out.printf(
            "p50 %.1f us, p90 %.1f us, p99 %.1f us, %d runs%n",
            nanos[runs / 2] / 1e3, nanos[runs * 9 / 10] / 1e3, nanos[runs / 100 * 99] / 1e3, runs);
      }
    } finally {
      Files.delete(artifact);
    }
  }

  private static void run(Engine engine, InstancePre<WasiContext> ready) throws Throwable {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (WasiContext world = WasiContext.builder().arguments(List.of("hello")).stdout(out).build();
        Store<WasiContext> store = Store.create(engine, world)) {
      TypedFunc start = ready.instantiate(store).func("_start").typed();
      long _ = start.callRaw();
    }
    String text = out.toString(StandardCharsets.UTF_8);
    if (!text.startsWith("Hello")) {
      throw new IOException("printed '" + text + "'");
    }
  }
}
