package dev.troupe.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.system.Launcher.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong when a server is started is one sentence with a remedy. */
class ServeIT {
  @TempDir Path folder;

  @Test
  void portInUseIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertMistake(
          "name another with --port",
          "serve",
          "--port",
          Integer.toString(taken.getLocalPort()),
          "--data",
          folder.toString());
    }
  }

  @Test
  void otherAddressesNeedInsecure() {
    assertMistake("pass --insecure", "serve", "--address", "0.0.0.0", "--port", "0");
  }

  @Test
  void badSettingsAreNamed() throws IOException {
    assertMistake("engine.traps", "serve", "--set", "engine.traps=maybe");
    Path config =
        Files.writeString(folder.resolve("troupe.conf"), "troupe { pool { stacks = 0 } }");
    assertMistake("pool.stacks", "serve", "--config", config.toString());
    assertMistake("cannot be read", "serve", "--config", folder.resolve("absent").toString());
  }

  @Test
  void dataFolderThatIsAFileIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertMistake("file", "serve", "--port", "0", "--data", file.toString());
  }

  @Test
  void clientWithoutServerIsToldHowToStartOne() {
    assertMistake("./troupe serve", "stats", "--server", "127.0.0.1:1");
  }

  @Test
  void missingJdkIsSaid() {
    Outcome outcome =
        Launcher.run(
            folder,
            java.util.List.of(Launcher.ROOT.resolve("troupe").toString(), "stats"),
            Map.of("TROUPE_JAVA_HOME", folder.toString()));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("which is no JDK 25");
  }

  private void assertMistake(String message, String... arguments) {
    Outcome outcome = Launcher.troupe(folder, arguments);
    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
  }
}
