package dev.troupe.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.system.Launcher.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
        Files.writeString(folder.resolve("troupe.conf"), "troupe { pool { stacks = -1 } }");
    assertMistake("pool.stacks", "serve", "--config", config.toString());
    assertMistake("cannot be read", "serve", "--config", folder.resolve("absent").toString());
  }

  @Test
  void dataFolderThatIsAFileIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertMistake("file", "serve", "--port", "0", "--data", file.toString());
  }

  @Test
  void terminationEndsWithStatusZeroAndASecondOneHurries()
      throws IOException, InterruptedException {
    Process calm = serve();
    calm.destroy();
    assertThat(calm.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(calm.exitValue()).isZero();

    // A lame duck of an hour, which nobody waits for.
    Process hurried = serve("--set", "lame-duck=1h");
    hurried.destroy();
    // Two that come close together are one for the kernel: signals do not queue.
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> {
          hurried.destroy();
          return !hurried.isAlive();
        });
    assertThat(hurried.exitValue()).isZero();
  }

  /** A server that serves. */
  private Process serve(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Launcher.ROOT.resolve("troupe").toString(),
                "serve",
                "--port",
                "0",
                "--data",
                folder.toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("TROUPE_NO_BUILD", "1");
    Process process = builder.start();
    awaitLine(process, "pool of");
    return process;
  }

  private static void awaitLine(Process process, String part) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.contains(part)) {
        return;
      }
    }
    throw new AssertionError("the server ended without saying '" + part + "': " + lines);
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
            List.of(Launcher.ROOT.resolve("troupe").toString(), "stats"),
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
