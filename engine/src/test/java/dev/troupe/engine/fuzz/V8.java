package dev.troupe.engine.fuzz;

import dev.troupe.engine.testing.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A Node process that answers JSON lines (see {@code fuzz/v8.mjs}), in order, while the next
 * requests are made. It is started again when it has died: V8 itself may break on what we send.
 */
final class V8 implements AutoCloseable {
  /** Node before this one has no 64-bit memories. */
  private static final int OLDEST_MAJOR = 24;

  /** What the reading thread says when there will be no more answers. */
  private static final String END = "";

  private final String node;
  private final Path script;
  private @Nullable Process process;
  private @Nullable BufferedWriter requests;
  private LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final ArrayDeque<String> unanswered = new ArrayDeque<>();

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

  /** The strings that Node answers to one line of JSON, when nothing else is on its way. */
  List<String> ask(String request) {
    send(request);
    return receive();
  }

  /** Sends a line of JSON; {@link #receive} returns its answer after those of earlier lines. */
  void send(String request) {
    unanswered.add(request);
    if (process == null) {
      restart();
    } else {
      write(request);
    }
  }

  private void write(String request) {
    try {
      BufferedWriter out = Objects.requireNonNull(requests);
      out.write(request);
      out.newLine();
      out.flush();
    } catch (IOException e) {
      // It has died; who waits for an answer notices.
      close();
    }
  }

  /** The answer to the oldest line that has none yet. */
  List<String> receive() {
    String request = unanswered.element();
    for (int attempt = 0; ; attempt++) {
      String line = process == null ? END : nextAnswer();
      List<String> answer = line.equals(END) ? null : parse(line);
      if (answer != null) {
        unanswered.remove();
        return answer;
      }
      close();
      if (attempt > 0) {
        unanswered.remove();
        throw new IllegalStateException("Node died of " + request.length() + " characters");
      }
      restart();
    }
  }

  /** The strings of a line, or null when it died in the middle of it. */
  private static @Nullable List<String> parse(String line) {
    List<String> result = new ArrayList<>();
    try {
      for (Object element : (List<?>) Objects.requireNonNull(Json.parse(line))) {
        result.add((String) element);
      }
    } catch (RuntimeException cut) {
      return null;
    }
    return result;
  }

  private String nextAnswer() {
    try {
      return answers.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while Node worked", e);
    }
  }

  private void restart() {
    try {
      start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + node, e);
    }
    List.copyOf(unanswered).forEach(this::write);
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
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    process = started;
    requests = started.outputWriter(StandardCharsets.UTF_8);
    answers = lines;
    // Always read: Node would not read on while its answers wait.
    BufferedReader reader = started.inputReader(StandardCharsets.UTF_8);
    Thread unused = Thread.ofPlatform().daemon().name("v8").start(() -> drain(reader, lines));
  }

  private static void drain(BufferedReader reader, LinkedBlockingQueue<String> lines) {
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // It was killed.
    } finally {
      lines.add(END);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      process = null;
    }
  }
}
