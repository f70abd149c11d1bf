package dev.troupe.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The line that says how a run is doing. */
class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onATerminalOneLineIsWrittenOverAndGoesAway() {
    Progress progress = new Progress(out, true);
    for (int second = 1; second <= 3; second++) {
      progress.show("load", second, 10, second * 100 + " ok/s");
    }
    assertThat(shown()).contains("1.0 / 10 s  100 ok/s", "3.0 / 10 s  300 ok/s");
    assertThat(shown()).doesNotContain("\n");
    assertThat(shown().split("\r", -1)).as("each over the one before").hasSize(4);
    progress.say("a word that stays");
    progress.done();
    assertThat(shown()).contains("\r\033[Ka word that stays\n").endsWith("\r\033[K");
  }

  @Test
  void elsewhereLinesAreWhole() {
    Progress progress = new Progress(out, false);
    progress.show("load", 0.5, 10, "100 ok/s");
    progress.say("a word");
    progress.done();
    assertThat(shown().lines()).containsExactly("  load           0.5 / 10 s  100 ok/s", "a word");
  }
}
