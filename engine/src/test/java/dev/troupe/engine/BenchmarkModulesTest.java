package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.text.Wat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the modules of the benchmarks compute, optimized and not. */
class BenchmarkModulesTest {
  private static final Path FOLDER = Path.of("../benchmarks/modules");

  /**
   * Trees: 127 nodes that live long, 64 times 31 and 16 times 127. Throws: the sum of 1 to 10.
   * Loops: sums.
   */
  @ParameterizedTest
  @CsvSource({
    "binary-trees, 6, 4143",
    "throw-across, 10, 55",
    "throw-within, 10, 55",
    "throw-deep, 10, 55",
    "matrix-columns, 1, 130056192",
    "records, 1, 629340"
  })
  void compute(String name, int argument, int result) throws IOException {
    byte[] wasm = Wat.toBinary(Files.readAllBytes(FOLDER.resolve(name + ".wat")));
    for (boolean optimize : new boolean[] {true, false}) {
      try (Engine engine = Engine.create(EngineConfig.builder().optimize(optimize).build());
          Module module = Module.fromBinary(engine, wasm);
          Store<String> store = Store.create(engine, "")) {
        Instance instance = Linker.<String>create(engine).instantiate(store, module);
        assertThat(instance.func("run").call(List.of(new Value.I32(argument))))
            .isEqualTo(List.of(new Value.I32(result)));
      }
    }
  }
}
