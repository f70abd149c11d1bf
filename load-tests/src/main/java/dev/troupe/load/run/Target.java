package dev.troupe.load.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server that is loaded: one that runs already, or one in a process of its own. */
public final class Target implements AutoCloseable {
  private final String address;
  private final @Nullable Path launcher;
  private final @Nullable Path data;
  private final Map<String, String> settings;
  private @Nullable ServerProcess process;

  private Target(
      String address,
      @Nullable Path launcher,
      @Nullable Path data,
      Map<String, String> settings,
      @Nullable ServerProcess process) {
    this.address = address;
    this.launcher = launcher;
    this.data = data;
    this.settings = settings;
    this.process = process;
  }

  /** A server that somebody else runs. */
  public static Target at(String address) {
    return new Target(address, null, null, Map.of(), null);
  }

  /** Starts a server with these settings, in a temporary folder. */
  public static Target start(Path launcher, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("troupe-load");
    try {
      ServerProcess process = ServerProcess.start(launcher, data, 0, settings);
      return new Target(process.address(), launcher, data, settings, process);
    } catch (IOException | InterruptedException e) {
      deleteFolder(data);
      throw e;
    }
  }

  /** Host and port. */
  public String address() {
    return address;
  }

  /** Whether the server was started for this run. */
  public boolean isOwn() {
    return process != null;
  }

  /** Drains the server, and starts it again on the same port with the same data. */
  void restart() throws IOException, InterruptedException {
    ServerProcess old = process;
    Path script = launcher;
    Path folder = data;
    if (old == null || script == null || folder == null) {
      throw new IOException("somebody else's server is not ours to restart");
    }
    int status = old.stop();
    if (status != 143 && status != 0) {
      throw new IOException("the server ended with status " + status + ": " + old.lastWords());
    }
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    process = ServerProcess.start(script, folder, port, settings);
  }

  /** What our server printed last, on lines of its own; empty when it is not ours. */
  String lastWords() {
    return process == null ? "" : System.lineSeparator() + process.lastWords();
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      try {
        int unused = process.stop();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      process.close();
    }
    if (data != null) {
      deleteFolder(data);
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    }
  }
}
