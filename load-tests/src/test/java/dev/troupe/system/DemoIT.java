package dev.troupe.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.system.Launcher.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo checks the whole system by itself; its exit status is the verdict. */
class DemoIT {
  @TempDir Path folder;

  @Test
  void demoFindsEverythingInOrder() {
    Outcome outcome = Launcher.troupe(folder, "demo");

    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out()).contains("results equal Java's own").doesNotContain("FAIL");
  }
}
