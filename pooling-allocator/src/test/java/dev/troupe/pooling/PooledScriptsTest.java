package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.wast.EngineHost;
import dev.troupe.engine.wast.WastReport;
import dev.troupe.engine.wast.WastRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The official scripts on memories and stacks from the pool: slots are reused, nothing is left
 * over.
 */
class PooledScriptsTest {
  private static final int ASSERTIONS = 25_584 + 8_381;

  @Test
  void allScalarAndMemoryScriptsPassOnPooledInstances() throws IOException {
    Path spec = corpora().resolve("spec");
    PoolConfig config = PoolConfig.DEFAULT.withSlots(200, 20);
    try (MemoryPool memories = new MemoryPool(config);
        StackPool stacks = new StackPool(config);
        Engine engine =
            Engine.create(
                EngineConfig.builder().memoryAllocator(memories).stackAllocator(stacks).build())) {
      WastRunner runner = new WastRunner(() -> EngineHost.open(engine));
      WastReport total = WastReport.EMPTY;
      for (String script : scripts(spec)) {
        total = total.plus(runner.run(script, Files.readAllBytes(spec.resolve(script))));
      }
      assertThat(total.failures()).isEmpty();
      assertThat(total.skipped()).isZero();
      assertThat(total.passed()).isEqualTo(ASSERTIONS);
    }
  }

  private static List<String> scripts(Path spec) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String list : List.of("SCALAR.txt", "MEMORY.txt")) {
      lines.addAll(Files.readAllLines(spec.resolve(list)));
    }
    return lines.stream().map(String::strip).filter(line -> line.endsWith(".wast")).toList();
  }

  /** {@code $TROUPE_CORPORA}, else {@code ../shared/corpora} beside the repository. */
  private static Path corpora() {
    String configured = System.getenv("TROUPE_CORPORA");
    Path path =
        configured == null
            ? Path.of("../../shared/corpora").toAbsolutePath().normalize()
            : Path.of(configured);
    boolean there = Files.isDirectory(path.resolve("spec"));
    if (!there) {
      System.err.println("SKIPPED: test corpora missing at " + path + "; set TROUPE_CORPORA");
    }
    Assumptions.assumeTrue(there, "test corpora missing");
    return path;
  }
}
