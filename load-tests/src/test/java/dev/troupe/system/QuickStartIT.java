package dev.troupe.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.system.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's quick start does what it says, to the letter. */
class QuickStartIT {
  private static final String MARK = "<!-- quick-start -->";

  @TempDir Path home;

  @Test
  void readmeRunsVerbatim() throws IOException {
    Outcome outcome =
        Launcher.run(
            Launcher.ROOT,
            List.of("bash", "-u", "-c", script()),
            Map.of("TROUPE_JAVA_OPTS", "-Duser.home=" + home));

    assertThat(outcome.out()).as(outcome.err()).contains("tenants/acme");
    assertThat(outcome.out()).as(outcome.err()).contains("42");
    assertThat(outcome.err()).as(outcome.out()).contains("QuotaFailure").contains("rate");
  }

  private static String script() throws IOException {
    String readme = Files.readString(Launcher.ROOT.resolve("README.md"));
    int mark = readme.indexOf(MARK);
    assertThat(mark).as("the README marks its quick start").isNotNegative();
    int start = readme.indexOf('\n', readme.indexOf("```", mark)) + 1;
    return readme.substring(start, readme.indexOf("```", start));
  }
}
