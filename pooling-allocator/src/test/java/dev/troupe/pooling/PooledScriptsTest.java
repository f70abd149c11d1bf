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
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The official scripts on memories and stacks from the pool: slots are reused, nothing is left
 * over.
 */
class PooledScriptsTest {
  private static final int SCALAR_ASSERTIONS = 25_584;
  private static final int MEMORY_ASSERTIONS = 8_381;
  private static final int TAIL_CALL_ASSERTIONS = 124;
  private static final int VECTOR_ASSERTIONS = 25_584;
  private static final int THREAD_ASSERTIONS = 322;
  private static final int FUNCTION_REFERENCE_ASSERTIONS = 720;
  private static final int ASSERTIONS =
      SCALAR_ASSERTIONS
          + MEMORY_ASSERTIONS
          + TAIL_CALL_ASSERTIONS
          + VECTOR_ASSERTIONS
          + THREAD_ASSERTIONS
          + FUNCTION_REFERENCE_ASSERTIONS;

  private static final List<String> FUNCTION_REFERENCES =
      List.of(
          "br_on_non_null",
          "br_on_null",
          "br_table",
          "bulk-memory/table-sub",
          "call_ref",
          "data",
          "elem",
          "global",
          "linking",
          "local_init",
          "ref",
          "ref_as_non_null",
          "ref_is_null",
          "return_call_ref",
          "table",
          "type-canon",
          "type-equivalence",
          "unreached-valid");

  @Test
  void allScriptsPassOnPooledInstances() throws IOException {
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
    lines.add("core/return_call.wast");
    lines.add("core/return_call_indirect.wast");
    for (String script : FUNCTION_REFERENCES) {
      lines.add("core/" + script + ".wast");
    }
    for (String folder : List.of("core/simd", "core/relaxed-simd")) {
      try (Stream<Path> files = Files.list(spec.resolve(folder))) {
        files.map(spec::relativize).map(Path::toString).sorted().forEach(lines::add);
      }
    }
    // Shared memories come from elsewhere and lie beside the pool's.
    lines.add("proposals/threads/atomic.wast");
    lines.add("proposals/threads/exports.wast");
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
