package dev.troupe.engine.fuzz;

import dev.troupe.engine.testing.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Node process that answers JSON lines (see {@code fuzz/v8.mjs}). It is started again when it has
 * died: V8 itself may break on what we send.
 */
final class V8 implements AutoCloseable {
  /** Node before this one has no 64-bit memories. */
  private static final int OLDEST_MAJOR = 24;

  private final String node;
  private final Path script;
  private @Nullable Process process;
  private @Nullable BufferedWriter requests;
  private @Nullable BufferedReader answers;

  private V8(String node, Path script) {
    this.node = node;
    this.script = script;
  }

  /**
   * Node from {@code $TROUPE_NODE} or the search path.
   *
   * @return null, with a line on stderr, when there is none that is new enough
   */
  static @Nullable V8 find() {
    String node = System.getenv().getOrDefault("TROUPE_NODE", "node");
    try {
      Process version = new ProcessBuilder(node, "--version").redirectErrorStream(true).start();
      String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String major = text.replaceAll("(?s)^v(\\d+)\\..*", "$1");
      if (major.matches("\\d+") && Integer.parseInt(major) >= OLDEST_MAJOR) {
        return new V8(node, unpack());
      }
      System.err.println("SKIPPED: V8 as an oracle: " + node + " is " + text.strip());
    } catch (IOException e) {
      System.err.println("SKIPPED: V8 as an oracle: no Node; set TROUPE_NODE (" + e + ")");
    }
    return null;
  }

  private static Path unpack() throws IOException {
    Path file = Files.createTempFile("troupe-fuzz", ".mjs");
    file.toFile().deleteOnExit();
    try (var in = V8.class.getResourceAsStream("/fuzz/v8.mjs")) {
      if (in == null) {
        throw new IOException("fuzz/v8.mjs is not on the class path");
      }
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /** The strings that Node answers to one line of JSON. */
  List<String> ask(String request) {
    for (int attempt = 0; ; attempt++) {
      try {
        if (process == null || !process.isAlive()) {
          start();
        }
        BufferedWriter out = Objects.requireNonNull(requests);
        out.write(request);
        out.newLine();
        out.flush();
        String line = Objects.requireNonNull(answers).readLine();
        if (line == null) {
          throw new IOException("Node ended");
        }
        List<String> result = new ArrayList<>();
        for (Object element : (List<?>) Objects.requireNonNull(Json.parse(line))) {
          result.add((String) element);
        }
        return result;
      } catch (IOException e) {
        close();
        if (attempt > 0) {
          throw new UncheckedIOException("Node died of " + request.length() + " characters", e);
        }
      }
    }
  }

  private void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            node,
            "--no-warnings",
            "--stack-size=500",
            "--max-old-space-size=600",
            script.toString());
    Process started = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process = started;
    requests = started.outputWriter(StandardCharsets.UTF_8);
    answers = started.inputReader(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      process = null;
    }
  }
}
