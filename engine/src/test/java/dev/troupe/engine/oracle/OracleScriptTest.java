package dev.troupe.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.testing.SpecScripts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The oracle itself against the official scripts. */
class OracleScriptTest {
  @Test
  void theOracleRunsTheScalarScripts() throws IOException {
    int passed = 0;
    List<String> failures = new ArrayList<>();
    for (String script : Corpora.scalarScripts()) {
      ScriptRunner runner = new ScriptRunner();
      for (SpecScripts.Command command : SpecScripts.commands(script)) {
        runner.run(command);
      }
      passed += runner.passed();
      failures.addAll(runner.failures());
    }
    assertThat(failures).isEmpty();
    assertThat(passed).isGreaterThan(22_000);
  }
}
