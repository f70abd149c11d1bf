package dev.troupe.load.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Troupe server in a process of its own, on a free loopback port. */
public final class ServerProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("serving on (127\\.0\\.0\\.1:\\d+)");

  /** Two seconds where nothing else runs; a machine that others use up must not fail a run. */
  private static final int START_SECONDS = 180;

  private static final int STOP_SECONDS = 90;
  private static final int KEPT_LINES = 40;

  private final Process process;
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final Deque<String> lastLines = new ArrayDeque<>();

  private ServerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts {@code troupe serve} and waits until it serves.
   *
   * @param launcher the script {@code troupe}
   * @param dataFolder the server's own
   * @param port 0: any
   * @param settings by key below {@code troupe}
   * @throws IOException when it does not start; the message holds its last words
   */
  public static ServerProcess start(
      Path launcher, Path dataFolder, int port, Map<String, String> settings)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                launcher.toString(),
                "serve",
                "--port",
                Integer.toString(port),
                "--data",
                dataFolder.toString()));
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    ServerProcess server = new ServerProcess(process);
    Thread.ofVirtual().name("server-output").start(server::readOutput);
    try {
      String unused = server.address.get(START_SECONDS, TimeUnit.SECONDS);
      return server;
    } catch (ExecutionException e) {
      server.close();
      throw new IOException("the server did not start: " + server.lastWords(), e);
    } catch (TimeoutException e) {
      server.close();
      throw new IOException(
          "the server did not serve within %d s: %s".formatted(START_SECONDS, server.lastWords()),
          e);
    }
  }

  /** Host and port. */
  public String address() {
    return address.join();
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The end of what the server printed. */
  public synchronized String lastWords() {
    return String.join(System.lineSeparator(), lastLines);
  }

  /** SIGTERM, then waits for the drain; returns the exit status, or -1 when it had to be killed. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return -1;
    }
    return process.exitValue();
  }

  /** Kills the process, and those that the launcher has started: it may have begun a build. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private void readOutput() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        remember(line);
        Matcher matcher = ADDRESS.matcher(line);
        if (matcher.find()) {
          address.complete(matcher.group(1));
        }
      }
    } catch (IOException e) {
      remember("(output lost: " + e.getMessage() + ")");
    }
    address.completeExceptionally(new IOException("the server ended"));
  }

  private synchronized void remember(String line) {
    lastLines.addLast(line);
    if (lastLines.size() > KEPT_LINES) {
      lastLines.removeFirst();
    }
  }
}
