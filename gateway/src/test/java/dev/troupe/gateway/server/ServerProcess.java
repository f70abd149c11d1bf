package dev.troupe.gateway.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own, gone when it is closed. */
final class ServerProcess implements AutoCloseable {
  private static final String SERVING = "serving on ";

  final Process process;
  final BufferedReader lines;
  final String address;

  private ServerProcess(Process process, BufferedReader lines, String address) {
    this.process = process;
    this.lines = lines;
    this.address = address;
  }

  /**
   * Starts one on a free port and waits until it serves.
   *
   * @param jvm options of its JVM
   * @param settings each as {@code --set} takes it
   */
  static ServerProcess start(Path data, List<String> jvm, List<String> settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(jvm);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.troupe.gateway.Main",
            "serve",
            "--port",
            "0",
            "--data",
            data.toString()));
    for (String setting : settings) {
      command.add("--set");
      command.add(setting);
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int at = line.indexOf(SERVING);
      if (at >= 0) {
        return new ServerProcess(process, lines, line.substring(at + SERVING.length()).strip());
      }
    }
    Process _ = process.destroyForcibly();
    throw new AssertionError("the server did not start");
  }

  @Override
  public void close() throws IOException {
    Process _ = process.destroyForcibly().onExit().join();
    lines.close();
  }
}
