package dev.troupe.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.testing.SpecScripts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The oracle itself against the official scripts. */
class OracleScriptTest {
  // Some scripts call until the stack ends, and an interpreter's calls are the host's.
  private static final long STACK_BYTES = 512L << 20;

  @Test
  void theOracleRunsTheScalarAndTheMemoryScripts() throws Exception {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          runScripts();
          return true;
        });
    new Thread(null, task, "oracle", STACK_BYTES).start();
    assertThat(task.get()).isTrue();
  }

  private static void runScripts() throws IOException {
    int passed = 0;
    List<String> failures = new ArrayList<>();
    List<String> scripts = new ArrayList<>(Corpora.scalarScripts());
    scripts.addAll(Corpora.memoryScripts());
    for (String script : scripts) {
      ScriptRunner runner = new ScriptRunner();
      for (SpecScripts.Command command : SpecScripts.commands(script)) {
        runner.run(command);
      }
      passed += runner.passed();
      failures.addAll(runner.failures());
    }
    assertThat(failures).isEmpty();
    assertThat(passed).isGreaterThan(30_000);
  }
}
