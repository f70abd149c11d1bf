package dev.troupe.engine;

import dev.troupe.engine.text.Wat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What loading an artifact from a warm file costs: opening, checking digest, MAC, metadata and
 * structure, mapping. A program, not a test: run its {@code main} on an idle machine, with modules
 * as arguments; it prints the median and the best of many loads, in microseconds, and the size of
 * the artifact.
 */
public final class LoadBenchmark {
  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final int LOADS = 201;

  private LoadBenchmark() {}

  /** Runs the benchmark on a minimal module and on the files {@code args}. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("load");
    Path file = folder.resolve("artifact");
    EngineConfig config = EngineConfig.builder().artifactKeyFile(folder.resolve("key")).build();
    try (Engine engine = Engine.create(config)) {
      String hello = "(module (memory 1) (func (export \"_start\") (result i32) (i32.const 42)))";
      run("hello", file, engine, engine.precompileModule(Wat.toBinary(hello)));
      for (String arg : args) {
        run(arg, file, engine, engine.precompileModule(Files.readAllBytes(Path.of(arg))));
      }
    } finally {
      Files.delete(file);
      Files.delete(folder.resolve("key"));
      Files.delete(folder);
    }
  }

  private static void run(String name, Path file, Engine engine, byte[] artifact)
      throws IOException {
    Files.write(file, artifact);
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_UP_NANOS) {
      Module.deserializeFile(engine, file).close();
    }
    long[] nanos = new long[LOADS];
    for (int i = 0; i < nanos.length; i++) {
      long before = System.nanoTime();
      Module module = Module.deserializeFile(engine, file);
      nanos[i] = System.nanoTime() - before;
      module.close();
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%9.1f us median %9.1f us best %9d bytes  %s%n",
        nanos[LOADS / 2] / 1e3, nanos[0] / 1e3, artifact.length, name);
  }
}
