package dev.troupe.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.Value;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.testing.Corpora;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernels that speed is measured with give the same results with the optimizing passes as
 * without them, with and without hardware traps. Arguments are smaller than in the benchmark, so
 * that unoptimized code takes no longer than a moment; results are those of another engine.
 */
class KernelsTest {
  @ParameterizedTest
  @CsvSource({
    "fib, 20, 6765",
    "sha256, 3, -6681186537460116375",
    "nbody, 1000, -4706421443",
    "matmul, 1, -97254490767360",
    "sieve, 1, 148933",
    "calli, 100000, 3041293433",
  })
  void resultsDoNotDependOnThePasses(String kernel, int argument, long result) throws IOException {
    Path file = kernels().resolve(kernel + ".wasm");
    for (TrapMode traps : TrapMode.values()) {
      for (boolean optimize : new boolean[] {true, false}) {
        EngineConfig config = EngineConfig.builder().traps(traps).optimize(optimize).build();
        assertThat(run(config, file, argument))
            .as("%s(%d), traps %s, optimized %s", kernel, argument, traps, optimize)
            .isEqualTo(result);
      }
    }
  }

  private static long run(EngineConfig config, Path file, int argument) throws IOException {
    try (Engine engine = Engine.create(config);
        Module module = Module.fromFile(engine, file);
        Store<String> store = Store.create(engine, "")) {
      return Linker.<String>create(engine)
          .instantiate(store, module)
          .func("run")
          .call(Value.i32(argument))
          .getFirst()
          .asI64();
    }
  }

  /** The kernels lie beside the corpora. */
  private static Path kernels() {
    Path kernels = Corpora.root().resolveSibling("bench/kernels");
    boolean there = Files.isDirectory(kernels);
    if (!there) {
      System.err.println("SKIPPED: kernels missing at " + kernels);
    }
    Assumptions.assumeTrue(there, "kernels missing");
    return kernels;
  }
}
